"""Whole descriptions: what is made of them is valid, can be sampled, and has the stated figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.description.parse import parse
from synth_magic.engines.answer import Answer
from synth_magic.engines.offline.choosing import USUAL
from synth_magic.engines.offline.elicit import elicit
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
        return abs(mean - fact.value) / (sd / np.sqrt(n))
    if fact.statistic == "sd":
        fourth = float(((x - mean) ** 4).mean())
        return abs(sd - fact.value) / (np.sqrt((fourth - sd**4) / n) / (2 * sd))
    return quantile_error(fact, x)


def quantile_error(fact: Fact, x: np.ndarray) -> float:
    level = QUANTILE_LEVELS[fact.statistic]
    below, up_to = float((x < fact.value).mean()), float((x <= fact.value).mean())
    return error(float(np.clip(level, below, up_to)), level, len(x))


def error(found: float, stated: float, n: int) -> float:
    return abs(found - stated) / np.sqrt(max(stated * (1 - stated), 1e-12) / n)


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
    assert {v.name: v.provenance for v in found.spec.variables} == {
        "age": "catalogue",
        "sex": "stated",
        "hba1c": "stated",
        "bmi": "catalogue",
        "egfr": "catalogue",
        "smoking": "stated",
        "ldl_cholesterol": "catalogue",
    }
    assert found.origin.summary == (
        "Made offline, no language model was asked: "
        "8 figures stated, 4 variables and 5 correlations from the catalogue, "
        "0 correlations assumed."
    )
    assert (
        found.spec.title == "Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male"
    )
    patients = patients_of(found)
    assert patients["age"].between(40, 85).all()
    assert patients["egfr"].astype(float).corr(patients["age"], method="spearman") < -0.5


def test_a_table_in_other_units() -> None:
    found = elicit(parse(UNITS))
    origins = {v.name: v.provenance for v in found.spec.variables}
    assert origins["nt-probnp"] == origins["ward"] == "assumed"
    assert origins["weight"] == origins["creatinine"] == origins["bmi"] == "catalogue"
    assert origins["age"] == origins["hba1c"] == origins["died"] == "stated"
    assert "nt-probnp, ward" in found.origin.remarks[-1]
    patients = patients_of(found)
    by_sex = patients.groupby("sex", observed=True)
    assert by_sex["weight"].median().tolist() == pytest.approx(
        [73.22 * 2.2046, 88.9 * 2.2046], rel=0.02
    )
    assert by_sex["creatinine"].median().tolist() == pytest.approx([65.2, 84.8], abs=1.5)
    metric = patients["weight"] / 2.204623 / (patients["height"] * 2.54 / 100) ** 2
    assert (patients["bmi"] - metric).abs().max() < 0.06


def test_an_arm_is_independent_of_what_has_no_figures_by_arm() -> None:
    text = TRIAL.replace("| Diabetes,", "| eGFR | | |\n| Diabetes,")
    found = elicit(parse(text))
    assert all("Arm" not in (pair.a, pair.b) for pair in found.spec.associations)


def test_a_description_that_names_nothing_has_the_usual_variables() -> None:
    found = elicit(parse("Patients of a general practice."))
    assert [v.name for v in found.spec.variables] == list(USUAL)
    assert "names no variable" in found.origin.remarks[0]
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


def test_a_description_that_only_says_how_old_they_are_gets_common_variables() -> None:
    answer = elicit(parse("Adults with asthma."))
    names = [variable.name for variable in answer.spec.variables]
    assert names[0] == "age"
    assert {"sex", "bmi", "smoking"} <= set(names)
    assert any("names no variable" in remark for remark in answer.origin.remarks)


def test_a_table_that_only_lists_age_gets_age() -> None:
    answer = elicit(parse("age: Age|integer||"))
    assert [variable.name for variable in answer.spec.variables] == ["age"]
