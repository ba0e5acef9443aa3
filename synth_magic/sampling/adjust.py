"""Make a marginal have stated figures with the least change to its shape.

Numeric marginals are moved by monotone maps: within their bounds for a mean or SD, piecewise
linear between stated quantiles, truncation for a bound. Shares keep their proportions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import optimize, special

from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.numeric import (
    KNOTS,
    NumericMarginal,
    as_quantiles,
    quantiles_through,
    solve,
)
from synth_magic.sampling.recording import Recording
from synth_magic.spec.model import QUANTILE_LEVELS, MeanSD, MedianIQR, Quantiles, Share, Shares
from synth_magic.spec.spike_rules import bounds

_QUARTILES = ("p25", "p50", "p75")
_LEVELS = np.array([0.0, *QUANTILE_LEVELS.values(), 1.0])
_INSIDE = 1e-6
_UNCHANGED = 1e-9
_CLOSE = 5e-4
_WORTHWHILE = 0.5

Weighted = Sequence[tuple[float, NumericMarginal]]


# --- quantiles and bounds --------------------------------------------------------------------


def _values(marginal: Quantiles) -> Floats:
    return np.array([getattr(marginal, knot) for knot in KNOTS], dtype=np.float64)


def mapped(marginal: NumericMarginal, recording: Recording, old: Floats, new: Floats) -> Quantiles:
    """Return the marginal with the values `old` moved to `new`, and those between with them."""
    values = _values(as_quantiles(marginal, recording))
    moved = values + np.interp(values, old, new - old)
    return quantiles_through(_never_below_zero(values, moved), recording)


def _never_below_zero(values: Floats, moved: Floats) -> Floats:
    return np.maximum(moved, 0.0 if values[0] >= 0 else -np.inf)


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
        return _move_mean_sd(between, 0.0, 1.0)
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
    values = np.clip(np.interp(score(below + _LEVELS * (above - below)), NODES, nodes), first, last)
    values[0] = values[0] if low is None else low
    values[-1] = values[-1] if high is None else high
    return quantiles_through(values, recording)


def with_quantiles(
    marginal: NumericMarginal, recording: Recording, stated: Mapping[str, float]
) -> NumericMarginal:
    """Return the marginal with stated quantiles in place of its own, the others between them and
    the bounds scaled with them."""
    if isinstance(marginal, MedianIQR) and stated.keys() <= set(_QUARTILES):
        old = np.array([getattr(marginal, name) for name in _QUARTILES])
        moved = _anchored(old, _QUARTILES, marginal, stated)
        return replace(marginal, **dict(zip(_QUARTILES, map(float, moved), strict=True)))
    values = _values(as_quantiles(marginal, recording))
    moved = _anchored(values, KNOTS, marginal, stated)
    return quantiles_through(_never_below_zero(values, moved), recording)


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


def with_tails(
    marginal: NumericMarginal,
    recording: Recording,
    fixed: Collection[str],
    mean: float | None,
    sd: float | None,
) -> NumericMarginal:
    """Return the marginal with its quantiles beyond the `fixed` ones stretched until mean and SD
    are as stated, as far as they allow."""
    values = _values(as_quantiles(marginal, recording))
    places = sorted(KNOTS.index(name) for name in fixed)
    first, last = places[0], places[-1]

    def stretched(step: Floats) -> Quantiles:
        lower, upper = np.exp(step)
        moved = values.copy()
        moved[:first] = values[first] - lower * (values[first] - values[:first])
        moved[last + 1 :] = values[last] + upper * (values[last + 1 :] - values[last])
        return quantiles_through(_never_below_zero(values, moved), recording)

    def miss(step: Floats) -> Floats:
        now = _pooled([(1.0, stretched(step))], [], recording)
        goals = now[0] if mean is None else mean, now[1] if sd is None else sd
        off = np.array([now[0] - goals[0], now[1] - goals[1]]) / goals[1]
        return np.concatenate([off, 1e-3 * step])

    step = _least(miss, np.zeros(2))
    return marginal if step is None else stretched(step)


def _least(miss: Callable[[Floats], Floats], start: Floats) -> Floats | None:
    """Return the step from zero that misses least, None where staying is about as good.

    The search runs around 1, where a relative step for the derivatives is one.
    """
    unmoved = np.abs(miss(np.zeros_like(start))).max()
    if unmoved < _CLOSE:
        return None
    found = optimize.least_squares(
        lambda x: miss(x - 1), start + 1, diff_step=1e-3, ftol=1e-6, xtol=1e-6, max_nfev=30
    )
    better = np.abs(found.fun).max() < max(_CLOSE, _WORTHWHILE * unmoved)
    return np.asarray(found.x - 1) if better else None


def pooled_quantiles(cells: Weighted, recording: Recording, names: Sequence[str]) -> Floats:
    """Return quantiles of a mixture of underlying curves."""
    curves = [(weight, solve(marginal, recording).nodes) for weight, marginal in cells]
    x = np.unique(np.concatenate([nodes[::8] for _, nodes in curves]))
    total = sum(weight for weight, _ in curves)
    below = sum(w * probability(np.interp(x, nodes, NODES)) for w, nodes in curves) / total
    return np.asarray(np.interp([QUANTILE_LEVELS[name] for name in names], below, x))


# --- mean and SD -----------------------------------------------------------------------------


def with_moments(
    free: Weighted, held: Weighted, recording: Recording, mean: float | None, sd: float | None
) -> list[NumericMarginal]:
    """Return the free marginals moved together until the mixture with the held ones has the
    stated mean and SD.

    They move within their bounds; only where no such move is enough do the bounds give way. Where
    that is not enough either, they go most of the way or stay.
    """
    now_mean, now_sd = _pooled(free, held, recording)
    goal = np.array([now_mean if mean is None else mean, now_sd if sd is None else sd])
    scale = max(goal[1], _UNCHANGED)
    start = np.array([(goal[0] - now_mean) / scale, np.log(max(goal[1], _UNCHANGED) / now_sd)])
    nearest = [marginal for _, marginal in free]
    for move in (_move_within, _move):

        def moved(step: Floats, move: _Move = move) -> list[NumericMarginal]:
            return [move(m, recording, step[0] * scale, float(np.exp(step[1]))) for _, m in free]

        def miss(step: Floats) -> Floats:
            trial = [(w, m) for (w, _), m in zip(free, moved(step), strict=True)]
            found = np.array(_pooled(trial, held, recording)) - goal
            if sd is None:
                found[1] = step[1] * scale
            return np.asarray(found / scale)

        step = _least(miss, start)
        if step is not None:
            nearest = moved(step)
        if step is None or np.abs(miss(step)).max() < _CLOSE:
            break
    return nearest


_Move = Callable[[NumericMarginal, Recording, float, float], NumericMarginal]


def _move_within(
    marginal: NumericMarginal, recording: Recording, shift: float, scale: float
) -> NumericMarginal:
    """Shift and scale on the logit between the bounds, so that nothing leaves them."""
    if isinstance(marginal, MeanSD):
        return _move_mean_sd(marginal, shift, scale)
    values = _values(as_quantiles(marginal, recording))
    low, span = values[0], values[-1] - values[0]
    if span <= 0:
        return _move(marginal, recording, shift, scale)
    logits = special.logit(np.clip((values - low) / span, _INSIDE, 1 - _INSIDE))
    centre = logits[KNOTS.index("p50")]
    per_unit = 1 / (span * special.expit(centre) * special.expit(-centre))
    moved = centre + np.clip(shift * per_unit, -30, 30) + scale * (logits - centre)
    inner = low + span * special.expit(moved)
    return quantiles_through(np.concatenate([values[:1], inner[1:-1], values[-1:]]), recording)


def _move(
    marginal: NumericMarginal, recording: Recording, shift: float, scale: float
) -> NumericMarginal:
    """Shift and scale about the median; the extremes move too."""
    if isinstance(marginal, MeanSD):
        return _move_mean_sd(marginal, shift, scale)
    values = _values(as_quantiles(marginal, recording))
    median = values[KNOTS.index("p50")]
    moved = median + shift + scale * (values - median)
    return quantiles_through(_never_below_zero(values, moved), recording)


def _move_mean_sd(marginal: MeanSD, shift: float, scale: float) -> MeanSD:
    low = -np.inf if marginal.low is None else marginal.low
    high = np.inf if marginal.high is None else marginal.high
    margin = _CLOSE * marginal.sd
    mean = float(np.clip(marginal.mean + shift, low + margin, high - margin))
    widest = 0.99 * float(np.sqrt((mean - low) * (high - mean)))
    return replace(marginal, mean=mean, sd=min(marginal.sd * scale, widest))


def _pooled(free: Weighted, held: Weighted, recording: Recording) -> tuple[float, float]:
    first = second = total = 0.0
    for weight, marginal in (*free, *held):
        if isinstance(marginal, MeanSD):
            mean, sd = marginal.mean, marginal.sd
        else:
            result = solve(marginal, recording).recorded
            mean, sd = result.mean, result.sd
        first += weight * mean
        second += weight * (sd**2 + mean**2)
        total += weight
    mean = first / total
    return mean, float(np.sqrt(max(second / total - mean**2, _UNCHANGED**2)))


# --- shares ----------------------------------------------------------------------------------


def share_of(marginal: Shares, code: str) -> float:
    """Return the share of one code."""
    return next(s.share for s in marginal.shares if s.code == code)


def with_shares(marginal: Shares, stated: Mapping[str, float]) -> Shares:
    """Return shares with the stated ones in place; the rest keep their proportions."""
    if all(abs(share_of(marginal, code) - share) < _UNCHANGED for code, share in stated.items()):
        return marginal
    total = sum(stated.values())
    others = [s for s in marginal.shares if s.code not in stated]
    rest = sum(s.share for s in others)
    left = max(1.0 - total, 0.0)

    def share(old: Share) -> float:
        if old.code in stated:
            return stated[old.code] / (1.0 if others and total <= 1 else total)
        return old.share * left / rest if rest > 0 else left / len(others)

    return Shares(tuple(Share(s.code, share(s)) for s in marginal.shares))


def with_pooled_share(
    free: Sequence[tuple[float, Shares]],
    held: Sequence[tuple[float, Shares]],
    code: str,
    goal: float,
) -> list[Shares]:
    """Return the free shares with the odds of `code` multiplied by one factor, so that the mixture
    with the held ones has the stated share; unchanged where no factor does."""
    total = sum(weight for weight, _ in (*free, *held))
    fixed = sum(weight * share_of(marginal, code) for weight, marginal in held)

    def excess(log_odds: float) -> float:
        pooled = sum(w * _with_odds(share_of(m, code), log_odds) for w, m in free)
        return (pooled + fixed) / total - goal

    if abs(excess(0)) < _UNCHANGED or excess(-30) > 0 or excess(30) < 0:
        return [marginal for _, marginal in free]
    log_odds = float(optimize.brentq(excess, -30, 30, xtol=1e-10))
    return [with_shares(m, {code: _with_odds(share_of(m, code), log_odds)}) for _, m in free]


def _with_odds(share: float, log_odds: float) -> float:
    odds = float(np.exp(log_odds))
    return share * odds / (1 - share + share * odds)
