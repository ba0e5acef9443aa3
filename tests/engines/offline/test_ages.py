"""Ages in whatever unit, and patients of all ages."""

from __future__ import annotations

import numpy as np
import pytest

import synth_magic as sm
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.ages import of_all_ages
from synth_magic.spec.model import By
from tests.engines.offline.builders import entry

MONTHS = """Adults with heart failure aged 60 or older.

| name | label | unit |
|---|---|---|
| alter | age | months |
| creat | creatinine | mg/dL |
"""
EVERYBODY = """Visits of patients aged 0 to 90 years.

| name | label | unit | codes |
|---|---|---|---|
| age | age | years | |
| sex | sex | | 1=m, 2=f, 9=unknown |
| height | height | cm | |
| smoking | current smoker | | 1=yes, 2=no |
| pregnant | pregnant | | 1=yes, 2=no |
"""


def test_ages_said_in_years_hold_for_a_column_in_months() -> None:
    patients = sm.generate(MONTHS, rows=500, engine="offline")
    assert patients["alter"].min() >= 720
    assert patients.cohort.facts()["stated"].tolist() == [720]


def test_adults_in_months_are_as_old_as_adults() -> None:
    text = MONTHS.replace("aged 60 or older", "of a clinic").replace(
        "alter | age", "age_months | Age"
    )
    patients = sm.generate(text, rows=500, engine="offline")
    assert patients["age_months"].min() >= 216
    assert patients["age_months"].median() > 480


def test_patients_of_all_ages_are_what_they_can_be() -> None:
    patients = sm.generate(EVERYBODY, rows=3000, engine="offline")
    age, sex = patients["age"], patients["sex"].astype(int)
    assert (age < 10).mean() > 0.05
    assert patients.loc[age < 3, "height"].max() < 130
    assert (patients.loc[age < 10, "smoking"].astype(int) == 2).all()
    assert (patients.loc[sex == 1, "pregnant"].astype(int) == 2).all()
    assert (patients.loc[sex == 2, "pregnant"].astype(int) == 1).any()


def test_what_is_known_by_age_of_children_stands_beside_adults() -> None:
    height = of_all_ages(entry("height"), entry("height").marginal)
    assert isinstance(height, By)
    medians = [float(np.median(curves.curve(cell.marginal))) for cell in height.cells]
    assert medians[:-2] == sorted(medians[:-2])
    assert medians[0] < 80
    assert medians[-1] == pytest.approx(168, abs=3)
