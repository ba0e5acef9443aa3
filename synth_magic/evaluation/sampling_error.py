"""Figures of a sample, each with the standard error that chance gives it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import QUANTILE_LEVELS

_ROUNDED = 0.5
_FEWEST = 4


def share(stated: float, n: int) -> float:
    """Standard error of a share among `n` patients."""
    return float(np.sqrt(max(stated * (1 - stated), 0.0) / n)) if n else float("nan")


def statistic(values: Floats, name: str, step: float) -> tuple[float, float]:
    """Return a statistic of `values` (no NaN) and its standard error.

    The error of the SD takes the sample's own kurtosis; that of a quantile is half the distance
    between the order statistics one standard error of its rank away, and at least half a `step`,
    the unit of recording.
    """
    if len(values) == 0:
        return float("nan"), float("nan")
    n = len(values)
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if n > 1 else 0.0
    if name == "mean":
        return mean, sd / np.sqrt(n)
    if name == "sd":
        fourth = float(np.mean((values - mean) ** 4))
        return sd, float(np.sqrt(max(fourth - sd**4, 0.0) / n) / (2 * sd)) if sd else 0.0
    if name in ("min", "max"):
        return float(values.min() if name == "min" else values.max()), 0.0
    level = QUANTILE_LEVELS[name]
    ranks = level + np.array([-1, 1]) * np.sqrt(level * (1 - level) / n)
    below, above = np.quantile(values, np.clip(ranks, 0, 1))
    achieved = float(np.quantile(values, level))
    return achieved, max(float(above - below) / 2, _ROUNDED * step)


def spearman(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the Spearman correlation of two columns without gaps, and its standard error.

    The error is that of the sample's own influence function, so that ties and rare codes count;
    both are NaN where a column is constant.
    """
    if len(x) < _FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan"), float("nan")
    a, b = (_standardised_ranks(column) for column in (x, y))
    correlation = float(np.mean(a * b))
    influence = a * b - correlation / 2 * (a**2 + b**2)
    return correlation, float(np.sqrt(np.mean(influence**2) / len(x)))


def _standardised_ranks(column: Floats) -> Floats:
    ranks = pd.Series(column).rank().to_numpy()
    return np.asarray((ranks - ranks.mean()) / ranks.std())
