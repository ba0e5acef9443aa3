"""How codes are spelt."""

from __future__ import annotations

import pytest

from synth_magic.engines.offline.code_words import (
    denied,
    in_range,
    is_leftover,
    level_of,
    levels_of,
)

CLASSES = levels_of(["I", "II", "III", "IV"])


@pytest.mark.parametrize(
    ("text", "level"),
    [("Stage IIIB", 3), ("grade 3", 3), ("F4", 4), ("NYHA ii", 2), ("0.5", 0.5), ("2a", 2),
     ("mild", None), ("", None), ("1 in 4", None)],
)  # fmt: skip
def test_stages_grades_and_classes_have_numbers(text: str, level: float | None) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    ("text", "codes"),
    [("3", "III"), ("III-IV", "III IV"), ("1 to 3", "I II III"), ("≥ 2", "II III IV"), ("<2", "I"),
     ("3+", "III IV"), ("II or less", "I II"), (">IV", ""), ("5", ""), ("grave", "")],
)  # fmt: skip
def test_a_range_takes_the_codes_between_its_ends(text: str, codes: str) -> None:
    assert in_range(text, CLASSES) == set(codes.split())


def test_codes_that_are_not_numbered_have_no_levels() -> None:
    assert levels_of(["never", "former", "current"]) == {}


def test_denials_and_leftovers_are_told() -> None:
    assert denied("non-smoker") == "smoker"
    assert denied("nonsense") == ""
    assert is_leftover("Other/unknown")
    assert is_leftover("not stated")
    assert not is_leftover("mother")
