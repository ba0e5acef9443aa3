"""From a stated numeric marginal to the underlying curve whose recorded values have its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth_magic.errors import SamplingError
from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.recording import Flat, Recorded, recorded, to_decimals
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    DigitPreference,
    MeanSD,
    MedianIQR,
    Quantiles,
    Spike,
)

NumericMarginal = Quantiles | MeanSD | MedianIQR

_ROUNDS = 80
_CLOSE = 1e-4


@dataclass(frozen=True, slots=True)
class Recording:
    """How the values of a variable are written down."""

    decimals: int = 0
    whole: bool = False
    spikes: tuple[Spike, ...] = ()
    preference: DigitPreference | None = None


@dataclass(frozen=True, slots=True)
class NumericCurve:
    """Values at the nodes, the latent intervals of the spikes, and what is then recorded.

    `note` says which stated figure the recording cannot have, if any.
    """

    nodes: Floats
    flats: tuple[Flat, ...]
    recorded: Recorded
    note: str = ""


def solve(marginal: NumericMarginal, recording: Recording) -> NumericCurve:
    """Find the curve whose recorded values have the stated figures.

    Raises SamplingError where mean, SD and spikes contradict each other.
    """
    if isinstance(marginal, MeanSD):
        return _solve_moments(marginal, recording)
    if isinstance(marginal, MedianIQR):
        nodes = _clip(curves.median_iqr_curve(marginal), marginal.low, marginal.high, recording)
        if not recording.spikes and recording.preference is None:
            return NumericCurve(nodes, (), recorded(nodes, recording.decimals))
        marginal = _as_quantiles(nodes, marginal)
    return _solve_quantiles(marginal, recording)


def _clip(nodes: Floats, low: float | None, high: float | None, recording: Recording) -> Floats:
    per_unit = 10.0**recording.decimals
    floor = -np.inf if low is None else np.ceil(low * per_unit - 1e-9) / per_unit
    ceiling = np.inf if high is None else np.floor(high * per_unit + 1e-9) / per_unit
    return np.clip(nodes, floor, max(floor, ceiling))


def _as_quantiles(nodes: Floats, marginal: MedianIQR) -> Quantiles:
    levels = probability([-curves.EXTREME, *score(list(QUANTILE_LEVELS.values())), curves.EXTREME])
    values = np.interp(score(levels), NODES, nodes)
    knots = dict(zip(("min", *QUANTILE_LEVELS, "max"), map(float, values), strict=True))
    return Quantiles(**{**knots, "p25": marginal.p25, "p50": marginal.p50, "p75": marginal.p75})


# --- mean and SD -----------------------------------------------------------------------------


def _solve_moments(marginal: MeanSD, recording: Recording) -> NumericCurve:
    if marginal.sd == 0:
        nodes = np.full_like(NODES, marginal.mean)
        return NumericCurve(nodes, (), recorded(nodes, recording.decimals))
    mean, sd = _moments_without_spikes(marginal, recording.spikes)
    family = curves.mean_sd_family(
        replace(marginal, mean=mean, sd=sd), whole=recording.whole and marginal.low is not None
    )
    floor, ceiling = _room(marginal)
    extra = np.array([spike.share for spike in recording.spikes])
    best = None
    for _ in range(_ROUNDS):
        base = _clip(family(mean, sd), marginal.low, marginal.high, recording)
        nodes, flats = _mix(base, recording.spikes, extra)
        result = recorded(nodes, recording.decimals, flats, recording.preference)
        miss = max(abs(result.mean - marginal.mean), abs(result.sd - marginal.sd)) / marginal.sd
        if best is None or miss < best[0]:
            best = miss, NumericCurve(nodes, flats, result)
        shortfall = _shortfall(result, recording.spikes)
        if miss < _CLOSE and np.all(np.abs(shortfall) < _CLOSE):
            break
        mean = float(np.clip(mean + marginal.mean - result.mean, floor, ceiling))
        sd *= float(np.clip(marginal.sd / max(result.sd, 1e-12), 0.5, 2.0))
        sd = min(sd, _widest(mean, marginal))
        extra = np.clip(extra + shortfall, 0.0, None)
    assert best is not None
    miss, curve = best
    if miss < 20 * _CLOSE:
        return curve
    found = f"mean {curve.recorded.mean:.4g} and SD {curve.recorded.sd:.4g}"
    wanted = f"mean {marginal.mean:g} and SD {marginal.sd:g}"
    return replace(curve, note=f"{wanted} cannot be had as recorded; the nearest is {found}")


def _room(marginal: MeanSD) -> tuple[float, float]:
    """Where the underlying mean may move: strictly between the bounds."""
    margin = 1e-3 * marginal.sd
    low = -np.inf if marginal.low is None else marginal.low + margin
    high = np.inf if marginal.high is None else marginal.high - margin
    return low, high


def _widest(mean: float, marginal: MeanSD) -> float:
    if marginal.low is None or marginal.high is None:
        return np.inf
    return 0.999 * float(np.sqrt((mean - marginal.low) * (marginal.high - mean)))


def _moments_without_spikes(marginal: MeanSD, spikes: Sequence[Spike]) -> tuple[float, float]:
    rest = 1 - sum(spike.share for spike in spikes)
    if not spikes:
        return marginal.mean, marginal.sd
    first = marginal.mean - sum(spike.share * spike.value for spike in spikes)
    second = marginal.sd**2 + marginal.mean**2
    second -= sum(spike.share * spike.value**2 for spike in spikes)
    if rest > 0:
        mean = first / rest
        variance = second / rest - mean**2
        low, high = _room(marginal)
        if variance > 0 and low < mean < high:
            return mean, float(np.sqrt(variance))
    listed = ", ".join(f"{spike.share:g} at {spike.value:g}" for spike in spikes)
    raise SamplingError(
        f"mean {marginal.mean:g} and SD {marginal.sd:g} cannot stand beside the spikes {listed}: "
        "what they leave for the other values is no distribution; correct one of them"
    )


def _mix(base: Floats, spikes: Sequence[Spike], extra: Floats) -> tuple[Floats, tuple[Flat, ...]]:
    """Give each spike an interval of ranks of its own, at the rank of its value in the base."""
    if not spikes:
        return base, ()
    order = np.argsort([spike.value for spike in spikes])
    rest = 1 - extra.sum()
    ranks, base_ranks, flats = [0.0], [0.0], []
    before = 0.0
    for i in order:
        value = spikes[i].value
        rank = float(probability(np.interp(value, base, NODES)))
        start = rest * rank + before
        before += extra[i]
        ranks += [start, start + extra[i]]
        base_ranks += [rank, rank]
        flats.append(Flat(*score([start, min(start + extra[i], 1.0)]), value))
    inner = np.interp(probability(NODES), [*ranks, 1.0], [*base_ranks, 1.0])
    return np.interp(score(inner), NODES, base), tuple(flats)


def _shortfall(result: Recorded, spikes: Sequence[Spike]) -> Floats:
    return np.array([spike.share - result.share(spike.value) for spike in spikes])


# --- quantiles -------------------------------------------------------------------------------


def _solve_quantiles(marginal: Quantiles, recording: Recording) -> NumericCurve:
    names = list(QUANTILE_LEVELS)
    levels = np.array(list(QUANTILE_LEVELS.values()))
    inner = np.array([getattr(marginal, name) for name in names], dtype=np.float64)
    values = np.concatenate([[marginal.min], inner, [marginal.max]]).astype(np.float64)
    knots = np.concatenate([[-curves.EXTREME], score(levels), [curves.EXTREME]])
    density = np.exp(-(knots[1:-1] ** 2) / 2) / np.sqrt(2 * np.pi)
    extra = np.array([spike.share for spike in recording.spikes])
    shift = np.zeros_like(levels)
    for _ in range(_ROUNDS):
        moved = np.maximum.accumulate(knots + np.concatenate([[0], shift, [0]]))
        nodes, flats = _with_flats(moved, values, recording.spikes, extra)
        nodes = _clip(nodes, marginal.min, marginal.max, recording)
        result = recorded(nodes, recording.decimals, flats, recording.preference)
        miss = np.array([_miss(result, v, p) for v, p in zip(inner, levels, strict=True)])
        shortfall = _shortfall(result, recording.spikes)
        if np.all(np.abs(miss) < _CLOSE) and np.all((np.abs(shortfall) < _CLOSE) | (extra == 0)):
            break
        shift = np.clip(shift - miss / density, -0.2, 0.2)
        extra = np.clip(extra + shortfall, 0.0, None)
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
    for i, (left, right) in enumerate(zip(anchors[:-1], anchors[1:], strict=True)):
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
    """Give each spike its interval of ranks, around the rank at which the curve passes its value."""
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
        flats.append(Flat(*map(float, score([start, taken])), value))
    return tuple(flats)


def _distinct(knots: Floats, values: Floats) -> tuple[Floats, Floats]:
    keep = np.concatenate([[True], np.diff(knots) > 1e-9])
    return knots[keep], values[keep]


def recorded_value(value: float, recording: Recording) -> float:
    """Return a value as it would be recorded."""
    return float(to_decimals(np.array([value]), recording.decimals)[0])
