"""Completion of options and sub-commands on the magic's line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from synth_magic.notebook.options import SUBCOMMANDS, option_strings

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_CELL, _LINE = "%%synthpatients", "%synthpatients"


def register(shell: InteractiveShell, parser: ArgumentParser) -> None:
    """Offer the options after `%%synthpatients`, the sub-commands after `%synthpatients`."""

    def options(_: Any, event: Any) -> list[str]:
        return [word for word in option_strings(parser) if word.startswith(event.symbol)]

    def subcommands(_: Any, event: Any) -> list[str]:
        return [word for word in SUBCOMMANDS if word.startswith(event.symbol)]

    shell.set_hook("complete_command", options, str_key=_CELL)
    shell.set_hook("complete_command", subcommands, str_key=_LINE)


def unregister(shell: InteractiveShell) -> None:
    """Take the completion back."""
    for key in (_CELL, _LINE):
        shell.strdispatchers["complete_command"].strs.pop(key, None)
