"""generate and sample: the stations joined."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.errors import (
    DescriptionError,
    RowsError,
    SamplingError,
    SettingError,
    SpecificationError,
)
from synth_magic.frame import DEFAULT_ROWS
from synth_magic.spec import Fact, MeanSD, Rule, Share, Shares, Variable
from tests.sampling.builders import AGE, SEX, cohort

PROSE = "Adults with heart failure, 56% male, mean age 67 (SD 9)."


def test_a_description_becomes_patients() -> None:
    patients = sm.generate(PROSE, rows=4000, seed=3)
    assert type(patients) is sm.PatientFrame
    assert patients.shape[0] == 4000
    assert patients.age.mean() == pytest.approx(67, abs=5 * 9 / 4000**0.5)
    assert patients.cohort.facts()["reached"].all()


def test_what_made_the_patients_is_said() -> None:
    origin = sm.generate(PROSE, rows=5).cohort.origin
    assert origin.engine == "offline"
    assert origin.description == PROSE
    assert origin.summary


def test_the_same_call_makes_the_same_patients() -> None:
    first, again = (sm.generate(PROSE, rows=50, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert first.attrs == again.attrs


def test_rows_are_those_asked_for_else_those_described_else_a_hundred() -> None:
    described = f"250 patients. {PROSE}"
    assert len(sm.generate(described)) == 250
    assert len(sm.generate(described, rows=7)) == 7
    assert len(sm.generate(PROSE)) == DEFAULT_ROWS == 100


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_an_empty_description_is_refused(text: str) -> None:
    with pytest.raises(DescriptionError):
        sm.generate(text)


def test_an_unknown_engine_is_refused_with_the_near_name() -> None:
    with pytest.raises(SettingError, match="did you mean 'offline'"):
        sm.generate(PROSE, engine="ofline")


@pytest.mark.parametrize("rows", [0, -5, True, 1.5])
def test_rows_that_are_none_are_refused(rows: int) -> None:
    with pytest.raises(RowsError, match="at least 1"):
        sm.generate(PROSE, rows=rows)
    with pytest.raises(RowsError, match="at least 1"):
        sm.sample(cohort(AGE), rows=rows)


def test_too_many_rows_are_asked_about() -> None:
    with pytest.raises(RowsError, match="large=True"):
        sm.sample(cohort(AGE, SEX), rows=1_000_000_000)


@pytest.mark.parametrize("seed", [-1, 2**63, True, 0.5, None])
def test_a_seed_that_is_none_is_refused(seed: int) -> None:
    with pytest.raises(SettingError, match="seed must be a whole number"):
        sm.sample(cohort(AGE), rows=5, seed=seed)


def test_an_invalid_specification_lists_all_its_violations() -> None:
    spec = cohort(AGE, Variable("x", "continuous", MeanSD(5, -1)), rules=(Rule("agee > 3"),))
    with pytest.raises(SpecificationError) as error:
        sm.sample(spec)
    assert len(error.value.violations) == 2
    assert "did you mean 'age'" in str(error.value)


def test_a_rule_that_nobody_satisfies_is_named() -> None:
    with pytest.raises(SamplingError, match="age > 200"):
        sm.sample(cohort(AGE, rules=(Rule("age > 200"),)), rows=5)


def test_facts_win() -> None:
    fact = Fact("mean age 50", "age", "mean", 50.0)
    patients = sm.sample(cohort(AGE, facts=(fact,)), rows=5000)
    assert patients.age.mean() == pytest.approx(50, abs=1)
    (row,) = patients.cohort.facts().itertuples()
    assert (row.stated, row.quote, row.reached) == (50.0, "mean age 50", True)


def test_a_marginal_that_a_fact_overrides_is_said() -> None:
    spec = sm.generate("12% smokers, age 61 (SD 12).", rows=5).cohort.spec
    smoking = spec.variable("smoking")
    edited = replace(smoking, marginal=Shares((Share("no", 0.7), Share("yes", 0.3))))
    variables = tuple(edited if v.name == "smoking" else v for v in spec.variables)
    patients = sm.sample(replace(spec, variables=variables), rows=2000)
    assert (patients.smoking == "yes").mean() == pytest.approx(0.12, abs=0.03)
    (remark,) = patients.cohort.origin.remarks
    assert remark.startswith("smoking: its facts took the place of what its marginal says: ")
    assert "share of yes 0.12 (read from “12% smokers”)" in remark
    assert sm.sample(spec, rows=5).cohort.origin.remarks == ()
