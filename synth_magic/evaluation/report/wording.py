"""Figures in words: shares as so many in ten, never finer than what they are beside needs."""

from __future__ import annotations

import math

_COARSE = (0.15, 0.95)
_ALIKE = 0.01
_MORE = 0.05
"""A difference that looks larger than it is by so much is told in finer figures."""

_NEARLY = 0.3
_FEWEST, _FINEST = 10, 1_000


def in_so_many(*shares: float) -> list[str]:
    """Return shares as `6 in 10`, all of the same number.

    It is 10, or where that tells too little, or hides or exaggerates a difference, 100 or 1,000.
    NaN is an empty text.
    """
    known = [share for share in shares if not math.isnan(share)]
    total = next((total for total in (_FEWEST, 100) if _tells(known, total)), _FINEST)
    return ["" if math.isnan(share) else _of(share, total) for share in shares]


def _tells(shares: list[float], total: int) -> bool:
    """Return whether the shares stay what they are in so many, and different ones differ."""
    between = [share for share in shares if share not in (0, 1)]
    lowest, highest = min(shares, default=0), max(shares, default=0)
    differ = len({round(total * share) for share in shares}) > 1
    if total == _FEWEST:
        shown = (round(total * highest) - round(total * lowest)) / total
        alike = highest - lowest < _ALIKE if not differ else shown - (highest - lowest) < _MORE
        return alike and all(_COARSE[0] <= share <= _COARSE[1] for share in between)
    seen = not between or any(share <= 1 - 0.5 / total for share in between)
    return (
        seen
        and min(between, default=1) >= 1 / total
        and (differ or highest - lowest <= _NEARLY * highest)
    )


def _of(share: float, total: int) -> str:
    if 0 < share < 0.5 / total:
        return f"fewer than 1 in {total:,}"
    if 1 - 0.5 / total < share < 1:
        return f"more than {total - 1:,} in {total:,}"
    return f"{round(share * total):,} in {total:,}"


def number(value: float) -> str:
    """Return a figure for a sentence, in two decimals, or two digits where it is small."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "infinite"
    if 0 < abs(value) < 0.001:
        return "less than 0.001"
    if 0 < abs(value) < 0.095:
        return f"{value:.2g}"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


def arrow(better: int) -> str:
    """Return which way of a figure is better: `↑`, `↓`, or nothing."""
    return {1: "↑", -1: "↓"}.get(better, "")


def figure(value: float) -> str:
    """Return a figure in a column of figures: three decimals, where they fit."""
    if math.isnan(value):
        return "–"
    return f"{value:.3f}" if abs(value) < 1_000 else f"{value:.4g}"
