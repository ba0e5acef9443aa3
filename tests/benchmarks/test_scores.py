"""The cohorts' form, and what a report says of scores."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synth_magic.evaluation.fidelity.correlations import ERROR
from synth_magic.evaluation.fidelity.shapes import SHAPES
from synth_magic.evaluation.privacy.copies import NEW_ROWS
from synth_magic.evaluation.privacy.disclosure import CAP
from synth_magic.evaluation.utility.prediction import AUC, F1
from tests.benchmarks.fidelity import kept
from tests.benchmarks.fidelity.cohorts import Cohort, Roles
from tests.benchmarks.fidelity.contenders import (
    COPULA,
    REAL_ROWS,
    WRITTEN,
    ablated,
    as_written,
    learnt,
)
from tests.benchmarks.fidelity.generators import from_fit, uninformed
from tests.benchmarks.fidelity.plots import plot
from tests.benchmarks.fidelity.report import ablation, ahead, margins, middle, report
from tests.benchmarks.fidelity.scores import METRICS, privacy, score, utility
from tests.benchmarks.fidelity.trained import Training

VARIABLES = """\
name,description,type,unit,categories
age,Age,integer,years,
sbp,Systolic blood pressure,continuous,mm Hg,
sex,Sex,binary,,female=woman; male=man
education,Schooling,categorical,,none=none; school=school; college=college
site,Hospital,categorical,,a=A; b=B; c=C
ward,Ward,binary,,low=low; high=high
sick,Ill,binary,,no=no; yes=yes
"""
META = {
    "target": "sick",
    "leak_fields": ["ward"],
    "key_fields": ["age", "sex"],
    "sensitive_field": "education",
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> Cohort:
    folder: Path = tmp_path_factory.mktemp("cohorts") / "clinic"
    folder.mkdir()
    (folder / "variables.csv").write_text(VARIABLES, encoding="utf-8")
    (folder / "meta.json").write_text(json.dumps(META), encoding="utf-8")
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
    frame["ward"] = np.where(age > 55, "high", "low")
    frame["sick"] = np.where(age > 55, "yes", "no")
    flipped = rng.random(rows) < 0.1
    frame.loc[flipped, "age"] = 120 - frame.loc[flipped, "age"]
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
                "ward": ["low", None],
                "sick": ["no", None],
                "hospital": ["dropped", "dropped"],
            }
        )
    )
    assert list(drawn) == ["age", "sbp", "sex", "education", "site", "ward", "sick"]
    assert drawn.dtypes.tolist() == cohort.real.dtypes.tolist()
    assert drawn.iloc[0].tolist() == [40.0, 120.5, "male", "1", "a", "low", "no"]
    assert drawn.iloc[1].isna().all()


def test_a_column_that_is_not_there_is_named(cohort):
    with pytest.raises(SystemExit, match="clinic: there is no column sbp"):
        cohort.conform(cohort.real.drop(columns="sbp"))


def test_its_variables_are_the_metrics_fields(cohort):
    split = cohort.split(0)
    tables = cohort.tables(split, split.train)
    assert tables.numbers == ["age", "sbp"]
    assert tables.coded == ["sex", "education", "site", "ward", "sick"]
    assert list(tables.ranks(tables.test)) == [
        *("age", "sbp", "sex", "education", "ward", "sick"),
    ]


def test_roles_are_read_from_meta(cohort, tmp_path):
    assert cohort.roles == Roles("sick", ("ward",), ("age", "sex"), ("education",))
    assert Roles.read(tmp_path / "meta.json") == Roles()


def test_real_rows_get_every_score(cohort):
    split = cohort.split(0)
    found = score(cohort.tables(split, split.train), cohort.roles)
    assert list(found) == [metric.name for metric in METRICS]
    assert found[SHAPES.name] > 0.8
    assert (
        found[NEW_ROWS.name] > 0.9
    )  # of the held-out rows: those of the training part are not new
    assert found[AUC.name] > 0.7


def test_without_roles_privacy_and_utility_have_no_figure(cohort):
    split = cohort.split(0)
    tables = cohort.tables(split, uninformed(cohort, split))
    assert math.isnan(privacy(tables, Roles())[CAP.name])
    assert all(map(math.isnan, utility(tables, Roles()).values()))


def test_what_gives_the_target_away_is_not_looked_at(cohort):
    split = cohort.split(0)
    tables = cohort.tables(split, split.train)
    roles = cohort.roles
    assert utility(tables, replace(roles, leaks=()))[AUC.name] == 1
    assert utility(tables, roles)[AUC.name] < 0.99


def test_from_one_outcome_nothing_is_learnt(cohort):
    split = cohort.split(0)
    tables = cohort.tables(split, split.train.assign(sick="no"))
    assert utility(tables, cohort.roles) == {F1.name: 0, AUC.name: 0.5}


def test_scores_are_kept_until_the_patients_change(cohort, tmp_path, monkeypatch):
    calls = []

    def count(tables, roles):
        calls.append(tables)
        return {"rows": float(len(tables.synthetic)), "unknown": math.nan}

    monkeypatch.setattr(kept, "_SCORED", {count: "this code"})
    split = cohort.split(0)
    tables = cohort.tables(split, uninformed(cohort, split))
    first = kept.scored(cohort, tables, tmp_path)
    assert kept.scored(cohort, tables, tmp_path) == pytest.approx(first, nan_ok=True)
    assert len(calls) == 1
    assert first["rows"] == 140
    kept.scored(cohort, replace(tables, synthetic=tables.synthetic[:-1]), tmp_path)
    monkeypatch.setattr(kept, "_SCORED", {count: "other code"})
    kept.scored(cohort, tables, tmp_path)
    assert len(calls) == 3


def test_a_specification_learnt_from_the_training_part_draws_as_many_patients(cohort):
    split = cohort.split(0)
    drawn = from_fit(cohort, split)
    assert len(drawn) == len(split.train)
    assert drawn.dtypes.tolist() == split.train.dtypes.tolist()


def test_patients_that_were_not_recorded_are_left_out(cohort):
    assert as_written()(cohort) is None
    assert learnt(cohort) is None
    assert not ablated(cohort)


def test_ahead_means_higher_or_lower_as_the_metric_wants_it():
    ours = {"a": splits(0.9, 0.8), "b": splits(0.7, 0.7)}
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": ours, COPULA: copula, REAL_ROWS: copula}
    assert margins(results, "ours", COPULA, "a", SHAPES) == pytest.approx([0.1, 0.0])
    assert margins(results, "ours", COPULA, "a", ERROR) == pytest.approx([-0.1, 0.0])
    assert ahead(results, "ours", COPULA, SHAPES) == ["a"]
    assert ahead(results, "ours", COPULA, ERROR) == ["b"]
    lines = table_lines(report(results, Training()))
    assert "| Column Shapes | copula | 1 of 2 (−.025) |" in lines
    assert "| a | **.850 (.071)** | .800 (.000) | .800 (.000) |" in lines


def test_a_cohort_without_an_answer_is_left_out_of_the_count():
    copula = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": {"a": splits(0.9, 0.9)}, COPULA: copula, REAL_ROWS: copula}
    lines = table_lines(report(results, Training()))
    assert "| Column Shapes | copula | 1 of 1 (+.100) |" in lines
    assert "| b | – | .800 (.000) | .800 (.000) |" in lines


def test_a_split_without_a_figure_is_left_out_of_the_mean():
    by_cohort = {"a": splits(0.9, math.nan), "b": splits(0.5), "c": splits(math.nan)}
    assert middle(by_cohort, SHAPES) == pytest.approx(0.7)
    assert math.isnan(middle({"c": splits(math.nan)}, SHAPES))


def test_a_summary_holds_those_who_know_all_of_its_cohorts():
    both = {"a": splits(0.8, 0.8), "b": splits(0.8, 0.8)}
    results = {"ours": both, WRITTEN: {"a": splits(0.7, 0.7)}, COPULA: both, REAL_ROWS: both}
    text = report(results, Training(), {"one of them": ["a"]})
    every, some = text.split("## Summary: medians over ")[1:]
    some = some.partition("\n## ")[0]
    assert every.startswith("all cohorts (2)\n")
    assert "\n| rows " not in every
    assert some.startswith("one of them (1)\n")
    assert "\n| rows " in some


def test_the_ablation_shows_what_is_recorded():
    full = {"a": splits(0.8, 0.9)}
    lines = table_lines(ablation({"full request": full, "without name": {}, "100 real rows": full}))
    assert "| | full request | without name | 100 real rows |" in lines
    assert "| Column Shapes ↑ | .850 (.071) | – | .850 (.071) |" in lines
    assert "| New rows ↑ | .850 (.071) | – | – |" in lines


def test_a_plot_is_drawn_though_a_metric_has_no_figure(tmp_path):
    both = {"a": splits(0.8, 0.8), "b": splits(math.nan)}
    plot({"ours": both, REAL_ROWS: both}, METRICS, tmp_path / "scores.png")
    assert (tmp_path / "scores.png").read_bytes().startswith(b"\x89PNG")


def splits(*found):
    return [dict.fromkeys((metric.name for metric in METRICS), value) for value in found]


def table_lines(text: str) -> list[str]:
    """Return the lines of a report without the spaces that line columns up."""
    return [re.sub(" +", " ", line) for line in text.splitlines()]
