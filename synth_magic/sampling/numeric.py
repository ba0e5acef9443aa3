"""From a stated numeric marginal to the underlying curve whose recorded values have its figures."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, score
from synth_magic.sampling.moments import solve_moments
from synth_magic.sampling.quantiles import solve_quantiles
from synth_magic.sampling.recording import NumericCurve, Recording, recorded, within
from synth_magic.spec.model import QUANTILE_LEVELS, MeanSD, MedianIQR, Quantiles

NumericMarginal: TypeAlias = Quantiles | MeanSD | MedianIQR

KNOTS = ("min", *QUANTILE_LEVELS, "max")
KNOT_SCORES = np.array([-curves.EXTREME, *score(list(QUANTILE_LEVELS.values())), curves.EXTREME])


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
    """Return a marginal as nine quantiles of its underlying curve; its spikes lie within."""
    if isinstance(marginal, Quantiles):
        return marginal
    return _quantiles_of(solve(marginal, recording).nodes, recording)


def _quantiles_of(nodes: Floats, recording: Recording) -> Quantiles:
    return quantiles_through(np.interp(KNOT_SCORES, NODES, nodes), recording)


def quantiles_through(values: Floats, recording: Recording) -> Quantiles:
    """Return nine values, from minimum to maximum, as rising quantiles that span the spikes."""
    spikes = [spike.value for spike in recording.spikes]
    rising = np.maximum.accumulate(values)
    rising[0] = min([rising[0], *spikes])
    rising[-1] = max([rising[-1], *spikes])
    return Quantiles(**{knot: float(x) for knot, x in zip(KNOTS, rising, strict=True)})
