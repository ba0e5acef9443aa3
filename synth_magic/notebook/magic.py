"""The magic: `%%synthpatients` reads a line, calls `generate`, and binds a name."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import MagicArgumentParser, argument, kwds, magic_arguments
from traitlets import Any as AnyValue

from synth_magic.engines.settings import MEANINGS, Settings, checked, option
from synth_magic.engines.values import whole_number
from synth_magic.errors import SettingError, SynthMagicError, did_you_mean
from synth_magic.notebook import completion, display, progress
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.commands.arguments import counted_words, version_of
from synth_magic.notebook.comparing import compared_with
from synth_magic.notebook.help import EXAMPLE, HELP
from synth_magic.notebook.interpolation import interpolated, value_of
from synth_magic.notebook.login import login
from synth_magic.notebook.options import (
    SUBCOMMANDS,
    HelpFormatter,
    change_in_words,
    comparison_options,
    free_name,
    line_of,
    read_line,
    refined_name,
    setting_options,
    settings_of,
    split,
)
from synth_magic.notebook.status import status
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.frame import PatientFrame
    from synth_magic.notebook.history import Version

_KEPT = "synth_magic_bindings"
"""What the shell keeps for an extension that is loaded again."""


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
    method = _setting("method")
    rows_per_request = _setting("rows_per_request")
    requests_at_once = _setting("requests_at_once")
    database = _setting("database")
    without = _setting("without")

    def __init__(self, shell: InteractiveShell, bindings: Bindings) -> None:
        super().__init__(shell)
        self._shell = shell
        self._namespace = shell.user_ns
        self.bindings = bindings
        bindings.settings = lambda options: self._settings(Namespace(**options))

    @line_cell_magic
    @no_var_expand
    @magic_arguments("synthpatients")
    @kwds(
        usage="%%synthpatients [NAME] [--rows N] [--seed S] [--engine E] [options]",
        epilog=HELP,
        formatter_class=HelpFormatter,
    )
    @argument("name", nargs="?", metavar="NAME", help="the variable that holds the patients")
    @argument("--rows", metavar="N", help="how many patients (what the text says, else 100)")
    @argument("--seed", metavar="S", help="another seed, other patients (0)")
    @argument(
        "--refine",
        nargs="?",
        const="",
        metavar="WORDS",
        help="change the patients of NAME as these words say, or those below the line",
    )
    @setting_options()
    @argument("--fresh", action="store_true", help="ask anew, whatever was made or recorded")
    @argument("--example", metavar="X", help="your variable of patients: the first 5 are sent")
    @comparison_options()
    @argument("--dry-run", action="store_true", help="show what would be asked, and ask nothing")
    @argument("--large", action="store_true", help="allow more than half a gigabyte")
    @argument("--quiet", action="store_true", help="bind NAME and show nothing")
    def synthpatients(self, line: str, cell: str | None = None) -> PatientFrame | None:
        """Make synthetic patients from the description below this line.

        The result is a pandas DataFrame, bound to NAME and shown with controls to draw other
        patients, to change them, and to see what the description asked for beside what came out.
        """
        if cell is None:
            words = split(line)
            if not words or words[0] in (*SUBCOMMANDS, "--help", "-h"):
                return self._command(words)
            if not any(word.startswith("-") for word in words):
                raise _how_to_write(words[0])
        options = read_line(_parser(), line)
        if options.refine is not None:
            return self._refine(options, cell)
        if cell is None:
            raise _how_to_write(options.name or "")
        return self._describe(options, cell)

    def _describe(self, options: Namespace, body: str) -> PatientFrame | None:
        """Make patients from a description: a version of NAME, if one is given."""
        from synth_magic.api import generate, plan

        name = free_name(options.name, self._namespace) if options.name else ""
        with self._unharmed(name):
            rows, seed = (self._size(size, options) for size in ("rows", "seed"))
            text, settings = interpolated(body, self._namespace), self._settings(options)
            comparison = compared_with(options, name, self._namespace)
            before = None if options.fresh else self.bindings.parent(name, text)
            asked = settings | {
                "fresh": options.fresh,
                "parent": before.cohort if before else None,
                "example": self._example(options),
            }
            if options.dry_run:
                _say(str(plan(text, rows=rows, **asked)))
                return None
            with progress.watching(self._shell) as watch:
                frame = generate(
                    text, rows=rows, seed=seed or 0, large=options.large, watch=watch, **asked
                )
        if name:
            present, source = self.bindings.present(name), line_of(name, options)
            binding = self.bindings.add(
                name,
                frame,
                "described",
                source=source,
                before=before,
                settings=settings_of(options),
                comparison=comparison,
                anew=not options.quiet,
            )
            if present and not options.quiet and (elsewhere := _left_behind(binding, present)):
                _say_beside(binding, elsewhere)
        return None if options.quiet else frame

    def _refine(self, options: Namespace, body: str | None) -> PatientFrame | None:
        """Change the present patients of NAME as some words say."""
        from synth_magic.api import plan, refine

        name = refined_name(options, self.bindings.names)
        words = change_in_words(options, body)
        with self._unharmed(name):
            binding = self.bindings[name]
            size = {
                which: whole_number(option(which), value)
                for which in ("rows", "seed")
                if (value := getattr(options, which)) is not None
            }
            words, settings = interpolated(words, self._namespace), self._settings(options)
            comparison = compared_with(options, name, self._namespace) or binding.comparison
            asked = settings | {"fresh": options.fresh}
            if options.dry_run:
                _say(str(plan(words, refine=binding.cohort, **asked)))
                return None
            _refuse_loss(binding)
            with progress.watching(self._shell) as watch:
                frame = refine(
                    binding.cohort, words, large=options.large, watch=watch, **size, **asked
                )
            told = " ".join(words.split())
            binding.run(
                frame,
                "refined",
                told,
                before=binding.version,
                settings=settings_of(options),
                comparison=comparison,
                anew=not options.quiet,
            )
        return None if options.quiet else frame

    @contextmanager
    def _unharmed(self, name: str) -> Iterator[None]:
        """Say of a failure that it left the variable as it was."""
        untouched = f"{name} is as it was before." if name in self._namespace else ""
        try:
            yield
        except SynthMagicError as error:
            error.args = (f"{error}\n{untouched}".strip(),)
            raise
        except KeyboardInterrupt as interrupt:
            raise progress.Stopped(interrupt, untouched) from None

    def _size(self, which: str, options: Namespace) -> int | None:
        """Return the number of rows or the seed of the line or of %config."""
        where, value = self._given(which, options)
        return None if value is None else whole_number(where, value)

    def _example(self, options: Namespace) -> Any:
        if options.example is None:
            return None
        return value_of(options.example, self._namespace, "--example")

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

    def _command(self, words: Sequence[str]) -> PatientFrame | None:
        command, *rest = words or ["help"]
        match command:
            case "help" | "--help" | "-h":
                _say(_parser().format_help())
            case "status":
                _say(status(self._session(), self.bindings))
            case "login":
                _say(login(rest, self._session()))
            case "restore":
                return self._restore(*counted_words(command, rest, self.bindings))
            case "catalogue":
                from synth_magic.notebook.commands.catalogue import catalogue

                _show(catalogue(" ".join(rest)))
            case _:
                from synth_magic.notebook.commands.look import look

                words = counted_words(command, rest, self.bindings)
                _show(look(command, words, self.bindings))
        return None

    def _restore(self, name: str, number: str) -> PatientFrame:
        """Let a name stand for an earlier version again."""
        binding = self.bindings[name]
        version = version_of(binding, number)
        with self._unharmed(name):
            _refuse_loss(binding)
            binding.restore(version.number, anew=True)
        patients: PatientFrame = self._namespace[name]
        return patients

    def _session(self) -> Settings:
        return Settings.of(**self._settings(Namespace()))


def _parser() -> MagicArgumentParser:
    method: Any = SynthPatients.synthpatients
    return cast("MagicArgumentParser", method.parser)


_parser().allow_abbrev = False  # an abbreviation may mean two options one day


def _how_to_write(word: str) -> UsageError:
    """Return the error of a line that is neither a sub-command nor a refinement."""
    return UsageError(
        f"%synthpatients takes {', '.join(SUBCOMMANDS)}{did_you_mean(word, SUBCOMMANDS)}, or NAME "
        "--refine WORDS. To make patients, write two percent signs and a description below them:"
        f"\n\n{EXAMPLE}"
    )


def _refuse_loss(binding: Binding) -> None:
    """Raise SettingError if what the user has done to the variable would be lost."""
    if obstacle := binding.obstacle():
        name = binding.name
        raise SettingError(f"{obstacle} Keep it under another name, and then: del {name}")


def _left_behind(binding: Binding, earlier: Version) -> str:
    """Return where the changes are that the present version does not hold, if there are any."""
    kept = {version.number for version in binding.version.lineage}
    if all(v.number in kept or v.how not in ("edited", "refined") for v in earlier.lineage):
        return ""
    return (
        f"This is version {binding.version.number} of {binding.name}. Your changes are in version "
        f"{in_short(earlier.title, 80)}. To go back to them: %synthpatients restore "
        f"{binding.name} {earlier.number}"
    )


def _say_beside(binding: Binding, words: str) -> None:
    """Say something of the present patients: in their panel, which forgets it with the next."""
    if binding.panel is not None:
        binding.panel.notice.say(words)
    else:
        _say(words)


def _say(words: str) -> None:
    _show({"text/plain": words})


def _show(bundle: dict[str, str]) -> None:
    from IPython.display import display as show

    show(bundle, raw=True)


def load(shell: InteractiveShell) -> None:
    """Register the magic, its completion, and the display of patients.

    Versions made before `unload` are known again, of the names that the user still has.
    """
    bindings = shell.meta.pop(_KEPT, None) or Bindings(shell.user_ns)
    bindings.forget_deleted()
    magics = SynthPatients(shell, bindings)
    shell.register_magics(magics)
    completion.register(shell, _parser(), magics.bindings)
    display.register(shell, magics.bindings)


def unload(shell: InteractiveShell) -> None:
    """Remove all that `load` registered; the patients and their versions stay."""
    manager = shell.magics_manager
    magics = manager.registry.pop(SynthPatients.__name__)
    magics.bindings.close()
    shell.meta[_KEPT] = magics.bindings
    for kind in manager.magics.values():
        kind.pop("synthpatients", None)
    shell.configurables.remove(magics)
    completion.unregister(shell)
    display.unregister(shell)
