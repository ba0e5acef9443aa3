"""What the user controls decides which recorded answer is found; nothing else does."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.description.model import Description
from synth_magic.engines.answer import Question
from synth_magic.engines.recorded.key import Key, normalised
from synth_magic.engines.settings import Settings
from synth_magic.spec.cohort import CohortSpec

QUESTION = Question(Description("Adults with gout."), ({"age": 61, "sex": "m"},))
SETTINGS = Settings()
KEY = Key.of(QUESTION, SETTINGS)


def key_of(text: str) -> Key:
    return Key.of(Question(Description(text)), SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "Adults with gout.\n\n40% smokers",
        "  Adults with   gout. \r\n\r\n\r\n  40%\u00a0smokers\t\n",
        "\n\nAdults with gout.\r\r40% smokers\n",
    ],
)
def test_white_space_around_words_does_not_matter(text: str) -> None:
    assert normalised(text) == "Adults with gout.\n\n40% smokers"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert key_of("Sjögren") == key_of(unicodedata.normalize("NFD", "Sjögren"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BMI 27", "bmi 27"),
        ("BMI 27", "BMI 28"),
        ("HbA1c\t\t7.4", "HbA1c\t7.4"),  # in the second column, or in the first
        ("onetwo", "one two"),
    ],
)
def test_case_content_and_cells_matter(one: str, other: str) -> None:
    assert not key_of(one).same(key_of(other))
    assert key_of(one).stem != key_of(other).stem


@pytest.mark.parametrize("broken", ["one\ntwo", "one\n\n two", "one \r\ntwo"])
def test_where_the_lines_break_does_not_matter(broken: str) -> None:
    assert key_of(broken).same(key_of("one two"))
    assert key_of(broken).stem == key_of("one two").stem


@given(st.text(alphabet=st.sampled_from(" \t\r\n\u00a0\u2028aé\u0301\u1e9b\u0323")))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.text())
def test_every_letter_is_kept(text: str) -> None:
    letters = "".join(unicodedata.normalize("NFC", text).split())
    assert "".join(normalised(text).split()) == letters


@pytest.mark.parametrize(
    "other",
    [
        replace(SETTINGS, max_tokens=1),
        replace(SETTINGS, token_budget=1),
        replace(SETTINGS, timeout=1),
        replace(SETTINGS, base_url="http://127.0.0.1:1"),
        replace(SETTINGS, recordings="elsewhere"),
        replace(SETTINGS, engine="claude", fresh=True),
    ],
)
def test_settings_that_do_not_change_the_answer_are_not_in_it(other: Settings) -> None:
    assert Key.of(QUESTION, other).stem == KEY.stem


def test_the_parent_is_not_in_it() -> None:
    parent = CohortSpec("Before", "Adults", ())
    assert Key.of(replace(QUESTION, parent=parent), SETTINGS) == KEY


@pytest.mark.parametrize(
    "other", [replace(SETTINGS, model="claude-haiku-5-5"), replace(SETTINGS, effort="")]
)
def test_model_and_effort_are_the_second_half_of_the_name(other: Settings) -> None:
    key = Key.of(QUESTION, other)
    assert key != KEY
    assert key.asks_as(KEY)
    assert key.stem.partition("-")[0] == KEY.stem.partition("-")[0] == KEY.asked
    assert key.stem != KEY.stem


@pytest.mark.parametrize(
    "examples", [(), ({"age": 62, "sex": "m"},), ({"age": 61, "sex": "m"},) * 2]
)
def test_examples_are_in_the_first_half(examples: tuple[dict[str, object], ...]) -> None:
    key = Key.of(replace(QUESTION, examples=examples), SETTINGS)
    assert not key.asks_as(KEY)
    assert key.asked != KEY.asked


def test_the_order_of_an_examples_values_does_not_matter() -> None:
    key = Key.of(replace(QUESTION, examples=({"sex": "m", "age": 61},)), SETTINGS)
    assert key == KEY
    assert key.stem == KEY.stem


@given(st.text())
def test_no_letter_of_the_users_is_in_the_name(text: str) -> None:
    stem = key_of(text).stem
    assert set(stem) <= {*string.hexdigits.lower(), "-"}
    assert len(stem) == 25
