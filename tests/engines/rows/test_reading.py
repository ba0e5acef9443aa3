"""The patients of an answer: who is accepted, and why the others are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.engines.rows.reading import UNREADABLE, Rows, read
from tests.engines.rows.builders import EXAMPLE, Patient, answer, form

COLUMNS = form().columns
GOOD: Patient = {
    "age": 70, "sex": "1", "creatinine": 101.2, "stage": "early", "visits": 3,
    "first_visit": "2018-01-31",
}  # fmt: skip


def others(number: int) -> list[Patient]:
    return [GOOD | {"age": 30 + n} for n in range(number)]


FORMS = {
    "as it is asked for": answer(others(3)),
    "a list": json.dumps(others(3)),
    "a patient for each key": json.dumps({str(n): one for n, one in enumerate(others(3))}),
    "such keys as the only member": json.dumps({"rows": dict(enumerate(others(3)))}),
    "a list of another name": json.dumps({"data": others(3)}),
    "between words": f"Here they are:\n```json\n{answer(others(3))}\n```\nI hope they help.",
    "between words in brackets": f"Here [as asked] {{3}}:\n{answer(others(3))}\nSee {{a}} and [1].",
    "beside other members": json.dumps({"count": 3, "patients": others(3), "notes": ["invented"]}),
    "in two members": json.dumps({"women": others(3)[:2], "men": others(3)[2:]}),
    "below two members": json.dumps({"data": {"patients": others(3)}}),
    "an object a line": "\n".join(map(json.dumps, others(3))),
    "with a comma too many": answer(others(3)).replace("]}", ",]}"),
    "after one with a number beyond reach": f'[{{"age": {"9" * 5000}}}, {answer(others(3))}]',
    "over many lines": json.dumps({"patients": others(3)}, indent=2),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_patients_are_found_however_they_are_listed(text: str) -> None:
    assert read(text, COLUMNS).accepted == tuple(others(3))


def test_a_single_patient_may_stand_alone() -> None:
    assert read(json.dumps(GOOD), COLUMNS).accepted == (GOOD,)


@pytest.mark.parametrize(
    "text", ["", "I would rather not.", "7", "[age 7] {sex}", "{]", "[1", "{'age': 7}", "[" * 9_000]
)
def test_what_is_no_json_is_of_no_use(text: str) -> None:
    assert read(text, COLUMNS) == Rows((), (UNREADABLE,))


@pytest.mark.parametrize("text", [answer([]), "{", '{"patients": [', '[{"age": 7'])
def test_where_no_patient_stands_whole_none_is_rejected(text: str) -> None:
    assert read(text, COLUMNS) == Rows(())


@given(st.integers(0, len(answer(others(4)))), st.sampled_from([None, 1]))
def test_of_an_answer_that_broke_off_whole_patients_are_read_and_no_others(
    length: int, indent: int | None
) -> None:
    text = json.dumps({"patients": others(4)}, indent=indent)[:length]
    found = read(text, COLUMNS)
    assert found.accepted == tuple(others(4)[: len(found.accepted)])
    assert found.rejected == (() if text else (UNREADABLE,))
    assert len(found.accepted) >= text.count("}, ") - 1


WRONG = {
    "a code": ({"stage": "middle"}, "stage is 'middle', which is none of early, late, end"),
    "a code's label": ({"sex": "male"}, "sex is 'male', which is none of 0, 1"),
    "yes for a code": ({"sex": True}, "sex is 'True', which is none of 0, 1"),
    "below": ({"age": 17}, "age is below 18"),
    "above": ({"age": 91}, "age is above 90"),
    "no whole number": ({"visits": 2.5}, "visits is no whole number"),
    "a word": ({"creatinine": "high"}, "creatinine is no number that a patient can have"),
    "no number": ({"creatinine": float("nan")}, "creatinine is no number that a patient can have"),
    "endless": ({"visits": float("inf")}, "visits is no number that a patient can have"),
    "immense": ({"visits": 10**400}, "visits is no number that a patient can have"),
    "true": ({"visits": True}, "visits is no number that a patient can have"),
    "a list": ({"visits": [3]}, "visits is no number that a patient can have"),
    "no date": ({"first_visit": "31.1.2018"}, "first_visit is no date (YYYY-MM-DD)"),
    "a number for a date": ({"first_visit": 2018}, "first_visit is no date (YYYY-MM-DD)"),
    "a gap": ({"age": None}, "age has no value"),
}


@pytest.mark.parametrize(("change", "why"), WRONG.values(), ids=WRONG)
def test_a_patient_is_rejected_for_a_reason(change: Patient, why: str) -> None:
    found = read(answer([GOOD | change, GOOD]), COLUMNS)
    assert found.accepted == (GOOD,)
    assert found.rejected == (why,)


def test_a_patient_must_have_every_column_and_may_have_others() -> None:
    lacking = {name: GOOD[name] for name in ("age", "sex")}
    found = read(json.dumps([lacking, GOOD | {"mood": "good"}, "a patient", None]), COLUMNS)
    assert found.accepted == (GOOD,)
    assert found.rejected == (
        "it lacks creatinine, stage, visits and others",
        "it is no object",
        "it is no object",
    )


RIGHT = {
    "a whole float for an integer": ({"visits": 3.0}, {"visits": 3}),
    "a number as text": ({"creatinine": "88.5"}, {"creatinine": 88.5}),
    "a code as a number": ({"sex": 1}, {"sex": "1"}),
    "a code as a float": ({"sex": 1.0}, {"sex": "1"}),
    "a gap where there may be one": ({"creatinine": None}, {"creatinine": None}),
    "a date in short": ({"first_visit": "20180131"}, {"first_visit": "2018-01-31"}),
}


@pytest.mark.parametrize(("written", "meant"), RIGHT.values(), ids=RIGHT)
def test_what_is_meant_is_understood(written: Patient, meant: Patient) -> None:
    assert read(answer([GOOD | written]), COLUMNS).accepted == (GOOD | meant,)


@pytest.mark.parametrize(
    "example",
    [
        EXAMPLE,
        EXAMPLE | {"id": 7, "sex": "1", "visits": 2.0},
        EXAMPLE | {"sex": "male", "visits": None},
        {"age": 61, "sex": 1, "creatinine": 98.5, "stage": "late"},
    ],
    ids=["whole", "in other types", "with a label and a gap", "without two columns"],
)
def test_nobody_repeats_an_example_who_may_be_a_real_person(example: dict[str, Any]) -> None:
    copy = GOOD | {name: EXAMPLE[name] for name in EXAMPLE}
    found = read(answer([copy, copy | {"age": 62}]), COLUMNS, [GOOD | {"age": 20}, example])
    assert found.rejected == ("it repeats the example",)
    assert [one["age"] for one in found.accepted] == [62]


def test_an_example_of_few_values_is_repeated_by_many_patients() -> None:
    assert len(read(answer(others(3)), COLUMNS, [{"age": 30, "sex": 1}]).accepted) == 3


def test_a_reason_is_one_short_line_whatever_a_model_writes() -> None:
    (why,) = read(answer([GOOD | {"stage": "x\n\x1b[31m" * 1000}]), COLUMNS).rejected
    assert len(why) < 200
    assert why.isprintable()
