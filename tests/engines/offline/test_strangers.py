"""A table says which columns there are; prose adds what the catalogue knows."""

from __future__ import annotations

import synth_magic as sm

TABLE = """

age: Age in years|integer||
death: Death|integer|0: no, 1: yes|
"""


def test_a_column_that_nobody_knows_is_none_beside_a_table() -> None:
    text = "Patients seen at random. Mean grobble index 12 (SD 3). Mean BMI 27 kg/m2." + TABLE
    patients = sm.generate(text, rows=20, engine="offline")
    assert list(patients.columns) == ["age", "death", "bmi"]
    origin = patients.cohort.origin
    assert "Mean grobble index 12 (SD 3)" in origin.not_understood
    assert any("so no column: grobble_index." in remark for remark in origin.remarks)


def test_correlations_and_groups_go_with_the_column() -> None:
    text = "The grobble index falls with age. 30% died." + TABLE
    patients = sm.generate(text, rows=20, engine="offline")
    assert list(patients.columns) == ["age", "death"]
    assert {fact.variable for fact in patients.cohort.spec.facts} <= {"age", "death"}


def test_without_a_table_what_is_named_is_a_column() -> None:
    patients = sm.generate("Adults. Mean grobble index 12 (SD 3).", rows=20, engine="offline")
    assert "grobble_index" in patients.columns


def test_a_figure_that_cannot_be_converted_stays_among_what_was_not_understood() -> None:
    text = "Neonates. Mean age 3 days (SD 2).\n\nage: Age in hours|integer||hours\n"
    patients = sm.generate(text, rows=20, engine="offline")
    assert list(patients.columns) == ["age"]
    assert "Mean age 3 days (SD 2)" in patients.cohort.origin.not_understood


def test_words_with_a_figure_are_no_name() -> None:
    patients = sm.generate("Men. Age, BMI. Gleason 7. Parity 1.", rows=20, engine="offline")
    assert not {"gleason_7", "parity_1"} & {*patients.columns}
