"""The magic: `%%synthpatients` reads a line, calls `generate`, and binds a name."""

from __future__ import annotations

from argparse import Namespace
from textwrap import indent
from typing import TYPE_CHECKING, Any, cast

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import MagicArgumentParser, argument, kwds, magic_arguments
from traitlets import Any as AnyValue

from synth_magic.engines.settings import MEANINGS, Settings, checked, option
from synth_magic.engines.values import whole_number
from synth_magic.errors import SynthMagicError, did_you_mean
from synth_magic.notebook import completion, display, progress
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.interpolation import interpolated, value_of
from synth_magic.notebook.login import login
from synth_magic.notebook.options import (
    RESERVED,
    SUBCOMMANDS,
    line_of,
    python_name,
    read_line,
    setting_options,
)
from synth_magic.notebook.status import status

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.frame import PatientFrame

EXAMPLE = """%%synthpatients diabetics --rows 500
Adults with type 2 diabetes, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), eGFR falling with age, 12% smokers."""


def _setting(name: str) -> AnyValue:
    """Return a setting for %config; None: not set here, so that pyproject.toml counts."""
    return AnyValue(None, help=MEANINGS[name]).tag(config=True)


@magics_class
class SynthPatients(Magics):
    """`%%synthpatients`, its settings, and what it made in this session.

    IPython only logs a value of the wrong type in %config, so every value is accepted there and
    looked at when it is used.
    """

    rows = AnyValue(None, help="how many patients (None: what the text says)").tag(config=True)
    seed = AnyValue(0, help="another seed, other patients").tag(config=True)
    engine = _setting("engine")
    model = _setting("model")
    effort = _setting("effort")
    max_tokens = _setting("max_tokens")
    token_budget = _setting("token_budget")
    recordings = _setting("recordings")
    base_url = _setting("base_url")
    timeout = _setting("timeout")

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._namespace = shell.user_ns
        self.bindings = Bindings(shell.user_ns)

    @line_cell_magic
    @no_var_expand
    @magic_arguments("synthpatients")
    @kwds(
        usage="%%synthpatients [NAME] [--rows N] [--seed S] [--engine E] [options]",
        epilog=f"""
Example::

{indent(EXAMPLE, "  ")}

A published Table 1 or a table of variables can be pasted below the first line as well. {{{{name}}}}
there stands for your variable of that name: text, a number, a list of them, or a DataFrame, of
which columns and types are taken and no row. \\{{{{ keeps the braces.

  %synthpatients login      take a key for a language model, for this session only
  %synthpatients status     what was made here, with which settings and versions
  %synthpatients help       this text
  %config SynthPatients     settings for all cells: --max-tokens is max_tokens there

Settings stand on the line, else in %config, else in [tool.synth_magic] of pyproject.toml.
""",
    )
    @argument("name", nargs="?", metavar="NAME", help="the variable that holds the patients")
    @argument("--rows", metavar="N", help="how many patients (what the text says, else 100)")
    @argument("--seed", metavar="S", help="another seed, other patients (0)")
    @setting_options()
    @argument("--fresh", action="store_true", help="ask anew, whatever was recorded")
    @argument("--example", metavar="X", help="your variable of patients: the first 5 are sent")
    @argument("--dry-run", action="store_true", help="show what would be asked, and ask nothing")
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
        untouched = f"{name} is as it was before." if name in self._namespace else ""
        try:
            if options.dry_run:
                self._show_plan(options, cell)
                return None
            frame = self._generate(options, cell)
        except SynthMagicError as error:
            error.args = (f"{error}\n{untouched}".strip(),)
            raise
        except KeyboardInterrupt as interrupt:
            raise progress.Stopped(interrupt, untouched) from None
        if name:
            self.bindings.add(name, frame, "described", source=line_of(name, options))
        return None if options.quiet else frame

    def _generate(self, options: Namespace, body: str) -> PatientFrame:
        from synth_magic.api import generate

        where, rows = self._given("rows", options)
        if rows is not None:
            rows = whole_number(where, rows)
        seed = whole_number(*self._given("seed", options))
        text, asked = interpolated(body, self._namespace), self._asked(options)
        with progress.watching(self._shell) as watch:
            return generate(
                text,
                rows=rows,
                seed=seed,
                parent=self.bindings.parent(options.name, text),
                large=options.large,
                watch=watch,
                **asked,
            )

    def _show_plan(self, options: Namespace, body: str) -> None:
        from synth_magic.api import plan

        _say(str(plan(interpolated(body, self._namespace), **self._asked(options))))

    def _asked(self, options: Namespace) -> dict[str, Any]:
        """Return the settings and the examples for one question."""
        asked = self._settings(options) | {"fresh": options.fresh}
        if options.example is not None:
            asked["example"] = value_of(options.example, self._namespace, "--example")
        return asked

    def _settings(self, options: Namespace) -> dict[str, Any]:
        """Return the settings of the line or of %config, checked."""
        given = {name: self._given(name, options) for name in MEANINGS}
        return {
            name: checked(name, value, where)
            for name, (where, value) in given.items()
            if value is not None
        }

    def _given(self, name: str, options: Namespace) -> tuple[str, Any]:
        """Return where a setting comes from and what it is: the line goes before %config."""
        value = getattr(options, name, None)
        if value is not None:
            return option(name), value
        return f"%config SynthPatients.{name}", getattr(self, name)

    def _command(self, line: str) -> None:
        word = (line.split() or ["help"])[0]
        if word in ("help", "--help", "-h"):
            _say(_parser().format_help())
        elif word == "status":
            _say(status(Settings.of(**self._settings(Namespace())), self.bindings))
        elif word == "login":
            _say(login(line, Settings.of(**self._settings(Namespace()))))
        elif word in RESERVED:
            raise UsageError(f"%synthpatients {word} is not in this version")
        else:
            near = did_you_mean(word, SUBCOMMANDS)
            raise UsageError(
                f"%synthpatients takes {', '.join(SUBCOMMANDS)}{near}. To make patients, write two "
                f"percent signs and a description below them:\n\n{EXAMPLE}"
            )


def _parser() -> MagicArgumentParser:
    method: Any = SynthPatients.synthpatients
    return cast("MagicArgumentParser", method.parser)


_parser().allow_abbrev = False  # an abbreviation may mean two options one day


def _say(words: str) -> None:
    from IPython.display import display as show

    show({"text/plain": words}, raw=True)


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
