"""Formulas and conditions over columns as they are recorded."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.spec import Formula, MeanSD, Variable
from tests.sampling.builders import AGE, SEX, by, cohort, draw, number, shares, yes_no

HEIGHT = Variable("height_cm", "integer", MeanSD(170, 10, 130, 220), missing=0.1)
WEIGHT = Variable("weight_kg", "continuous", MeanSD(82, 15, 35, 200), decimals=1, missing=0.05)
BMI = Variable("bmi", "continuous", Formula("weight_kg / (height_cm / 100) ** 2"), decimals=1)


def test_a_formula_is_consistent_to_its_decimals_and_missing_with_its_inputs() -> None:
    frame = draw(cohort(BMI, HEIGHT, WEIGHT), 5000)
    height, weight = frame.height_cm.astype(float), frame.weight_kg
    np.testing.assert_allclose(frame.bmi, weight / (height / 100) ** 2, atol=0.05 + 1e-9)
    assert (frame.bmi == frame.bmi.round(1))[frame.bmi.notna()].all()
    assert (frame.bmi.isna() == (frame.height_cm.isna() | frame.weight_kg.isna())).all()


def test_a_formula_of_a_formula_is_missing_with_the_first_inputs() -> None:
    obese = Variable("obese", "binary", Formula("bmi >= 30", ("no", "yes")))
    frame = draw(cohort(HEIGHT, WEIGHT, BMI, obese), 5000)
    assert (frame.obese.isna() == frame.bmi.isna()).all()
    known = frame.dropna()
    assert ((known.obese == "yes") == (known.bmi >= 30)).all()


def test_outcomes_that_exclude_each_other_come_from_one_hidden_variable() -> None:
    outcome = Variable("outcome", "categorical", shares(well=0.7, died=0.2, moved=0.1), hidden=True)
    frame = draw(
        cohort(
            outcome,
            Variable("death", "binary", Formula("outcome == 'died'", ("0", "1"))),
            Variable("lost", "binary", Formula("1 if outcome == 'moved' else 0", ("0", "1"))),
        ),
        20_000,
    )
    assert list(frame) == ["death", "lost"]
    assert not ((frame.death == 1) & (frame.lost == 1)).any()
    assert (frame.death == 1).mean() == pytest.approx(0.2, abs=0.015)
    assert (frame.lost == 1).mean() == pytest.approx(0.1, abs=0.01)


def test_text_results_are_codes_in_their_listed_order() -> None:
    band = Formula("'old' if age >= 75 else 'middle' if age >= 60 else 'young'",
                   ("young", "middle", "old"))  # fmt: skip
    frame = draw(cohort(AGE, Variable("band", "ordinal", band)), 500)
    assert frame.groupby("band", observed=True).age.max()["middle"] < 75
    assert (frame.band.max(), frame.band.min()) == ("old", "young")


X = number("x", 1.5, 0.8, decimals=2)
GRADE = Variable("grade", "ordinal", Formula("floor(x)", ("1", "2")))


def test_a_number_that_is_no_code_is_missing() -> None:
    frame = draw(cohort(X, GRADE), 1000)
    assert (frame.grade.isna() == ~np.floor(frame.x).isin([1, 2])).all()


@pytest.mark.parametrize("expression", ["grade", "1 if grade == 1 else 2", "2 - (grade < 2)"])
def test_what_is_computed_from_a_missing_code_is_missing(expression: str) -> None:
    copy = Variable("copy", "ordinal", Formula(expression, ("1", "2")))
    frame = draw(cohort(X, GRADE, copy), 1000)
    assert frame["copy"].isna().equals(frame.grade.isna())


def test_a_condition_on_what_has_no_value_is_missing() -> None:
    logarithm = Variable("logarithm", "continuous", Formula("log(x)"), decimals=2)
    high = Variable("high", "binary", Formula("logarithm > 0", ("no", "yes")))
    frame = draw(cohort(number("x"), logarithm, high), 1000)
    assert frame.logarithm.isna().mean() > 0.4
    assert frame.high.isna().equals(frame.logarithm.isna())


def test_infinity_is_missing() -> None:
    ratio = Variable("ratio", "continuous", Formula("1 / round(x)"), decimals=2)
    frame = draw(cohort(number("x"), ratio), 1000)
    assert np.isfinite(frame.ratio.dropna()).all()
    assert frame.ratio.isna().equals(frame.x.round() == 0)


def test_an_integer_formula_is_rounded() -> None:
    years = Variable("months", "integer", Formula("age / 7"))
    frame = draw(cohort(AGE, years), 100)
    assert (frame.months == (frame.age / 7).round()).all()


def test_a_formula_may_decide_the_marginal_of_another_variable() -> None:
    old = Variable("old", "binary", Formula("age >= 65", ("no", "yes")))
    frail = Variable("frail", "binary", by("old", no=shares(no=0.95, yes=0.05),
                                           yes=shares(no=0.6, yes=0.4)))  # fmt: skip
    frame = draw(cohort(AGE, old, frail), 50_000)
    share = (frame.frail == "yes").groupby(frame.age >= 65).mean()
    assert share[True] == pytest.approx(0.4, abs=0.015)
    assert share[False] == pytest.approx(0.05, abs=0.01)


def test_conditions_take_codes_and_numbers() -> None:
    at_risk = Formula("sex == 'male' and age > 60 or smoker in ('yes',)", ("no", "yes"))
    frame = draw(cohort(SEX, AGE, yes_no("smoker", 0.2), Variable("risk", "binary", at_risk)), 500)
    expected = (frame.sex == "male") & (frame.age > 60) | (frame.smoker == "yes")
    assert ((frame.risk == "yes") == expected).all()
