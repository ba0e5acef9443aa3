"""The curve whose recorded values have stated quantiles, spikes and digit preference included."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, probability, score
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


def solve_quantiles(marginal: Quantiles, recording: Recording) -> NumericCurve:
    names = list(QUANTILE_LEVELS)
    levels = np.array(list(QUANTILE_LEVELS.values()))
    inner = np.array([getattr(marginal, name) for name in names], dtype=np.float64)
    seen = to_decimals(inner, recording.decimals)
    values = np.concatenate([[marginal.min], inner, [marginal.max]]).astype(np.float64)
    knots = np.concatenate([[-curves.EXTREME], score(levels), [curves.EXTREME]])
    density = np.exp(-(knots[1:-1] ** 2) / 2) / np.sqrt(2 * np.pi)
    extra = np.array([spike.share for spike in recording.spikes])
    shift = np.zeros_like(levels)
    for _ in range(ROUNDS):
        moved = np.maximum.accumulate(knots + np.concatenate([[0], shift, [0]]))
        nodes, flats = _with_flats(moved, values, recording.spikes, extra)
        nodes = within(nodes, marginal.min, marginal.max, recording.decimals)
        result = recorded(nodes, recording.decimals, flats, recording.preference)
        miss = np.array([_miss(result, v, p) for v, p in zip(seen, levels, strict=True)])
        short = shortfall(result, recording.spikes)
        if np.all(np.abs(miss) < CLOSE) and np.all((np.abs(short) < CLOSE) | (extra == 0)):
            break
        shift = np.clip(shift - miss / density, -0.2, 0.2)
        extra = np.clip(extra + short, 0.0, None)
    over = [s.value for s, e in zip(recording.spikes, extra, strict=True) if e == 0 and s.share]
    note = f"the quantiles alone give the spike at {over[0]:g} more than its share" if over else ""
    return NumericCurve(nodes, flats, result, note)


def _miss(result: Recorded, value: float, level: float) -> float:
    """How far the ranks at which a value is recorded miss the level it was stated for."""
    below = result.below(value)
    return float(np.clip(level, below, below + result.share(value)) - level)


def _with_flats(
    knots: Floats, values: Floats, spikes: Sequence[Spike], extra: Floats
) -> tuple[Floats, tuple[Flat, ...]]:
    """Join the knots by monotone curves between the latent intervals of the spikes."""
    flats = _place(knots, values, spikes, extra)
    bounds = [-np.inf, *(z for flat in flats for z in (flat.start, flat.stop)), np.inf]
    nodes = np.empty_like(NODES)
    anchors = [None, *flats, None]
    for i, (left, right) in enumerate(pairwise(anchors)):
        z, x = _between(knots, values, left, right)
        inside = (bounds[2 * i] <= NODES) & (bounds[2 * i + 1] >= NODES)
        nodes[inside] = curves.through(z, x)(NODES[inside])
    for flat in flats:
        nodes[(flat.start < NODES) & (flat.stop > NODES)] = flat.value
    return np.maximum.accumulate(nodes), flats


def _between(
    knots: Floats, values: Floats, left: Flat | None, right: Flat | None
) -> tuple[Floats, Floats]:
    z, x = [], []
    low, high = -np.inf, np.inf
    if left is not None and np.isfinite(left.stop):
        z.append(left.stop)
        x.append(left.value)
        low = left.stop + 1e-6
    if right is not None and np.isfinite(right.start):
        high = right.start - 1e-6
    keep = (knots > low) & (knots < high)
    keep &= (values > left.value if left else True) & (values < right.value if right else True)
    z += knots[keep].tolist()
    x += values[keep].tolist()
    if right is not None and np.isfinite(high):
        z.append(right.start)
        x.append(right.value)
    if not z:
        return np.array([0.0]), np.array([left.value if left else values[0]])
    unique = np.concatenate([[True], np.diff(z) > 1e-9])
    return np.array(z)[unique], np.array(x)[unique]


def _place(
    knots: Floats, values: Floats, spikes: Sequence[Spike], extra: Floats
) -> tuple[Flat, ...]:
    """Give each spike an interval of ranks, around where the curve passes its value."""
    if not spikes:
        return ()
    ranks = probability(knots)
    ranks[0], ranks[-1] = 0.0, 1.0
    curve = curves.through(*_distinct(knots, values))(NODES)
    flats: list[Flat] = []
    taken = 0.0
    for i in np.argsort([spike.value for spike in spikes]):
        value, share = spikes[i].value, float(extra[i])
        below, above = ranks[values < value], ranks[values > value]
        lowest = max(taken, below[-1] if len(below) else 0.0)
        highest = above[0] if len(above) else 1.0
        crossing = (
            np.searchsorted(curve, [value, value], side="left"),
            np.searchsorted(curve, value, side="right"),
        )
        z = NODES[np.clip([crossing[0][0], crossing[1]], 0, len(NODES) - 1)]
        centre = float(probability(z).mean())
        if not len(below):
            start = lowest
        elif not len(above):
            start = max(lowest, 1.0 - share)
        else:
            start = float(np.clip(centre - share / 2, lowest, max(lowest, highest - share)))
        taken = min(start + share, 1.0)
        flats.append(Flat(float(score(start)), float(score(taken)), value))
    return tuple(flats)


def _distinct(knots: Floats, values: Floats) -> tuple[Floats, Floats]:
    keep = np.concatenate([[True], np.diff(knots) > 1e-9])
    return knots[keep], values[keep]
