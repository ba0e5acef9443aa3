"""A description is read in the names and codes of the specification that it is to change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic.description import parse
from synth_magic.engines.offline.reading import other_words, read_before, read_for
from synth_magic.spec import CohortSpec, Variable
from tests.sampling.builders import AGE, cohort, number, said, shares, yes_no

PARENT = cohort(
    AGE,
    Variable("Geschlecht", "binary", shares(M=0.5, F=0.5), label="Sex"),
    number("sbp", 130, 15, label="Systolic blood pressure", unit="mmHg"),
    yes_no("current_smoker", 0.2, label="Current smoker"),
    Variable("t2dm", "binary", shares(absent=0.9, present=0.1), label="Type 2 diabetes"),
)


def figures(text: str, parent: CohortSpec = PARENT) -> list[tuple[str, str, float]]:
    facts = read_for(parent, text).facts
    return [(fact.variable, fact.code or fact.statistic, fact.value) for fact in facts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("70% male.", ("Geschlecht", "M", 0.7)),
        ("30% women.", ("Geschlecht", "F", 0.3)),
        ("20% smokers.", ("current_smoker", "yes", 0.2)),
        ("systolic blood pressure 140.", ("sbp", "mean", 140)),
        ("Mean age 71.", ("age", "mean", 71)),
        ("30% with type 2 diabetes.", ("t2dm", "present", 0.3)),
    ],
)
def test_prose_is_read_in_the_names_and_codes_of_the_specification(
    text: str, found: tuple[str, str, float]
) -> None:
    assert figures(text) == [found]


def test_a_table_s_own_names_are_matched_by_the_catalogue() -> None:
    table = """Name | Statistics
Gender, n (%) |
  female | 30%
  male | 70%
SBP | mean 140 (SD 15)
"""
    read = read_for(PARENT, table)
    assert [variable.name for variable in read.variables] == ["Geschlecht", "sbp"]
    assert read.listed == ("Geschlecht", "sbp")
    assert {("Geschlecht", "F", 0.3), ("Geschlecht", "M", 0.7)} <= set(figures(table))


def test_the_last_word_of_the_refinements_is_what_was_said() -> None:
    words = "Adults, 56% male, mean age 62.\n\nRefined: 70% male\n\nRefined: 20% women"
    read, stated = read_before(PARENT, words)
    assert [v.name for v in read.variables] == ["age", "Geschlecht"]
    shares_of = [(f.code, f.value) for f in stated if f.statistic == "share"]
    assert shares_of == [("F", 0.2)]


@pytest.mark.parametrize("text", ["", "Age 50, range 60 to 40."])
def test_of_words_that_cannot_be_read_the_facts_are_what_was_said(text: str) -> None:
    parent = replace(PARENT, facts=tuple(said("age", mean=64)))
    read, stated = read_before(parent, text)
    assert read.variables == ()
    assert stated == parent.facts


@pytest.mark.parametrize(
    ("now", "differ"),
    [
        ("Adults with gout, 70% male, mean age 62.", False),
        ("Adults with gout, 56% male, mean age 62, and heart rate.", False),
        ("Adults with gout,\n 56% male (mean age 62)", False),
        ("Adults with severe gout, 56% male, mean age 62.", True),
        ("56% male, mean age 62.", True),
    ],
)
def test_words_are_compared_but_for_figures_and_names(now: str, differ: bool) -> None:
    before = parse("Adults with gout, 56% male, mean age 62.")
    assert other_words(before, parse(now)) == differ
