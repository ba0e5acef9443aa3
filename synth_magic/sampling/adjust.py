"""Make a marginal have stated figures with the least change to its shape.

Numeric marginals are moved by monotone maps: affine for a mean or SD, piecewise linear between
stated quantiles, truncation for a bound. Shares keep their proportions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from synth_magic.sampling.curves import EXTREME
from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.numeric import NumericMarginal, Recording, solve
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    MeanSD,
    MedianIQR,
    Quantiles,
    Share,
    Shares,
)

_KNOTS = ("min", *QUANTILE_LEVELS, "max")
_LEVELS = np.array([0.0, *QUANTILE_LEVELS.values(), 1.0])
_SCORES = np.concatenate([[-EXTREME], score(_LEVELS[1:-1]), [EXTREME]])

Weighted = Sequence[tuple[float, NumericMarginal]]


def as_quantiles(marginal: NumericMarginal, recording: Recording) -> Quantiles:
    """Return the marginal as nine quantiles of its underlying curve."""
    if isinstance(marginal, Quantiles):
        return marginal
    nodes = solve(marginal, recording).nodes
    values = np.interp(_SCORES, NODES, nodes)
    return _quantiles(values)


def _quantiles(values: Floats) -> Quantiles:
    rising = np.maximum.accumulate(values)
    return Quantiles(**{knot: float(x) for knot, x in zip(_KNOTS, rising, strict=True)})


def _values(marginal: Quantiles) -> Floats:
    return np.array([getattr(marginal, knot) for knot in _KNOTS], dtype=np.float64)


def truncated(
    marginal: NumericMarginal, recording: Recording, low: float | None, high: float | None
) -> Quantiles:
    """Return the distribution of those within the bounds, as nine quantiles."""
    curve = as_quantiles(marginal, recording)
    nodes = solve(curve, Recording(recording.decimals, recording.whole)).nodes
    below = 0.0 if low is None else float(probability(np.interp(low, nodes, NODES, left=-np.inf)))
    above = 1.0 if high is None else float(probability(np.interp(high, nodes, NODES, right=np.inf)))
    first = curve.min if low is None else low
    last = curve.max if high is None else high
    if above - below < 1e-6:
        return _quantiles(np.linspace(first, last, len(_KNOTS)))
    inner = np.interp(score(below + _LEVELS * (above - below)), NODES, nodes)
    values = np.clip(inner, first, last)
    if low is not None:
        values[0] = low
    if high is not None:
        values[-1] = high
    return _quantiles(values)


def mapped(
    marginal: NumericMarginal, recording: Recording, move: Callable[[Floats], Floats]
) -> Quantiles:
    """Return the marginal with every value moved by a monotone map, bounds kept."""
    curve = as_quantiles(marginal, recording)
    values = _values(curve)
    moved = np.clip(move(values), 0.0 if values[0] >= 0 else -np.inf, np.inf)
    return _quantiles(moved)


def with_quantiles(
    marginal: NumericMarginal, recording: Recording, stated: Mapping[str, float]
) -> NumericMarginal:
    """Return the marginal with stated quantiles in place of its own, the others moved along."""
    if isinstance(marginal, MedianIQR) and set(stated) <= {"p25", "p50", "p75"}:
        quartiles = {name: getattr(marginal, name) for name in ("p25", "p50", "p75")} | stated
        if quartiles["p25"] <= quartiles["p50"] <= quartiles["p75"]:
            return replace(marginal, **quartiles)
    old = _values(as_quantiles(marginal, recording))
    places = sorted(_KNOTS.index(name) for name in stated)
    shift = np.array([stated[_KNOTS[i]] - old[i] for i in places])
    values = old + np.interp(np.arange(len(old)), places, shift)
    for i in places:
        values[i] = stated[_KNOTS[i]]
    for left, right in zip([None, *places], [*places, None], strict=True):
        lower = -np.inf if left is None else values[left]
        upper = np.inf if right is None else values[right]
        between = slice(0 if left is None else left, None if right is None else right + 1)
        values[between] = np.clip(values[between], lower, upper)
    if old[0] >= 0:
        values = np.maximum(values, 0.0)
    return _quantiles(values)


def affine_for(
    free: Weighted, held: Weighted, recording: Recording, mean: float | None, sd: float | None
) -> tuple[float, float]:
    """Return shift and scale of the free marginals that give their mixture with the held ones
    the stated mean and SD.

    With only a mean stated, values that are never negative are scaled, others shifted.
    """
    first, second, weight, non_negative = _moments(free, recording)
    held_first, held_second, held_weight, _ = _moments(held, recording)
    total = weight + held_weight
    pooled_mean = (first + held_first) / total
    pooled_square = (second + held_second) / total
    goal = (pooled_mean if mean is None else mean) * total - held_first
    if sd is None:
        return (0.0, goal / first) if non_negative and goal > 0 else ((goal - first) / weight, 1.0)
    wanted = (sd**2 + (pooled_mean if mean is None else mean) ** 2) * total - held_second
    spread = second - first**2 / weight
    square = (wanted - goal**2 / weight) / spread if spread > 1e-12 * pooled_square else -1.0
    scale = float(np.sqrt(square)) if square > 0 else 1.0
    return (goal - scale * first) / weight, scale


def _moments(cells: Weighted, recording: Recording) -> tuple[float, float, float, bool]:
    first = second = weight = 0.0
    non_negative = True
    for share, marginal in cells:
        result = solve(marginal, recording).recorded
        first += share * result.mean
        second += share * (result.sd**2 + result.mean**2)
        weight += share
        non_negative &= bool(result.values[0] >= 0)
    return first, second, weight, non_negative


def moved(
    marginal: NumericMarginal, recording: Recording, shift: float, scale: float
) -> NumericMarginal:
    """Return the marginal shifted and scaled, within its bounds."""
    if isinstance(marginal, MeanSD):
        mean, sd = shift + scale * marginal.mean, scale * marginal.sd
        low, high = marginal.low, marginal.high
        if (low is None or mean > low) and (high is None or mean < high):
            return replace(marginal, mean=mean, sd=sd)
    return mapped(marginal, recording, lambda x: shift + scale * x)


def with_shares(marginal: Shares, stated: Mapping[str, float]) -> Shares:
    """Return shares with the stated ones in place; the rest keep their proportions."""
    total = sum(stated.values())
    rest = sum(s.share for s in marginal.shares if s.code not in stated)
    left = max(1.0 - total, 0.0)
    others = [s for s in marginal.shares if s.code not in stated]

    def share(old: Share) -> float:
        if old.code in stated:
            return stated[old.code] / (total if not others or total > 1 else 1.0)
        return old.share * left / rest if rest > 0 else left / len(others)

    return Shares(tuple(Share(s.code, share(s)) for s in marginal.shares))


def share_odds(
    free: Sequence[tuple[float, Shares]],
    held: Sequence[tuple[float, Shares]],
    code: str,
    goal: float,
) -> float | None:
    """Return the factor on the odds of `code` in the free cells that gives the mixture its share."""
    total = sum(w for w, _ in (*free, *held))
    fixed = sum(w * share_of(marginal, code) for w, marginal in held)

    def excess(log_odds: float) -> float:
        pooled = sum(w * _shifted(share_of(m, code), float(np.exp(log_odds))) for w, m in free)
        return (pooled + fixed) / total - goal

    if excess(-30) > 0 or excess(30) < 0:
        return None
    return float(np.exp(brentq(excess, -30, 30)))


def share_of(marginal: Shares, code: str) -> float:
    """Return the share of one code."""
    return next(s.share for s in marginal.shares if s.code == code)


def _shifted(share: float, odds: float) -> float:
    return share * odds / (1 - share + share * odds)


def with_odds(marginal: Shares, code: str, odds: float) -> Shares:
    """Return the shares with the odds of one code multiplied."""
    return with_shares(marginal, {code: _shifted(share_of(marginal, code), odds)})
