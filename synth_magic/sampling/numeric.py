"""From a stated numeric marginal to the underlying curve whose recorded values have its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, score
from synth_magic.sampling.moments import solve_moments
from synth_magic.sampling.quantiles import solve_quantiles
from synth_magic.sampling.recording import NumericCurve, Recording, recorded, within
from synth_magic.spec.model import QUANTILE_LEVELS, MeanSD, MedianIQR, Quantiles, Spike
from synth_magic.spec.spike_rules import bounds, spike_faults

NumericMarginal: TypeAlias = Quantiles | MeanSD | MedianIQR

KNOTS = ("min", *QUANTILE_LEVELS, "max")
LEVELS = np.array([0.0, *QUANTILE_LEVELS.values(), 1.0])
KNOT_SCORES = np.array([-curves.EXTREME, *score(list(QUANTILE_LEVELS.values())), curves.EXTREME])

_ROUNDING = 1e-9
_ALMOST = 0.05


@lru_cache(maxsize=512)
def solve(marginal: NumericMarginal, recording: Recording) -> NumericCurve:
    """Find the curve whose recorded values have the stated figures.

    Raises SamplingError where mean, SD and spikes contradict each other.
    """
    if isinstance(marginal, MeanSD):
        return solve_moments(marginal, recording)
    if isinstance(marginal, MedianIQR):
        curve = curves.median_iqr_curve(marginal)
        nodes = within(curve, marginal.low, marginal.high, recording.decimals)
        if not recording.spikes and recording.preference is None:
            return NumericCurve(nodes, (), recorded(nodes, recording.decimals))
        quantiles = _quantiles_of(nodes, recording)
        stated = {name: getattr(marginal, name) for name in ("p25", "p50", "p75")}
        return solve_quantiles(replace(quantiles, **stated), recording, stated)
    return solve_quantiles(marginal, recording)


def as_quantiles(marginal: NumericMarginal, recording: Recording) -> Quantiles:
    """Return a marginal as nine quantiles of its underlying curve; its spikes lie within.

    A bound that is all but reached is the lowest or the highest.
    """
    if isinstance(marginal, Quantiles):
        return marginal
    values = np.interp(KNOT_SCORES, NODES, solve(marginal, recording).nodes)
    near = _ALMOST * (values[-1] - values[0])
    for place, bound in zip((0, -1), bounds(marginal), strict=True):
        if abs(values[place] - bound) < near:
            values[place] = bound
    return quantiles_through(values, recording)


def _quantiles_of(nodes: Floats, recording: Recording) -> Quantiles:
    return quantiles_through(np.interp(KNOT_SCORES, NODES, nodes), recording)


def quantiles_through(values: Floats, recording: Recording) -> Quantiles:
    """Return nine values, from minimum to maximum, as rising quantiles that span the spikes and
    leave them their ranks."""
    spikes = [spike.value for spike in recording.spikes]
    rising = np.maximum.accumulate(values)
    rising[0] = min([rising[0], *spikes])
    rising[-1] = max([rising[-1], *spikes])
    through = _through(rising)
    if any(spike_faults(recording.spikes, through)):
        return _through(_leaving_ranks(rising, recording.spikes))
    return through


def _through(values: Floats) -> Quantiles:
    return Quantiles(**{knot: float(x) for knot, x in zip(KNOTS, values, strict=True)})


def _leaving_ranks(values: Floats, spikes: Sequence[Spike]) -> Floats:
    """Move to each spike the values at the ranks that it takes around where it stands."""
    taken, left = 0.0, math.fsum(spike.share for spike in spikes)
    for spike in sorted(spikes, key=lambda spike: spike.value):
        below = LEVELS[values < spike.value].max(initial=0.0)
        above = LEVELS[values > spike.value].min(initial=1.0)
        start = (below + above - spike.share) / 2
        if values[0] == spike.value:
            start = 0.0
        elif values[-1] == spike.value:
            start = 1.0
        elif above - below >= spike.share:
            start = float(np.clip(start, below, above - spike.share))
        start = float(np.clip(start, taken, max(taken, 1 - left)))
        taken, left = start + spike.share, left - spike.share
        lower, upper = np.minimum(values, spike.value), np.maximum(values, spike.value)
        behind = np.where(taken <= LEVELS + _ROUNDING, upper, spike.value)
        values = np.where(start >= LEVELS - _ROUNDING, lower, behind)
    return values


def values_of(marginal: Quantiles) -> Floats:
    """Return nine quantiles, from minimum to maximum."""
    return np.array([getattr(marginal, knot) for knot in KNOTS], dtype=np.float64)


def floored(values: Floats, moved: Floats, recording: Recording) -> Floats:
    """Keep moved values above zero where they were, and within a spike at either end."""
    spikes = {spike.value for spike in recording.spikes}
    floor = values[0] if values[0] in spikes else 0.0 if values[0] >= 0 else -np.inf
    return np.clip(moved, floor, values[-1] if values[-1] in spikes else np.inf)
