"""The cohorts' form, and what a report says of scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.fidelity.cohorts import Cohort
from tests.benchmarks.fidelity.generators import COPULA, REAL_ROWS
from tests.benchmarks.fidelity.report import ahead, margins, report
from tests.benchmarks.fidelity.scores import ERROR, METRICS, SHAPES, score

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


def test_its_variables_are_the_metrics_fields(cohort):
    split = cohort.split(0)
    tables = cohort.tables(split, split.train)
    assert tables.numbers == ["age", "sbp"]
    assert tables.coded == ["sex", "education", "site"]
    assert list(tables.ranks(tables.test)) == ["age", "sbp", "sex", "education"]


def test_real_rows_get_every_score(cohort):
    pytest.importorskip("sdmetrics")
    split = cohort.split(0)
    found = score(cohort.tables(split, split.train))
    assert list(found) == [metric.name for metric in METRICS]
    assert found[SHAPES.name] > 0.8


def test_ahead_means_higher_or_lower_as_the_metric_wants_it():
    ours = {"a": splits(0.9, 0.8), "b": splits(0.7, 0.7)}
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": ours, COPULA: copula, REAL_ROWS: copula}
    assert margins(results, "ours", COPULA, "a", SHAPES) == pytest.approx([0.1, 0.0])
    assert margins(results, "ours", COPULA, "a", ERROR) == pytest.approx([-0.1, 0.0])
    assert ahead(results, "ours", COPULA, SHAPES) == ["a"]
    assert ahead(results, "ours", COPULA, ERROR) == ["b"]
    assert "| Column Shapes | copula | 1 of 2 (−.025) |" in report(results)
    assert "| a | **.850 (.071)** | .800 (.000) | .800 (.000) | +.050 (.071) |" in report(results)


def test_a_cohort_without_an_answer_is_left_out_of_the_count():
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": {"a": splits(0.9, 0.9)}, COPULA: copula, REAL_ROWS: copula}
    assert "| Column Shapes | copula | 1 of 1 (+.100) |" in report(results)
    assert "| b | – | .800 (.000) | .800 (.000) | – |" in report(results)


def splits(*found):
    return [dict.fromkeys((metric.name for metric in METRICS), value) for value in found]
