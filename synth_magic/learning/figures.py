"""Quantiles that tell of no single patient.

The usual safeguard of statistical tables is a threshold: a figure is shown only if it rests on at
least so many people, 5 or 10 as a rule. Here every quantile is either a value that so many patients
share or the mean of so many patients' values, of whom none dominates it: what fewer patients have
and is far from all others counts as the nearest value that is not. Beyond the outermost of them
nothing is read off: the tail goes on as an exponential one through the means of the outermost and
of those next to them.
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

from synth_magic.sampling.curves import EXTREME
from synth_magic.sampling.grid import Floats, probability
from synth_magic.spec.model import QUANTILE_LEVELS, Quantiles

_EXTREME_LEVEL = float(probability(-EXTREME))
_LEVELS = {"min": _EXTREME_LEVEL} | QUANTILE_LEVELS | {"max": 1 - _EXTREME_LEVEL}
_LIMITS = (0.0, 1.0, 100.0)
_FAR, _HEAVY = 10.0, 2.0


def quantiles(values: Floats, decimals: int, smallest: int) -> Quantiles:
    """Return the nine quantiles of sorted values, each resting on `smallest` of them."""
    values = -_top_coded(-_top_coded(values, smallest)[::-1], smallest)[::-1]
    found = [_quantile(values, level, smallest) for level in _LEVELS.values()]
    rising = np.maximum.accumulate(_within_limits(np.array(found), values))
    rounded = np.round(rising, decimals) + 0.0
    return Quantiles(**dict(zip(_LEVELS, map(float, rounded), strict=True)))


def _top_coded(values: Floats, smallest: int) -> Floats:
    """Return sorted values of which the outermost, fewer than `smallest`, are not far from others.

    Far is beyond what is to be expected even of heavy tails: several times as far as the values
    below lie from the middle, and from each other.
    """
    outer, inner = values[-smallest], values[max(-2 * smallest, -len(values))]
    fence = outer + max(_FAR * (outer - inner), _HEAVY * (outer - np.median(values)))
    return np.asarray(np.minimum(values, fence))


def _quantile(values: Floats, level: float, smallest: int) -> float:
    if level > 1 / 2:
        return -_quantile(-values[::-1], 1 - level, smallest)
    rank = len(values) * level  # so many values lie below
    near = values[int(rank)]
    if np.count_nonzero(values == near) >= smallest:
        return float(near)
    if rank < smallest and values[0] != values[smallest - 1]:
        return _tail(values, rank + 1 / 2, smallest)
    start = int(np.clip(round(rank - smallest / 2), 0, len(values) - smallest))
    return float(values[start : start + smallest].mean())


def _tail(values: Floats, rank: float, smallest: int) -> float:
    """Return the value expected at a rank, counted from the lowest, if the tail is exponential.

    The i-th lowest of many is then expected at `lowest + scale * (1 + 1/2 + … + 1/(i - 1))`.
    """
    outermost = values[:smallest].mean()
    following = values[smallest : 2 * smallest]
    if len(following) < smallest:
        return float(outermost)
    steps = _harmonic(np.arange(1.0, 2 * smallest + 1))
    near, far = steps[:smallest].mean(), steps[smallest:].mean()
    scale = (following.mean() - outermost) / (far - near)
    return float(outermost + scale * (_harmonic(np.array(rank)) - near))


def _harmonic(rank: Floats) -> Floats:
    """Return 1 + 1/2 + … + 1/(rank - 1), between whole ranks as well."""
    return np.asarray(digamma(rank) + np.euler_gamma)


def _within_limits(found: Floats, values: Floats) -> Floats:
    """Let no tail pass 0, 1 or 100 that no value passes: shares, percentages, measurements."""
    for limit in _LIMITS:
        if values[0] >= limit:
            found = np.maximum(found, limit)
        if values[-1] <= limit:
            found = np.minimum(found, limit)
    return found
