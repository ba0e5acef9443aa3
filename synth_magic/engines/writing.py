"""Names and codes as they stand in expressions, and figures in sentences."""

from __future__ import annotations

from keyword import iskeyword


def named(name: str) -> str:
    """Return a variable's name as an expression has it: in backticks unless it is plain."""
    from synth_magic.spec.expressions import FUNCTIONS  # which an extension that loads need not

    plain = name.isascii() and name.isidentifier() and not iskeyword(name)
    return name if plain and name not in FUNCTIONS else f"`{name.replace('`', '``')}`"


def quoted(code: str) -> str:
    """Return a code as an expression has it, in quotes."""
    return '"' + code.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_line(words: str) -> str:
    """Return words with single spaces, as titles and bases need them."""
    return " ".join(words.split())


def counted(number: int, one: str, many: str) -> str:
    """Return `1 variable` or `3 variables`."""
    return f"{number:,} {one if number == 1 else many}"
