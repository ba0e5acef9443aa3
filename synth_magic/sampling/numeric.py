"""From a stated numeric marginal to the underlying curve whose recorded values have its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from synth_magic.sampling import curves
from synth_magic.sampling.grid import NODES, Floats, score
from synth_magic.sampling.moments import solve_moments
from synth_magic.sampling.quantiles import solve_quantiles
from synth_magic.sampling.recording import NumericCurve, Recording, recorded, within
from synth_magic.spec.model import QUANTILE_LEVELS, MeanSD, MedianIQR, Quantiles

NumericMarginal: TypeAlias = Quantiles | MeanSD | MedianIQR


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
        quantiles = _as_quantiles(nodes, marginal, [spike.value for spike in recording.spikes])
        return solve_quantiles(quantiles, recording, ("p25", "p50", "p75"))
    return solve_quantiles(marginal, recording)


def _as_quantiles(nodes: Floats, marginal: MedianIQR, spikes: Sequence[float]) -> Quantiles:
    scores = [-curves.EXTREME, *score(list(QUANTILE_LEVELS.values())), curves.EXTREME]
    values = np.interp(scores, NODES, nodes)
    knots = dict(zip(("min", *QUANTILE_LEVELS, "max"), map(float, values), strict=True))
    knots["min"] = min(knots["min"], *spikes, knots["p01"])
    knots["max"] = max(knots["max"], *spikes, knots["p99"])
    return Quantiles(**{**knots, "p25": marginal.p25, "p50": marginal.p50, "p75": marginal.p75})
