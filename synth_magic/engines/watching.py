"""What is said while a model writes its answer, and the line of a terminal that says it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from synth_magic.engines.answer import Progress, Watch
from synth_magic.engines.writing import counted


def sentence(progress: Progress) -> str:
    """Return `Asking claude-opus-5-5: writing, 7 variables, about 2,300 tokens so far`.

    Tokens are rounded, so that a sentence holds for a while.
    """
    parts = [progress.stage]
    if progress.wanted:
        parts.append(f"{len(progress.rows):,} of {progress.wanted:,} patients")
    if progress.variables:
        parts.append(counted(progress.variables, "variable", "variables"))
    if tokens := round(progress.tokens, -2):
        parts.append(f"about {tokens:,} tokens so far")
    said = f"Asking {progress.model}: {', '.join(parts)}"
    return "".join(letter for letter in said if letter.isprintable())


@contextmanager
def terminal_line(stream: TextIO) -> Iterator[Watch]:
    """Give a watch that says in one line of a terminal how far a model has come."""
    with rewritten_line(stream) as write:

        def show(progress: Progress) -> None:
            write(f"{sentence(progress)}. Ctrl-C stops it.")

        yield show


@contextmanager
def rewritten_line(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Give what writes one line of a terminal anew, wiped at the end; elsewhere nothing."""
    shown = ""

    def write(line: str) -> None:
        nonlocal shown
        cut = line[: shutil.get_terminal_size().columns - 1]
        if cut != shown and stream.isatty():
            stream.write(f"\r{' ' * len(shown)}\r{cut}")
            stream.flush()
            shown = cut

    try:
        yield write
    finally:
        write("")
