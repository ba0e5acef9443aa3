"""PatientFrame: a DataFrame to every library, and the cohort that it can be drawn from again."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.errors import RowsError, SettingError, SpecificationError
from synth_magic.frame import ATTRS_KEY, Cohort, PatientFrame, checked_rows
from synth_magic.spec import Association, CohortSpec, Fact, MeanSD, MissingGroup, Variable
from synth_magic.spec.edits import edit
from tests.sampling.builders import AGE, CRP, HAEMOGLOBIN, SEX, STAGE, cohort, yes_no

SPEC = cohort(
    SEX, AGE, HAEMOGLOBIN, STAGE, CRP, yes_no("died", 0.2, missing=0.1),
    associations=(Association("age", "crp", 0.3), Association("bloods", "crp", 0.2)),
    missing_groups=(MissingGroup("bloods", ("crp",), 0.3),),
    facts=(
        Fact("mean age 61", "age", "mean", 61.0),
        Fact("12% died", "died", "share", 0.12, "yes"),
    ),
)  # fmt: skip


@pytest.fixture
def patients() -> PatientFrame:
    return sm.sample(SPEC, rows=60, seed=7)


# --- a DataFrame to every library ------------------------------------------------------------


DERIVED: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "head": lambda frame: frame.head(),
    "rows": lambda frame: frame[frame.age > 60],
    "columns": lambda frame: frame[["age", "sex"]],
    "copy": lambda frame: frame.copy(),
    "describe": lambda frame: frame.describe(),
    "merge": lambda frame: frame.merge(frame, on="age"),
    "groupby": lambda frame: frame.groupby("sex", observed=True).age.mean().to_frame(),
    "concat": lambda frame: pd.concat([frame, frame]),
    "pickle": lambda frame: pickle.loads(pickle.dumps(frame)),
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("how", DERIVED)
def test_whatever_is_derived_is_a_plain_frame(patients: PatientFrame, how: str) -> None:
    assert type(patients) is PatientFrame
    assert type(DERIVED[how](patients)) is pd.DataFrame


def test_a_pickle_holds_the_same_values(patients: PatientFrame) -> None:
    again = pickle.loads(pickle.dumps(patients))
    pd.testing.assert_frame_equal(again, pd.DataFrame(patients))
    assert again.attrs == patients.attrs


def test_attrs_hold_one_json_text(patients: PatientFrame) -> None:
    assert list(patients.attrs) == [ATTRS_KEY]
    assert isinstance(patients.attrs[ATTRS_KEY], str)
    held = json.loads(patients.attrs[ATTRS_KEY])
    assert (held["rows"], held["seed"], held["synthetic"]) == (60, 7, True)
    assert held["version"] == sm.__version__


# --- its cohort ------------------------------------------------------------------------------


@pytest.mark.parametrize("carry", ["copy", "concat", "head", "parquet"])
def test_the_cohort_survives(patients: PatientFrame, carry: str, tmp_path: Path) -> None:
    if carry == "parquet":
        patients.to_parquet(tmp_path / "patients.parquet")
        carried = pd.read_parquet(tmp_path / "patients.parquet")
    else:
        carried = {
            "copy": patients.copy(),
            "concat": pd.concat([patients, patients]),
            "head": patients.head(),
        }[carry]
    found = Cohort.of(carried)
    assert found == patients.cohort
    pd.testing.assert_frame_equal(found.frame(), patients)


def test_the_cohort_holds_the_facts_honoured_and_says_where_it_came_from(
    patients: PatientFrame,
) -> None:
    found = patients.cohort
    assert (found.seed, found.rows) == (7, 60)
    assert found.spec.facts == SPEC.facts
    assert found.spec.variable("age").provenance == "stated"
    assert found.origin.engine == "specification"


def test_a_foreign_frame_has_no_cohort() -> None:
    with pytest.raises(SettingError, match="carries no cohort"):
        Cohort.of(pd.DataFrame({"a": [1]}))


def test_a_resample_takes_the_next_seed(patients: PatientFrame) -> None:
    other = patients.cohort.resample()
    assert (other.cohort.seed, len(other)) == (8, 60)
    pd.testing.assert_frame_equal(other, sm.sample(SPEC, rows=60, seed=8))
    assert type(other) is PatientFrame


def test_a_resample_with_more_rows_begins_with_the_same_patients(patients: PatientFrame) -> None:
    more = patients.cohort.resample(rows=500, seed=7)
    pd.testing.assert_frame_equal(pd.DataFrame(more.head(60)), pd.DataFrame(patients))


@pytest.mark.parametrize("seed", [-1, 2**63, True, 1.5, "7"])
def test_a_resample_refuses_what_is_no_seed(patients: PatientFrame, seed: int) -> None:
    with pytest.raises(SettingError, match="seed"):
        patients.cohort.resample(seed=seed)


def test_the_last_seed_can_be_resampled() -> None:
    last = sm.sample(SPEC, rows=5, seed=2**63 - 1)
    assert len(last.cohort.resample()) == 5


def test_checks_of_the_cohort_are_those_of_its_frame(patients: PatientFrame) -> None:
    found = patients.cohort
    pd.testing.assert_frame_equal(found.checks(), found.checks(patients))
    facts = found.facts()
    assert facts["quote"].tolist() == ["mean age 61", "12% died"]
    assert "kind" not in facts


# --- numbers of rows -------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [0, -1, True, 2.5, "10", None])
def test_what_is_no_number_of_rows_is_refused(rows: int) -> None:
    with pytest.raises(RowsError, match="whole number of at least 1"):
        checked_rows(rows, 12, large=False)


def test_one_row_is_enough() -> None:
    assert len(sm.sample(SPEC, rows=1)) == 1


def test_ten_million_rows_are_asked_about_before_memory_is_filled() -> None:
    with pytest.raises(RowsError) as error:
        checked_rows(10_000_000, 12, large=False)
    assert str(error.value) == (
        "10,000,000 rows of 12 columns take about 1.1 GB of memory; "
        "allow it with large=True (--large in a cell or on the command line)"
    )
    checked_rows(10_000_000, 12, large=True)


def test_a_resample_is_asked_about_too(patients: PatientFrame) -> None:
    with pytest.raises(RowsError, match="100,000,000 rows of 6 columns"):
        patients.cohort.resample(rows=100_000_000)


def test_numpys_whole_numbers_are_whole_numbers(patients: PatientFrame) -> None:
    rows, seed = np.int64(5), np.int64(3)
    assert len(sm.sample(SPEC, rows=rows, seed=seed)) == 5
    assert len(patients.cohort.resample(rows=rows)) == 5


def test_a_broken_specification_in_attrs_is_refused(patients: PatientFrame) -> None:
    data = json.loads(patients.attrs[ATTRS_KEY])
    data["spec"]["variables"][0]["type"] = "number"
    patients.attrs[ATTRS_KEY] = json.dumps(data)
    with pytest.raises(SpecificationError):
        _ = patients.cohort


def test_equal_specifications_are_compiled_once() -> None:
    again = CohortSpec.from_json(SPEC.to_json())
    assert sm.sample(again, 5).cohort.compiled is sm.sample(SPEC, 5).cohort.compiled


# --- edited by hand --------------------------------------------------------------------------


def test_an_edited_cohort_draws_what_was_stated(patients: PatientFrame) -> None:
    older = patients.cohort.edited(edit("age", "p50", 71))
    assert (older.seed, older.rows) == (7, 60)
    assert older.resample(rows=20_000).age.median() == 71
    assert older.spec.variable("age").provenance == "stated"
    pd.testing.assert_series_equal(older.frame()["sex"], patients["sex"])


def test_the_origin_says_once_what_was_edited(patients: PatientFrame) -> None:
    before = patients.cohort.origin.summary
    found = patients.cohort
    for fact in (
        edit("age", "mean", 65),
        edit("sex", "share", 0.6, code="male"),
        edit("age", "mean", 66),
    ):
        found = found.edited(fact)
    assert found.origin.summary == (
        f"{before} Edited by hand since: sex: share of male, age: mean."
    )
    again = Cohort.of(found.frame())
    assert again == found


def test_a_described_mean_that_gives_way_is_told() -> None:
    age = Variable("age", "integer", MeanSD(63, 11, 40, 85))
    spec = CohortSpec("t", "p", (age,), facts=(Fact("aged 63 (SD 11)", "age", "mean", 63),))
    found = sm.sample(spec, 60).cohort.edited(edit("age", "p50", 70))
    assert found.origin.remarks == (
        "age: mean 63 (“aged 63 (SD 11)”) gave way to what was stated by hand: age: median 70.",
    )


def test_a_cohort_with_another_specification_draws_that(patients: PatientFrame) -> None:
    found = patients.cohort
    other = replace(found.spec, variables=tuple(reversed(found.spec.variables)))
    turned = found.respecified(other)
    assert list(turned.frame()) == [v.name for v in other.variables]
    assert turned.origin.summary.endswith("Edited by hand since: the specification as a whole.")
    pd.testing.assert_frame_equal(
        pd.DataFrame(turned.frame()[list(patients)]), pd.DataFrame(patients), check_like=True
    )


def test_an_invalid_specification_is_refused(patients: PatientFrame) -> None:
    found = patients.cohort
    with pytest.raises(SpecificationError, match="there is no variable to show"):
        found.respecified(replace(found.spec, variables=(), associations=(), missing_groups=(),
                                  facts=()))  # fmt: skip


def test_a_cohort_shows_itself_in_one_line(
    patients: PatientFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "<Cohort of 60 rows and 6 columns, seed 7: A cohort>"
    assert repr(patients.cohort) == line
    patients.cohort.panel()
    assert capsys.readouterr().out.strip() == line
