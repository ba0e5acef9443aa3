"""Small tables of patients, and a larger one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Field, Tables

Columns = Mapping[str, Sequence[object]]

ORDERED = {"education": ("none", "school", "college")}


def compare(synthetic: Columns, test: Columns, train: Columns | None = None) -> Tables:
    """Return tables of these columns: what has text anywhere is a code."""
    frames = [frame(columns) for columns in (synthetic, train or test, test)]
    fields = []
    for name in frames[0]:
        values = pd.concat([part[name] for part in frames]).dropna()
        codes = sorted({value for value in values if isinstance(value, str)})
        known = ORDERED.get(name, tuple(codes))
        fields.append(Field(name, "code" if codes else "number", known, ordered=name in ORDERED))
    return Tables(tuple(fields), *frames)


def frame(columns: Columns) -> pd.DataFrame:
    made = {}
    for name, values in columns.items():
        text = any(isinstance(value, str) for value in values)
        made[name] = pd.Series(values, dtype=object if text else "float64")
    return pd.DataFrame(made)


def clinic(rows: int, seed: int) -> dict[str, list[object]]:
    """Return patients with numbers, codes, and missing values of both."""
    rng = np.random.default_rng(seed)
    age = rng.integers(20, 90, rows)
    made = pd.DataFrame(
        {
            "age": age,
            "sbp": np.round(100 + age / 2 + rng.normal(0, 10, rows), 1),
            "sex": rng.choice(["female", "male"], rows),
            "education": rng.choice(["none", "school", "college"], rows),
            "site": rng.choice(["a", "b", "c"], rows),
        }
    ).astype(object)
    made.loc[rng.random(rows) < 0.2, ["sbp", "education"]] = None
    made.loc[rng.random(rows) < 0.1, "sbp"] = None
    return {name: list(made[name]) for name in made}


def found(scores: Sequence[Score], metric: Metric, of: str = "") -> Score:
    """Return the one score of a metric."""
    (score,) = [score for score in scores if score.metric == metric and score.of == of]
    return score
