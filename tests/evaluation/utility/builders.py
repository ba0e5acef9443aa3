"""Small tables of patients whose event depends on age and smoking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_magic.evaluation.tables import Field, Tables

FIELDS = (
    Field("age", "number"),
    Field("bmi", "number"),
    Field("smoker", "code", ("no", "yes")),
    Field("region", "code", ("north", "south", "west"), ordered=False),
    Field("event", "code", ("no", "yes")),
)


def patients(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.normal(60, 10, rows)
    smoker = rng.random(rows) < 0.4
    risk = 1 / (1 + np.exp(-((age - 60) / 10 + smoker - 0.5)))
    return pd.DataFrame(
        {
            "age": age,
            "bmi": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(27, 4, rows)),
            "smoker": np.where(smoker, "yes", "no").astype(object),
            "region": rng.choice(["north", "south", "west"], rows, p=[0.3, 0.5, 0.2]).astype(
                object
            ),
            "event": np.where(rng.random(rows) < risk, "yes", "no").astype(object),
        }
    )


def tables(
    synthetic: pd.DataFrame | None = None,
    train: pd.DataFrame | None = None,
    test: pd.DataFrame | None = None,
    fields: tuple[Field, ...] = FIELDS,
) -> Tables:
    return Tables(
        fields,
        patients(200, 1) if synthetic is None else synthetic,
        patients(200, 2) if train is None else train,
        patients(100, 3) if test is None else test,
    )
