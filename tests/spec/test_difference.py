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
    MedianIQR,
    MissingGroup,
    Rule,
    Share,
    Shares,
    Spike,
    Variable,
    Within,
)
from synth_magic.spec.text import is_one_line
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


# --- in brief ---------------------------------------------------------------------------------


def told(before: CohortSpec, after: CohortSpec, most: int = 6) -> str:
    return before.diff(after).brief(most)


def shares(female: float) -> Shares:
    return Shares((Share("female", female), Share("male", 1 - female)))


@pytest.mark.parametrize(
    ("variable", "line"),
    [
        (replace(AGE, marginal=replace(AGE.marginal, p25=42, p50=62)), "age: median 55 → 62"),
        (replace(AGE, marginal=replace(AGE.marginal, p25=42)), "age: lower quartile 40 → 42"),
        (replace(SBP, marginal=MeanSD(141.23456, 19, 70, 250)), "sbp: mean 130 → 141"),
        (replace(SEX, marginal=shares(0.44)), "sex: share of male 50% → 56%"),
        (replace(SEX, marginal=shares(0.4937)), "sex: share of male 50.00% → 50.63%"),
        (replace(AGE, missing=0.125), "age: missing 0.0% → 12.5%"),
        (replace(AGE, unit="months"), "age: unit 'years' → 'months'"),
        (replace(SBP, marginal=MeanSD(130, 20, 70, None)), "sbp: upper bound 250 (gone)"),
    ],
    ids=str,
)
def test_in_brief_a_variable_has_its_most_telling_figure(variable: Variable, line: str) -> None:
    assert told(cohort(), cohort(variable)) == f"{line}; 5 variables unchanged"


def test_in_brief_a_cell_stands_for_its_variable() -> None:
    before = cohort(Variable("hb", "continuous", HB))
    cells = (HB.cells[0], Cell(("male",), MeanSD(14, 2)))
    after = cohort(Variable("hb", "continuous", replace(HB, cells=cells)))
    assert told(before, after) == "hb: mean in sex male 15 → 14; 6 variables unchanged"


def test_in_brief_the_largest_changes_come_first_and_the_rest_is_counted() -> None:
    before = cohort(associations=(Association("sbp", "age", 0.1),))
    after = replace(
        cohort(
            replace(AGE, marginal=replace(AGE.marginal, p50=62)),
            replace(SEX, marginal=shares(0.2)),
            Variable("bmi", "continuous", HB),
            associations=(Association("age", "sbp", 0.04),),
        )
    )
    everything = (
        "bmi: new variable",
        "sex: share of male 50% → 80%",
        "age: median 55 → 62",
        "age – sbp 0.10 → 0.04",
        "4 variables unchanged",
    )
    assert told(before, after) == "; ".join(everything)
    assert told(before, after, most=2) == "; ".join(
        (*everything[:2], "and 2 more", "4 variables unchanged")
    )
    assert told(after, before).startswith("bmi: no longer a variable; sex: ")


@pytest.mark.parametrize(
    "after",
    [
        cohort(replace(AGE, basis="a survey", provenance="literature", certainty="high")),
        cohort(replace(AGE, label="Age at entry")),
        replace(cohort(), title="ward", population="children"),
        cohort(replace(AGE, marginal=replace(AGE.marginal, p50=55.01))),
    ],
    ids=["basis", "label", "title", "a hair"],
)
def test_in_brief_wording_and_what_nobody_sees_are_no_change(after: CohortSpec) -> None:
    assert told(cohort(), after) == "only the wording changed; 6 variables unchanged"


def test_in_brief_a_fact_is_told_by_its_words_only_where_nothing_else_changed() -> None:
    stated = replace(cohort(), facts=(fact(60),))
    assert told(cohort(), stated) == (
        "'mean 60 in women': mean of age within sex female 60 (new); 6 variables unchanged"
    )
    older = replace(AGE, marginal=replace(AGE.marginal, p50=62))
    assert told(cohort(), replace(cohort(older), facts=(fact(60),))) == (
        "age: mean where sex is female 60; 5 variables unchanged"
    )


@pytest.mark.parametrize(
    ("fact", "variable", "line"),
    [
        (
            Fact("a quarter are women", "sex", "share", 0.25, "female"),
            replace(SEX, marginal=shares(0.25)),
            "sex: share of female 50% → 25%",
        ),
        (
            Fact("mean 61", "age", "mean", 61),
            replace(AGE, marginal=replace(AGE.marginal, p50=62)),
            "age: mean 61",
        ),
        (
            Fact("SD 19.5", "sbp", "sd", 19.5),
            replace(SBP, marginal=MeanSD(131, 19.5, 70, 250)),
            "sbp: SD 20.0 → 19.5",
        ),
        (
            Fact("median 128", "sbp", "p50", 128),
            replace(SBP, marginal=MedianIQR(115, 128, 142, 70, 250)),
            "sbp: median 128",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_in_brief_what_is_newly_stated_stands_for_its_variable(
    fact: Fact, variable: Variable, line: str
) -> None:
    assert (
        told(cohort(), replace(cohort(variable), facts=(fact,))) == f"{line}; 5 variables unchanged"
    )


def test_in_brief_rules_groups_and_order_are_told() -> None:
    after = replace(cohort(rules=(Rule("age > 1"),), missing_groups=(BLOOD,)), variables=BASE[::-1])
    assert told(cohort(), after) == (
        "missing group blood: fraction 10% (new); rule age > 1 (new); "
        "the columns changed places; 6 variables unchanged"
    )


def test_in_brief_nothing_is_nothing() -> None:
    assert told(cohort(), cohort()) == "no difference"


@given(cohort_specs(with_facts=True), cohort_specs(with_facts=True))
def test_in_brief_it_is_one_line_that_counts_what_stayed(
    before: CohortSpec, after: CohortSpec
) -> None:
    difference = before.diff(after)
    line = difference.brief(most=3)
    assert is_one_line(line)
    kept = {v.name for v in before.variables} & {v.name for v in after.variables}
    if difference:
        unchanged = int(line.split("; ")[-1].split()[0])
        assert difference.unchanged <= unchanged <= len(kept)
