from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from synth_magic.engines.examples import MOST, examples, left_out
from synth_magic.errors import SettingError

PATIENT = {"sex": "female", "age": 61, "visit": date(2020, 4, 1)}


def plain(value: Any) -> Any:
    ((patient,), _) = examples({"value": value})
    return json.loads(json.dumps(patient, allow_nan=False))["value"]


def test_a_patient_a_list_of_patients_or_a_frame() -> None:
    expected = {"sex": "female", "age": 61, "visit": "2020-04-01"}
    for given in (PATIENT, [PATIENT], (PATIENT,), pd.DataFrame([PATIENT])):
        assert examples(given) == ((expected,), 1)
    assert examples(None) == ((), 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(5), 5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (True, True),
        (np.str_("x"), "x"),
        (datetime(2020, 4, 1, 9, 30), "2020-04-01T09:30:00"),
        (pd.Timestamp("2020-04-01"), "2020-04-01"),
        (np.datetime64("2020-04-01"), "2020-04-01"),
        (None, None),
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.datetime64("NaT"), None),
    ],
)
def test_values_are_what_json_knows(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_frame_gives_its_first_rows_as_they_are_recorded() -> None:
    frame = pd.DataFrame(
        {
            "stage": pd.Categorical(["II", None] * 10, ordered=True),
            "n": pd.array([1, None] * 10, dtype="Int64"),
            "visit": pd.to_datetime(["2020-04-01", None] * 10),
        }
    )
    patients, number = examples(frame)
    assert number == 20
    assert len(patients) == MOST
    assert patients[:2] == (
        {"stage": "II", "n": 1, "visit": "2020-04-01"},
        {"stage": None, "n": None, "visit": None},
    )


def test_what_is_left_out_is_said() -> None:
    assert left_out(MOST) == ()
    assert left_out(1200) == (
        "Of the 1,200 example patients, only the first 5 are part of the question.",
    )


NO_VALUE = "'a' of example must be text, a number, True or False, a date or missing, not "


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "Ann, 61",
            "example must be one patient (a dictionary), a list of such or a DataFrame, not str",
        ),
        ([], "example holds no patient"),
        (pd.DataFrame(), "example holds no patient"),
        ({}, "example holds a patient without values"),
        ([PATIENT, 5], "example must hold each patient as a dictionary, not as int"),
        ({5: 61}, "example must name its values by text, not by 5"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "example has two columns of one name"),
        ({"a": [1234]}, f"{NO_VALUE}list"),
        ({"a": pd.Timedelta(1234)}, f"{NO_VALUE}Timedelta"),
        ({"a": float("inf")}, f"{NO_VALUE}an endless number"),
    ],
)
def test_what_is_no_patient_is_refused_without_repeating_it(given: object, message: str) -> None:
    with pytest.raises(SettingError) as raised:
        examples(given)
    assert str(raised.value) == message
