"""Whether the rank correlations are those of the real patients."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.figures import both, mean, whole
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

ERROR = Metric(
    "Error of the rank correlations",
    "fidelity",
    -1,
    "Mean absolute error of Spearman's, over all pairs of variables whose values have an order. "
    "Of each pair, patients with both values.",
)
SIGNS = Metric(
    "Signs of the rank correlations",
    "fidelity",
    +1,
    "The share of the real ones above .15 in absolute value whose sign is right.",
)

_NOTABLE = 0.15


def scores(tables: Tables) -> Iterator[Score]:
    """Yield the mean error and the share of right signs."""
    ours, real = both(correlation_errors, tables)
    yield whole(ERROR, (mean_error(ours), mean_error(real)), "no two variables with an order vary")
    yield whole(SIGNS, (right_signs(ours), right_signs(real)), "no real correlation is above .15")


def correlation_errors(tables: Tables) -> pd.DataFrame:
    """Return Spearman's correlation of each pair in both, and the absolute error.

    Each pair is taken over the patients who have both values. A column that is constant where it
    should vary correlates with nothing; a pair that is constant in the real patients is left out.
    """
    real = tables.ranks(tables.test).corr(method="spearman")
    synthetic = tables.ranks(tables.synthetic).corr(method="spearman").fillna(0.0)
    pairs = pd.DataFrame(
        [(a, b, real.loc[a, b], synthetic.loc[a, b]) for a, b in combinations(real.columns, 2)],
        columns=["a", "b", "real", "synthetic"],
    ).dropna()
    return pairs.assign(error=(pairs["synthetic"] - pairs["real"]).abs())


def mean_error(pairs: pd.DataFrame) -> float:
    """Return the mean absolute error of these correlations."""
    return mean(pairs["error"])


def right_signs(pairs: pd.DataFrame) -> float:
    """Return the share of the notable correlations whose sign is right; NaN if there are none."""
    notable = pairs[pairs["real"].abs() > _NOTABLE]
    return mean(np.sign(notable["real"]) == np.sign(notable["synthetic"]))
