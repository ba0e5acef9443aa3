"""Whether values are missing where and as often as in the real patients."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.figures import both, each, mean, whole
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

MISSING = Metric(
    "Missing values",
    "fidelity",
    -1,
    "How far the share of missing values is from the real one: the mean absolute difference over "
    "all variables, and that of each variable that lacks any. 0 if nothing is missing anywhere.",
)
TOGETHER = Metric(
    "Missing values together",
    "fidelity",
    -1,
    "How far the share of patients who lack both values is from the real one: the mean absolute "
    "difference over all pairs of variables with missing values, in synthetic or in real patients.",
)


def scores(tables: Tables) -> Iterator[Score]:
    """Yield the differences of the shares of missing values."""
    lacking = _lacking(tables)
    ours, real = both(missing_errors, tables)
    yield whole(MISSING, (mean(ours), mean(real)), "no variables")
    yield from each(MISSING, (ours[lacking], real[lacking]), tables)
    together = both(lambda part: missing_together_error(part, lacking), tables)
    yield whole(TOGETHER, together, "fewer than two variables have missing values")


def missing_errors(tables: Tables) -> pd.Series:
    """Return by how much the shares of missing values differ, for each variable."""
    return (tables.synthetic.isna().mean() - tables.test.isna().mean()).abs()


def missing_together_error(tables: Tables, names: list[str]) -> float:
    """Return the mean difference of the shares that lack both values, over pairs of `names`."""
    real, synthetic = (_missing_together(frame[names]) for frame in (tables.test, tables.synthetic))
    pairs = combinations(range(len(names)), 2)
    return mean(pd.Series([abs(synthetic[pair] - real[pair]) for pair in pairs], dtype=float))


def _missing_together(frame: pd.DataFrame) -> np.ndarray:
    absent: np.ndarray = frame.isna().to_numpy(dtype=float)
    shares: np.ndarray = absent.T @ absent / len(frame)
    return shares


def _lacking(tables: Tables) -> list[str]:
    """Return the variables that lack values in any part, so that all splits have the same."""
    parts = (tables.synthetic, tables.train, tables.test)
    return [field.name for field in tables.fields if any(p[field.name].hasnans for p in parts)]
