"""What is stated of some variables moves those that are correlated with them."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.setting import Setting
from synth_magic.engines.offline.subjects import Subject, read
from synth_magic.spec.model import Fact, Shares
from tests.engines.offline.builders import (
    SEX,
    condition,
    entry,
    facts,
    line,
    named,
    share,
    share_of,
    values,
)


def subjects(*names: str, stated: list[Fact] | None = None) -> dict[str, Subject]:
    return {name: read(named(name), stated or []) for name in names}


def median(found: Cohort, subject: Subject) -> float:
    known = found.made(subject)
    assert known is not None
    return float(np.median(values(known.marginal)))


def medians(name: str, *stated: list[Fact]) -> list[float]:
    """The median of one variable beside others, as these are stated or not."""
    found = []
    for figures in stated:
        own = subjects(name, *{fact.variable for fact in figures}, stated=figures)
        found.append(median(Cohort.of(own, Setting()), own[name]))
    return found


def test_patients_of_80_have_the_pressure_and_the_kidneys_of_their_age() -> None:
    old = facts("age", mean=80, sd=5)
    adults, aged = medians("systolic_bp", [], old)
    assert aged > adults + 3
    adults, aged = medians("egfr", [], old)
    assert aged < adults - 10


@pytest.mark.parametrize(
    "stated",
    [
        facts("bmi", mean=45, sd=5),
        facts("bmi", mean=45),
        facts("bmi", p50=44),
        facts("bmi", p25=41, p50=44, p75=48),
        facts("bmi", min=40),
    ],
)
def test_any_figures_of_a_variable_move_the_others(stated: list[Fact]) -> None:
    adults, heavy = medians("waist", [], stated)
    assert heavy > adults + 10


def test_a_share_moves_the_others() -> None:
    few, many = medians("hba1c", [share("diabetes", "yes", 0.01)], [share("diabetes", "yes", 0.9)])
    assert many > few + 0.5


def test_missing_values_and_stated_pairs_move_nothing() -> None:
    adults, same = medians("waist", [], facts("bmi", missing=0.3))
    assert adults == same


def test_figures_that_the_catalogue_expects_anyway_move_nothing() -> None:
    marginal = values(entry("bmi").marginal)
    expected = facts("bmi", mean=float(marginal.mean()), sd=float(marginal.std()))
    adults, same = medians("waist", [], expected)
    assert same == pytest.approx(adults, rel=0.01)


def test_figures_of_a_condition_are_given_first() -> None:
    own = subjects("age", "bmi", "waist", stated=facts("bmi", mean=30, sd=4))
    heavy = condition(line("bmi", mean=45, sd=6), line("waist", mean=130, sd=14))
    cohort = Cohort.of(own, Setting((heavy,)))
    assert median(cohort, own["waist"]) < 115
    assert median(Cohort.of({"waist": own["waist"]}, Setting((heavy,))), own["waist"]) > 128


def test_bounds_cut_off_what_is_known() -> None:
    own = subjects("age", stated=facts("age", min=60, max=70))
    known = Cohort.of(own, Setting()).made(own["age"])
    assert known is not None
    ages = values(known.marginal)
    assert ages.min() >= 60
    assert ages.max() <= 70 + 1e-9
    assert ages.std() == pytest.approx(10 / np.sqrt(12), rel=0.1)


def test_one_sex_has_its_own_figures_though_no_variable_is_its_sex() -> None:
    own = subjects("haemoglobin")
    women, men = (
        median(Cohort.of(own, Setting(only=sex)), own["haemoglobin"]) for sex in ("female", "male")
    )
    assert men > women + 1


def test_all_patients_of_one_sex_are_of_that_sex() -> None:
    sex = read(SEX, [])
    cohort = Cohort.of({"sex": sex}, Setting(only="male"))
    assert isinstance(cohort.demographics.marginals["sex"], Shares)
    assert share_of(cohort.demographics.marginals["sex"], "male") == 1


def test_what_the_catalogue_does_not_know_has_no_figures() -> None:
    own = subjects("flumbar", "bmi")
    cohort = Cohort.of(own, Setting())
    assert cohort.entries.keys() == {"bmi"}
    assert cohort.made(own["flumbar"]) is None
