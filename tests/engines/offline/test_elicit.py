"""Whole descriptions: what is made of them is valid, can be sampled, and has the stated figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.description.parse import parse
from synth_magic.engines.answer import Answer
from synth_magic.engines.offline.elicit import elicit
from synth_magic.engines.offline.guesses import is_guess
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import QUANTILE_LEVELS, Fact
from tests.engines.offline.builders import answer, named

ROWS = 20_000

DIABETICS = """
Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), BMI, eGFR falling with age, 12% smokers,
LDL cholesterol missing in 10% of patients.
"""
UNITS = """
| name | description | unit | type | categories | statistics | missing |
|---|---|---|---|---|---|---|
| age | Age | years | integer | | mean 64 (SD 10) | |
| sex | Sex | | binary | 0=female; 1=male | | |
| weight | Body weight | lb | float | | | 5% |
| height | Height | in | float | | | |
| bmi | Body mass index | kg/m2 | float | | | |
| hba1c | Glycated haemoglobin | mmol/mol | integer | | 58 (14) | |
| creatinine | Serum creatinine | umol/L | integer | | | |
| nt-probnp | NT-proBNP | pg/mL | float | | | |
| died | Death | | binary | 0=alive; 1=dead | 12% | |
| ward | Ward | | categorical | A; B; C | | |
"""
TRIAL = """
Adults with hypertension, randomised.

| | Active (N=400) | Placebo (N=600) |
|---|---|---|
| Age, years | 61.2 (8.8) | 60.9 (9.1) |
| Women, n (%) | 180 (45) | 300 (50) |
| Haemoglobin, g/L | 141 (14) | 139 (15) |
| CRP, mg/L, median (IQR) | 2.1 (0.9-4.8) | 2.4 (1.1-5.2) |
| Diabetes, n (%) | 80 (20) | 90 (15) |
"""
COHORTS = [DIABETICS, UNITS, TRIAL, "Adults, median haemoglobin 12.4 g/dL (IQR 11.0 to 13.6)."]


def patients_of(found: Answer) -> pd.DataFrame:
    return sample(compile_cohort(found.spec), ROWS, seed=3)


def standard_errors(fact: Fact, patients: pd.DataFrame) -> float:
    """By how many standard errors the patients miss a fact."""
    if fact.within:
        patients = patients[patients[fact.within.variable].astype(str) == fact.within.code]
    column = patients[fact.variable]
    if fact.statistic in ("share", "missing"):
        hit = column.isna() if fact.statistic == "missing" else column.astype(str) == fact.code
        return error(float(hit.mean()), fact.value, len(hit))
    if fact.statistic == "direction":
        other = patients[fact.other_variable].astype(float)
        rho = column.astype(float).corr(other, method="spearman")
        return 0.0 if rho * fact.value > 0.05 else np.inf
    x = column.dropna().to_numpy(dtype=float)
    if fact.statistic in ("min", "max"):
        outside = x < fact.value if fact.statistic == "min" else x > fact.value
        return np.inf if outside.any() else 0.0
    n, mean, sd = len(x), float(x.mean()), float(x.std())
    if fact.statistic == "mean":
        return float(abs(mean - fact.value) / (sd / np.sqrt(n)))
    if fact.statistic == "sd":
        fourth = float(((x - mean) ** 4).mean())
        return float(abs(sd - fact.value) / (np.sqrt((fourth - sd**4) / n) / (2 * sd)))
    return quantile_error(fact, x)


def quantile_error(fact: Fact, x: np.ndarray) -> float:
    level = QUANTILE_LEVELS[fact.statistic]
    below, up_to = float((x < fact.value).mean()), float((x <= fact.value).mean())
    return error(float(np.clip(level, below, up_to)), level, len(x))


def error(found: float, stated: float, n: int) -> float:
    return float(abs(found - stated) / np.sqrt(max(stated * (1 - stated), 1e-12) / n))


@pytest.mark.parametrize("text", COHORTS)
def test_what_was_stated_comes_out(text: str) -> None:
    found = elicit(parse(text))
    found.spec.validate()
    patients = patients_of(found)
    assert found.spec.facts
    missed = {fact: standard_errors(fact, patients) for fact in found.spec.facts}
    assert not {fact: misses for fact, misses in missed.items() if misses > 4}


def test_the_cell_of_the_first_example() -> None:
    found = elicit(parse(DIABETICS))
    origins = {v.name: v.provenance for v in found.spec.variables}
    assert list(origins) == ["age", "sex", "hba1c", "bmi", "egfr", "smoking", "ldl_cholesterol"]
    assert {name for name, origin in origins.items() if origin == "stated"} == {
        "sex", "hba1c", "smoking",
    }  # fmt: skip
    assert not any(is_guess(variable) for variable in found.spec.variables)
    assert found.origin.summary.startswith(
        "Made offline, no language model was asked: 8 figures stated, "
    )
    assert "Patients taken for: Type 2 diabetes" in found.origin.summary
    assert (
        found.spec.title == "Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male"
    )
    patients = patients_of(found)
    assert patients["age"].between(40, 85).all()
    assert patients["egfr"].astype(float).corr(patients["age"], method="spearman") < -0.2


def test_a_table_in_other_units() -> None:
    found = elicit(parse(UNITS))
    origins = {v.name: v.provenance for v in found.spec.variables}
    assert is_guess(found.spec.variable("ward"))
    assert origins["weight"] == origins["creatinine"] == origins["bmi"] == "catalogue"
    assert origins["age"] == origins["hba1c"] == origins["died"] == "stated"
    assert "Guessed: ward." in found.origin.summary
    patients = patients_of(found)
    us = elicit(
        parse(
            UNITS.replace("| lb |", "| kg |").replace("| umol/L | integer |", "| mg/dL | float |")
        )
    )
    medians, ours = (
        drawn.groupby("sex", observed=True)[["weight", "creatinine"]].median()
        for drawn in (patients, patients_of(us))
    )
    assert medians["weight"].tolist() == pytest.approx(list(ours["weight"] * 2.2046), rel=0.02)
    assert medians["creatinine"].tolist() == pytest.approx(
        list(ours["creatinine"] * 88.42), rel=0.03
    )
    metric = patients["weight"] / 2.204623 / (patients["height"] * 2.54 / 100) ** 2
    assert (patients["bmi"] - metric).abs().max() < 0.06


def test_an_arm_is_independent_of_what_has_no_figures_by_arm() -> None:
    text = TRIAL.replace("| Diabetes,", "| eGFR | | |\n| Diabetes,")
    found = elicit(parse(text))
    assert all("Arm" not in (pair.a, pair.b) for pair in found.spec.associations)


@pytest.mark.parametrize("text", ["Patients.", "Adults with asthma.", "Men aged 60 to 80."])
def test_a_description_that_names_nothing_has_the_usual_variables(text: str) -> None:
    found = elicit(parse(text))
    names = [variable.name for variable in found.spec.variables]
    assert "age" in names
    assert len(names) > 8
    assert len(set(names)) == len(names)
    assert any(
        remark.startswith("Variables that were not named") for remark in found.origin.remarks
    )
    assert len(patients_of(found)) == ROWS


def test_what_was_not_understood_is_passed_on() -> None:
    text = "Adults aged 40 to 60. The flumbar index was grobbled in 17 of them."
    description = parse(text)
    assert description.not_understood
    origin = elicit(description).origin
    assert origin.not_understood == tuple(quote.text for quote in description.not_understood)
    assert origin.description == text


@pytest.mark.parametrize(
    "name", ["HbA1c (%)", "max", "lambda", "Größe", "a`b", "<b>x</b>", "مرض", "x" * 300]
)
def test_names_that_are_no_identifiers_are_kept(name: str) -> None:
    found = answer(named(name), named("sex"), named("weight"), named("height"), named("BMI !"))
    found.spec.validate()
    assert found.spec.variables[0].name == name
    assert name in patients_of(found)


def test_pressures_of_any_name_keep_their_order() -> None:
    spec = answer(named("SBP"), named("Diastolic blood pressure (mmHg)")).spec
    patients = sample(compile_cohort(spec), ROWS, seed=1)
    assert (patients["Diastolic blood pressure (mmHg)"] < patients["SBP"]).all()


def test_patients_of_no_known_condition_are_said_to_be_of_the_general_population() -> None:
    unknown = elicit(parse("Adults with the grobbles. Age, sex, BMI and heart rate."))
    known = elicit(parse("Adults with gout. Age, sex, BMI and heart rate."))
    assert any("general population" in remark for remark in unknown.origin.remarks)
    assert not any("general population" in remark for remark in known.origin.remarks)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Adults with gout, 35% women and 60% men.",
            ["sex: the shares sum to 95 %, and are drawn in proportion."],
        ),
        ("Adults with gout, 39.6% women and 60% men.", []),
    ],
)
def test_shares_of_less_than_all_patients_are_drawn_in_proportion(
    text: str, said: list[str]
) -> None:
    made = elicit(parse(text))
    assert [remark for remark in made.origin.remarks if "the shares sum" in remark] == said


def test_a_table_that_only_lists_age_gets_age() -> None:
    answer = elicit(parse("age: Age|integer||"))
    assert [variable.name for variable in answer.spec.variables] == ["age"]
