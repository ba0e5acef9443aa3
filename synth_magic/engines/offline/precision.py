"""To how many decimals a variable is recorded, judged by its figures."""

from __future__ import annotations

from math import floor, log10

from synth_magic.catalogue.entries import Unit
from synth_magic.description.model import DescribedVariable
from synth_magic.engines.offline.stated import Stated

_MOST = 6


def recorded_decimals(described: DescribedVariable, stated: Stated, unit: Unit | None) -> int:
    """Return the decimals of a number: of its entry's unit, else those of its figures.

    Quantiles are recorded values, or lie half-way between two. Means and SDs are neither: they
    count where nothing else is known.
    """
    quantiles = stated.numbers("p01", "p05", "p25", "p50", "p75", "p95", "p99")
    spreads = [sd for sd in stated.numbers("sd") if sd]
    if unit is not None:
        decimals = max(unit.decimals, _of_quantiles(quantiles))
    elif quantiles:
        decimals = _of_quantiles(quantiles)
    elif spreads or stated.numbers("mean"):
        decimals = needed_decimals(*stated.numbers("mean", "sd"))
    else:
        decimals = _by_width(described)
    decimals = max(decimals, needed_decimals(*stated.numbers("min", "max")))
    while decimals < _MOST and any(sd < 0.5 * 10.0**-decimals for sd in spreads):
        decimals += 1
    return decimals


def needed_decimals(*values: float) -> int:
    """Return how many decimals it takes to write all these values."""
    for decimals in range(_MOST):
        if all(abs(x - round(x, decimals)) < 1e-9 * (abs(x) + 1) for x in values):
            return decimals
    return _MOST


def _of_quantiles(values: list[float]) -> int:
    return min(needed_decimals(*values), needed_decimals(*(2 * x for x in values)))


def _by_width(described: DescribedVariable) -> int:
    """Return decimals that leave about three figures of the width of the bounds."""
    if described.low is None or described.high is None or described.high <= described.low:
        return 1
    width = described.high - described.low
    if width >= 5 and needed_decimals(described.low, described.high) == 0:
        return 0
    return max(0, 2 - floor(log10(width)))
