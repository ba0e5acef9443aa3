"""What of two tables can be compared, and what is said of the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from synth_magic.errors import EvaluationError, SettingError
from synth_magic.evaluation.reading import Patients, read
from synth_magic.spec import Identifier, MeanSD, Variable
from tests.sampling.builders import AGE, cohort, draw, shares

ROWS = 40
TWICE = (
    "These are the same patients twice: the synthetic patients are the real ones, row for row. The "
    "figures say what is best possible, in privacy what is worst, and nothing of a generator."
)
COPIES = (
    "All synthetic patients are copies of real ones: the figures say how good the copies are, and "
    "there is no privacy."
)
SHARED = (
    "Some of the held-out patients are among the real ones too: real patients then look better "
    "than they should. Hold out patients that no generator has seen."
)
DAYS = pd.date_range("2020-01-01", periods=ROWS)


def patients(seed: int = 0, rows: int = ROWS, **columns: Any) -> pd.DataFrame:
    """Return patients of an age and other columns; the values of a list are repeated."""
    age = np.random.default_rng(seed).normal(60, 10, rows).round(1)
    frame = pd.DataFrame({"age": age})
    for name, values in columns.items():
        frame[name] = (values * rows)[:rows] if isinstance(values, list) else values
    return frame


def both(made: Any, real: Any, **options: Any) -> Patients:
    """Read patients of whom column x holds these values."""
    return read(patients(1, x=made), patients(2, x=real), **options)


def field(read: Patients) -> tuple[str, tuple[str, ...], bool]:
    """Return what column x is."""
    return next((f.kind, f.codes, f.ordered) for f in read.fields if f.name == "x")


def said(read: Patients) -> list[str]:
    return [*read.left_out.values(), *read.remarks]


NUMBER = ("number", (), True)
DATE = ("date", (), True)
HELD: dict[str, tuple[Any, Any, Any]] = {
    "numbers": ([1.5, 2, 3], [2.5, 3, 4], NUMBER),
    "whole numbers with gaps": (pd.array([1, 2, None, 4] * 10, "Int64"), [1, 2, 3], NUMBER),
    "text that holds numbers": (["1.5", "2", "3"], [2.5, 3, 4], NUMBER),
    "lengths of time": (DAYS[::-1] - DAYS[0], DAYS[::-1] - DAYS[3], NUMBER),
    "two numbers": ([0, 1], [1.0, 0.0, None], ("code", ("0", "1"), False)),
    "two numbers as text": (["1", "0"], [1, 0], ("code", ("0", "1"), False)),
    "booleans": ([True, False], ["False", "True"], ("code", ("False", "True"), False)),
    "booleans and numbers": ([True, False], [1, 0], ("code", ("0", "1"), False)),
    "text": (["m", "f"], ["f", "m", None], ("code", ("f", "m"), False)),
    "categories": (pd.Categorical(["b", "a"] * 20), ["a", "b"], ("code", ("a", "b"), False)),
    "categories and numbers": (
        pd.Categorical([10, 9, 1, 2] * 10), [1.0, 2.0, 9.0], ("code", ("1", "2", "9", "10"), False),
    ),
    "categories in order": (
        pd.Categorical(["low", "high"] * 20, ["low", "mid", "high"], ordered=True),
        ["high", "mid", "low"],
        ("code", ("low", "mid", "high"), True),
    ),
    "dates": (DAYS, DAYS.tz_localize("Europe/Paris"), DATE),
    "dates as text": (DAYS, ["2020-01-31", "2021-12-31T10:30:00", None], DATE),
    "dates as text in both": (["2020-01-31"], ["2021-12-31", "2022-01-01"], DATE),
}  # fmt: skip


@pytest.mark.parametrize(("made", "real", "is_"), HELD.values(), ids=HELD)
def test_a_column_is_what_it_holds(made: Any, real: Any, is_: Any) -> None:
    forwards, backwards = both(made, real), both(real, made)
    assert field(forwards) == field(backwards) == is_
    assert list(forwards.real["x"].isna()) == list(patients(x=real)["x"].isna())
    assert forwards.real["x"].dtype == (object if is_[0] == "code" else float)


def test_values_are_in_one_form() -> None:
    frame = patients(code=[1.0, None], flag=[True, None], day=["1970-01-02", None], blank=["a", ""])
    frame["day"] = pd.to_datetime(frame["day"])
    tables = read(frame, frame, codes=["code"])
    row, gaps = tables.synthetic.drop(columns="age").iloc[:2].to_numpy().tolist()
    assert row == ["1", "True", 1.0, "a"]
    assert gaps[:2] == [None, None]
    assert np.isnan(gaps[2])
    assert gaps[3] is None
    assert list(tables.real.index) == list(range(ROWS))


def test_numbers_are_codes_on_request() -> None:
    assert field(both([3, 1, 10], [1.0, 2.0], codes=["x"])) == (
        "code",
        ("1", "2", "3", "10"),
        False,
    )


def test_a_specification_says_what_the_columns_are() -> None:
    spec = cohort(
        AGE,
        Variable("stage", "ordinal", shares(IV=0.5, I=0.5)),
        Variable("sites", "integer", MeanSD(0.5, 0.4, 0, 1)),
        Variable("entry", "date", MeanSD(100, 30, 0, 900), unit="days since 2019-01-01"),
        Variable("id", "identifier", Identifier()),
    )
    made = draw(spec, ROWS)
    real = made.astype({"stage": str, "entry": str, "id": str})
    tables = read(made, real.iloc[::-1], spec=spec)
    fields = {field.name: (field.kind, field.codes, field.ordered) for field in tables.fields}
    assert fields == {
        "age": NUMBER, "stage": ("code", ("IV", "I"), True), "sites": NUMBER, "entry": DATE,
    }  # fmt: skip
    assert tables.left_out == {"id": "'id' is left out: it is an identifier."}
    assert tables.real.iloc[::-1].reset_index(drop=True).equals(tables.synthetic)


LEFT_OUT: dict[str, tuple[Any, Any, str]] = {
    "numbers and text": (
        [1, 2, 3], ["low", "high"],
        "it has numbers in the synthetic patients, but text in the real patients",
    ),
    "dates and numbers": (
        DAYS, [1, 2, 3],
        "it has dates in the synthetic patients, but numbers in the real patients",
    ),
    "dates and other text": (
        DAYS, ["31/01/2020"],
        "it has dates in the synthetic patients, but text in the real patients",
    ),
    "codes and numbers": (
        pd.Categorical(["<65", "65+"] * 20), [61, 72, 80],
        "it has codes in the synthetic patients, but numbers in the real patients",
    ),
    "nothing": ([None], [1, 2, 3], "it has no values in the synthetic patients"),
    "nothing finite": ([1, 2, 3], [np.inf], "it has no finite values in the real patients"),
    "identifiers": (
        ["a", "b"], [f"P{row}" for row in range(ROWS)],
        "its values in the real patients nearly all differ: an identifier or free text",
    ),
    "a row number": (
        [3, 1, 2], list(range(7, ROWS + 7)), "it counts the rows in the real patients",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "real", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_be_compared_is_left_out(made: Any, real: Any, why: str) -> None:
    tables = both(made, real)
    assert said(tables) == [f"'x' is left out: {why}."]
    assert list(tables.synthetic) == list(tables.real) == list(tables.columns) == ["age"]


REMARKS: dict[str, tuple[Any, Any, list[str]]] = {
    "another code": (
        ["male", "Male", "female"], ["male", "female"],
        ["'x': 'Male' stands only in the synthetic patients; the real ones have 'female', 'male'."],
    ),
    "rare real codes": (
        ["a", "b"], ["b", "a"] * 18 + ["seen in one", "seen in two"] * 2,
        [("'x': codes that fewer than 5 real patients have, and no synthetic one, count as one, "
         "'(rare)'.")],
    ),
    "a common real code": (
        ["a", "b"], ["a", "b", "c"], ["'x': 'c' stands only in the real patients."],
    ),
    "no code in common": (
        ["M", "F"], ["male", "female"],
        [("'x': no code is the same, so nothing of it can agree: the synthetic patients have 'F', "
         "'M'; the real ones have 'female', 'male'. Give both the same codes.")],
    ),
    "one value": (
        [5], [5, 6, 7], ["'x' has a single value in the synthetic patients."],
    ),
    "infinite values": ([1, 2, np.inf], [1, 2, 3], ["'x': infinite values count as missing."]),
}  # fmt: skip


@pytest.mark.parametrize(("made", "real", "remarks"), REMARKS.values(), ids=REMARKS)
def test_what_is_odd_is_compared_and_told(made: Any, real: Any, remarks: list[str]) -> None:
    tables = both(made, real)
    assert said(tables) == remarks
    assert tables.columns == ("age", "x")


def test_codes_that_few_real_patients_have_are_named_nowhere() -> None:
    real = ["low", "high"] * 18 + ["worst", "worse", "high", "low"]
    tables = both(["high", "low", "best"], pd.Categorical(real, ordered=True))
    assert field(tables)[1:] == (("high", "low", "(rare)", "best"), False)
    assert list(tables.real["x"].tail(4)) == ["(rare)", "(rare)", "high", "low"]
    assert field(both(["high", "low"], ["high", "low"]))[1] == ("high", "low")


def test_columns_in_one_table_alone_are_told_with_the_near_name() -> None:
    real = patients(1, sex=["m", "f"]).rename(columns={"age": "Age"})
    tables = read(patients(2, height=[1.7, 1.8, 1.6], sex=["f", "m"]), real)
    assert said(tables) == [
        "'age' is only in the synthetic patients (did you mean 'Age'?).",
        "'height' is only in the synthetic patients.",
        "'Age' is only in the real patients (did you mean 'age'?).",
    ]
    assert tables.columns == ("sex",)


def test_a_hold_out_has_the_columns_too() -> None:
    frame = patients(1, x=[1, 2, 3])
    tables = read(frame, patients(2, x=[1, 2, 3]), patients(3, rows=10))
    assert said(tables) == ["'x' is not in the held-out patients."]
    assert tables.holdout is not None
    assert len(tables.holdout) == 10


def test_the_order_of_columns_and_names_that_are_no_text_do_not_matter() -> None:
    made, real = patients(1, x=["a", "b"]), patients(2, x=["b", "a"])
    assert list(read(made, real[["x", "age"]]).real) == ["age", "x"]
    assert read(made.set_axis([0, 1], axis=1), real.set_axis(["0", "1"], axis=1)).columns == (
        "0", "1",
    )  # fmt: skip


def test_columns_are_left_out_on_request() -> None:
    tables = both([1, 2, 3], [1, 2, 3], leave_out=["x"])
    assert said(tables) == ["'x' is left out as you asked."]


def test_the_same_patients_twice_are_told() -> None:
    frame = patients(1, x=["a", "b"])
    shuffled = frame.sample(frac=1, random_state=1)
    assert said(read(frame, shuffled)) == [TWICE]
    assert said(read(frame.head(30), frame)) == [COPIES]
    assert said(read(patients(2, x=["a", "b"]), frame, frame.tail(10))) == [SHARED]


def test_copies_of_some_real_patients_are_told_whatever_the_splits() -> None:
    real, others = patients(1, rows=200), patients(2, rows=100)
    for seed, frame in enumerate((real, others)):
        frame["x"] = np.random.default_rng(seed).normal(size=len(frame))
    copied = pd.concat([others, real.tail(20)])
    (remark,) = said(read(copied, real))
    assert remark == (
        "20 of the 120 synthetic patients equal a real one in all columns, more than by chance: "
        "look for copies."
    )
    assert said(read(others, real)) == []


def test_equal_rows_of_few_codes_are_no_copies() -> None:
    codes = patients(x=["a", "b"])[["x"]]
    assert said(read(codes, codes)) == []


def test_no_argument_is_changed() -> None:
    made, real = patients(1, x=["1", "2"]), patients(2, x=[1, np.inf])
    before = made.copy(), real.copy()
    read(made, real)
    pd.testing.assert_frame_equal(made, before[0])
    pd.testing.assert_frame_equal(real, before[1])


REFUSED: list[tuple[type[Exception], Any, Any, str]] = [
    (SettingError, [1, 2], patients(), "synthetic must be a DataFrame, not list"),
    (SettingError, patients(), {"age": [1]}, "real must be a DataFrame, not dict"),
    (EvaluationError, patients(), patients(rows=29),
     "the real patients are 29, too few to compare; it takes at least 30"),
    (EvaluationError, pd.DataFrame(), patients(),
     "the synthetic patients are 0, too few to compare; it takes at least 30"),
    (EvaluationError, patients(), patients(x=[1]).set_axis(["age", "age"], axis=1),
     "the real patients have two columns of one name: 'age'; give each its own"),
    (EvaluationError, patients(), patients().rename(columns={"age": "Age"}),
     ("no column can be compared:\n"
     "  'age' is only in the synthetic patients (did you mean 'Age'?).\n"
     "  'Age' is only in the real patients (did you mean 'age'?).")),
]  # fmt: skip


@pytest.mark.parametrize(("error", "made", "real", "message"), REFUSED)
def test_what_cannot_be_compared_at_all_is_refused(
    error: type[Exception], made: Any, real: Any, message: str
) -> None:
    with pytest.raises(error) as raised:
        read(made, real)
    assert str(raised.value) == message


def test_a_small_hold_out_is_refused() -> None:
    with pytest.raises(EvaluationError) as raised:
        read(patients(1), patients(2), patients(rows=9))
    assert (
        str(raised.value) == "the held-out patients are 9, too few to compare; it takes at least 10"
    )


def test_neither_a_message_nor_a_code_gives_a_real_patient_away() -> None:
    secret = ["Mr Secret", "4711", "1999-09-09"]
    columns: list[Any] = [
        [1, 2, 3], ["a", "b"], [None], DAYS, [True, False], pd.Categorical(["a", "b"] * 20),
    ]  # fmt: skip
    for value in [*secret, 47.11, np.inf, pd.Timestamp("1999-09-09"), ("Mr Secret",)]:
        for made in columns:
            real = pd.Series([value] + ["other", None] * 18 + [value] * 3)
            tables = read(patients(1, x=made), patients(2, 40).assign(x=real))
            told = " ".join([*said(tables), str(tables.fields)])
            assert not any(word in told for word in (*secret, "47.11", "1999"))


def test_lengths_of_time_are_numbers_of_days_however_they_are_held() -> None:
    hours = pd.to_timedelta([12, 24, 36] * 20, unit="h")
    for held in (hours, pd.Series(hours).astype(object)):
        read_ = read(patients(1, 60, x=held), patients(2, 60, x=held))
        assert read_.real["x"].tolist()[:3] == [0.5, 1.0, 1.5]


def test_a_date_for_never_does_not_make_dates_codes_nor_goes_missing() -> None:
    text = ["2020-01-31", "9999-12-31", None]
    for held in (text, [date.fromisoformat(day) if day else None for day in text]):
        read_ = both(held, held)
        assert field(read_) == DATE
        assert read_.real["x"].tolist()[:2] == [18292.0, 2932896.0]
        assert np.isnan(read_.real["x"][2])
    assert field(both(["2020-01-31", "2020-13-45"], ["2020-01-31"]))[0] == "code"


def test_what_pandas_cannot_read_is_left_out_without_its_words() -> None:
    huge = pd.Series([10**400, 10**400 + 1] * 20, dtype=object)
    frame = both(huge, [3.5, 4.5, 5.5])
    assert said(frame) == ["'x' is left out: it cannot be read (OverflowError)."]


def test_text_of_a_wrong_encoding_can_be_compared_and_written() -> None:
    frame = patients(1, x=["\ud800", "b"]).rename(columns={"age": "age\udcff"})
    assert field(read(frame, frame)) == ("code", ("?", "b"), False)
    assert read(frame, frame).columns[0] == "age?"
