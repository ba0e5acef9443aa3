"""The words after a sub-command: a NAME, numbers of versions, a file."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.core.error import UsageError

from synth_magic.engines.values import whole_number
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.history import Version

USAGES = {
    "history": "history NAME",
    "diff": "diff NAME [A B]",
    "restore": "restore NAME V",
    "prompt": "prompt [NAME]",
    "spec": "spec NAME [V] [FILE]",
}
"""How each is written. A, B and V are numbers of versions."""

_COUNTS = {"history": (1,), "diff": (1, 3), "restore": (2,), "prompt": (0, 1), "spec": (1, 2, 3)}


def counted_words(command: str, words: Sequence[str], bindings: Bindings) -> Sequence[str]:
    """Return the words if there are as many as the sub-command takes, or raise UsageError."""
    if len(words) in _COUNTS[command]:
        return words
    names = ", ".join(bindings.names)
    known = f"; the names are {names}" if names else ""
    raise UsageError(f"write %synthpatients {USAGES[command]}{known}")


def version_of(binding: Binding, word: str) -> Version:
    """Return the version of this number, or raise SettingError."""
    return binding.history[whole_number("the version", word)]
