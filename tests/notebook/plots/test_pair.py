from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.image import imread

from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.plots.pair import kind, known, pair
from synth_magic.sampling import compiled, sample
from synth_magic.spec import CohortSpec, Formula, MedianIQR, Share, Shares, Variable
from tests.notebook.conftest import SPEC

MANY = Shares(tuple(Share(f"Hospital of Saint <b>{i}</b> ☃", 1 / 20) for i in range(20)))
VARIABLES = {
    v.name: v
    for v in (
        *SPEC.variables[1:],
        Variable("site", "categorical", MANY, missing=0.1),
        Variable("constant", "integer", Formula("0 * age"), unit="$"),
    )
}


@pytest.fixture(scope="module")
def patients() -> pd.DataFrame:
    spec = replace(SPEC, variables=tuple(VARIABLES.values()))
    return sample(compiled(spec), 400, 2)


@pytest.mark.parametrize("up", VARIABLES)
@pytest.mark.parametrize("across", VARIABLES)
def test_every_two_variables_have_a_picture(patients: pd.DataFrame, across: str, up: str) -> None:
    both = patients[known(patients, (VARIABLES[across], VARIABLES[up]))]
    image = imread(io.BytesIO(pair(both, VARIABLES[across], VARIABLES[up])))
    assert image.shape == (800, 2 * WIDTH, 4)
    assert 0 < np.mean(image[..., 3] > 0) < 0.95


@pytest.mark.parametrize(
    ("across", "up", "how"),
    [
        ("age", "crp", "points"),
        ("visit", "age", "points"),
        ("sex", "age", "boxes"),
        ("crp", "site", "boxes"),
        ("sex", "site", "shares"),
    ],
)
def test_types_decide_the_kind_of_picture(across: str, up: str, how: str) -> None:
    assert kind(VARIABLES[across], VARIABLES[up]) == how


def test_one_patient_is_enough(patients: pd.DataFrame) -> None:
    one = patients.dropna().head(1)
    for across, up in (("age", "crp"), ("sex", "age"), ("sex", "site")):
        assert pair(one, VARIABLES[across], VARIABLES[up])


def test_only_who_has_both_values_is_known(patients: pd.DataFrame) -> None:
    there = known(patients, (VARIABLES["crp"], VARIABLES["site"]))
    assert there.sum() == len(patients.dropna(subset=["crp", "site"])) < len(patients)


def test_the_users_style_and_current_figure_stay_theirs(patients: pd.DataFrame) -> None:
    plain = pair(patients, VARIABLES["sex"], VARIABLES["age"])
    with plt.style.context("dark_background"):
        assert pair(patients, VARIABLES["sex"], VARIABLES["age"]) == plain
    assert not plt.get_fignums()


def test_dates_at_either_end_of_the_calendar_have_a_picture() -> None:
    first = Variable("first", "date", MedianIQR(0, 5, 10, 0, 20), unit="days since 0001-01-01")
    last = Variable("last", "date", MedianIQR(-10, -5, 0, -20, 0), unit="days since 9999-12-31")
    patients = sample(compiled(CohortSpec("", "", (first, last))), 50, 0)
    assert pair(patients, first, last)
