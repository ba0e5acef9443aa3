"""The request for some patients: its three parts, and what each switch of the ablation changes."""

from __future__ import annotations

import difflib
import re
from typing import Any

import pytest
from anthropic import transform_schema
from jsonschema import Draft202012Validator

from synth_magic.engines.rows.method import PARTS, Method
from synth_magic.engines.rows.prompt import request
from synth_magic.engines.settings import Settings
from synth_magic.errors import SettingError
from tests.engines.rows.builders import (
    COLUMNS,
    DATABASE,
    EXAMPLE,
    PROSE,
    columns_asked,
    form,
    patients,
)

WHOLE = Method(10, DATABASE)


def prompt(number: int = 0, *without: str, **others: Any) -> str:
    method = Method(10, DATABASE, without)
    given = {"examples": [EXAMPLE]} | others
    return request(form(), method, number, 10, **given).messages[0].text


def changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that are new."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [x[2:] for x in lines if x[:2] == "- "], [x[2:] for x in lines if x[:2] == "+ "]


def test_a_request_has_prior_knowledge_instructions_and_context() -> None:
    assert prompt(0, "shuffling") == (
        f"Write 10 patients of this database: {DATABASE}.\n\n"
        f"<description>\n{PROSE}\n</description>\n\n"
        "Each patient is one object, with a value for every one of these variables (null where "
        "creatinine was not recorded). One line a variable: name: description|type|codes and what "
        "they mean|figures known of these patients\n"
        "age: Age [years]|integer||lowest 18; highest 90; mean 63; SD 12\n"
        "sex: Sex|code|0 = female; 1 = male|\n"
        "creatinine: Serum creatinine [umol/L]|float||missing 20%\n"
        "stage: Stage of the disease|code|early; late; end|\n"
        "visits: Visits last year|integer||\n"
        "first_visit: Day of the first visit|date, YYYY-MM-DD||\n\n"
        "One patient, as an example of how values are written; do not repeat it:\n"
        '{"age": 61, "sex": 1, "creatinine": 98.5, "stage": "late", "visits": 2, "first_visit": '
        '"2019-04-02"}\n\n'
        'Answer with one JSON object and nothing else: {"patients": [...]}, a list of 10 objects. '
        "Use the names of the variables as they stand above, in that order, and codes exactly as "
        "they are written. Do not leave a patient or a variable out, do not cut the list short, "
        "add no comment."
    )


def test_the_order_is_new_in_each_request_and_the_same_again_for_its_number() -> None:
    orders = [tuple(columns_asked(prompt(number))) for number in range(8)]
    assert len(set(orders)) > 6
    assert all(sorted(order) == sorted(COLUMNS) for order in orders)
    assert orders == [tuple(columns_asked(prompt(number))) for number in range(8)]


def test_schema_example_and_lines_have_the_same_order() -> None:
    asked = request(form(), WHOLE, 5, 10, [EXAMPLE])
    text = asked.messages[0].text
    patient = asked.schema["properties"]["patients"]["items"]
    example = re.search(r'^\{"(.*)\}$', text, re.M)
    assert example
    assert list(patient["properties"]) == patient["required"] == columns_asked(text)
    assert re.findall(r'"?(\w+)": ', example[0]) == columns_asked(text)


@pytest.mark.parametrize("fitted", [dict, transform_schema], ids=["ours", "as the SDK sends it"])
def test_the_schema_takes_what_is_asked_for_and_nothing_else(fitted: Any) -> None:
    asked = request(form(), WHOLE, 3, 10)
    good = patients(asked.messages[0].text)
    valid = Draft202012Validator(fitted(asked.schema)).is_valid
    assert valid({"patients": good})
    assert valid({"patients": [good[0] | {"creatinine": None}]})
    for wrong in ({"age": None}, {"stage": "middle"}, {"sex": "1"}, {"visits": 2.5}, {"mood": 1}):
        assert not valid({"patients": [good[0] | wrong]})


SWITCHES: dict[str, tuple[list[str], list[str]]] = {
    "name": (
        [f"Write 10 patients of this database: {DATABASE}.", PROSE],
        [
            "Write 10 patients of this database.",
            PROSE.replace("the Leeds Renal Register", "the database").replace(
                "The LRR", "the database"
            ),
        ],
    ),
    "description": (
        [
            f"Write 10 patients of this database: {DATABASE}.",
            "",
            "<description>",
            PROSE,
            "</description>",
            "age: Age [years]|integer||lowest 18; highest 90; mean 63; SD 12",
            "creatinine: Serum creatinine [umol/L]|float||missing 20%",
        ],
        [
            f"Write 10 patients of the database {DATABASE}.",
            "age: Age [years]|integer||",
            "creatinine: Serum creatinine [umol/L]|float||",
        ],
    ),
    "labels": (
        [
            "age: Age [years]|integer||lowest 18; highest 90; mean 63; SD 12",
            "sex: Sex|code|0 = female; 1 = male|",
            "creatinine: Serum creatinine [umol/L]|float||missing 20%",
            "stage: Stage of the disease|code|early; late; end|",
            "visits: Visits last year|integer||",
            "first_visit: Day of the first visit|date, YYYY-MM-DD||",
        ],
        [
            "age: |integer||lowest 18; highest 90; mean 63; SD 12",
            "sex: |code|0 = female; 1 = male|",
            "creatinine: |float||missing 20%",
            "stage: |code|early; late; end|",
            "visits: |integer||",
            "first_visit: |date, YYYY-MM-DD||",
        ],
    ),
    "example": (prompt(0, "shuffling").splitlines()[-5:-2], []),
}


@pytest.mark.parametrize("part", SWITCHES)
def test_a_switch_changes_its_part_and_no_other(part: str) -> None:
    gone, new = changes(prompt(0, "shuffling"), prompt(0, "shuffling", part))
    assert sorted(gone) == sorted(SWITCHES[part][0])
    assert sorted(new) == sorted(SWITCHES[part][1])


def test_without_shuffling_every_request_is_the_same() -> None:
    assert {prompt(number, "shuffling") for number in range(4)} == {prompt(0, "shuffling")}
    assert sorted(prompt(0).splitlines()) != sorted(prompt(0, "labels").splitlines())
    assert columns_asked(prompt(1, "shuffling")) == COLUMNS


def test_shuffling_changes_the_order_and_nothing_else() -> None:
    def words(text: str) -> list[str]:
        return sorted(re.split(r"[\s,{}]+", text))

    assert words(prompt(1)) == words(prompt(1, "shuffling"))


def test_every_part_has_a_switch_that_is_tested() -> None:
    assert set(PARTS) == {*SWITCHES, "shuffling"}


def test_without_all_of_it_no_word_of_the_database_is_left() -> None:
    text = prompt(0, *PARTS)
    for word in ("Leeds", "LRR", "Renal", "Serum", "63", "2019-04-02"):
        assert word not in text


def test_a_name_that_was_not_given_cannot_be_left_out() -> None:
    with pytest.raises(SettingError, match="no name of the database to leave out"):
        Method.of(Settings(method="rows", without=("name",)))


def test_of_an_example_what_no_variable_may_lack_is_not_shown_as_lacking() -> None:
    text = prompt(examples=[{"id": 3, "age": None, "creatinine": None, "visits": 2}])
    example = re.search(r"^\{.*\}$", text, re.M)
    assert example
    assert sorted(re.findall(r'"(\w+)"', example[0])) == ["creatinine", "visits"]
    assert "as an example" not in prompt(examples=[{"patient": 3}])


def test_one_example_is_shown_and_the_rest_only_guarded_against() -> None:
    assert '"visits": 77' not in prompt(examples=[EXAMPLE, EXAMPLE | {"visits": 77}])


def test_words_of_the_user_are_never_a_template() -> None:
    text = PROSE + " They wrote {rows} and {database} and {gaps} and {{0}}."
    method = Method(10, "{rows} of {gaps}")
    sent = request(form(text + "\n\nname,description,type\nage,{rows},integer\n"), method, 0, 10)
    for words in ("{rows} and {database} and {gaps} and {{0}}", "{rows} of {gaps}", "age: {rows}"):
        assert words in sent.messages[0].text
