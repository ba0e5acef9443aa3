"""The sub-commands that show something: each returns what Jupyter and a terminal display."""

from __future__ import annotations

from collections.abc import Sequence

from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.commands.diff import diff
from synth_magic.notebook.commands.history import history
from synth_magic.notebook.commands.prompt import prompt, system
from synth_magic.notebook.commands.spec import spec


def look(command: str, words: Sequence[str], bindings: Bindings) -> dict[str, str]:
    """Return what history, diff, spec or prompt shows, by media type.

    Raises UsageError, and what they raise.
    """
    if not words:
        return {"text/plain": system()}
    name, *more = words
    binding = bindings[name]
    match command:
        case "history":
            return history(binding)
        case "diff":
            return diff(binding, more)
        case "spec":
            return spec(binding, more)
        case _:
            return {"text/plain": prompt(binding)}
