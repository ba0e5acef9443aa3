"""Completion on the magic's line: options and their values, sub-commands, names and versions."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from synth_magic.engines.rows.method import PARTS
from synth_magic.engines.settings import EFFORTS, ENGINES, METHODS
from synth_magic.notebook.commands.arguments import USAGES
from synth_magic.notebook.options import SUBCOMMANDS, option_strings

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.notebook.bindings import Bindings

_CELL, _LINE = "%%synthpatients", "%synthpatients"
_VALUES = {
    "--engine": ENGINES,
    "--effort": EFFORTS,
    "--method": METHODS,
    "--without": tuple(PARTS),
}


def register(shell: InteractiveShell, parser: ArgumentParser, bindings: Bindings) -> None:
    """Complete the lines of both forms of the magic in this shell."""

    def completer(words: Callable[[Sequence[str]], Iterable[str]], _: Any, event: Any) -> list[str]:
        before = event.text_until_cursor.removesuffix(event.symbol).replace("=", " ").split()
        return [word for word in words(before[1:]) if word.startswith(event.symbol)]

    def on_cell(before: Sequence[str]) -> Iterable[str]:
        return _values(before) or [*_names(before, bindings), *option_strings(parser)]

    def on_line(before: Sequence[str]) -> Iterable[str]:
        if not before:
            return [*SUBCOMMANDS, *bindings.names]
        if before[0] in SUBCOMMANDS:
            return _arguments(before[0], before[1:], bindings)
        return on_cell(before)

    shell.set_hook("complete_command", partial(completer, on_cell), str_key=_CELL)
    shell.set_hook("complete_command", partial(completer, on_line), str_key=_LINE)


def unregister(shell: InteractiveShell) -> None:
    """Take the completion back."""
    for key in (_CELL, _LINE):
        shell.strdispatchers["complete_command"].strs.pop(key, None)


def _values(before: Sequence[str]) -> Sequence[str]:
    """Return the values of the option that stands last."""
    return _VALUES.get(before[-1], ()) if before else ()


def _names(before: Sequence[str], bindings: Bindings) -> Sequence[str]:
    """Return the names, where none is written yet."""
    return () if before else bindings.names


def _arguments(command: str, before: Sequence[str], bindings: Bindings) -> Iterable[str]:
    """Return what a sub-command may be followed by: a name, then numbers of its versions."""
    if command == "catalogue":
        from synth_magic.notebook.commands.catalogue import known_names

        return () if before else known_names()
    wanted = USAGES.get(command, "").split()[1:]
    if len(before) >= len(wanted):
        return ()
    if not before:
        return bindings.names
    if before[0] in bindings.names and wanted[len(before)].strip("[]") in ("A", "B", "V"):
        return [str(version.number) for version in bindings[before[0]].history]
    return ()
