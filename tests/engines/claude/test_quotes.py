"""Quotes are looked for in the text; what stands there counts."""

from __future__ import annotations

import pytest

from synth_magic.engines.claude.quotes import place, sorted_out, together
from synth_magic.spec import Fact

TEXT = "Two thirds were men;\nthe mean   age was 62 (SD 9.1) years."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Two thirds were men", ("Two thirds were men", 0)),
        ("two thirds were MEN", ("Two thirds were men", 0)),
        ("mean age was 62", ("mean   age was 62", 25)),
        ("men; the mean age", ("men;\nthe mean   age", 16)),
        ("age was 63", None),
        ("(SD 9.1)", ("(SD 9.1)", 43)),
        ("", None),
        (".*", None),
    ],
)
def test_a_quote_is_found_as_it_stands_whatever_its_spaces_and_case(
    quote: str, found: tuple[str, int] | None
) -> None:
    assert place(quote, TEXT) == found


def test_a_fact_without_its_words_in_the_text_is_dropped() -> None:
    true, invented = {"quote": "two thirds were men"}, {"quote": "12% were smokers"}
    kept, dropped = sorted_out([true, invented], TEXT)
    assert kept == [{"quote": "Two thirds were men", "start": 0}]
    assert dropped == ["12% were smokers"]


def test_what_the_model_found_twice_or_otherwise_than_stated_does_not_count() -> None:
    stated = Fact("62", "age", "mean", 62.0)
    other = Fact("mean age was 62", "age", "mean", 61.0)
    new = Fact("Two thirds were men", "sex", "share", 0.667, "male")
    pair = Fact("", "age", "spearman", 0.3, other_variable="sex")
    turned = Fact("", "sex", "spearman", 0.2, other_variable="age")
    assert together([stated, pair], [other, new, turned]) == (stated, pair, new)
