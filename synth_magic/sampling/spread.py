"""Make numeric marginals have a stated mean and SD with the least change to their shape.

They are moved by monotone maps: as a whole, or beyond stated quantiles, and within their bounds
where that is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from scipy import optimize, special

from synth_magic.sampling.grid import Floats
from synth_magic.sampling.numeric import (
    KNOTS,
    NumericMarginal,
    as_quantiles,
    floored,
    quantiles_through,
    solve,
    values_of,
)
from synth_magic.sampling.recording import Recording
from synth_magic.sampling.shares import with_odds
from synth_magic.spec.model import MeanSD, Quantiles
from synth_magic.spec.spike_rules import bounds

_INSIDE = 1e-6
_UNCHANGED = 1e-9
_CLOSE = 5e-4
_REACHED = 5e-3
_GENTLE = 0.5
_WORTHWHILE = 0.5

Weighted = Sequence[tuple[float, NumericMarginal]]


def with_tails(
    marginal: NumericMarginal,
    recording: Recording,
    fixed: Collection[str],
    mean: float | None,
    sd: float | None,
    *,
    ends: tuple[float, float] = (-np.inf, np.inf),
    gently: bool = False,
) -> NumericMarginal:
    """Return the marginal with its quantiles beyond the `fixed` ones stretched until mean and SD
    are as stated, as far as they allow.

    They are stretched within the bounds; where that is not enough, these give way as far as `ends`.
    `gently` leaves the marginal as it is where much of a stretch would be needed.
    """
    values = values_of(as_quantiles(marginal, recording))
    places = sorted(KNOTS.index(name) for name in fixed)
    first, last = places[0], places[-1]
    nearest = marginal
    for low, high in dict.fromkeys((bounds(marginal), ends)):

        def stretched(step: Floats, low: float = low, high: float = high) -> Quantiles:
            moved = values.copy()
            below, above = values[first] - values[:first], values[last + 1 :] - values[last]
            moved[:first] -= _stretch(below, values[first] - low, step[0]) - below
            moved[last + 1 :] += _stretch(above, high - values[last], step[1]) - above
            return quantiles_through(floored(values, moved, recording), recording)

        def miss(step: Floats) -> Floats:
            now = _pooled([(1.0, stretched(step))], [], recording)
            goals = now[0] if mean is None else mean, now[1] if sd is None else sd
            off = np.array([now[0] - goals[0], now[1] - goals[1]]) / max(goals[1], _UNCHANGED)
            return np.concatenate([off, 1e-3 * step])

        step = _least(miss, np.zeros(2))
        reached = step is None or np.abs(miss(step)[:2]).max() < _REACHED
        if step is not None and not gently:
            nearest = stretched(step)
        elif step is not None and reached and np.abs(step).max() < _GENTLE:
            return stretched(step)
        if reached:
            break
    return nearest


def _stretch(distances: Floats, reach: float, step: float) -> Floats:
    """Scale distances by the exponential of a step, less the nearer they are to what they reach."""
    if not np.isfinite(reach):
        return np.asarray(distances * np.exp(step))
    if reach <= 0:
        return distances
    return reach * with_odds(np.clip(distances / reach, 0.0, 1.0), step)


def with_moments(
    free: Weighted,
    held: Weighted,
    recording: Recording,
    mean: float | None,
    sd: float | None,
    *,
    firm: bool = False,
) -> list[NumericMarginal]:
    """Return the free marginals moved together until the mixture with the held ones has the
    stated mean and SD.

    They move within their bounds; only where no such move is enough do the bounds give way, unless
    they are `firm`. Where that is not enough either, they go most of the way or stay.
    """
    if sd:
        free = [(weight, _varying(marginal, sd)) for weight, marginal in free]
    now_mean, now_sd = _pooled(free, held, recording)
    goal = np.array([now_mean if mean is None else mean, now_sd if sd is None else sd])
    scale = max(goal[1], _UNCHANGED)
    start = np.array([(goal[0] - now_mean) / scale, np.log(max(goal[1], _UNCHANGED) / now_sd)])
    nearest = [marginal for _, marginal in free]
    bounded = np.isfinite([bounds(marginal) for marginal in nearest]).all()
    for move in (_move_within,) if firm and bounded else (_move_within, _move):

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


def _varying(marginal: NumericMarginal, sd: float) -> NumericMarginal:
    """Give a constant an SD, which no scale would."""
    if isinstance(marginal, MeanSD) and marginal.sd == 0:
        return move_mean_sd(replace(marginal, sd=sd), 0.0, 1.0)
    return marginal


_Move = Callable[[NumericMarginal, Recording, float, float], NumericMarginal]


def _move_within(
    marginal: NumericMarginal, recording: Recording, shift: float, scale: float
) -> NumericMarginal:
    """Shift and scale on the logit between the bounds, so that nothing leaves them."""
    if isinstance(marginal, MeanSD):
        return move_mean_sd(marginal, shift, scale)
    values = values_of(as_quantiles(marginal, recording))
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
        return move_mean_sd(marginal, shift, scale)
    values = values_of(as_quantiles(marginal, recording))
    median = values[KNOTS.index("p50")]
    moved = median + shift + scale * (values - median)
    return quantiles_through(floored(values, moved, recording), recording)


def move_mean_sd(marginal: MeanSD, shift: float, scale: float) -> MeanSD:
    """Shift the mean and scale the SD, as far as the bounds allow."""
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


def _least(miss: Callable[[Floats], Floats], start: Floats) -> Floats | None:
    """Return the step from zero that misses least, None where staying is about as good.

    The search runs around 1, where a relative step for the derivatives is one.
    """
    unmoved = np.abs(miss(np.zeros_like(start))).max()
    if unmoved < _CLOSE:
        return None
    found = optimize.least_squares(
        lambda x: miss(x - 1), start + 1, diff_step=1e-2, ftol=1e-6, xtol=1e-6, max_nfev=30
    )
    better = np.abs(found.fun).max() < max(_CLOSE, _WORTHWHILE * unmoved)
    return np.asarray(found.x - 1) if better else None
