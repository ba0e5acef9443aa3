"""What is expected of patients: a condition's own figures, and what follows by correlations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth_magic.catalogue.entries import CatalogueAssociation, Condition, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.picture import Picture, family, picture
from synth_magic.engines.offline.places import PLACES
from synth_magic.engines.offline.setting import Setting
from synth_magic.spec.model import MeanSD
from tests.engines.offline.builders import condition, entry, line, share_of, values

NAMES = ("age", "sex", "bmi", "waist", "systolic_bp", "egfr", "smoking", "diabetes")
ADULTS = picture(NAMES, Setting())


def of(*conditions: Condition, names: tuple[str, ...] = NAMES, **fields: object) -> Picture:
    return picture(names, Setting(conditions, **fields))  # type: ignore[arg-type]


def median(found: Picture, name: str) -> float:
    return float(np.median(values(found.known[name].marginal)))


def mean(found: Picture, name: str) -> float:
    return float(np.mean(values(found.known[name].marginal)))


def yes(found: Picture, name: str) -> float:
    return share_of(found.known[name].marginal, "yes")


# --- all adults


def test_of_all_adults_the_catalogue_s_figures_are_known() -> None:
    for name in NAMES:
        assert ADULTS.known[name].marginal == entry(name).marginal
        assert ADULTS.known[name].basis.startswith(entry(name).label)


def test_a_correlation_comes_back_as_it_was_stated() -> None:
    for pair in ADULTS.pairs.values():
        ends = entry(pair.a).marginal, entry(pair.b).marginal
        assert ADULTS.spearman(pair.a, pair.b, *ends) == pytest.approx(pair.spearman, abs=0.02)


def test_what_is_not_stated_to_be_correlated_is_not() -> None:
    stated = set(ADULTS.pairs)
    unstated = [(a, b) for a in NAMES for b in NAMES if a < b and frozenset((a, b)) not in stated]
    assert all(ADULTS.latent(a, b) == 0 for a, b in unstated)


# --- a condition


def test_a_condition_s_figures_replace_those_of_adults() -> None:
    found = of(condition(line("bmi", mean=44, sd=6)))
    assert mean(found, "bmi") == pytest.approx(44, abs=0.2)
    assert "An illness: such patients" in found.known["bmi"].basis
    assert found.known["bmi"].provenance == "assumed"


def test_the_rest_follows_by_its_correlations() -> None:
    heavy = of(condition(line("bmi", mean=44, sd=6)))
    assert median(heavy, "waist") > median(ADULTS, "waist") + 10
    assert yes(heavy, "diabetes") > yes(ADULTS, "diabetes")
    assert "carried over to these patients" in heavy.known["waist"].basis
    old = of(condition(line("age", mean=80, sd=5)))
    assert median(old, "systolic_bp") > median(ADULTS, "systolic_bp") + 3
    assert median(old, "egfr") < median(ADULTS, "egfr") - 5


def test_a_rest_that_is_correlated_with_nothing_stays() -> None:
    found = of(condition(line("smoking", share=0.6)), names=("smoking", "height"))
    assert found.known["height"].marginal == entry("height").marginal


def test_in_patients_of_one_age_age_is_correlated_with_less() -> None:
    same = of(condition(line("age", mean=70, sd=1)))
    assert abs(same.latent("age", "egfr")) < 0.3 * abs(ADULTS.latent("age", "egfr"))


def test_what_a_condition_settles_all_patients_have() -> None:
    found = of(condition(has={"diabetes": "yes"}))
    assert yes(found, "diabetes") == 1
    assert found.known["diabetes"].basis.endswith("all patients of this kind")
    assert median(found, "bmi") > median(ADULTS, "bmi")


def test_correlations_within_the_patients_replace_those_of_adults() -> None:
    pair = CatalogueAssociation("age", "bmi", -0.6, "such patients", "assumed")
    found = of(replace(condition(), associations=(pair,)))
    ends = entry("age").marginal, entry("bmi").marginal
    assert found.spearman("age", "bmi", *ends) == pytest.approx(-0.6, abs=0.01)
    assert found.pairs[frozenset(("age", "bmi"))] is pair


def test_a_rate_is_counted_over_the_years_of_follow_up() -> None:
    deadly = condition(line("death", rate=0.1))
    shares = [yes(of(deadly, names=("death",), followup_years=years), "death") for years in (1, 5)]
    assert shares == pytest.approx([1 - np.exp(-0.1), 1 - np.exp(-0.5)])


def test_figures_are_carried_to_the_year_of_the_patients() -> None:
    smokers = condition(line("smoking", share=0.3), years=2010)
    then, now = of(smokers, year=1990), of(smokers, year=2018)
    assert yes(then, "smoking") > 0.3 > yes(now, "smoking")
    assert "carried to 1990" in then.known["smoking"].basis


# --- kinds of a condition


def test_a_kind_of_a_condition_has_its_figures_but_for_its_own() -> None:
    severe = condition(line("age", mean=75, sd=5), name="severe", is_a="heart_failure")
    assert [one.name for one in family(severe)][:2] == ["severe", "heart_failure"]
    found, general = of(severe), of(*family(severe)[1:2])
    assert found.known["age"].marginal == MeanSD(75, 5, *(entry("age").bounds or ()))
    assert found.known["bmi"].marginal == general.known["bmi"].marginal


# --- several conditions


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_conditions_the_one_furthest_from_all_adults_counts(turned: bool) -> None:
    one = condition(line("bmi", mean=31, sd=5), line("age", mean=80, sd=6))
    other = condition(line("bmi", mean=45, sd=5), line("age", mean=55, sd=6), name="other")
    found = of(other, one) if turned else of(one, other)
    assert mean(found, "bmi") == pytest.approx(45, abs=0.2)
    assert mean(found, "age") == pytest.approx(80, abs=0.2)


def region(*figures: Figures) -> Condition:
    return condition(*figures, name="here", kind="region")


def test_every_region_has_its_places() -> None:
    known = catalogue().conditions.values()
    assert {one.name for one in known if one.kind == "region"} == PLACES.keys()


@pytest.mark.parametrize("turned", [False, True])
def test_a_region_adds_to_a_disease(turned: bool) -> None:
    ill = condition(line("bmi", mean=40, sd=5), line("diabetes", share=0.5))
    lean = region(line("bmi", shift=-4), line("diabetes", odds=0.5))
    found = of(lean, ill) if turned else of(ill, lean)
    alone = median(of(ill), "bmi")
    assert median(found, "bmi") == pytest.approx(alone - 4, abs=0.1)
    assert yes(found, "diabetes") == pytest.approx(1 / 3)


def test_a_region_alone_changes_all_adults() -> None:
    found = of(region(line("bmi", shift=-4)))
    assert median(found, "bmi") == pytest.approx(median(ADULTS, "bmi") - 4, abs=0.1)


# --- children


def test_children_take_nothing_from_adults() -> None:
    child = condition(line("age", mean=8, sd=3, low=2, high=17), name="young")
    found = of(child, children=True, names=(*NAMES, "birth_weight"))
    assert found.known.keys() == {"age", "birth_weight"}


# --- what is stated


def test_what_is_stated_moves_what_is_correlated_with_it() -> None:
    given = ADULTS.given({"bmi": (1.5, 0.5)})
    assert given.known["bmi"] == ADULTS.known["bmi"]
    r = ADULTS.latent("bmi", "waist")
    mean, variance = curves.place(given.known["waist"].marginal, ADULTS.known["waist"].marginal)
    assert mean == pytest.approx(1.5 * r, abs=0.1)
    assert variance == pytest.approx(1 - 0.5 * r**2, abs=0.1)


def test_what_hardly_moves_stays_as_it_was() -> None:
    given = ADULTS.given({"bmi": (0.01, 1.0), "flumbar": (2.0, 1.0)})
    assert given.known == ADULTS.known
