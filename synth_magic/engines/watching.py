"""What is said while a model writes its answer, and the line of a terminal that says it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from synth_magic.engines.answer import Progress, Watch, unwatched
from synth_magic.engines.writing import counted


def sentence(progress: Progress) -> str:
    """Return `Asking claude-opus-5-5: writing, 7 variables, about 2,300 tokens so far`.

    Tokens are rounded, so that a sentence holds for a while.
    """
    parts = [progress.stage]
    if progress.variables:
        parts.append(counted(progress.variables, "variable", "variables"))
    if tokens := round(progress.tokens, -2):
        parts.append(f"about {tokens:,} tokens so far")
    said = f"Asking {progress.model}: {', '.join(parts)}"
    return "".join(letter for letter in said if letter.isprintable())


@contextmanager
def terminal_line(stream: TextIO) -> Iterator[Watch]:
    """Give a watch that writes one line of a terminal anew, wiped at the end; elsewhere nothing."""
    if not stream.isatty():
        yield unwatched
        return
    shown = ""

    def write(line: str) -> None:
        nonlocal shown
        if line != shown:
            stream.write(f"\r{' ' * len(shown)}\r{line}")
            stream.flush()
            shown = line

    def show(progress: Progress) -> None:
        width = shutil.get_terminal_size().columns - 1
        write(f"{sentence(progress)}. Ctrl-C stops it."[:width])

    try:
        yield show
    finally:
        write("")
