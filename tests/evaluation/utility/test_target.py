from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.evaluation.tables import Field, Tables
from synth_magic.evaluation.utility.target import Outcome, outcome
from tests.evaluation.utility.builders import patients, tables


def alone(field: Field, values: list[object]) -> Tables:
    frame = pd.DataFrame({field.name: values})
    return Tables((field,), frame, frame, frame)


def test_a_number_is_cut_at_the_median_of_the_real_training_rows_alone() -> None:
    shifted = patients(200, 1).assign(age=lambda frame: frame["age"] + 30)
    frames = tables(synthetic=shifted)
    event = outcome(frames, "age")
    assert event is not None
    above = frames.train["age"] > frames.train["age"].median()
    np.testing.assert_array_equal(event.events(frames.train), above)
    # Its own median would make half of the synthetic patients events, and hide the shift.
    assert event.events(frames.synthetic).mean() > 0.95


@pytest.mark.parametrize(
    ("values", "events"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1]),
        ([1, 2, 3, 4, 5], [0, 0, 0, 1, 1]),
        ([0, 0, 0, 0, 7, 8], [0, 0, 0, 0, 1, 1]),
        ([5, 6, 9, 9, 9, 9], [0, 0, 1, 1, 1, 1]),
        ([1, 2, np.nan, 3, 4], [0, 0, np.nan, 1, 1]),
    ],
)
def test_where_many_share_the_median_both_sides_have_some(
    values: list[float], events: list[float]
) -> None:
    frames = alone(Field("score", "number"), [float(value) for value in values])
    event = outcome(frames, "score")
    assert event is not None
    np.testing.assert_array_equal(event.events(frames.train), events)


@pytest.mark.parametrize("yes", [0.1, 0.5, 0.9])
def test_the_second_of_two_codes_is_the_event_however_common(yes: float) -> None:
    codes = np.where(np.arange(10) < 10 * yes, "yes", "no")
    frames = alone(Field("event", "code", ("no", "yes")), list(codes))
    assert outcome(frames, "event") == Outcome("event", codes=("yes",))


def test_ordered_codes_are_cut_and_others_stand_against_the_most_common() -> None:
    values: list[object] = ["I", "II", "II", "III", "IV", "IV", None]
    codes = ("I", "II", "III", "IV")
    ordered = alone(Field("stage", "code", codes), values)
    assert outcome(ordered, "stage") == Outcome("stage", codes=("III", "IV"))
    frames = tables()
    assert outcome(frames, "region") == Outcome("region", codes=("south",))


def test_a_missing_code_is_neither_event_nor_none() -> None:
    event = Outcome("event", codes=("yes",))
    found = event.events(pd.DataFrame({"event": ["yes", None, "no"]}))
    np.testing.assert_array_equal(found, [1.0, np.nan, 0.0])


@pytest.mark.parametrize("values", [["no", "no", None], [None, None]])
def test_one_value_is_no_outcome(values: list[object]) -> None:
    assert outcome(alone(Field("event", "code", ("no", "yes")), values), "event") is None


def test_neither_is_a_column_that_is_not_there() -> None:
    assert outcome(tables(), "events") is None
