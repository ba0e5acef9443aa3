"""The curve whose recorded values have stated quantiles, spikes and digit preference included."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Bools, Floats, probability, score
from synth_magic.sampling.recording import (
    CLOSE,
    ROUNDS,
    Flat,
    NumericCurve,
    Recorded,
    Recording,
    recorded,
    shortfall,
    to_decimals,
    within,
)
from synth_magic.spec.model import QUANTILE_LEVELS, Quantiles, Spike

_APART = 1e-6
_LEVELS = np.array(list(QUANTILE_LEVELS.values()))
_SCORES = score(_LEVELS)
_DENSITY = np.exp(-(_SCORES**2) / 2) / np.sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True)
class _Knots:
    """Values at normal scores, from the minimum to the maximum; spikes may cover the free ones."""

    scores: Floats
    values: Floats
    binding: Bools

    @property
    def ranks(self) -> Floats:
        return np.concatenate([[0.0], probability(self.scores[1:-1]), [1.0]])

    def shifted(self, shift: Floats) -> _Knots:
        scores = np.maximum.accumulate(self.scores + np.concatenate([[0], shift, [0]]))
        return replace(self, scores=scores)

    def curve(self) -> Floats:
        keep = np.concatenate([[True], np.diff(self.scores) > _APART])
        return curves.through(self.scores[keep], self.values[keep])(NODES)


def solve_quantiles(
    marginal: Quantiles, recording: Recording, binding: Collection[str] = tuple(QUANTILE_LEVELS)
) -> NumericCurve:
    """Find the curve whose recorded values have the `binding` quantiles; the others give shape."""
    inner = np.array([getattr(marginal, name) for name in QUANTILE_LEVELS], dtype=np.float64)
    held = np.array([name in binding for name in QUANTILE_LEVELS])
    seen = to_decimals(inner, recording.decimals)
    knots = _Knots(
        np.concatenate([[-curves.EXTREME], _SCORES, [curves.EXTREME]]),
        np.concatenate([[marginal.min], inner, [marginal.max]]),
        np.concatenate([[True], held, [True]]),
    )
    extra = np.array([spike.share for spike in recording.spikes])
    shift = np.zeros_like(_LEVELS)
    for _ in range(ROUNDS):
        nodes, flats = _with_flats(knots.shifted(shift), recording.spikes, extra)
        nodes = within(nodes, marginal.min, marginal.max, recording.decimals)
        result = recorded(nodes, recording.decimals, flats, recording.preference)
        miss = np.array([_miss(result, v, p) for v, p in zip(seen, _LEVELS, strict=True)]) * held
        short = shortfall(result, recording.spikes)
        if np.all(np.abs(miss) < CLOSE) and np.all((np.abs(short) < CLOSE) | (extra == 0)):
            break
        shift = np.clip(shift - miss / _DENSITY, -0.4, 0.4)
        extra = np.clip(extra + short, 0.0, None)
    return NumericCurve(nodes, flats, result, _note(miss, inner, short, recording.spikes))


def _note(miss: Floats, values: Floats, short: Floats, spikes: Sequence[Spike]) -> str:
    """Say which quantiles and spikes cannot all be had as recorded."""
    wrong = [
        f"{spike.value:g} has the share {spike.share - lack:.1%}, not {spike.share:.1%}"
        for spike, lack in zip(spikes, short, strict=True)
        if abs(lack) > 10 * CLOSE
    ]
    wrong += [
        f"{value:g} is the {level - off:.1%} quantile, not the {level:.0%} one"
        for value, level, off in zip(values, _LEVELS, miss, strict=True)
        if abs(off) > 10 * CLOSE
    ]
    return "as recorded, " + " and ".join(wrong) if wrong else ""


def _miss(result: Recorded, value: float, level: float) -> float:
    """How far the ranks at which a value is recorded miss the level it was stated for."""
    below = result.below(value)
    return float(np.clip(level, below, below + result.share(value)) - level)


def _with_flats(
    knots: _Knots, spikes: Sequence[Spike], extra: Floats
) -> tuple[Floats, tuple[Flat, ...]]:
    """Join the knots by monotone curves between the latent intervals of the spikes."""
    if not spikes:
        return knots.curve(), ()
    flats = _place(knots, spikes, extra)
    nodes = np.empty_like(NODES)
    anchors = [None, *flats, None]
    for left, right in pairwise(anchors):
        z, x = _between(knots, left, right)
        start = -np.inf if left is None else left.stop
        stop = np.inf if right is None else right.start
        here = (start <= NODES) & (stop >= NODES)
        nodes[here] = curves.through(z, x)(NODES[here])
    for flat in flats:
        nodes[(flat.start < NODES) & (flat.stop > NODES)] = flat.value
    return np.maximum.accumulate(nodes), flats


def _between(knots: _Knots, left: Flat | None, right: Flat | None) -> tuple[Floats, Floats]:
    """Return the knots between two spikes, with the ends of the spikes themselves."""
    points = list(zip(knots.scores, knots.values, strict=True))
    if left is not None:
        points = [(z, x) for z, x in points if z > left.stop + _APART and x > left.value]
        points = [(left.stop, left.value), *points]
    if right is not None:
        points = [(z, x) for z, x in points if z < right.start - _APART and x < right.value]
        points = [*points, (right.start, right.value)]
    points = [(z, x) for z, x in points if np.isfinite(z)] or [(0.0, knots.values[0])]
    z, x = np.array(points).T
    keep = np.concatenate([[True], np.diff(z) > _APART])
    return z[keep], x[keep]


def _place(knots: _Knots, spikes: Sequence[Spike], extra: Floats) -> tuple[Flat, ...]:
    """Give each spike an interval of ranks, around where the curve passes its value."""
    ranks = knots.ranks
    curve = knots.curve()
    flats: list[Flat] = []
    taken = 0.0
    for i in np.argsort([spike.value for spike in spikes]):
        value, share = spikes[i].value, float(extra[i])
        below = ranks[(knots.values < value) & knots.binding]
        above = ranks[(knots.values > value) & knots.binding]
        lowest = max(taken, below.max(initial=0.0))
        highest = above.min(initial=1.0)
        crossing = np.searchsorted(curve, value, "left"), np.searchsorted(curve, value, "right")
        centre = float(probability(NODES[np.clip(crossing, 0, len(NODES) - 1)]).mean())
        if not len(below):
            centre = 0.0
        elif not len(above):
            centre = 1.0
        start = float(np.clip(centre - share / 2, lowest, max(lowest, highest - share)))
        taken = min(start + share, 1.0)
        flats.append(Flat(float(score(start)), float(score(taken)), value))
    return tuple(flats)
