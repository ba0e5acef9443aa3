"""The curve whose recorded values have a stated mean and SD, spikes and rounding included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synth_magic.errors import SamplingError
from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, probability, score
from synth_magic.sampling.recording import (
    CLOSE,
    ROUNDS,
    Flat,
    NumericCurve,
    Recording,
    recorded,
    shortfall,
    within,
)
from synth_magic.spec.model import MeanSD, Spike


def solve_moments(marginal: MeanSD, recording: Recording) -> NumericCurve:
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
    for _ in range(ROUNDS):
        base = within(family(mean, sd), marginal.low, marginal.high, recording.decimals)
        nodes, flats = _mix(base, recording.spikes, extra)
        result = recorded(nodes, recording.decimals, flats, recording.preference)
        miss = max(abs(result.mean - marginal.mean), abs(result.sd - marginal.sd)) / marginal.sd
        if best is None or miss < best[0]:
            best = miss, NumericCurve(nodes, flats, result)
        short = shortfall(result, recording.spikes)
        if miss < CLOSE and np.all(np.abs(short) < CLOSE):
            break
        mean = float(np.clip(mean + marginal.mean - result.mean, floor, ceiling))
        sd *= float(np.clip(marginal.sd / max(result.sd, 1e-12), 0.5, 2.0))
        sd = min(sd, _widest(mean, marginal))
        extra = np.clip(extra + short, 0.0, None)
    assert best is not None
    miss, curve = best
    if miss < 20 * CLOSE:
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
        flats.append(Flat(float(score(start)), float(score(min(start + extra[i], 1.0))), value))
    inner = np.interp(probability(NODES), [*ranks, 1.0], [*base_ranks, 1.0])
    return np.interp(score(inner), NODES, base), tuple(flats)
