"""Associations, formulas and rules between variables that the catalogue knows."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.spec.model import Formula
from tests.engines.offline.builders import ARM, SEX, answer, facts, named, share, tie


def spearman(found: object, a: str, b: str) -> float | None:
    pairs = {frozenset((p.a, p.b)): p.spearman for p in found.spec.associations}  # type: ignore[attr-defined]
    return pairs.get(frozenset((a, b)))


def in_catalogue(a: str, b: str) -> float:
    return next(p.spearman for p in catalogue().associations if {p.a, p.b} == {a, b})


def test_known_pairs_are_tied_with_their_source() -> None:
    found = answer(named("Age"), named("eGFR"))
    (pair,) = found.spec.associations
    assert {pair.a, pair.b} == {"Age", "eGFR"}
    assert pair.spearman == in_catalogue("age", "egfr")
    assert pair.provenance == "catalogue"
    assert "2017-2018" in pair.basis


@pytest.mark.parametrize(("codes", "sign"), [("0=male 1=female", -1), ("0=female 1=male", 1)])
def test_the_sign_follows_the_user_s_codes(codes: str, sign: int) -> None:
    sex = named("gender", codes=codes, type="binary")
    found = answer(sex, named("heart rate"))
    assert spearman(found, "gender", "heart rate") == sign * in_catalogue("sex", "heart_rate")


def test_a_stated_correlation_replaces_the_catalogue_s() -> None:
    found = answer(named("age"), named("egfr"), tie("egfr", "age", "spearman", -0.4))
    assert spearman(found, "age", "egfr") is None
    assert found.spec.facts[0].value == -0.4


def test_a_stated_direction_keeps_the_catalogue_s_size() -> None:
    found = answer(named("age"), named("egfr"), tie("egfr", "age", "direction", -1))
    assert spearman(found, "age", "egfr") == in_catalogue("age", "egfr")


def test_what_differs_by_sex_is_not_tied_to_it_twice() -> None:
    sex_by_arm = [share("sex", "male", 0.4, ("arm", "active")),
                  share("sex", "male", 0.6, ("arm", "placebo"))]  # fmt: skip
    found = answer(*ARM, SEX, named("haemoglobin"), named("heart rate"), sex_by_arm)
    assert spearman(found, "sex", "haemoglobin") is None
    assert spearman(found, "sex", "heart rate") is not None
    assert all("arm" not in (pair.a, pair.b) for pair in found.spec.associations)


def test_a_variable_of_three_codes_has_no_ranks() -> None:
    found = answer(named("sex", codes="female male other"), named("heart rate"))
    assert not found.spec.associations


# --- formulas


def test_bmi_is_computed_from_weight_and_height() -> None:
    found = answer(named("weight"), named("height"), named("bmi"), named("waist"))
    assert found.spec.variable("bmi").marginal == Formula("weight / (height / 100) ** 2")
    assert spearman(found, "bmi", "waist") is None
    assert spearman(found, "weight", "waist") is not None


def test_the_formula_is_in_the_units_and_names_of_the_user() -> None:
    found = answer(named("Weight, lb", unit="lb"), named("Height (m)", unit="m"), named("BMI"))
    expected = "(`Weight, lb` / 2.204623) / ((`Height (m)` / 0.01) / 100) ** 2"
    assert found.spec.variable("BMI").marginal == Formula(expected)
    found.spec.validate()


def test_a_stated_bmi_is_sampled() -> None:
    found = answer(named("weight"), named("height"), named("bmi"), facts("bmi", mean=28, sd=5))
    assert not isinstance(found.spec.variable("bmi").marginal, Formula)
    assert spearman(found, "weight", "bmi") is not None


# --- rules

PRESSURES = named("Systolic blood pressure"), named("diastolic_bp")


def test_diastolic_is_below_systolic() -> None:
    (rule,) = answer(*PRESSURES).spec.rules
    assert rule.expression == "diastolic_bp < `Systolic blood pressure`"
    assert rule.reason


def test_the_rule_is_left_out_where_it_would_move_figures() -> None:
    shock = facts("Systolic blood pressure", mean=85, sd=20) + facts("diastolic_bp", mean=60, sd=15)
    assert not answer(*PRESSURES, shock).spec.rules


def test_pressures_in_different_units_are_not_compared() -> None:
    assert not answer(named("sbp", unit="kPa"), named("dbp", unit="mmHg")).spec.rules
