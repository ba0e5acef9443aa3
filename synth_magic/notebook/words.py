"""Text for people, made of text from a user, a file or a model."""

from __future__ import annotations

from decimal import Decimal

NAME = 60
"""So many letters of a name, a unit or a quotation are shown at most."""


def plain(text: str) -> str:
    """Return text in one line, without characters that print nothing."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def short(text: str, letters: int) -> str:
    """Return text cut to so many letters, with an ellipsis where something is left out."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def in_short(text: str, letters: int = NAME) -> str:
    """Return text in one line, plain and short."""
    return short(plain(text), letters)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return `1 patient`, `2,000 patients`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def plain_number(value: float, digits: int = 4) -> str:
    """Return a number to so many digits, or all before the point, without a power of ten."""
    if abs(value) >= 10**digits - 0.5:
        return f"{value:.0f}" if abs(value) < 9999.5 else f"{value:,.0f}"
    return f"{Decimal(f'{value:.{digits}g}'):f}"
