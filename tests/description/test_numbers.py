from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.description.numbers import NUMBER, decimals_of, parse_number
from synth_magic.errors import DescriptionError


@pytest.mark.parametrize(
    ("printed", "value", "decimals"),
    [
        ("1,234", 1234, 0),
        ("1,234,567.5", 1234567.5, 1),
        ("68 383", 68383, 0),
        ("68\u202f383", 68383, 0),
        ("68\u00a0383,5", 68383.5, 1),
        ("67·9", 67.9, 1),
        (".45", 0.45, 2),
        ("7,4", 7.4, 1),
        ("0,123", 0.123, 3),
        ("1.234,5", 1234.5, 1),
        ("1.234", 1.234, 3),
        ("67.90", 67.9, 2),
        ("−0.5", -0.5, 1),
        ("–0.5", -0.5, 1),
        ("1e5", 100000, 0),
    ],
)
def test_a_printed_number_has_a_value_and_decimals(
    printed: str, value: float, decimals: int
) -> None:
    assert (parse_number(printed), decimals_of(printed)) == (value, decimals)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("aged 40–85", ["40", "85"]),
        ("from 40 – 85", ["40", "85"]),
        ("(−1.2 to 3.4)", ["−1.2", "3.4"]),
        ("1,2,3", ["1", "2", "3"]),
        ("2,5-7,5", ["2,5", "7,5"]),
        ("1,234 (12,5)", ["1,234", "12,5"]),
        ("60.8±11.9", ["60.8", "11.9"]),
        ("in 2019, 345 patients", ["2019", "345"]),
        ("HbA1c 7.4%", ["7.4"]),
        ("stage I, II", []),
    ],
)
def test_numbers_are_found_in_words(text: str, numbers: list[str]) -> None:
    assert re.findall(NUMBER, text) == numbers


@pytest.mark.parametrize("word", ["", "seven", "1.2.3", "12abc", "nan", "inf"])
def test_what_is_no_number_is_refused(word: str) -> None:
    with pytest.raises(DescriptionError, match="is not a number"):
        parse_number(word)


def test_a_number_beyond_floating_point_is_refused() -> None:
    with pytest.raises(DescriptionError, match="too large"):
        parse_number("9" * 400)


@given(st.integers(-(10**9), 10**9), st.sampled_from([",", "\u202f", "\u00a0", "\u2009", " "]))
def test_thousands_may_be_separated(value: int, separator: str) -> None:
    assert parse_number(f"{value:,}".replace(",", separator)) == value


@given(st.decimals(-(10**6), 10**6, places=2), st.sampled_from([".", "·", ","]))
def test_decimals_may_follow_a_point_a_middle_dot_or_a_comma(value: object, point: str) -> None:
    printed = str(value).replace(".", point)
    assert parse_number(printed) == float(str(value))
    assert decimals_of(printed) == 2
