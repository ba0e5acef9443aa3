"""The magic: `%%synthpatients` reads a line, calls `generate`, and binds a name."""

from __future__ import annotations

import platform
from argparse import Namespace
from importlib import metadata
from textwrap import indent
from typing import TYPE_CHECKING, Any, cast

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import MagicArgumentParser, argument, kwds, magic_arguments
from traitlets import Any as AnyValue

from synth_magic import __version__
from synth_magic.errors import SynthMagicError, did_you_mean
from synth_magic.notebook import completion, display
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.options import (
    RESERVED,
    SUBCOMMANDS,
    python_name,
    read_line,
    text,
    whole_number,
)
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.frame import PatientFrame

EXAMPLE = """%%synthpatients diabetics --rows 500
Adults with type 2 diabetes, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), eGFR falling with age, 12% smokers."""


@magics_class
class SynthPatients(Magics):
    """`%%synthpatients`, its settings, and what it made in this session.

    IPython only logs a value of the wrong type in %config, so every value is accepted there and
    looked at when it is used.
    """

    engine = AnyValue("auto", help="what fills in what the text leaves open").tag(config=True)
    rows = AnyValue(None, help="how many patients (None: what the text says)").tag(config=True)
    seed = AnyValue(0, help="another seed, other patients").tag(config=True)

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._namespace = shell.user_ns
        self.bindings = Bindings(shell.user_ns)

    @line_cell_magic
    @no_var_expand
    @magic_arguments("synthpatients")
    @kwds(
        usage="%%synthpatients [NAME] [--rows N] [--seed S] [--engine E] [--large] [--quiet]",
        epilog=f"""
Example::

{indent(EXAMPLE, "  ")}

A published Table 1 or a table of variables can be pasted below the first line as well.

  %synthpatients status     what was made here, and with which versions
  %synthpatients help       this text
  %config SynthPatients     settings for all cells: engine, rows, seed
""",
    )
    @argument("name", nargs="?", metavar="NAME", help="the variable that holds the patients")
    @argument("--rows", metavar="N", help="how many patients (what the text says, else 100)")
    @argument("--seed", metavar="S", help="another seed, other patients (0)")
    @argument("--engine", metavar="E", help="what fills in what the text leaves open (auto)")
    @argument("--large", action="store_true", help="allow more than half a gigabyte")
    @argument("--quiet", action="store_true", help="bind NAME and show nothing")
    def synthpatients(self, line: str, cell: str | None = None) -> PatientFrame | None:
        """Make synthetic patients from the description below this line.

        The result is a pandas DataFrame, bound to NAME and shown with controls to draw other
        patients, to change their number, and to see what the description asked for beside what
        came out.
        """
        if cell is None:
            self._command(line)
            return None
        options = read_line(_parser(), line)
        name = python_name(options.name) if options.name else ""
        try:
            frame = self._generate(options, cell)
        except SynthMagicError as error:
            if name in self._namespace:
                error.args = (f"{error}\n{name} is as it was before.",)
            raise
        if name:
            self.bindings.add(name, frame, _source(name, options))
        return None if options.quiet else frame

    def _generate(self, options: Namespace, body: str) -> PatientFrame:
        from synth_magic.api import generate

        rows = options.rows if options.rows is not None else self.rows
        if rows is not None:
            rows = whole_number(*self._setting("rows", options))
        seed = whole_number(*self._setting("seed", options))
        engine = text(*self._setting("engine", options))
        return generate(body, rows=rows, seed=seed, engine=engine, large=options.large)

    def _setting(self, name: str, options: Namespace) -> tuple[str, Any]:
        """Return where a setting comes from and what it is: the line goes before %config."""
        option = getattr(options, name)
        if option is not None:
            return f"--{name}", option
        return f"%config SynthPatients.{name}", getattr(self, name)

    def _command(self, line: str) -> None:
        word = (line.split() or ["help"])[0]
        if word == "help":
            _say(_parser().format_help())
        elif word == "status":
            _say(self._status())
        elif word in RESERVED:
            raise UsageError(f"%synthpatients {word} is not in this version")
        else:
            raise UsageError(
                f"%synthpatients takes status or help{did_you_mean(word, SUBCOMMANDS)}. To make "
                f"patients, write two percent signs and a description below them:\n\n{EXAMPLE}"
            )

    def _status(self) -> str:
        versions = [f"{name} {metadata.version(name)}" for name in ("ipython", "pandas", "numpy")]
        lines = [
            f"synth_magic {__version__}, Python {platform.python_version()}, {', '.join(versions)}",
            f"engine: {self.engine}",
        ]
        for binding in self.bindings:
            cohort = binding.cohort
            now = "" if binding.in_place else " (the name stands for something else by now)"
            lines += [
                f"{binding.name}: {counted(cohort.rows, 'patient')}, seed {cohort.seed}{now}",
                f"    {cohort.origin.summary}",
            ]
        return "\n".join(lines)


def _parser() -> MagicArgumentParser:
    method: Any = SynthPatients.synthpatients
    return cast("MagicArgumentParser", method.parser)


_parser().allow_abbrev = False  # an abbreviation may mean two options one day


def _say(words: str) -> None:
    from IPython.display import display as show

    show({"text/plain": words}, raw=True)


def _source(name: str, options: Namespace) -> str:
    """Return the magic's line without rows and seed."""
    engine = f" --engine {options.engine}" if options.engine else ""
    return f"%%synthpatients {name}{engine}{' --large' if options.large else ''}"


def load(shell: InteractiveShell) -> None:
    """Register the magic, its completion, and the display of patients."""
    magics = SynthPatients(shell)
    shell.register_magics(magics)
    completion.register(shell, _parser())
    display.register(shell, magics.bindings)


def unload(shell: InteractiveShell) -> None:
    """Remove all that `load` registered; the patients stay."""
    manager = shell.magics_manager
    magics = manager.registry.pop(SynthPatients.__name__)
    magics.bindings.close()
    for kind in manager.magics.values():
        kind.pop("synthpatients", None)
    shell.configurables.remove(magics)
    completion.unregister(shell)
    display.unregister(shell)
