"""Small reports, and tables with hostile names and codes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from synth_magic.evaluation.report.report import Report
from synth_magic.evaluation.result import Result, Setup
from synth_magic.evaluation.score import Group, Metric
from synth_magic.evaluation.tables import Field, Tables

HOSTILE = "<img src=x onerror=alert(1)>"
MATH = "$\\frac{1}{"
NAN = math.nan


def result(
    name: str, *values: float, real: float = NAN, of: str = "", why: str = "",
    group: Group = "fidelity",
) -> Result:  # fmt: skip
    reals = () if math.isnan(real) else (real,)
    return Result(Metric(name, group, 1, f"What {name} means."), of, values, reals, why)


RESULTS = (
    result("Column Shapes", 0.9, 0.92, real=0.97),
    result("KSComplement", 0.7, real=0.96, of="age"),
    result("TVComplement", 0.98, real=0.97, of=HOSTILE),
    result("Boosted-tree AUC", 0.6, 0.62, real=0.5),
    result("Error of the rank correlations", why=f"constant {HOSTILE}"),
    result("Copies", 0.0, real=0.0, group="privacy"),
    result("CategoricalCAP", 0.5, real=0.52, of=HOSTILE, group="privacy"),
)
SETUP = Setup(
    1_000,
    700,
    ("age", HOSTILE),
    2,
    0,
    made_by="Made offline.",
    left_out=(f"{HOSTILE}: an identifier",),
    remarks=(f"{HOSTILE} has one value only.",),
)


def patients(rows: int, seed: int, older: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.normal(60 + older, 10, rows).round()
    gaps = rng.random(rows) < 0.1
    return pd.DataFrame(
        {
            "age": age,
            MATH: np.where(gaps, np.nan, 2 * age + rng.normal(0, 10, rows)),
            "seen": rng.integers(15_000, 17_000, rows).astype(float),
            HOSTILE: rng.choice(["no", HOSTILE], rows, p=[0.7, 0.3]).astype(object),
        }
    )


FIELDS = (
    Field("age", "number"),
    Field(MATH, "number"),
    Field("seen", "date"),
    Field(HOSTILE, "code", ("no", HOSTILE)),
)
TABLES = Tables(FIELDS, patients(200, 1, 5), patients(140, 2), patients(60, 3))
REPORT = Report(RESULTS, SETUP)
