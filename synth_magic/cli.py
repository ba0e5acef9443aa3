"""The command line: `synthpatients generate` and `synthpatients sample`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from synth_magic import __version__
from synth_magic.errors import SynthMagicError

if TYPE_CHECKING:
    from synth_magic.frame import PatientFrame


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after saying on standard error what was wrong."""
    options = _parser().parse_args(arguments)
    try:
        frame = _generate(options) if options.command == "generate" else _sample(options)
        _deliver(frame, options.out)
    except SynthMagicError as error:
        print(f"synthpatients: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="synthpatients", description="Synthetic patients from a description."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--rows", type=int, help="number of patients")
    shared.add_argument("--seed", type=int, help="another seed, other patients (0)")
    shared.add_argument("--out", metavar="FILE", help="a .csv or .parquet; else CSV is printed")
    shared.add_argument("--large", action="store_true", help="allow more than half a gigabyte")

    generate = commands.add_parser(
        "generate", parents=[shared], help="patients as described in a text or a file"
    )
    source = generate.add_mutually_exclusive_group(required=True)
    source.add_argument("text", nargs="?", help="the description; - reads standard input")
    source.add_argument("--file", help="a file that holds the description")
    generate.add_argument(
        "--engine", default="auto", help="auto or offline, the same so far (auto)"
    )

    sample = commands.add_parser(
        "sample", parents=[shared], help="patients of a specification in JSON"
    )
    sample.add_argument("spec", help="a specification, or the .synthetic.json beside a file")
    return parser


def _generate(options: argparse.Namespace) -> PatientFrame:
    from pathlib import Path

    from synth_magic.api import generate
    from synth_magic.spec.files import read_text

    if options.file is not None:
        text = read_text(Path(options.file))
    else:
        text = sys.stdin.read() if options.text == "-" else options.text
    return generate(
        text, rows=options.rows, seed=options.seed or 0, engine=options.engine, large=options.large
    )


def _sample(options: argparse.Namespace) -> PatientFrame:
    from synth_magic.api import sample
    from synth_magic.files import read

    spec, rows, seed = read(options.spec)
    return sample(
        spec,
        rows if options.rows is None else options.rows,
        seed if options.seed is None else options.seed,
        large=options.large,
    )


def _deliver(frame: PatientFrame, out: str | None) -> None:
    from synth_magic.files import write

    origin = frame.cohort.origin
    if out is None:
        frame.to_csv(sys.stdout, index=False)
        print(f"{len(frame)} synthetic patients. {origin.summary}", file=sys.stderr)
    else:
        path, sidecar = write(frame, out)
        made = f"{len(frame)} synthetic patients in {path}, what made them in {sidecar}."
        print(f"{made} {origin.summary}")
    for passage in origin.not_understood:
        print(f"not understood: {passage}", file=sys.stderr)
    for remark in (*origin.remarks, *frame.cohort.compiled.notes):
        print(f"note: {remark}", file=sys.stderr)
