"""Marginals on the scale of the normal score: read, moved, cut off, compared.

Every function takes a marginal as the catalogue has it, in one unit and one set of codes, and maps
over the cells of a `by`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from scipy import special

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.marginals import share_edges
from synth_magic.sampling.numeric import KNOT_SCORES, KNOTS
from synth_magic.spec.model import By, MeanSD, MedianIQR, Quantiles, Share, Shares, SimpleMarginal

Marginal: TypeAlias = SimpleMarginal | By

_PROBES = score((np.arange(200) + 0.5) / 200)
_EDGE = 3.5
_NOBODY = 1e-3
_NEAR = 0.05
"""Part of the width within which the outermost patients reach the bound itself."""

_FIGURES = 5
_ROUNDS = 30
_CLOSE = 1e-3
_TAIL = score([0.5, 0.75, 0.99])
_SHORT_TAIL, _LONG_TAIL = 3.3, 6.0
"""How many times as far as the third quartile the 99th centile lies; 3.4 in a normal."""

_STEPS = (0.7548776662466927, 0.5698402909980532)
"""1/g and 1/g**2 with g**3 = g + 1: multiples of them, modulo 1, fill a square evenly."""


def normal_scores(number: int, r: float) -> tuple[Floats, Floats]:
    """Return two normal scores (number,) with a correlation, spread evenly over the plane."""
    first, second = score((np.outer(_STEPS, np.arange(number)) + 0.5) % 1)
    return first, r * first + np.sqrt(1 - r * r) * second


def each(change: Callable[[SimpleMarginal], SimpleMarginal], marginal: Marginal) -> Marginal:
    """Return a marginal with every cell changed."""
    if isinstance(marginal, By):
        cells = (replace(cell, marginal=change(cell.marginal)) for cell in marginal.cells)
        return replace(marginal, cells=tuple(cells))
    return change(marginal)


def simple(marginal: Marginal) -> Sequence[SimpleMarginal]:
    """Return the marginals of the cells, or the only one."""
    return [cell.marginal for cell in marginal.cells] if isinstance(marginal, By) else [marginal]


def curve(marginal: Marginal) -> Floats:
    """Return the values of a number at the nodes; of a `by`, the mean of its cells."""
    return np.asarray(np.mean([_curve(cell) for cell in simple(marginal)], axis=0))


@lru_cache(maxsize=256)
def _curve(marginal: SimpleMarginal) -> Floats:
    if isinstance(marginal, Quantiles):
        knots = np.array([getattr(marginal, knot) for knot in KNOTS], dtype=np.float64)
        return curves.through(KNOT_SCORES, knots)(NODES)
    if isinstance(marginal, MedianIQR):
        return curves.median_iqr_curve(marginal)
    assert isinstance(marginal, MeanSD)
    if marginal.sd == 0:
        return np.full_like(NODES, marginal.mean)
    return curves.mean_sd_family(marginal, whole=False)(marginal.mean, marginal.sd)


def through(values: Floats) -> Quantiles:
    """Return nine values, from the minimum to the maximum, as quantiles with sensible figures."""
    rising = np.maximum.accumulate(values)
    width = float(rising[-1] - rising[0]) or 1.0
    decimals = max(0, _FIGURES - 1 - int(np.floor(np.log10(width))))
    return Quantiles(**{k: round(float(x), decimals) for k, x in zip(KNOTS, rising, strict=True)})


def whole(marginal: SimpleMarginal) -> SimpleMarginal:
    """Return quantiles as whole numbers record them."""
    if not isinstance(marginal, Quantiles):
        return marginal
    return Quantiles(**{knot: float(round(getattr(marginal, knot))) for knot in KNOTS})


def moved(marginal: Marginal, shift: float, scale: float) -> Marginal:
    """Return the marginal of patients whose normal score has this mean and SD in the one given."""

    def change(cell: SimpleMarginal) -> SimpleMarginal:
        if isinstance(cell, Shares):
            return _in_intervals(cell, (share_edges(cell) - shift) / scale)
        return through(np.interp(shift + scale * KNOT_SCORES, NODES, _curve(cell)))

    return each(change, marginal)


def _in_intervals(marginal: Shares, edges: Floats) -> Shares:
    below = np.concatenate([[0.0], probability(edges), [1.0]])
    shares = np.round(np.diff(below), 6)
    return with_shares(marginal, list(shares / shares.sum()))


def with_shares(marginal: Shares, shares: Sequence[float]) -> Shares:
    """Return the same codes with other shares."""
    pairs = zip(marginal.shares, shares, strict=True)
    return Shares(tuple(Share(old.code, float(share)) for old, share in pairs))


def cut_off(marginal: Marginal, low: float | None, high: float | None) -> Marginal:
    """Return the marginal of the patients between two values: truncated, not clipped.

    Where hardly anybody lies between them, the marginal stays as it is.
    """

    def change(cell: SimpleMarginal) -> SimpleMarginal:
        assert not isinstance(cell, Shares)
        values = _curve(cell)
        ends = [-np.inf if low is None else low, np.inf if high is None else high]
        below = probability(np.interp(ends, values, NODES, left=-np.inf, right=np.inf))
        if below[1] - below[0] < _NOBODY:
            return _near_the_end(values, low, high) or cell
        ranks = below[0] + (below[1] - below[0]) * probability(KNOT_SCORES)
        inside = np.clip(np.interp(score(ranks), NODES, values), ends[0], ends[1])
        near = _NEAR * (inside[-1] - inside[0])
        for place, end in zip((0, -1), ends, strict=True):
            if abs(inside[place] - end) < near:
                inside[place] = end
        return through(inside)

    return each(change, marginal)


def _near_the_end(values: Floats, low: float | None, high: float | None) -> Quantiles | None:
    """Return patients beyond all that a curve knows: most near the limit that shuts it out."""
    width = float(np.interp(1, NODES, values) - np.interp(-1, NODES, values)) / 4
    steps = width * np.array([0.0, 0.02, 0.1, 0.4, 1.0, 2.0, 4.0, 6.0, 9.0])
    if low is not None and values[-1] <= low + 9 * width:
        far = low + steps
    elif high is not None and values[0] >= high - 9 * width:
        far = (high - steps)[::-1]
    else:
        return None
    return through(np.clip(far, low, high)) if width else None


def place(here: Marginal, there: Marginal) -> tuple[float, float]:
    """Return the mean and variance that the normal score of `there` has in the patients of `here`.

    (0, 1) where both are the same. Numbers beyond the curve of `there` lie at its ends.
    """
    if isinstance(simple(there)[0], Shares):
        return _place_of_codes(here, there)
    values = np.interp(_PROBES, NODES, curve(here))
    scores = np.clip(np.interp(values, *_rising(curve(there))), -_EDGE, _EDGE)
    return float(scores.mean()), float(scores.var()) if len(set(scores)) > 1 else 0.0


def score_of(value: float, marginal: Marginal) -> float:
    """Return the normal score of a number."""
    return float(np.clip(np.interp(value, *_rising(curve(marginal))), -_EDGE, _EDGE))


def _rising(values: Floats) -> tuple[Floats, Floats]:
    """Return the values of a curve without repeats, each with the middle of its normal scores."""
    known, first, count = np.unique(values, return_index=True, return_counts=True)
    return known, (NODES[first] + NODES[first + count - 1]) / 2


def _place_of_codes(here: Marginal, there: Marginal) -> tuple[float, float]:
    now = np.mean([shares_of(cell) for cell in simple(here)], axis=0)
    before = np.mean([shares_of(cell) for cell in simple(there)], axis=0)
    edges = np.concatenate([[-np.inf], score(np.clip(np.cumsum(before)[:-1], 0, 1)), [np.inf]])
    density = np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
    at_edge = np.where(np.isfinite(edges), edges, 0.0) * density
    mass = np.maximum(np.diff(special.ndtr(edges)), 1e-9)
    first = -np.diff(density) / mass
    second = 1 - np.diff(at_edge) / mass
    mean = float(now @ first)
    return mean, max(0.0, float(now @ second) - mean**2)


def shares_of(marginal: SimpleMarginal) -> Floats:
    """Return the shares of the codes."""
    assert isinstance(marginal, Shares)
    return np.array([share.share for share in marginal.shares], dtype=np.float64)


def mixed(cells: Sequence[SimpleMarginal], weights: Sequence[float]) -> SimpleMarginal:
    """Return the marginal of a mixture."""
    parts = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    first = cells[0]
    if isinstance(first, Shares):
        return with_shares(first, list(parts @ np.array([shares_of(cell) for cell in cells])))
    tables = [_curve(cell) for cell in cells]
    values = np.unique(np.concatenate(tables))
    if len(values) == 1:
        return first
    scores = [np.interp(values, *_rising(table)) for table in tables]
    ranks = parts @ probability(np.array(scores))
    return through(np.interp(probability(KNOT_SCORES), ranks, values))


def added(marginal: Marginal, shift: float, times: float, low: float, high: float) -> Marginal:
    """Return a number's marginal multiplied, and its median shifted in its own unit.

    What cannot be negative is scaled for a shift, so that nobody is pushed against the bounds.
    """

    def change(cell: SimpleMarginal) -> SimpleMarginal:
        values = np.interp(KNOT_SCORES, NODES, _curve(cell)) * times
        median = float(values[len(values) // 2])
        if low >= 0 and min(median, median + shift) > 0:
            values *= (median + shift) / median
        else:
            values += shift
        return through(np.clip(values, low, high))

    return each(change, marginal)


def centre(marginal: Marginal, statistic: str) -> float:
    """Return the mean of a number, or its median for `p50`."""
    values = curve(marginal)
    if statistic == "p50":
        return float(np.interp(0.0, NODES, values))
    return float(np.diff(probability(NODES), prepend=0.0) @ values)


def with_moments(
    marginal: Marginal, mean: float, sd: float, bounds: tuple[float, float]
) -> Quantiles | None:
    """Return a marginal of the same shape with this mean and SD; None if bounds forbid it.

    None too where its tail is shorter than a normal's, as that of age is, or longer than those of
    body measures, as the few sick among all adults make it.

    Values that are all positive are raised to a power and scaled, so that they stay so and keep
    their skewness; others are shifted and scaled.
    """
    values = curve(marginal)
    middle, upper, last = np.interp(_TAIL, NODES, values)
    if not _SHORT_TAIL < (last - middle) / (upper - middle or 1.0) < _LONG_TAIL:
        return None
    mass = np.diff(probability(NODES), prepend=0.0)
    positive = bool(values[0] > 0)
    shape = np.log(values) if positive else values
    spread = sd / _sd(values, mass) if not positive else 1.0
    for _ in range(_ROUNDS):
        made = np.exp(spread * shape) if positive else spread * shape
        if not np.all(np.isfinite(made)) or not made[-1]:
            return None
        scaled = made * (mean / (mass @ made)) if positive else made + mean - mass @ made
        now = _sd(scaled, mass)
        if now <= 0 or abs(now / sd - 1) < _CLOSE:
            break
        spread *= sd / now
    knots = np.interp(KNOT_SCORES, NODES, scaled)
    within = bounds[0] <= knots[1] and knots[-2] <= bounds[1]
    return through(np.clip(knots, *bounds)) if within else None


def _sd(values: Floats, mass: Floats) -> float:
    variance = float(mass @ values**2) - float(mass @ values) ** 2
    return float(max(variance, 0.0) ** 0.5)


def with_odds(marginal: Marginal, ratio: float) -> Marginal:
    """Return the marginal of codes with the odds of the last one multiplied."""

    def change(cell: SimpleMarginal) -> SimpleMarginal:
        assert isinstance(cell, Shares)
        shares = shares_of(cell)
        last = float(shares[-1])
        new = last * ratio / (1 - last + last * ratio)
        rest = shares[:-1] * ((1 - new) / (1 - last) if last < 1 else 0.0)
        return with_shares(cell, [*rest, new])

    return each(change, marginal)
