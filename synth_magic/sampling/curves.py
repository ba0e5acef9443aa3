"""Numeric marginals as monotone curves: the value at each normal score.

Each family takes the parameters of the *underlying* curve; `numeric` adjusts them until what is
recorded (truncated, rounded, with spikes) has the figures that were stated.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

import numpy as np
from scipy import special
from scipy.interpolate import PchipInterpolator

from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.spec.model import MeanSD, MedianIQR

EXTREME = 3.29
"""Normal score of the stated minimum (negative) and maximum: one patient in 2,000 lies beyond."""

QUARTILE = 0.6744897501960817

STEEPEST = 2.0
"""Largest log-scale SD of a tail beyond the quartiles: lopsided quartiles alone would make one in a
thousand patients absurd."""

LOPSIDED = 2.5
"""Largest ratio of the distances from the median to the quartiles, on the scale of the bounds, that
is left to a log-normal: beyond it, the nearer quartile would all but end the curve."""

Family = Callable[[float, float], Floats]
"""Underlying mean and SD to the values at the nodes."""

_COARSE = NODES[::16]


def through(knots: Floats, values: Floats) -> Callable[[Floats], Floats]:
    """Return the monotone cubic (PCHIP) through the knots, constant beyond the outermost.

    Fritsch & Carlson, SIAM J. Numer. Anal. 17 (1980) 238-246, as implemented by SciPy.
    """
    if len(knots) == 1:
        return lambda z: np.full_like(z, values[0])
    with np.errstate(over="ignore"):  # where the curve is all but flat, its slope becomes 0
        curve = PchipInterpolator(knots, values)
    return lambda z: np.asarray(curve(np.clip(z, knots[0], knots[-1])), dtype=np.float64)


def _on_nodes(coarse: Floats) -> Floats:
    return through(_COARSE, np.maximum.accumulate(coarse))(NODES)


def mean_sd_family(marginal: MeanSD, *, whole: bool) -> Family:
    """Choose the family for a stated mean and SD.

    Normal if mean ± 2 SD lies within the bounds (truncated there); else, above one bound,
    log-normal for measurements and gamma for counts (`whole`); beta between two bounds.
    """
    low = -np.inf if marginal.low is None else marginal.low
    high = np.inf if marginal.high is None else marginal.high
    mean, sd = marginal.mean, marginal.sd
    if low <= mean - 2 * sd and mean + 2 * sd <= high:
        return lambda m, s: _truncated_normal(m, s, low, high)
    if np.isfinite(low) and np.isfinite(high):
        return lambda m, s: _beta(m, s, low, high)
    above = _gamma if whole else _log_normal
    if np.isfinite(low):
        return lambda m, s: low + above(m - low, s)
    return lambda m, s: high - above(high - m, s)[::-1]


def _truncated_normal(mean: float, sd: float, low: float, high: float) -> Floats:
    below, inside = special.ndtr([(low - mean) / sd, (high - mean) / sd])
    p = below + probability(NODES) * (inside - below)
    return np.clip(mean + sd * score(p), low, high)


def _log_normal(mean: float, sd: float) -> Floats:
    variance = np.log1p((sd / mean) ** 2)
    return np.asarray(np.exp(log(mean) - variance / 2 + np.sqrt(variance) * NODES))


def _gamma(mean: float, sd: float) -> Floats:
    shape = (mean / sd) ** 2
    return _on_nodes(special.gammaincinv(shape, probability(_COARSE)) * mean / shape)


def _beta(mean: float, sd: float, low: float, high: float) -> Floats:
    m, v = (mean - low) / (high - low), (sd / (high - low)) ** 2
    total = m * (1 - m) / v - 1
    p = probability(_COARSE)
    return _on_nodes(low + (high - low) * special.betaincinv(m * total, (1 - m) * total, p))


def median_iqr_curve(marginal: MedianIQR) -> Floats:
    """Return the shifted log-normal through three quartiles, as values at the nodes.

    Its long tail grows no faster than a log-normal of SD STEEPEST.

    Quartiles too lopsided for it are joined with the range instead (`_through_range`). Where it
    would cross a bound, the same curve is put through the quartiles of the log distance
    to that bound, or of the logit between two bounds (Johnson's S_L and S_B; Johnson, Biometrika
    36 (1949) 149-176).
    """
    low, high = marginal.low, marginal.high
    quartiles = np.array([marginal.p25, marginal.p50, marginal.p75], dtype=np.float64)
    plain = _shifted_log_normal(*quartiles)
    fits = (low is None or plain[0] >= low) and (high is None or plain[-1] <= high)
    touches = quartiles[0] == low or quartiles[2] == high
    if not touches and _is_lopsided(quartiles, low, high):
        return _through_range(quartiles, plain, low, high)
    if fits or touches:
        return np.clip(plain, low, high) if low is not None or high is not None else plain
    if low is not None and high is not None:
        scores = _shifted_log_normal(*special.logit((quartiles - low) / (high - low)))
        return np.asarray(low + (high - low) * special.expit(scores))
    with np.errstate(over="ignore"):
        if low is not None:
            return np.asarray(low + np.exp(_shifted_log_normal(*np.log(quartiles - low))))
        assert high is not None
        return np.asarray(high - np.exp(-_shifted_log_normal(*-np.log(high - quartiles))))


def _is_lopsided(quartiles: Floats, low: float | None, high: float | None) -> bool:
    """Tell whether one quartile is much nearer to the median, on the scale that the bounds make."""
    scaled = quartiles
    if low is not None and low < quartiles[0]:
        scaled = np.log(quartiles - low)
    if high is not None and high > quartiles[2]:
        scaled = (
            scaled - np.log(high - quartiles)
            if scaled is not quartiles
            else -np.log(high - quartiles)
        )
    left, right = np.diff(scaled)
    return bool(min(left, right) > 0 and max(left, right) > LOPSIDED * min(left, right))


def _through_range(
    quartiles: Floats, plain: Floats, low: float | None, high: float | None
) -> Floats:
    """Return the monotone curve through the quartiles and a range at z = ±EXTREME, within bounds.

    The range reaches as far as a normal with the nearer quartile, or a log-normal with both, does.
    """
    left, right = np.diff(quartiles)
    beyond = EXTREME / QUARTILE - 1
    first, last = map(float, np.interp([-EXTREME, EXTREME], NODES, plain))
    if left < right:
        first = min(first, quartiles[0] - beyond * left)
    else:
        last = max(last, quartiles[2] + beyond * right)
    first = first if low is None else max(first, low)
    last = last if high is None else min(last, high)
    scores = np.array([-EXTREME, -QUARTILE, 0.0, QUARTILE, EXTREME])
    return through(scores, np.array([first, *quartiles, last]))(NODES)


def _shifted_log_normal(lower: float, median: float, upper: float) -> Floats:
    left, right = median - lower, upper - median
    if left <= 0 or right <= 0:
        slopes = np.where(NODES < 0, left, right) / QUARTILE
        return np.asarray(median + slopes * NODES)
    bend = log(right / left) / QUARTILE
    if abs(bend) < 1e-6:
        return np.asarray(median + (left + right) / 2 / QUARTILE * NODES)
    scale = right / (exp(bend * QUARTILE) - 1)
    edge = abs(bend) * QUARTILE
    within = median + scale * np.expm1(np.minimum(bend * NODES, edge))
    beyond = np.maximum(bend * NODES - edge, 0.0) / abs(bend)
    gentle = min(abs(bend), STEEPEST)
    tail = scale * bend * exp(edge) * np.expm1(gentle * beyond) / gentle
    return np.asarray(within + np.sign(bend) * tail)
