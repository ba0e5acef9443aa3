"""Intervals of a numeric parent or group, as a clinician writes them: `<40`, `[40, 65)`, `>=65`."""

from __future__ import annotations

import math
import re

from synth_magic.errors import SpecificationError, Violation

NOTATION = "an interval is written <40, [40, 65) or >=65"

_NUMBER = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"
_BELOW = re.compile(rf"<\s*{_NUMBER}", re.ASCII)
_FROM = re.compile(rf">=\s*{_NUMBER}", re.ASCII)
_BETWEEN = re.compile(rf"\[\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)", re.ASCII)


def parse_interval(text: str) -> tuple[float, float]:
    """Return the bounds `(low, high)` of the half-open interval `[low, high)`.

    An open side is minus or plus infinity. Raises SpecificationError where the text is no interval
    or an empty one.
    """
    stripped = text.strip()
    if below := _BELOW.fullmatch(stripped):
        low, high = -math.inf, float(below[1])
    elif rest := _FROM.fullmatch(stripped):
        low, high = float(rest[1]), math.inf
    elif between := _BETWEEN.fullmatch(stripped):
        low, high = float(between[1]), float(between[2])
    else:
        raise SpecificationError([Violation(repr(text[:80]), "this is no interval", NOTATION)])
    if not low < high:
        raise SpecificationError([Violation(repr(text[:80]), "this interval is empty", NOTATION)])
    return low, high


def interval_text(low: float, high: float) -> str:
    """Write `[low, high)` in the notation that `parse_interval` reads."""
    if low == -math.inf:
        return f"<{high:.15g}"
    if high == math.inf:
        return f">={low:.15g}"
    return f"[{low:.15g}, {high:.15g})"
