"""Names that are spelt differently and mean the same."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.spelling import content, key, plain_name, shorter, word_breaks


@pytest.mark.parametrize(
    ("one", "other"),
    [("Haemoglobin", "hemoglobin"), ("leucocytes", "leukocyte"), ("NT-proBNP", "ntprobnp"),
     ("systolic_bp", "Systolic BP"), ("Biopsies", "biopsy"), ("Patient's age", "patient age")],
)  # fmt: skip
def test_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert key(plain_name(one)) == key(plain_name(other))


def test_sepsis_and_bypass_are_no_plurals() -> None:
    assert key("sepsis") == "sepsis"
    assert content("bypass of the heart") == {"bypass", "heart"}


def test_camel_case_is_taken_apart_beside_the_name_as_it_stands() -> None:
    assert word_breaks("SysBP") == ("sysbp", "sys bp")
    assert word_breaks("HbA1c") == ("hba1c", "hb a1c")
    assert word_breaks("sex") == ("sex",)


@pytest.mark.parametrize(
    ("name", "left", "needs"),
    [("baseline serum albumin level", "albumin", ""), ("sbp visit 2", "sbp", "number"),
     ("history of stroke at baseline", "stroke", "coded"), ("number of falls", "falls", "number"),
     ("told by a doctor that they have gout", "gout", "coded")],
)  # fmt: skip
def test_qualifiers_are_left_out_and_say_what_the_name_can_be(
    name: str, left: str, needs: str
) -> None:
    assert (left, needs) in list(shorter([name]))


@pytest.mark.parametrize("name", ["previous smoker", "smoking history", "birth weight"])
def test_what_changes_the_meaning_is_kept(name: str) -> None:
    assert list(shorter([name])) == [(name, "")]
