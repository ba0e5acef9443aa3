"""What is computed and what must hold, in the names, units and codes of a description."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.engines.answer import Answer
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import Formula
from tests.engines.offline.builders import answer, facts, named


def patients(found: Answer) -> pd.DataFrame:
    found.spec.validate()
    return sample(compile_cohort(found.spec), 1000, seed=4)


def is_computed(found: Answer, name: str) -> bool:
    return isinstance(found.spec.variable(name).marginal, Formula)


# --- formulas


def test_bmi_is_computed_from_weight_and_height() -> None:
    found = answer(named("weight"), named("height"), named("bmi"), named("waist"))
    bmi = found.spec.variable("bmi")
    assert bmi.marginal == Formula("weight / (height / 100) ** 2")
    assert bmi.basis.startswith("computed: ")
    pairs = [{pair.a, pair.b} for pair in found.spec.associations]
    assert {"bmi", "waist"} not in pairs
    assert {"weight", "waist"} in pairs


def test_the_formula_is_in_the_units_and_names_of_the_user() -> None:
    drawn = patients(
        answer(named("Weight, lb", unit="lb"), named("Height (m)", unit="m"), named("BMI"))
    )
    metric = drawn["Weight, lb"] / 2.204623 / drawn["Height (m)"] ** 2
    assert np.abs(drawn["BMI"] - metric).max() <= 0.051


def test_the_result_is_in_the_unit_of_the_user() -> None:
    drawn = patients(answer(named("TC"), named("HDL"), named("non-HDL", unit="mmol/L")))
    expected = (drawn["TC"] - drawn["HDL"]).clip(lower=20) * 0.02586
    assert np.abs(drawn["non-HDL"] - expected).max() <= 0.006


def test_codes_in_a_formula_are_those_of_the_user() -> None:
    sex = named("Gender", codes="1=male 2=female", type="binary")
    creatinine = named("Creatinine (µmol/L)", unit="µmol/L")
    drawn = patients(answer(sex, named("age"), creatinine, named("eGFR")))
    women = drawn["Gender"].astype(str) == "2"
    kappa, alpha = np.where(women, 0.7, 0.9), np.where(women, -0.241, -0.302)
    ratio: pd.Series[float] = drawn["Creatinine (µmol/L)"] / 88.42 / kappa
    expected = (
        142 * np.minimum(ratio, 1) ** alpha * np.maximum(ratio, 1) ** -1.2 * 0.9938 ** drawn["age"]
    ) * np.where(women, 1.012, 1)
    assert (drawn["eGFR"] - expected).abs().max() < 1


def test_codes_that_part_otherwise_compute_nothing() -> None:
    sex = named("sex", codes="male female other")
    found = answer(sex, named("age"), named("creatinine"), named("egfr"))
    if is_computed(found, "egfr"):
        assert "other" not in str(found.spec.variable("egfr").marginal)
    found.spec.validate()


def test_what_has_figures_of_its_own_is_not_computed() -> None:
    found = answer(named("weight"), named("height"), named("bmi"), facts("bmi", mean=28, sd=5))
    assert not is_computed(found, "bmi")
    assert {"weight", "bmi"} in [{pair.a, pair.b} for pair in found.spec.associations]


def test_missing_values_are_no_figures_of_its_own() -> None:
    found = answer(named("weight"), named("height"), named("bmi"), facts("bmi", missing=0.2))
    assert is_computed(found, "bmi")
    assert patients(found)["bmi"].isna().mean() == pytest.approx(0.2, abs=0.05)


def test_nothing_is_computed_from_what_is_computed() -> None:
    every = [named(formula.variable) for formula in catalogue().formulas]
    inputs = {
        name
        for formula in catalogue().formulas
        for name in Expression.parse(formula.expression).names
    }
    names = dict.fromkeys([variable.name for variable in every] + sorted(inputs))
    spec = answer(*map(named, names)).spec
    computed = {v.name: v.marginal for v in spec.variables if isinstance(v.marginal, Formula)}
    needed = {name for m in computed.values() for name in Expression.parse(m.expression).names}
    assert len(computed) > 10
    assert not needed & computed.keys()
    spec.validate()


# --- rules

PRESSURES = named("Systolic blood pressure"), named("diastolic_bp")


def test_diastolic_is_below_systolic() -> None:
    found = answer(*PRESSURES)
    (rule,) = found.spec.rules
    assert rule.expression == "diastolic_bp < `Systolic blood pressure`"
    assert rule.reason
    drawn = patients(found)
    assert (drawn["diastolic_bp"] < drawn["Systolic blood pressure"]).all()


def test_a_rule_compares_in_one_unit() -> None:
    found = answer(named("sbp", unit="kPa"), named("dbp", unit="mmHg"))
    assert found.spec.rules
    drawn = patients(found)
    assert (drawn["dbp"] * 0.133322 < drawn["sbp"] + 0.05).all()


@pytest.mark.parametrize(
    "figures",
    [
        facts("Systolic blood pressure", mean=85, sd=20) + facts("diastolic_bp", mean=60, sd=15),
        facts("Systolic blood pressure", mean=70, sd=5) + facts("diastolic_bp", mean=90, sd=5),
    ],
)
def test_a_rule_that_would_move_figures_is_left_out(figures: list[object]) -> None:
    assert not answer(*PRESSURES, figures).spec.rules  # type: ignore[arg-type]


def test_every_rule_that_is_made_holds_in_every_patient() -> None:
    names = "neutrophils lymphocytes white_cells direct_bilirubin bilirubin albumin total_protein"
    found = answer(*map(named, names.split()))
    assert len(found.spec.rules) > 2
    drawn = patients(found)
    for rule in found.spec.rules:
        assert len(drawn.query(rule.expression)) == len(drawn)
