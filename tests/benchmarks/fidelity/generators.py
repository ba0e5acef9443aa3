"""What makes the synthetic patients: a specification, a generator trained on data, or the data."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

import synth_magic as sm
from tests.benchmarks.fidelity.cohorts import Cohort, Split

Generator: TypeAlias = Callable[[Cohort, Split], pd.DataFrame]


def from_specification(cohort: Cohort, split: Split, spec: sm.CohortSpec) -> pd.DataFrame:
    """Draw as many patients from a specification as the training part holds."""
    return cohort.conform(sm.sample(spec, rows=len(split.train), seed=split.seed))


def from_copula(cohort: Cohort, split: Split, *, marginals: str | None = None) -> pd.DataFrame:
    """Train SDV's Gaussian copula and draw as many patients as it was trained on.

    `marginals` is the kind of distribution that it fits to each variable, if not SDV's own choice.
    """
    from sdv.metadata import Metadata
    from sdv.single_table import GaussianCopulaSynthesizer

    logging.getLogger("sdv").setLevel(logging.ERROR)
    np.random.seed(split.seed)  # SDV draws from the global generator
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata = Metadata.load_from_dict(cohort.tables(split, split.train).metadata())
        copula = GaussianCopulaSynthesizer(metadata, default_distribution=marginals)
        copula.fit({"patients": split.train})
        drawn = copula.sample(num_rows=len(split.train))
    return cohort.conform(drawn["patients"])


def real_rows(_: Cohort, split: Split) -> pd.DataFrame:
    """Return the training part itself: what other patients of the same study score."""
    return split.train


def uninformed(cohort: Cohort, split: Split) -> pd.DataFrame:
    """Draw every variable alike between its bounds or over its codes, each by itself.

    The bounds are those of the training part, which favours it.
    """
    rng = np.random.default_rng(split.seed)
    rows = len(split.train)
    drawn = {}
    for variable in cohort.variables:
        seen = split.train[variable.name].dropna()
        if variable.codes:
            drawn[variable.name] = rng.choice(variable.codes, rows)
        else:
            values = rng.uniform(seen.min(), seen.max(), rows)
            drawn[variable.name] = values.round() if variable.type == "integer" else values
    return cohort.conform(pd.DataFrame(drawn))


COPULA = "copula"
KERNEL_COPULA = "copula, kernel densities"
REAL_ROWS = "real rows"
UNINFORMED = "uninformed"

BASELINES: dict[str, Generator] = {
    COPULA: from_copula,
    KERNEL_COPULA: partial(from_copula, marginals="gaussian_kde"),
    UNINFORMED: uninformed,
    REAL_ROWS: real_rows,
}
