"""A change in a few words: what is read, and what the description is then."""

from __future__ import annotations

import pytest

from synth_magic.engines.refinement import MARKER, figures, refinement
from synth_magic.errors import ContradictionError, DescriptionError
from synth_magic.spec import CohortSpec, MeanSD, Share, Shares, Variable

BEFORE = "Adults with gout, 56% male, mean age 62."
PARENT = CohortSpec(
    "Gout",
    "Adults",
    (
        Variable("Age (years)", "integer", MeanSD(62, 9), label="Age", unit="years"),
        Variable("sex", "binary", Shares((Share("F", 0.44), Share("M", 0.56)))),
    ),
)


def test_the_words_stand_below_the_description_and_stack() -> None:
    once = refinement(PARENT, BEFORE, "  70% male\n")
    assert once.description.text == f"{BEFORE}\n\nRefined: 70% male"
    twice = refinement(PARENT, once.description.text, "older")
    assert twice.description.text == f"{BEFORE}\n\nRefined: 70% male\n\nRefined: older"
    assert (twice.refinement, twice.parent_text) == ("older", once.description.text)
    assert twice.is_change


def test_only_the_words_are_read_with_the_names_and_codes_of_the_variables() -> None:
    asked = refinement(PARENT, BEFORE, "mean age 71, 70% male")
    facts = [(f.variable, f.statistic, f.code, f.value) for f in asked.description.facts]
    assert facts == [("Age (years)", "mean", "", 71), ("sex", "share", "M", 0.7)]
    for fact in asked.description.facts:
        assert fact.start is not None
        assert asked.description.text[fact.start :].startswith(fact.quote)
    assert asked.description.text[asked.words_start :] == "mean age 71, 70% male"


@pytest.mark.parametrize("words", ["", " \n ", "\x00\x1f"])
def test_no_words_are_refused_with_an_example(words: str) -> None:
    with pytest.raises(DescriptionError, match="make them ten years older"):
        refinement(PARENT, BEFORE, words)


@pytest.mark.parametrize("words", [None, 5, "x" * 600_000])
def test_what_no_description_can_be_is_refused(words: str) -> None:
    with pytest.raises(DescriptionError):
        refinement(PARENT, BEFORE, words)


def test_words_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ContradictionError) as refused:
        refinement(PARENT, BEFORE, "70% male and 80% male")
    assert str(refused.value).startswith("sex: share of 'M' 70 % ('70% male') and ")
    assert "line" not in str(refused.value)


def test_the_last_word_on_a_figure_counts() -> None:
    stated = figures(f"{BEFORE}{MARKER}70% male{MARKER}75% male")
    assert sorted(stated.values()) == [0.75, 18, 62]


@pytest.mark.parametrize("text", ["", "70% male, 80% male"])
def test_what_cannot_be_read_states_nothing(text: str) -> None:
    assert figures(text) == {}
