from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    DigitPreference,
    Fact,
    Formula,
    MeanSD,
    MissingGroup,
    Rule,
    Share,
    Shares,
    Spike,
    Variable,
    Within,
)
from tests.spec.builders import AGE, BASE, SBP, SEX, cohort
from tests.strategies import cohort_specs

BLOOD = MissingGroup("blood", ("sbp", "age"), 0.1)
HB = By(("sex",), (Cell(("female",), MeanSD(13, 1)), Cell(("male",), MeanSD(15, 1))))


def lines(before: CohortSpec, after: CohortSpec) -> list[str]:
    return str(before.diff(after)).splitlines()


@given(cohort_specs(with_facts=True))
def test_nothing_differs_from_itself_in_another_order(spec: CohortSpec) -> None:
    turned = tuple(Association(each.b, each.a, each.spearman) for each in spec.associations[::-1])
    same = replace(spec, associations=turned, facts=spec.facts[::-1], draw_order=(), version=9)
    assert not spec.diff(same)
    assert str(spec.diff(same)) == "no difference"


@pytest.mark.parametrize(
    ("variable", "line"),
    [
        (replace(AGE, marginal=replace(AGE.marginal, p50=56.5)), "age: median 55.0 -> 56.5"),
        (replace(AGE, unit="months"), "age: unit 'years' -> 'months'"),
        (replace(AGE, missing=0.1), "age: missing 0.0 -> 0.1"),
        (replace(AGE, hidden=True), "age: hidden no -> yes"),
        (replace(AGE, provenance="stated"), "age: provenance assumed -> stated"),
        (replace(AGE, spikes=(Spike(55, 0.1),)), "age: share of 55 0.1 (new)"),
        (
            replace(AGE, digit_preference=DigitPreference(5, 0.2)),
            "age: share rounded to 5 0.2 (new)",
        ),
        (replace(SBP, marginal=MeanSD(130, 20, 70, None)), "sbp: upper bound 250 (gone)"),
        (
            replace(SBP, marginal=Formula("age * 2")),
            "sbp: marginal mean 130, SD 20, lower bound 70, upper bound 250 -> formula age * 2",
        ),
    ],
    ids=str,
)
def test_a_changed_figure_is_told_in_words(variable: Variable, line: str) -> None:
    assert lines(cohort(), cohort(variable))[0] == line
    assert lines(cohort(), cohort(variable))[-1] == "5 variables unchanged"


def test_shares_and_cells_are_compared_one_by_one() -> None:
    sex = replace(SEX, marginal=Shares((Share("female", 0.4), Share("male", 0.6))))
    hb = replace(HB, cells=(HB.cells[1], Cell(("female",), MeanSD(12.5, 1))))
    before = cohort(Variable("hb", "continuous", HB))
    assert lines(before, cohort(sex, Variable("hb", "continuous", hb))) == [
        "sex: share of female 0.5 -> 0.4",
        "sex: share of male 0.5 -> 0.6",
        "hb: mean in sex female 13.0 -> 12.5",
        "5 variables unchanged",
    ]


def test_variables_come_go_and_change_places() -> None:
    after = replace(cohort(), variables=(*BASE[:0:-1], Variable("bmi", "continuous", HB)))
    difference = cohort().diff(after)
    assert difference.added == ("bmi",)
    assert difference.removed == ("patient",)
    assert difference.reordered
    assert difference.unchanged == 5
    assert str(difference).splitlines() == [
        "bmi: new variable",
        "patient: no longer a variable",
        "the columns changed places",
        "5 variables unchanged",
    ]


def fact(value: float) -> Fact:
    return Fact("mean 60 in women", "age", "mean", value, within=Within("sex", "female"))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"title": "clinic"}, {"title": "ward"}, "title 'clinic' -> 'ward'"),
        (
            {"associations": (Association("sbp", "age", 0.1),)},
            {"associations": (Association("age", "sbp", 0.04),)},
            "age - sbp: Spearman 0.10 -> 0.04",
        ),
        (
            {},
            {"associations": (Association("age", "sbp", 0.04),)},
            "age - sbp: Spearman 0.04 (new)",
        ),
        (
            {"missing_groups": (BLOOD,)},
            {"missing_groups": (replace(BLOOD, variables=("age", "sbp"), fraction=0.2),)},
            "missing group blood: fraction 0.1 -> 0.2",
        ),
        ({"missing_groups": (BLOOD,)}, {}, "missing group blood: fraction 0.1 (gone)"),
        ({}, {"rules": (Rule("age > 1"),)}, "rule age > 1: reason '' (new)"),
        (
            {"facts": (fact(60),)},
            {"facts": (fact(61),)},
            "fact 'mean 60 in women': mean of age within sex female 60 -> 61",
        ),
    ],
    ids=str,
)
def test_what_joins_the_variables_is_compared_by_what_it_joins(
    before: dict[str, Any], after: dict[str, Any], line: str
) -> None:
    old, new = replace(cohort(), **before), replace(cohort(), **after)
    assert lines(old, new) == [line, "6 variables unchanged"]


def test_a_change_in_the_last_bit_is_none() -> None:
    before = cohort(replace(SBP, missing=0.3))
    assert not before.diff(cohort(replace(SBP, missing=0.1 + 0.2)))
