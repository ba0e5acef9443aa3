"""Columns of a frame, back as the numbers and codes that a specification speaks of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.evaluation.columns import as_coded, as_numbers, as_values, where
from synth_magic.spec import MeanSD, Share, Shares, Variable

GRADE = Variable("grade", "ordinal", Shares((Share("2", 0.5), Share("1", 0.5))))
VISIT = Variable("visit", "date", MeanSD(100, 10), unit="days since 2015-04-01")
AGE = Variable("age", "integer", MeanSD(60, 10))


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(pd.Categorical([1, 2, None, 2], categories=[2, 1], ordered=True)),
        pd.Series(["1", "2", None, "2"]),
        pd.Series(["1", "2", None, "2"], dtype=object),
        pd.Series([1, 2, None, 2], dtype="Int64"),
    ],
    ids=["category", "text", "object", "integer"],
)
def test_codes_are_found_whatever_holds_them(column: pd.Series) -> None:
    """A CSV read back has no categories."""
    coded = as_coded(column, GRADE)
    assert coded.codes == ("2", "1")
    assert coded.index.tolist() == [1, 0, -1, 0]


def test_codes_as_numbers_are_ranks() -> None:
    ranks = as_numbers(pd.Series(["1", "2", None]), GRADE)
    assert ranks[:2].tolist() == [1, 0]
    assert np.isnan(ranks[2])


def test_codes_that_a_csv_turned_into_floats() -> None:
    """Gaps make pandas read whole numbers as floats."""
    assert as_coded(pd.Series([1.0, 2.0, np.nan]), GRADE).index.tolist() == [1, 0, -1]


def test_dates_as_numbers_are_days_since_their_origin() -> None:
    column = pd.Series(pd.to_datetime(["2015-04-02", None, "2016-04-01"]))
    days = as_numbers(column, VISIT)
    assert days[[0, 2]].tolist() == [1, 366]
    assert np.isnan(days[1])
    assert as_values(column, VISIT)[0] == (pd.Timestamp("2015-04-02") - pd.Timestamp(0)).days


def test_gaps_of_integers_are_nan() -> None:
    numbers = as_numbers(pd.Series([3, None], dtype="Int64"), AGE)
    assert numbers[0] == 3
    assert np.isnan(numbers[1])


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("<50", [True, False, False]),
        ("[50, 60)", [False, True, False]),
        (">=50", [False, True, False]),
    ],
)
def test_who_lies_in_an_interval(level: str, expected: list[bool]) -> None:
    assert where(pd.Series([49, 50, None], dtype="Int64"), AGE, level).tolist() == expected


def test_who_has_a_code() -> None:
    assert where(pd.Series(["1", "2", None]), GRADE, "1").tolist() == [True, False, False]
