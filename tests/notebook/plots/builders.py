"""Variables that are hard to draw, and the pictures of a single one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from synth_magic.notebook.plots import SmallMultiples
from synth_magic.sampling import CompiledCohort, compile_cohort, sample
from synth_magic.spec import CohortSpec, MeanSD, Quantiles, Share, Shares, Spike, Variable

AGE = Variable("age", "integer", MeanSD(60, 10, 18, 95), unit="years")
SEX = Variable("sex", "binary", Shares((Share("female", 0.4), Share("male", 0.6))))
CRP = Variable(
    "crp",
    "continuous",
    Quantiles(0.1, 0.1, 0.1, 0.8, 1.9, 4.6, 14, 35, 180),
    unit="mg/L",
    decimals=1,
    spikes=(Spike(0.1, 0.1),),
    missing=0.1,
)
VISIT = Variable("visit", "date", MeanSD(600, 200, 0, 1200), unit="days since 2015-04-01")
MANY = Variable("k", "categorical", Shares(tuple(Share(f"c{i}", 1 / 40) for i in range(40))))

AWKWARD = {
    "mathematics": Variable("cost in $ and $x^{2$", "continuous", MeanSD(5, 1), unit="$\\alpha"),
    "emoji": Variable("😀", "binary", Shares((Share("🙂", 0.5), Share("\U0001faa8", 0.5)))),
    "right to left": Variable("العمر", "integer", MeanSD(50, 10)),
    "controls": Variable("a\u202eb", "integer", MeanSD(50, 10)),
    "combining": Variable("e\u0301\u0302" * 99, "integer", MeanSD(50, 10)),
    "long": Variable("l" * 500, "binary", Shares((Share("a" * 200, 0.5), Share("b", 0.5)))),
    "constant": Variable("c", "integer", Quantiles(*[3.0] * 9)),
    "all missing": Variable("m", "continuous", MeanSD(5, 1), missing=1.0),
    "no known code": Variable("n", "binary", SEX.marginal, missing=1.0),
    "tiny": Variable("t", "continuous", MeanSD(0.001, 0.0001), decimals=5),
    "huge": Variable("h", "integer", MeanSD(10**9, 10**8)),
    "many codes": MANY,
    "one code": Variable("o", "categorical", Shares((Share("only", 1.0),))),
    "date": VISIT,
    "old date": Variable("d", "date", MeanSD(-4e5, 9e4), unit="days since 2015-04-01"),
}

REFERENCES: dict[str, list[Any]] = {
    "texts": ["a", "b", "1", None],
    "nothing known": [None, np.nan, None, pd.NaT],
    "infinite": [np.inf, -np.inf, 1.0, 2.0],
    "lists": [[1], {}, None, "x"],
    "dates": list(pd.date_range("2020-01-01", periods=4, tz="Europe/Paris")),
    "days as texts": ["2016-02-01", "no day", None, "1.3.2016"],
    "complex": [1j, 2.0, 3.0, 4.0],
    "booleans": [True, False, True, True],
}


def compiled(*variables: Variable) -> CompiledCohort:
    return compile_cohort(CohortSpec("", "", variables))


def patients(cohort: CompiledCohort, rows: int = 500, seed: int = 0) -> pd.DataFrame:
    return sample(cohort, max(rows, 1), seed).head(rows)


def page(*variables: Variable, rows: int = 500, **options: Any) -> bytes:
    """Return the small multiples of new patients."""
    cohort = compiled(*variables)
    return SmallMultiples().draw(patients(cohort, rows), variables, cohort=cohort, **options)
