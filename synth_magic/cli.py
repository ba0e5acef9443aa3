"""The command line: `synthpatients` and one of generate, sample, evaluate, catalogue."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synth_magic import __version__
from synth_magic.engines.settings import MEANINGS, checked, option
from synth_magic.engines.values import names
from synth_magic.errors import FileError, SettingError, SynthMagicError

if TYPE_CHECKING:
    from synth_magic.frame import PatientFrame


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after saying on standard error what was wrong."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "catalogue":
            _show_catalogue(options)
        elif options.command == "evaluate":
            _evaluate(options)
        elif options.command == "sample":
            _deliver(_sample(options), options.out)
        elif options.dry_run:
            _show_plan(options)
        else:
            _deliver(_generate(options), options.out)
    except SynthMagicError as error:
        print(f"synthpatients: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as interrupt:
        print(f"synthpatients: {str(interrupt) or 'stopped'}", file=sys.stderr)
        return 130
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
    for name, meaning in MEANINGS.items():
        generate.add_argument(option(name), metavar=name.rpartition("_")[2].upper(), help=meaning)
    generate.add_argument("--fresh", action="store_true", help="ask anew, whatever was recorded")
    generate.add_argument(
        "--example", metavar="FILE", help="JSON of patients: the first 5 are sent"
    )
    generate.add_argument(
        "--dry-run", action="store_true", help="show what would be asked, and ask nothing"
    )

    sample = commands.add_parser(
        "sample", parents=[shared], help="patients of a specification in JSON"
    )
    sample.add_argument("spec", help="a specification, or the .synthetic.json beside a file")

    evaluate = commands.add_parser("evaluate", help="synthetic patients beside real ones")
    for name in ("synthetic", "real"):
        evaluate.add_argument(name, metavar=name.upper(), help=f"{name} patients, .csv or .parquet")
    evaluate.add_argument("--holdout", metavar="FILE", help="real patients that nobody learnt from")
    evaluate.add_argument("--target", metavar="NAME", help="the column that models predict")
    for name, columns, meaning in (
        ("--keys", "A,B", "columns that one may know"),
        ("--sensitive", "C", "columns to guess by them"),
        ("--codes", "D,E", "numbers that are codes"),
        ("--leave-out", "F,G", "columns that are not compared"),
        ("--only", "privacy", "groups of metrics: fidelity, privacy, utility"),
    ):
        evaluate.add_argument(name, metavar=columns, type=names, default=(), help=meaning)
    evaluate.add_argument("--splits", type=int, default=5, help="of the real patients (5)")
    evaluate.add_argument("--seed", type=int, default=0, help="another seed, other splits (0)")
    evaluate.add_argument("--html", metavar="FILE", help="write the whole report as a page")
    evaluate.add_argument("--json", metavar="FILE", help="write every figure as JSON")

    catalogue = commands.add_parser("catalogue", help="the clinical catalogue, to look through")
    catalogue.add_argument(
        "words", nargs="*", help="words to look for, or the name of a variable, condition or source"
    )
    return parser


def _generate(options: argparse.Namespace) -> PatientFrame:
    from synth_magic.api import generate
    from synth_magic.engines.watching import terminal_line

    with terminal_line(sys.stderr) as watch:
        return generate(
            _text(options),
            rows=options.rows,
            seed=options.seed or 0,
            large=options.large,
            watch=watch,
            **_asked(options),
        )


def _show_plan(options: argparse.Namespace) -> None:
    from synth_magic.api import plan

    print(plan(_text(options), rows=options.rows, **_asked(options)))


def _evaluate(options: argparse.Namespace) -> None:
    from synth_magic.api import evaluate
    from synth_magic.engines.watching import rewritten_line
    from synth_magic.evaluation.report.report import checked_path
    from synth_magic.files import read_patients

    wanted = [(name, getattr(options, name)) for name in ("html", "json")]
    paths = [checked_path(path, f".{name}") for name, path in wanted if path is not None]
    synthetic, real = read_patients(options.synthetic), read_patients(options.real)
    with rewritten_line(sys.stderr) as write:
        report = evaluate(
            synthetic,
            real,
            holdout=None if options.holdout is None else read_patients(options.holdout),
            target=options.target,
            keys=options.keys,
            sensitive=options.sensitive,
            codes=options.codes,
            leave_out=options.leave_out,
            only=options.only,
            splits=options.splits,
            seed=options.seed,
            watch=lambda step: write(f"Comparing: {step}. Ctrl-C stops it."),
        )
    print(report)
    for path in paths:
        print(f"written: {report.write(path)}")


def _show_catalogue(options: argparse.Namespace) -> None:
    from synth_magic.catalogue.pages.look import pages

    print("\n\n\n".join(map(str, pages(" ".join(options.words)))))


def _text(options: argparse.Namespace) -> str:
    from synth_magic.spec.files import read_text

    if options.file is not None:
        return read_text(Path(options.file))
    text: str = sys.stdin.read() if options.text == "-" else options.text
    if _is_file(text):
        raise SettingError(
            f"{text!r} is a file: to read a description from it, write --file {text}"
        )
    return text


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _asked(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings and examples that were given."""
    given = {name: getattr(options, name) for name in MEANINGS}
    settings = {
        name: checked(name, value, option(name))
        for name, value in given.items()
        if value is not None
    }
    return settings | {"fresh": options.fresh, "example": _example(options.example)}


def _example(path: str | None) -> Any:
    from synth_magic.spec.files import read_text

    if path is None:
        return None
    try:
        return json.loads(read_text(Path(path)))
    except (ValueError, RecursionError) as error:
        raise FileError(f"cannot read {path!r}: it is no JSON: {error}") from None


def _sample(options: argparse.Namespace) -> PatientFrame:
    from synth_magic.api import sample
    from synth_magic.files import read
    from synth_magic.frame import of_learnt

    record = read(options.spec)
    as_they_were = options.rows is None and options.seed is None
    origin = record.origin
    if record.written and origin and not as_they_were:
        origin = of_learnt(origin)
    return sample(
        record.spec,
        record.rows if options.rows is None else options.rows,
        record.seed if options.seed is None else options.seed,
        origin=origin,
        written=record.written if as_they_were else None,
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
