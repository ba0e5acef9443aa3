"""The scores' own arithmetic, by hand and by SciPy."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from tests.benchmarks.fidelity.cohorts import Cohort
from tests.benchmarks.fidelity.generators import COPULA, REAL_ROWS
from tests.benchmarks.fidelity.report import ahead, margins, report
from tests.benchmarks.fidelity.scores import (
    CORRELATIONS,
    METRICS,
    SHAPES,
    all_pair_trends,
    correlation_error,
    correlation_errors,
)

VARIABLES = """\
name,description,type,unit,categories
age,Age,integer,years,
sbp,Systolic blood pressure,continuous,mm Hg,
sex,Sex,binary,,female=woman; male=man
education,Schooling,categorical,,none=none; school=school; college=college
site,Hospital,categorical,,a=A; b=B; c=C
"""


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> Cohort:
    folder: Path = tmp_path_factory.mktemp("cohorts") / "clinic"
    folder.mkdir()
    (folder / "variables.csv").write_text(VARIABLES, encoding="utf-8")
    patients(200, seed=1).to_csv(folder / "real.csv", index=False)
    return Cohort.read(folder)


def patients(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(20, 90, rows)
    frame = pd.DataFrame(
        {
            "site": rng.choice(["a", "b", "c"], rows),
            "age": age,
            "sbp": np.round(100 + age / 2 + rng.normal(0, 10, rows), 1),
            "sex": rng.choice(["female", "male"], rows),
            "education": rng.choice(["none", "school", "college"], rows),
        }
    )
    frame.loc[rng.random(rows) < 0.2, "sbp"] = np.nan
    frame.loc[rng.random(rows) < 0.2, "education"] = None
    return frame


def test_a_split_shares_no_patient_and_is_always_the_same(cohort):
    split = cohort.split(3)
    both = pd.concat([split.train, split.test])
    assert len(split.train) == 140
    pd.testing.assert_frame_equal(
        both.sort_values(list(both)).reset_index(drop=True),
        cohort.real.sort_values(list(both)).reset_index(drop=True),
    )
    pd.testing.assert_frame_equal(split.train, cohort.split(3).train)
    assert not split.train.equals(cohort.split(4).train)


def test_every_generator_s_columns_get_one_form(cohort):
    drawn = cohort.conform(
        pd.DataFrame(
            {
                "age": pd.array([40, None], "Int64"),
                "sbp": [120.5, None],
                "sex": pd.Categorical(["male", None], ["female", "male"]),
                "education": pd.Categorical([1, None]),
                "site": ["a", np.nan],
                "hospital": ["dropped", "dropped"],
            }
        )
    )
    assert list(drawn) == ["age", "sbp", "sex", "education", "site"]
    assert drawn.dtypes.tolist() == cohort.real.dtypes.tolist()
    assert drawn.iloc[0].tolist() == [40.0, 120.5, "male", "1", "a"]
    assert drawn.iloc[1].isna().all()


def test_a_column_that_is_not_there_is_named(cohort):
    with pytest.raises(SystemExit, match="clinic: there is no column sbp"):
        cohort.conform(cohort.real.drop(columns="sbp"))


def test_correlations_are_scipy_s_over_the_patients_who_have_both_values(cohort):
    other = cohort.conform(patients(300, seed=2))
    order = {"none": 0, "school": 1, "college": 2, "female": 0, "male": 1}
    by_hand = []
    for a, b in combinations(["age", "sbp", "sex", "education"], 2):
        rhos = []
        for frame in (cohort.real, other):
            both = frame[[a, b]].dropna().map(lambda value: order.get(value, value))
            rhos.append(spearmanr(both[a], both[b]).statistic)
        by_hand.append(abs(rhos[0] - rhos[1]))
    assert correlation_error(cohort, cohort.real, other) == pytest.approx(np.mean(by_hand))
    assert correlation_error(cohort, cohort.real, cohort.real) == 0


def test_a_constant_column_is_correlated_with_nothing(cohort):
    errors = correlation_errors(cohort, cohort.real, cohort.real.assign(age=50.0))
    of_age = errors[(errors["a"] == "age") | (errors["b"] == "age")]
    assert len(of_age) == 3
    assert (of_age["error"] == of_age["real"].abs()).all()


def test_trends_of_all_pairs_by_hand(cohort):
    real = four_patients(cohort, sex=["female", "female", "male", "male"])
    swapped = four_patients(cohort, sex=["male", "male", "female", "female"])
    one_off = four_patients(cohort, sex=["female", "female", "male", None])
    assert all_pair_trends(cohort, real, real) == 1
    # Sex and age: not one cell in common. The other pairs of sex: the same halves.
    assert all_pair_trends(cohort, real, swapped) == pytest.approx(1 - 1 / 10)
    # A quarter of the patients moves to the level `missing`, in each of the four pairs of sex.
    assert all_pair_trends(cohort, real, one_off) == pytest.approx(1 - 4 * 0.25 / 10)


def four_patients(cohort, sex):
    same = {"sbp": [120, 140, 120, 140], "education": ["none"] * 4, "site": ["a"] * 4}
    return cohort.conform(pd.DataFrame({"age": [30, 30, 70, 70], "sex": sex, **same}))


def test_ahead_means_higher_or_lower_as_the_metric_wants_it():
    ours = {"a": splits(0.9, 0.8), "b": splits(0.7, 0.7)}
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": ours, COPULA: copula, REAL_ROWS: copula}
    assert margins(results, "ours", COPULA, "a", SHAPES) == pytest.approx([0.1, 0.0])
    assert margins(results, "ours", COPULA, "a", CORRELATIONS) == pytest.approx([-0.1, 0.0])
    assert ahead(results, "ours", COPULA, SHAPES) == ["a"]
    assert ahead(results, "ours", COPULA, CORRELATIONS) == ["b"]
    assert "| Column Shapes | copula | 1 of 2 (−.025) |" in report(results)
    assert "| a | **.850 (.071)** | .800 (.000) | .800 (.000) | +.050 (.071) |" in report(results)


def test_a_cohort_without_an_answer_is_left_out_of_the_count():
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": {"a": splits(0.9, 0.9)}, COPULA: copula, REAL_ROWS: copula}
    assert "| Column Shapes | copula | 1 of 1 (+.100) |" in report(results)
    assert "| b | – | .800 (.000) | .800 (.000) | – |" in report(results)


def splits(*found):
    return [dict.fromkeys((metric.name for metric in METRICS), value) for value in found]
