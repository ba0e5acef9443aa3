"""Variables that only the catalogue knows by name."""

from __future__ import annotations

import pytest

from synth_magic.description.model import Description
from synth_magic.description.parse import parse
from synth_magic.engines.offline.naming import with_known_names


def read(text: str) -> Description:
    return with_known_names(parse(text))


def names_in(text: str) -> set[str]:
    return {variable.name for variable in read(text).variables}


def test_items_of_a_list_that_the_catalogue_names() -> None:
    assert names_in("Localised prostate cancer: PSA, Gleason score, age mean 66") == {
        "psa", "gleason_score", "age",
    }  # fmt: skip


def test_they_count_as_understood() -> None:
    found = read("Localised prostate cancer: PSA, Gleason score, age mean 66")
    assert "Gleason score" not in [quote.text for quote in found.not_understood]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Localised prostate cancer treated in 2005 to 2009: PSA, age", []),
        (
            "Adults with gout, a zorblax index of 7 per furlong",
            ["a zorblax index of 7 per furlong"],
        ),
    ],
)
def test_words_that_say_who_the_patients_are_count_as_understood(
    text: str, left: list[str]
) -> None:
    assert [quote.text for quote in read(text).not_understood] == left


def test_what_patients_have_is_no_variable() -> None:
    assert "sepsis" not in names_in("Patients with gout, sepsis and anaemia, SBP over 140")


def test_what_was_read_is_not_named_again() -> None:
    assert names_in("Adults: SBP 140 (SD 20), systolic blood pressure, age") == {
        "systolic_bp", "age",
    }  # fmt: skip


def test_a_description_without_lists_stays_as_it_is() -> None:
    plain = parse("Patients with heart failure")
    assert with_known_names(plain) is plain
