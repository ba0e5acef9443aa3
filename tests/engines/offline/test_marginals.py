"""Where each marginal comes from: what was stated, else the catalogue, else a guess."""

from __future__ import annotations

import numpy as np
import pytest

import synth_magic as sm
from synth_magic.engines.offline.guesses import is_guess
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import (
    By,
    Identifier,
    MeanSD,
    MedianIQR,
    Quantiles,
    Share,
    Shares,
    Variable,
)
from tests.engines.offline.builders import (
    ARM,
    answer,
    entry,
    facts,
    made,
    named,
    share,
    share_of,
    values,
)


def shares(variable: Variable) -> dict[str, float]:
    assert isinstance(variable.marginal, Shares)
    return {item.code: item.share for item in variable.marginal.shares}


def median(variable: Variable) -> float:
    return float(np.median(values(variable.marginal)))


# --- stated


def test_mean_and_sd_stand_within_the_bounds_of_the_catalogue() -> None:
    age = made(named("age", unit="years"), facts("age", mean=67.9, sd=9.4))
    assert age.marginal == MeanSD(67.9, 9.4, 18.0, 110.0)
    assert (age.type, age.decimals, age.provenance) == ("integer", 0, "stated")
    assert age.basis == "“mean 67.9”, “sd 9.4”"


def test_bounds_that_were_stated_win() -> None:
    age = made(named("age"), facts("age", mean=60, sd=8, min=40, max=85))
    assert age.marginal == MeanSD(60, 8, 40, 85)


def test_bounds_of_the_catalogue_are_in_the_user_s_unit() -> None:
    hba1c = made(named("HbA1c", unit="mmol/mol"), facts("HbA1c", mean=58, sd=14))
    assert hba1c.marginal == MeanSD(58, 14, 14.75, 195.1)
    assert hba1c.unit == "mmol/mol"


def test_without_a_unit_the_figures_show_it() -> None:
    hba1c = made(named("HbA1c"), facts("HbA1c", mean=58, sd=14))
    assert hba1c.unit == "mmol/mol"
    assert made(named("HbA1c"), facts("HbA1c", mean=7.4, sd=1.3)).unit == "%"


def test_figures_that_no_adult_has_are_another_variable() -> None:
    found = answer(named("weight"), facts("weight", mean=3.2, sd=0.5))
    assert found.spec.variables[0].marginal == MeanSD(3.2, 0.5, 0.0, None)
    assert not found.spec.associations


def test_a_skewed_measurement_has_no_upper_bound_that_would_make_it_a_beta() -> None:
    triglycerides = made(named("triglycerides"), facts("triglycerides", mean=137.8, sd=104.3))
    assert triglycerides.marginal == MeanSD(137.8, 104.3, 15.0, None)


def test_an_unknown_number_is_not_negative_if_its_figures_are_not() -> None:
    assert made(named("score"), facts("score", mean=5, sd=4)).marginal == MeanSD(5, 4, 0.0, None)
    assert made(named("change"), facts("change", mean=-2, sd=4)).marginal == MeanSD(-2, 4)
    assert made(named("change"), facts("change", mean=0, sd=4)).marginal == MeanSD(0, 4)


def test_a_constant_needs_no_bounds() -> None:
    assert made(named("packs"), facts("packs", mean=0, sd=0)).marginal == MeanSD(0, 0)


def test_quartiles_make_a_median_iqr() -> None:
    days = made(named("days to flumbar"), facts("days to flumbar", p25=30, p50=98, p75=316))
    assert days.marginal == MedianIQR(30, 98, 316, 0.0, None)
    assert days.type == "integer"


def test_shares_are_completed_and_freed_of_rounding() -> None:
    smoker = made(named("smoker", codes="no yes"), share("smoker", "yes", 0.12))
    assert shares(smoker) == pytest.approx({"no": 0.88, "yes": 0.12})
    region = named("region", codes="north south west")
    rounded = [share("region", code, 0.333) for code in ("north", "south", "west")]
    assert list(shares(made(region, rounded)).values()) == pytest.approx([1 / 3] * 3)


def test_a_binary_variable_needs_no_codes() -> None:
    assert shares(made(named("frail"), share("frail", "yes", 0.3))) == {"no": 0.7, "yes": 0.3}


def test_a_mean_beside_quartiles_is_left_to_the_facts() -> None:
    crp = made(named("crp"), facts("crp", mean=8, sd=9, p25=2, p50=5, p75=11))
    assert isinstance(crp.marginal, MedianIQR)


# --- stated by arm


def test_each_arm_keeps_its_figures() -> None:
    score = [
        *facts("score", ("arm", "active"), mean=10, sd=2),
        *facts("score", ("arm", "placebo"), mean=12, sd=3),
    ]
    variable = answer(*ARM, named("score"), score).spec.variable("score")
    assert isinstance(variable.marginal, By)
    assert variable.marginal.parents == ("arm",)
    means = {cell.levels[0]: cell.marginal.mean for cell in variable.marginal.cells
             if isinstance(cell.marginal, MeanSD)}  # fmt: skip
    assert means == {"active": 10, "placebo": 12}


def test_one_share_of_each_arm_is_enough_for_a_binary() -> None:
    frail = [
        share("frail", "yes", 0.1, ("arm", "active")),
        share("frail", "yes", 0.2, ("arm", "placebo")),
    ]
    variable = answer(*ARM, named("frail"), frail).spec.variable("frail")
    assert isinstance(variable.marginal, By)
    cells = {cell.levels[0]: cell.marginal for cell in variable.marginal.cells}
    assert cells["active"] == Shares((Share("no", 0.9), Share("yes", 0.1)))


def test_an_arm_without_figures_shares_those_of_the_others() -> None:
    score = facts("score", ("arm", "active"), mean=10, sd=2)
    variable = answer(*ARM, named("score"), score).spec.variable("score")
    assert variable.marginal == MeanSD(10, 2, 0.0, None)


def test_missing_shares_of_the_arms_are_pooled() -> None:
    missing = [
        *facts("score", ("arm", "active"), missing=0.1),
        *facts("score", ("arm", "placebo"), missing=0.2),
    ]
    score = answer(*ARM, named("score"), missing).spec.variable("score")
    assert score.missing == pytest.approx(0.4 * 0.1 + 0.6 * 0.2)
    assert made(named("score"), facts("score", missing=0.1)).missing == 0.1


# --- the catalogue


def test_an_unstated_variable_comes_from_the_catalogue_with_its_source() -> None:
    bmi = made(named("BMI"))
    assert isinstance(bmi.marginal, Quantiles)
    assert (bmi.provenance, bmi.unit, bmi.decimals) == ("catalogue", "kg/m2", 1)
    assert "US adults" in bmi.basis
    assert "National Health and Nutrition Examination Survey" in bmi.basis


def test_units_are_converted() -> None:
    weight = made(named("weight", unit="lb"), population="Women in Ohio")
    kilograms = made(named("weight"), population="Women in Ohio")
    assert median(weight) == pytest.approx(median(kilograms) * 2.2046, rel=1e-3)
    creatinine = made(named("creatinine", unit="umol/L"))
    assert median(creatinine) == pytest.approx(median(made(named("creatinine"))) * 88.4, abs=0.5)
    assert (creatinine.type, creatinine.decimals) == ("integer", 0)


def by_sex() -> dict[str, float]:
    marginal = entry("haemoglobin").marginal
    assert isinstance(marginal, By)
    return {cell.levels[0]: float(np.median(values(cell.marginal))) for cell in marginal.cells}


def test_women_and_men_differ_where_the_cohort_has_a_sex() -> None:
    sex = named("PTGENDER", label="Sex", codes="0=male 1=female", type="binary")
    haemoglobin = answer(sex, named("Hb")).spec.variable("Hb")
    assert isinstance(haemoglobin.marginal, By)
    medians = {
        cell.levels[0]: float(np.median(values(cell.marginal)))
        for cell in haemoglobin.marginal.cells
    }
    known = by_sex()
    assert medians == pytest.approx({"0": known["male"], "1": known["female"]})


def test_without_a_sex_they_are_mixed() -> None:
    known = by_sex()
    assert known["female"] < median(made(named("Hb"))) < known["male"]


@pytest.mark.parametrize(
    ("population", "sex"), [("Men in Ohio", "male"), ("Women in Ohio", "female")]
)
def test_a_population_of_one_sex_has_the_figures_of_that_sex(population: str, sex: str) -> None:
    assert median(made(named("Hb"), population=population)) == pytest.approx(
        by_sex()[sex], rel=0.02
    )


def test_shares_come_in_the_user_s_codes_from_low_to_high() -> None:
    for name, codes, low in (
        ("death", "1=dead 0=alive", "0"),
        ("diabetes", "present absent", "absent"),
    ):
        marginal = entry(name).marginal
        assert isinstance(marginal, Shares)
        found = shares(made(named(name, codes=codes, type="binary")))
        assert next(iter(found)) == low
        assert found[low] == pytest.approx(marginal.shares[0].share)


def test_a_cohort_of_some_classes_keeps_their_proportions() -> None:
    nyha = made(named("NYHA class", codes="III IV", type="categorical"))
    assert nyha.type == "ordinal"
    known = {code: share_of(entry("nyha").marginal, code) for code in ("III", "IV")}
    total = sum(known.values())
    assert shares(nyha) == pytest.approx({code: x / total for code, x in known.items()})


def test_a_mean_without_sd_leaves_the_catalogue_s_shape_to_the_facts() -> None:
    age = made(named("age"), facts("age", mean=61))
    assert isinstance(age.marginal, Quantiles)
    assert age.provenance == "catalogue"


@pytest.mark.parametrize(
    ("variable", "why"),
    [
        (named("weight", unit="g"), "not in 'g'"),
        (named("diabetes", codes="apple pear plum"), "not with codes apple, pear, plum"),
    ],
)
def test_what_does_not_fit_the_catalogue_is_guessed_and_said(variable: object, why: str) -> None:
    found = answer(variable)  # type: ignore[arg-type]
    assert is_guess(found.spec.variables[0])
    assert why in " ".join(found.origin.remarks)


@pytest.mark.parametrize("population", ["Children with asthma", ""])
def test_children_are_not_made_from_figures_of_adults(population: str) -> None:
    names = named("age"), named("weight"), named("coronary calcium")
    found = answer(*names, facts("age", mean=4, sd=1), population=population).spec
    assert found.variable("age").provenance == "stated"
    drawn = sample(compile_cohort(found), 500, seed=1)
    assert drawn["weight"].max() < 50
    assert is_guess(found.variable("coronary calcium"))


def test_of_two_that_look_the_same_the_first_is_from_the_catalogue() -> None:
    found = answer(named("weight"), named("Body weight"))
    assert [v.provenance for v in found.spec.variables] == ["catalogue", "assumed"]
    assert found.origin.remarks[0].startswith("Body weight and weight both look like Weight")


# --- guesses


def test_bounds_give_a_guess_in_their_middle() -> None:
    score = made(named("flumbar", low=0, high=10))
    assert score.marginal == MeanSD(5, 2.5, 0, 10)
    assert is_guess(score)
    assert "state a mean and SD" in score.basis


def test_a_lone_mean_gives_a_guess_around_it() -> None:
    score = made(named("flumbar", low=0, high=30, type="integer"), facts("flumbar", mean=24))
    assert score.marginal == MeanSD(24, 3, 0, 30)
    assert is_guess(score)


def test_bounds_of_a_known_score_cut_it_off() -> None:
    pain = made(named("pain score", low=3, high=8))
    assert not is_guess(pain)
    assert 3 <= values(pain.marginal).min() < values(pain.marginal).max() <= 8


def test_nothing_at_all_gives_an_arbitrary_number() -> None:
    marker = made(named("marker"))
    assert isinstance(marker.marginal, MeanSD)
    assert marker.type == "continuous"
    assert marker.provenance == "assumed"


def test_codes_without_shares_are_equal() -> None:
    flumbar = made(named("flumbar", codes="I II III IV", type="ordinal"))
    assert shares(flumbar) == dict.fromkeys(["I", "II", "III", "IV"], 0.25)
    assert len(shares(made(named("ward", type="categorical")))) == 3


def test_codes_with_some_shares_part_the_rest() -> None:
    flumbar = made(named("flumbar", codes="I II III", type="ordinal"), share("flumbar", "I", 0.5))
    assert shares(flumbar) == {"I": 0.5, "II": 0.25, "III": 0.25}
    assert is_guess(flumbar)


def test_a_share_of_one_code_leaves_the_others_in_the_catalogue_s_proportions() -> None:
    nyha = named("NYHA", codes="I II III IV", type="ordinal")
    half = answer(nyha, share("NYHA", "III", 0.5)).spec
    drawn = sample(compile_cohort(half), 20_000, seed=1)["NYHA"].value_counts(normalize=True)
    assert drawn["III"] == pytest.approx(0.5, abs=0.01)
    known = {code: share_of(entry("nyha").marginal, code) for code in ("I", "II")}
    assert drawn["II"] / drawn["I"] == pytest.approx(known["II"] / known["I"], rel=0.1)


def test_identifiers_and_dates() -> None:
    assert made(named("pid", type="identifier")).marginal == Identifier()
    visit = made(named("visit", type="date"))
    assert visit.unit.startswith("days since ")
    assert visit.provenance == "assumed"


# --- types and decimals


@pytest.mark.parametrize(
    ("figures", "type_", "decimals"),
    [
        ({"mean": 67.9, "sd": 9.4}, "continuous", 1),
        ({"mean": 68, "sd": 9}, "integer", 0),
        ({"p25": 30, "p50": 98, "p75": 316}, "integer", 0),
        ({"p25": 4, "p50": 4.5, "p75": 6}, "integer", 0),
        ({"p25": 0.8, "p50": 1.2, "p75": 1.9}, "continuous", 1),
        ({"mean": 4.0, "sd": 0.02}, "continuous", 2),
        ({"mean": 24, "sd": 3, "min": 1.5}, "continuous", 1),
    ],
)
def test_an_unknown_number_is_recorded_as_its_figures_show(
    figures: dict[str, float], type_: str, decimals: int
) -> None:
    variable = made(named("score"), facts("score", **figures))
    assert (variable.type, variable.decimals) == (type_, decimals)


def test_the_description_s_type_wins() -> None:
    assert made(named("age", type="continuous"), facts("age", mean=60, sd=9)).type == "continuous"
    assert made(named("score", type="integer"), facts("score", mean=6.5, sd=2)).decimals == 0


def test_a_known_variable_is_recorded_as_usual() -> None:
    potassium = made(named("potassium"), facts("potassium", mean=4.21, sd=0.4))
    assert (potassium.type, potassium.decimals) == ("continuous", 1)


@pytest.mark.parametrize(
    ("stated", "value"),
    [("Mean ALT 800 U/L", 800), ("Median ALT 800 U/L", 800), ("Mean bilirubin 4 mg/dL", 4),
     ("Mean CRP 120 mg/L", 120), ("Mean procalcitonin 30 ng/mL", 30)],
)  # fmt: skip
def test_a_centre_far_from_the_usual_is_reached_by_all_patients(stated: str, value: float) -> None:
    patients = sm.generate(f"Adults. {stated}.", rows=2000, engine="offline")
    values = patients.iloc[:, -1]
    centre = values.mean() if stated.startswith("Mean") else values.median()
    assert centre == pytest.approx(value, rel=0.1)
    assert values.quantile(0.95) > 1.5 * values.quantile(0.5) > 3 * values.quantile(0.01)
    assert patients.cohort.facts()["reached"].all()
