"""Text that came from elsewhere, as names of columns and codes do: in one line, plain and short."""

from __future__ import annotations


def in_line(text: str, letters: int) -> str:
    """Return text in one line, without what prints nothing, cut to so many letters."""
    plain = _plain(text)
    return plain if len(plain) <= letters else f"{plain[: letters - 1].rstrip()}…"


def label(name: str, letters: int) -> str:
    """Return a name as `in_line` does, but cut in its middle: many differ at the end."""
    plain, end = _plain(name), letters // 3
    return plain if len(plain) <= letters else f"{plain[: letters - end - 1]}…{plain[-end:]}"


def _plain(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
