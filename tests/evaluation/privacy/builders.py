"""Small tables of patients, with numbers, a date, codes and gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_magic.evaluation.tables import Field, Tables

FIELDS = (
    Field("age", "number"),
    Field("seen", "date"),
    Field("sex", "code", ("f", "m")),
    Field("stage", "code", ("I", "II", "III")),
)


def patients(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    gaps = rng.random(rows) < 0.1
    stage = rng.choice(["I", "II", "III"], rows).astype(object)
    stage[rng.random(rows) < 0.1] = None
    return pd.DataFrame(
        {
            "age": np.where(gaps, np.nan, rng.normal(60, 10, rows).round(1)),
            "seen": rng.integers(15_000, 20_000, rows).astype(float),
            "sex": rng.choice(["f", "m"], rows).astype(object),
            "stage": stage,
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
        patients(60, 1) if synthetic is None else synthetic,
        patients(80, 2) if train is None else train,
        patients(50, 3) if test is None else test,
    )
