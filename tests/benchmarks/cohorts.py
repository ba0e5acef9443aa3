"""Cohorts for the benchmarks: mixed columns, all pairs associated."""

from __future__ import annotations

import numpy as np

from synth_magic.spec import CohortSpec
from synth_magic.spec.model import Association, MeanSD, Quantiles, Share, Shares, Variable


def mixed_cohort(
    continuous: int = 6, integer: int = 3, binary: int = 2, ordinal: int = 1
) -> CohortSpec:
    """Return a cohort of this many columns of each kind in which every pair is associated."""
    variables = [
        Variable(f"lab_{i}", "continuous", Quantiles(0.2, 0.4, 0.6, 0.9, 1.1, 1.4, 3, 6, 9.5),
                 decimals=1)
        for i in range(continuous)
    ]  # fmt: skip
    variables += [
        Variable(f"count_{i}", "integer", MeanSD(67, 11, 18, 100)) for i in range(integer)
    ]
    variables += [
        Variable(f"event_{i}", "binary", Shares((Share("no", 0.7), Share("yes", 0.3))))
        for i in range(binary)
    ]
    stages = Shares(tuple(Share(code, 0.25) for code in ("I", "II", "III", "IV")))
    variables += [Variable(f"stage_{i}", "ordinal", stages) for i in range(ordinal)]
    names = [variable.name for variable in variables]
    rng = np.random.default_rng(0)
    loadings = rng.uniform(-0.6, 0.6, len(names))
    associations = tuple(
        Association(a, b, round(float(loadings[i] * loadings[j]), 3))
        for i, a in enumerate(names)
        for j, b in enumerate(names[:i])
    )
    return CohortSpec("benchmark", "a mixed cohort", tuple(variables), associations)
