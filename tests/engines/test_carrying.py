"""What stays of what was before: facts beside new ones, the order of drawing, edits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic.description import parse
from synth_magic.engines.answer import Answer, Origin, Question
from synth_magic.engines.carrying import anew, holding, in_order, with_edits, with_facts
from synth_magic.sampling import compiled, sample
from synth_magic.spec import Association, CohortSpec, MeanSD, MissingGroup, Variable
from synth_magic.spec.edits import edit, told, with_edit
from synth_magic.spec.model import Fact, Within
from tests.sampling.builders import AGE, SEX, cohort

MEN = Within("sex", "male")


def fact(variable: str, statistic: str, value: float, **others: object) -> Fact:
    return Fact("stated", variable, statistic, value, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        (fact("age", "mean", 62), fact("age", "mean", 71), False),
        (fact("age", "p25", 55), fact("age", "mean", 71), False),
        (fact("age", "mean", 62), fact("age", "p50", 71), False),
        (fact("age", "mean", 62), fact("age", "p95", 90), True),
        (fact("age", "sd", 9), fact("age", "mean", 71), True),
        (fact("age", "max", 85), fact("age", "mean", 71), True),
        (fact("age", "mean", 62, within=MEN), fact("age", "mean", 71), True),
        (fact("sex", "share", 0.4, code="female"), fact("sex", "share", 0.7, code="male"), False),
        (fact("smoking", "share", 0.4, code="yes"), fact("sex", "share", 0.7, code="male"), True),
        (
            fact("age", "direction", -1, other_variable="egfr"),
            fact("egfr", "spearman", 0.2, other_variable="age"),
            False,
        ),
        (fact("age", "missing", 0.1), fact("age", "mean", 71), True),
    ],
)
def test_a_new_figure_takes_the_place_of_what_it_settles(old: Fact, new: Fact, holds: bool) -> None:
    assert holding([old], [new]) == ((old,) if holds else ())


def test_a_figure_is_new_where_the_earlier_words_did_not_state_it() -> None:
    before = "Adults with gout, 56% male, mean age 62."
    now = parse(before.replace("56%", "70%"))
    [new] = anew(Question(now, (), cohort(AGE), before))
    assert (new.variable, new.value) == ("sex", 0.7)


def test_new_names_are_drawn_last() -> None:
    blood = MissingGroup("blood", ("age",), 0.1)
    before = CohortSpec("", "", (AGE, SEX), missing_groups=(blood,), draw_order=("sex",))
    height = Variable("height", "continuous", MeanSD(170, 9))
    after = in_order(replace(before, variables=(height, SEX), missing_groups=()), before)
    assert after.draw_order == ("sex", "height")
    assert in_order(before, before).draw_order == ("sex", "age", "blood")


WEIGHT = Variable("weight", "continuous", MeanSD(80, 15), decimals=1)
HEIGHT = Variable("height", "continuous", MeanSD(170, 9), decimals=1, missing=0.1)


def test_a_variable_in_the_middle_leaves_the_patients_as_they_were() -> None:
    pairs = (Association("age", "sex", 0.1), Association("age", "weight", 0.3))
    before = compiled(replace(cohort(AGE, SEX, WEIGHT), associations=pairs)).spec
    more = (*pairs, Association("height", "weight", 0.4))
    added = replace(before, variables=(AGE, HEIGHT, SEX, WEIGHT), associations=more)
    old = sample(compiled(before), 5000)
    new = sample(compiled(in_order(added, before)), 5000)
    assert list(new) == ["age", "height", "sex", "weight"]
    assert new[list(old)].equals(old)
    again = replace(added, variables=(WEIGHT, AGE, SEX), associations=pairs, draw_order=())
    moved = in_order(again, in_order(added, before))
    assert sample(compiled(moved), 5000)[list(old)].equals(old)


# edits


def described(now: str, before: str, parent: CohortSpec) -> Question:
    return Question(parse(now), (), parent, before)


def test_edits_are_kept_where_they_fit_and_it_is_said() -> None:
    words = "Adults, mean age 62."
    edited = with_edit(
        with_edit(cohort(AGE, SEX), edit("age", "sd", 5)), edit("sex", "missing", 0.2)
    )
    answer = Answer(cohort(AGE), Origin("offline", "Made."))
    kept = with_edits(answer, described(f"{words} In Leeds.", words, edited))
    assert [(f.variable, f.statistic) for f in kept.spec.facts] == [("age", "sd")]
    assert kept.origin.remarks == (
        "Kept from your edits: age: SD 5.", "Gone of your edits: sex: missing 20%."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "stated"),
    [
        (edit("age", "max", 50), fact("age", "min", 60)),
        (
            edit("age", "mean", 50, within=MEN),
            fact("sex", "share", 0.3, code="male", within=Within("age", "<40")),
        ),
    ],
    ids=["a contradiction", "a circle"],
)
def test_edits_that_cannot_be_beside_the_new_words_are_gone(edited: Fact, stated: Fact) -> None:
    answer = Answer(replace(cohort(AGE, SEX), facts=(stated,)), Origin("", ""))
    parent = with_edit(cohort(AGE, SEX), edited)
    kept = with_edits(answer, described("Adults.", "Men.", parent))
    assert kept.spec == answer.spec
    assert kept.origin.remarks == (f"Gone of your edits: {told(edited)}.",)


def test_quotes_that_are_gone_are_no_basis() -> None:
    first, second = fact("age", "mean", 62), replace(fact("age", "sd", 9), quote="SD  9")
    based = replace(AGE, basis="“stated”, “SD 9”; a survey")
    spec = replace(cohort(based), facts=(first, second))
    assert with_facts(spec, (first,)).variables[0].basis == "“stated”; a survey"
    assert with_facts(spec, ()).variables[0].basis == "a survey"
    assert with_facts(spec, (), imposed=(first, second)).variables[0].basis == based.basis
