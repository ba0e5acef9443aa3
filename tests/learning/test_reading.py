"""Which column is of which type, and what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from synth_magic.errors import SettingError
from synth_magic.learning.reading import read

ROWS = 40
NUMBERS = [(i * 7) % 23 for i in range(ROWS)]


def kind(values: object, asked: object = None, name: str = "column") -> tuple[str, tuple[str, ...]]:
    types = {} if asked is None else {name: asked}
    columns, _ = read(pd.DataFrame({name: values, "age": NUMBERS}), types, smallest=5)  # type: ignore[arg-type]
    return columns[0].type, columns[0].codes


@pytest.mark.parametrize(
    ("values", "expected", "codes"),
    [
        (NUMBERS, "integer", ()),
        ([float(x) if x else None for x in NUMBERS], "integer", ()),
        (pd.array([x or None for x in NUMBERS], dtype="Int64"), "integer", ()),
        ([Decimal(x) / 10 for x in NUMBERS], "continuous", ()),
        ([x / 10 for x in NUMBERS], "continuous", ()),
        ([x % 2 for x in NUMBERS], "binary", ("0", "1")),
        ([x > 10 for x in NUMBERS], "binary", ("False", "True")),
        (["no" if x > 10 else "yes" for x in NUMBERS], "binary", ("no", "yes")),
        ([f"{x % 3 + 9}" for x in NUMBERS], "categorical", ("9", "10", "11")),
        (pd.Categorical([x % 3 for x in NUMBERS], [2, 0, 1]), "categorical", ("2", "0", "1")),
        (
            pd.Categorical([x % 3 for x in NUMBERS], [2, 0, 1], ordered=True),
            "ordinal",
            ("2", "0", "1"),
        ),
        ([date(2020, 1, 1) + timedelta(x) for x in NUMBERS], "date", ()),
        (pd.to_datetime("2020-01-01") + pd.to_timedelta(NUMBERS, unit="D"), "date", ()),
        ([f"2020-01-{x + 1:02d}" for x in NUMBERS], "date", ()),
        (
            pd.array([pd.Timestamp(2020, 1, 1 + x) for x in NUMBERS], "timestamp[ns][pyarrow]"),
            "date",
            (),
        ),
        (pd.to_timedelta(NUMBERS, unit="D"), "integer", ()),
        ([timedelta(hours=x) for x in NUMBERS], "continuous", ()),
        ([f"X-{i}" for i in range(ROWS)], "identifier", ()),
        (range(1, ROWS + 1), "identifier", ()),
    ],
)
def test_types(values: Sequence[object], expected: str, codes: tuple[str, ...]) -> None:
    found, found_codes = kind(values)
    assert (found, found_codes) == (expected, codes)


def test_types_that_are_told() -> None:
    assert kind(NUMBERS, "continuous")[0] == "continuous"
    assert kind([x % 3 for x in NUMBERS], "categorical") == ("categorical", ("0", "1", "2"))
    stages = ["low" if x < 8 else "mid" if x < 16 else "high" for x in NUMBERS]
    assert kind(stages, ["low", "mid", "high"]) == ("ordinal", ("low", "mid", "high"))
    assert kind([f"2020-01-{x + 1:02d}" for x in NUMBERS], "date")[0] == "date"
    assert kind(np.random.default_rng(0).permutation(ROWS), name="patient_id")[0] == "identifier"


def test_dates_are_days_since_1970() -> None:
    frame = pd.DataFrame({"day": [pd.Timestamp("1970-01-11 15:00", tz="UTC")] * ROWS})
    (column,), _ = read(frame, {}, smallest=5)
    assert set(column.values) == {10.0}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame(), "no column"),
        (pd.DataFrame({"x": []}), "has 0 rows"),
        (pd.DataFrame({"x": [1]}), "has 1 rows; .* at least 10 are needed"),
        (pd.DataFrame({"x": [np.nan] * 20}), "no column to learn from: x is left out"),
        (pd.DataFrame(np.ones((20, 2)), columns=["x", "x"]), "two columns have the name 'x'"),
        (pd.DataFrame(np.ones((20, 2)), columns=["x", None]), "column 2 has no name"),
        (pd.DataFrame(np.ones((20, 2)), columns=["x", " "]), "column 2 has no name"),
        (pd.DataFrame(np.ones((20, 1)), columns=["two\nlines"]), "control character"),
        (
            pd.DataFrame(np.ones((20, 1)), columns=pd.MultiIndex.from_tuples([("a", "b")])),
            "several levels",
        ),
        (pd.DataFrame(np.ones((20, 301))), "301 columns"),
        ([[1]], "not a list"),
    ],
)
def test_what_cannot_be_learnt_from(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read(frame, {}, smallest=5)


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ({"agee": "integer"}, "no column 'agee'.*did you mean 'age'"),
        ({"age": "intger"}, "did you mean 'integer'"),
        ({"age": "integer"}, "not whole"),
        ({"sex": "continuous"}, "holds no numbers"),
        ({"sex": "date"}, "holds no dates"),
        ({"sex": ["female"]}, "also holds the code 'male'"),
    ],
)
def test_types_that_mean_nothing(types: dict[str, object], message: str) -> None:
    frame = pd.DataFrame({"age": [x + 0.5 for x in NUMBERS], "sex": ["female", "male"] * 20})
    with pytest.raises(SettingError, match=message):
        read(frame, types, smallest=5)  # type: ignore[arg-type]


def test_a_constant_and_infinities_are_learnt() -> None:
    frame = pd.DataFrame({"same": [2.5] * ROWS, "endless": [*NUMBERS[2:], np.inf, -np.inf]})
    columns, remarks = read(frame, {}, smallest=5)
    assert [column.type for column in columns] == ["continuous", "integer"]
    assert np.isnan(columns[1].values).sum() == 2
    assert not remarks


def test_a_huge_number_of_codes_is_cut() -> None:
    codes = [f"code {i % 200}" for i in range(2_000)]
    columns, remarks = read(pd.DataFrame({"code": codes}), {}, smallest=5)
    assert len(columns[0].codes) == 50
    assert remarks == ["code: 151 rare codes are merged into others"]


def test_numbers_beyond_reason_are_left_out() -> None:
    frame = pd.DataFrame({"age": NUMBERS, "huge": [1e20 * (x + 1) for x in NUMBERS]})
    columns, remarks = read(frame, {}, smallest=5)
    assert [column.name for column in columns] == ["age"]
    assert remarks == ["huge is left out: it holds numbers beyond 1e+15"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([complex(x) for x in NUMBERS], "it holds complex numbers"),
        ([b"\xff", b"b"] * 20, r"it cannot be read \(UnicodeDecodeError\)"),
        (
            pd.Series([10**400 + x for x in NUMBERS], dtype=object),
            r"it cannot be read \(OverflowError\)",
        ),
    ],
)
def test_what_cannot_be_read_is_left_out(values: Sequence[object], why: str) -> None:
    _, remarks = read(pd.DataFrame({"odd": values, "age": NUMBERS}), {}, smallest=5)
    assert len(remarks) == 1
    assert re.fullmatch(f"odd is left out: {why}", remarks[0])


def test_a_message_on_dates_holds_no_value() -> None:
    with pytest.raises(SettingError) as raised:
        kind(["2020-01-01", "J. Smith"] * 20, "date")
    assert "Smith" not in str(raised.value)
