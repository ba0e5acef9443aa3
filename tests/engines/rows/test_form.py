"""Which columns are asked for, and what is said of each."""

from __future__ import annotations

import pytest

from synth_magic.description.model import Code
from synth_magic.errors import DescriptionError
from tests.engines.rows.builders import COLUMNS, PROSE, form


def test_columns_have_all_that_the_description_says_of_them() -> None:
    columns = {column.name: column for column in form().columns}
    assert list(columns) == COLUMNS
    assert [column.type for column in columns.values()] == [
        "integer", "binary", "continuous", "categorical", "integer", "date",
    ]  # fmt: skip
    assert columns["sex"].codes == (Code("0", "female"), Code("1", "male"))
    assert (columns["age"].label, columns["age"].unit) == ("Age", "years")
    assert (columns["age"].low, columns["age"].high) == (18, 90)
    assert {fact.statistic for fact in columns["age"].facts} == {"min", "max", "mean", "sd"}


def test_the_prose_is_what_is_said_beside_the_tables() -> None:
    assert form().prose == PROSE


def test_only_what_may_be_missing_has_gaps() -> None:
    assert [column.name for column in form().columns if column.gaps] == ["creatinine"]


def test_identifiers_are_not_asked_for() -> None:
    assert form().left_out == ("id",)


def test_without_a_table_the_catalogue_knows_what_prose_names() -> None:
    columns = {c.name: c for c in form("Adults with heart failure: age, sex, NT-proBNP.").columns}
    assert {"age", "sex"} <= columns.keys()
    assert columns["sex"].codes


def test_identifiers_alone_are_nothing_to_ask_for() -> None:
    with pytest.raises(DescriptionError, match="names none: add a table of variables"):
        form("name,description,type\nid,Number of the patient,identifier\n")
