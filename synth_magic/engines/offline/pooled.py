"""The correlation of two variables over all ages, from that within an interval of age."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from synth_magic.engines.offline import curves
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.sampling.grid import NODES
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import By, Shares, Variable

_PATIENTS = 4096


def over_all_ages(cohort: Cohort, a: Variable, b: Variable, latent: float) -> float | None:
    """Return Spearman's correlation of two numbers that both differ by age, over all patients.

    `latent` is that of their normal scores at one age. None if they do not both differ by age.
    """
    age = cohort.demographics.subjects.get("age")
    by = [v.marginal for v in (a, b) if isinstance(v.marginal, By)]
    if age is None or age.entry_unit is None or len(by) < 2:
        return None
    if any(m.parents != (age.name,) for m in by) or _levels(by[0]) != _levels(by[1]):
        return None
    if any(isinstance(cell.marginal, Shares) for m in by for cell in m.cells):
        return None
    factor = age.entry_unit.factor
    lows = [parse_interval(cell.levels[0])[0] / factor for cell in by[0].cells]
    highs = [parse_interval(cell.levels[0])[1] / factor for cell in by[0].cells]
    weights = cohort.demographics.shares_between(lows, highs)
    columns: list[list[np.ndarray]] = [[], []]
    for weight, *cells in zip(weights, by[0].cells, by[1].cells, strict=True):
        first, second = curves.normal_scores(round(_PATIENTS * weight), latent)
        for column, cell, scores in zip(columns, cells, (first, second), strict=True):
            column.append(np.interp(scores, NODES, curves.curve(cell.marginal)))
    ranks = [rankdata(np.concatenate(column)) for column in columns]
    return float(np.corrcoef(*ranks)[0, 1])


def _levels(marginal: By) -> list[tuple[str, ...]]:
    return [cell.levels for cell in marginal.cells]
