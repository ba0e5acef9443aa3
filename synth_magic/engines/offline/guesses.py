"""Which variables are guesses, with nothing to go on."""

from __future__ import annotations

import re

from synth_magic.description.model import DescribedVariable
from synth_magic.spec.model import MedianIQR, Variable

GUESS = "a guess"
"""How the basis of a guess begins."""

_KINDS: tuple[tuple[str, str, MedianIQR], ...] = (
    (r"\b(?:number|count|how many|times)\b", "a count", MedianIQR(0, 1, 2, 0, 12)),
    (r"\b(?:percent|percentage|proportion)\b|%", "a percentage", MedianIQR(30, 50, 70, 0, 100)),
    (r"\bdays?\b", "days", MedianIQR(120, 400, 900, 0, None)),
    (r"\bweeks?\b", "weeks", MedianIQR(8, 26, 60, 0, None)),
    (r"\bmonths?\b", "months", MedianIQR(6, 18, 42, 0, None)),
    (r"\byears?\b", "years", MedianIQR(2, 5, 11, 0, None)),
    (r"\bratio\b", "a ratio", MedianIQR(0.7, 1, 1.5, 0, None)),
    (r"\b(?:hours?|minutes?)\b", "hours or minutes", MedianIQR(8, 20, 48, 0, None)),
)
"""What values of a kind are like where nothing else is known; all assumed."""


def kind_of(described: DescribedVariable) -> tuple[str, MedianIQR] | None:
    """Return what kind of number a variable is by its unit, name and label, and usual values."""
    name = described.name.replace("_", " ")
    for words in (described.unit, f"{name} {described.label}"):
        for pattern, kind, marginal in _KINDS:
            if re.search(pattern, words, re.IGNORECASE):
                return kind, marginal
    return None


def is_guess(variable: Variable) -> bool:
    """Tell whether a variable's figures rest on nothing but its name and unit."""
    return variable.provenance == "assumed" and variable.basis.startswith(GUESS)
