"""What makes the synthetic patients: a specification, the data, or neither."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd

import synth_magic as sm
from synth_magic.errors import LearningWarning, RealDataWarning
from tests.benchmarks.fidelity.cohorts import Cohort, Split

Generator: TypeAlias = Callable[[Cohort, Split], pd.DataFrame]


def from_specification(cohort: Cohort, split: Split, spec: sm.CohortSpec) -> pd.DataFrame:
    """Draw as many patients from a specification as the training part holds."""
    return cohort.conform(sm.sample(spec, rows=len(split.train), seed=split.seed))


def from_fit(cohort: Cohort, split: Split) -> pd.DataFrame:
    """Learn a specification from the training part and draw as many patients from it.

    It is told the order of codes and nothing else.
    """
    fields = (variable.field for variable in cohort.variables)
    types = {field.name: field.codes for field in fields if field.codes and field.ordered}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RealDataWarning)
        warnings.simplefilter("ignore", LearningWarning)
        spec = sm.CohortSpec.fit(split.train, types=types)
    return from_specification(cohort, split, spec)


def real_rows(_: Cohort, split: Split) -> pd.DataFrame:
    """Return the training part itself: what other patients of the same study score."""
    return split.train


def some_real_rows(_: Cohort, split: Split, *, rows: int) -> pd.DataFrame:
    """Return so many rows of the training part: what that number of patients can score."""
    return split.train.sample(rows, random_state=split.seed).reset_index(drop=True)


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
