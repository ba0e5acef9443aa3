"""Make a numeric marginal have stated quantiles and bounds with the least change to its shape.

It is moved by monotone maps, piecewise linear between stated quantiles, and cut off at a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import optimize, special

from synth_magic.errors import SamplingError
from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.numeric import (
    KNOTS,
    LEVELS,
    NumericMarginal,
    as_quantiles,
    floored,
    quantiles_through,
    solve,
    values_of,
)
from synth_magic.sampling.recording import Recording
from synth_magic.sampling.spread import Weighted, move_mean_sd
from synth_magic.spec.model import QUANTILE_LEVELS, MeanSD, MedianIQR, Quantiles
from synth_magic.spec.spike_rules import bounds, spike_faults

_QUARTILES = ("p25", "p50", "p75")
_INSIDE = 1e-6
_HUMPED = 3.0
_STEP = 0.05


def mapped(marginal: NumericMarginal, recording: Recording, old: Floats, new: Floats) -> Quantiles:
    """Return the marginal with the values `old` moved to `new`, and those between with them."""
    values = values_of(as_quantiles(marginal, recording))
    moved = values + np.interp(values, old, new - old)
    return quantiles_through(floored(values, moved, recording), recording)


def bounded(
    marginal: NumericMarginal,
    recording: Recording,
    low: float | None,
    high: float | None,
    *,
    keep_moments: bool,
) -> NumericMarginal:
    """Return the marginal within stated bounds.

    A mean and SD stated beside the bounds hold between them, as far as they allow; else those
    outside are left out (truncation).
    """
    if isinstance(marginal, MeanSD) and keep_moments:
        between = replace(
            marginal,
            low=marginal.low if low is None else low,
            high=marginal.high if high is None else high,
        )
        return move_mean_sd(between, 0.0, 1.0)
    values = solve(marginal, recording).recorded.values
    if (low is None or low <= values[0]) and (high is None or high >= values[-1]):
        return marginal
    return _truncated(marginal, recording, low, high)


def _truncated(
    marginal: NumericMarginal, recording: Recording, low: float | None, high: float | None
) -> Quantiles:
    curve = as_quantiles(marginal, recording)
    nodes = solve(curve, Recording(recording.decimals, recording.whole)).nodes
    below = 0.0 if low is None else float(probability(np.interp(low, nodes, NODES, left=-np.inf)))
    above = 1.0 if high is None else float(probability(np.interp(high, nodes, NODES, right=np.inf)))
    first = curve.min if low is None else low
    last = curve.max if high is None else high
    if above - below < _INSIDE:
        return quantiles_through(np.linspace(first, last, len(KNOTS)), recording)
    values = np.clip(np.interp(score(below + LEVELS * (above - below)), NODES, nodes), first, last)
    values[0] = values[0] if low is None else low
    values[-1] = values[-1] if high is None else high
    return quantiles_through(values, recording)


def with_quantiles(
    marginal: NumericMarginal, recording: Recording, stated: Mapping[str, float]
) -> NumericMarginal:
    """Return the marginal with stated quantiles in place of its own, the others between them and
    the bounds scaled with them.

    A single one moves a mean and leaves the SD and the bounds as they are, where that will do.
    """
    if isinstance(marginal, MeanSD) and len(stated) == 1:
        ((name, goal),) = stated.items()
        if moved_mean := _with_mean_moved(marginal, recording, name, goal):
            return moved_mean
    if isinstance(marginal, MedianIQR) and stated.keys() <= set(_QUARTILES):
        old = np.array([getattr(marginal, name) for name in _QUARTILES])
        moved = _anchored(old, _QUARTILES, marginal, stated)
        through = replace(marginal, **dict(zip(_QUARTILES, map(float, moved), strict=True)))
        if not any(spike_faults(recording.spikes, through)):
            return through
    values = values_of(as_quantiles(marginal, recording))
    moved = _anchored(values, KNOTS, marginal, stated)
    return quantiles_through(floored(values, moved, recording), recording)


def _with_mean_moved(
    marginal: MeanSD, recording: Recording, name: str, goal: float
) -> MeanSD | None:
    """Return a mean and SD with one stated quantile; None where its family would become another,
    or one with a peak at both bounds."""
    z = score(QUANTILE_LEVELS[name])
    low, high = bounds(marginal)
    mean, sd = marginal.mean, marginal.sd

    def miss(other: float) -> float:
        nodes = solve(replace(marginal, mean=other), recording).nodes
        return float(np.interp(z, NODES, nodes)) - goal

    def is_humped(other: float) -> bool:
        within = low <= other - 2 * sd and other + 2 * sd <= high
        both = np.isfinite(low) and np.isfinite(high)
        return within or bool(both and (other - low) * (high - other) >= _HUMPED * sd**2)

    try:
        off = miss(mean)
        if abs(off) < _STEP * 10.0**-recording.decimals:
            return marginal
        ends = mean, mean - off
        while sd > 0 and is_humped(ends[1]) and miss(ends[1]) * off > 0:
            ends = ends[1], ends[1] - np.sign(off) * sd / 4
        if not is_humped(ends[1]):
            return None
        found = ends[1] if sd == 0 else float(optimize.brentq(miss, *ends, xtol=1e-6 * sd))
        moved = replace(marginal, mean=found)
        fits = abs(miss(found)) < _STEP * 10.0**-recording.decimals
    except SamplingError:  # spikes leave no room for such a mean
        return None
    return moved if fits and not any(spike_faults(recording.spikes, moved)) else None


def _anchored(
    old: Floats, names: Sequence[str], marginal: NumericMarginal, stated: Mapping[str, float]
) -> Floats:
    """Move the stated ones of rising values to where they are stated, and the others with them.

    A single one takes all others along. Between two the others keep their proportions, and so they
    do between one and the bound; without a bound they move as far as the last.
    """
    places = sorted(names.index(name) for name in stated)
    goals = np.array([stated[names[i]] for i in places])
    if np.array_equal(old[places], goals):
        return old
    low, high = bounds(marginal)
    if np.isinf(low) and old[0] + goals[0] - old[places[0]] < 0 <= old[0]:
        low = 0.0
    ends = {*old[places], *goals}
    if len(places) == 1 and low < min(ends) and max(ends) < high:
        values = _slid(old, old[places[0]], goals[0], low, high)
    else:
        values = _stretched(old, old[places], goals, low, high)
    values[places] = goals
    for i, goal in zip(places, goals, strict=True):
        values[:i] = np.minimum(values[:i], goal)
        values[i:] = np.maximum(values[i:], goal)
    return np.asarray(values)


def _stretched(old: Floats, at: Floats, goals: Floats, low: float, high: float) -> Floats:
    moved = goals - at
    first = (old[0], old[0] + moved[0]) if np.isinf(low) else (low, min(low, goals[0]))
    last = (old[-1], old[-1] + moved[-1]) if np.isinf(high) else (high, max(high, goals[-1]))
    before, after = zip(first, *zip(at, goals, strict=True), last, strict=True)
    return np.asarray(np.interp(old, before, after))


def _slid(old: Floats, at: float, goal: float, low: float, high: float) -> Floats:
    """Move all values as one of them moves: by the same distance on the logit between two bounds,
    by the same factor of the distance from a single one, and simply as far without any."""
    if np.isinf(low) and np.isinf(high):
        return old + (goal - at)
    if np.isinf(high):
        return low + (old - low) * (goal - low) / (at - low)
    if np.isinf(low):
        return high - (high - old) * (high - goal) / (high - at)
    span = high - low
    logits = special.logit(np.clip((np.array([*old, at, goal]) - low) / span, 0.0, 1.0))
    return np.asarray(low + span * special.expit(logits[:-2] + logits[-1] - logits[-2]))


def pooled_quantiles(cells: Weighted, recording: Recording, names: Sequence[str]) -> Floats:
    """Return quantiles of a mixture of underlying curves."""
    curves = [(weight, solve(marginal, recording).nodes) for weight, marginal in cells]
    x = np.unique(np.concatenate([nodes[::8] for _, nodes in curves]))
    total = sum(weight for weight, _ in curves)
    below = sum(w * probability(np.interp(x, nodes, NODES)) for w, nodes in curves) / total
    return np.asarray(np.interp([QUANTILE_LEVELS[name] for name in names], below, x))
