"""The finished frame: the types that users expect, on any pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.spec import Formula, Identifier, MeanSD, Quantiles, Variable
from tests.sampling.builders import AGE, SEX, STAGE, by, cohort, draw, number, shares, yes_no


def test_continuous_is_float() -> None:
    frame = draw(cohort(number("a"), number("b", missing=0.3)), 1000)
    assert frame.dtypes.tolist() == [np.float64, np.float64]
    assert frame.b.isna().any()


def test_integer_is_int64_and_int64_with_gaps() -> None:
    gaps = Variable("visits", "integer", MeanSD(5, 2, 0), missing=0.3)
    frame = draw(cohort(AGE, gaps), 1000)
    assert frame.age.dtype == np.int64
    assert frame.visits.dtype == pd.Int64Dtype()
    assert frame.visits.isna().any()


def test_codes_are_categories_in_order() -> None:
    nominal = Variable("region", "categorical", shares(south=0.5, north=0.5))
    frame = draw(cohort(STAGE, nominal), 200)
    assert frame.stage.cat.categories.tolist() == ["I", "II", "III", "IV"]
    assert frame.stage.cat.ordered
    assert frame.region.cat.categories.tolist() == ["south", "north"]
    assert not frame.region.cat.ordered
    assert (frame.stage <= "IV").all()


def test_integer_codes_stay_integers() -> None:
    gender = Variable("PTGENDER", "binary", shares(**{"0": 0.5, "1": 0.5}), missing=0.2)
    frame = draw(cohort(gender), 200)
    assert frame.PTGENDER.cat.categories.dtype.kind == "i"
    assert set(frame.PTGENDER.dropna()) == {0, 1}
    assert frame.PTGENDER.isna().any()


@pytest.mark.parametrize("codes", [("01", "02"), ("1", "2+"), ("1.5", "2"), ("x", "y")])
def test_codes_that_are_no_whole_numbers_stay_text(codes: tuple[str, ...]) -> None:
    variable = Variable("grade", "ordinal", shares(**dict.fromkeys(codes, 0.5)))
    assert draw(cohort(variable), 50).grade.cat.categories.tolist() == list(codes)


def test_dates_are_days_from_the_stated_origin() -> None:
    visit = Variable("visit", "date", MeanSD(100, 30, 0, 365), unit="days since 2015-04-01")
    later = Variable("later", "date", MeanSD(100, 30, 0), unit="days since 1965-01-01", missing=0.5)
    frame = draw(cohort(visit, later), 20_000)
    assert [str(dtype) for dtype in frame.dtypes] == ["datetime64[s]", "datetime64[s]"]
    days = (frame.visit - pd.Timestamp("2015-04-01")).dt.days
    assert days.mean() == pytest.approx(100, abs=1.5)
    assert days.between(0, 365).all()
    assert frame.later.isna().mean() == pytest.approx(0.5, abs=0.02)
    assert frame.later.min() >= pd.Timestamp("1965-01-01")


def test_dates_compute_in_days() -> None:
    start = Variable("start", "date", MeanSD(100, 30), unit="days since 2015-04-01")
    end = Variable("end", "date", MeanSD(2000, 30), unit="days since 2010-04-01")
    stay = Variable("stay", "integer", Formula("end - start"))
    frame = draw(cohort(start, end, stay), 500)
    assert ((frame.end - frame.start).dt.days == frame.stay).all()


@pytest.mark.parametrize(
    ("pattern", "first", "last"),
    [("P#####", "P00001", "P00120"), ("NCT-##/x", "NCT-01/x", "NCT-120/x"), ("#", "1", "120")],
)
def test_identifiers_derive_from_the_row_number(pattern: str, first: str, last: str) -> None:
    frame = draw(cohort(Variable("id", "identifier", Identifier(pattern)), AGE), 120)
    assert frame.id.is_unique
    assert (frame.id.iloc[0], frame.id.iloc[-1]) == (first, last)


def test_columns_stand_in_order_and_hidden_ones_are_absent() -> None:
    frame = draw(cohort(STAGE, number("risk", hidden=True), AGE, yes_no("died", 0.1)), 5)
    assert list(frame) == ["stage", "age", "died"]
    assert frame.index.equals(pd.RangeIndex(5))


def test_odd_names_are_columns_too() -> None:
    names = ["HbA1c (%)", "<b>x</b>", "عمر", 'a "b"', "é", "class"]
    assert list(draw(cohort(*map(number, names)), 2)) == names


def test_a_by_variable_keeps_its_type() -> None:
    visits = Variable("visits", "integer", by("sex", female=MeanSD(3, 1), male=MeanSD(9, 2)))
    assert draw(cohort(SEX, visits), 10).visits.dtype == np.int64


def test_a_value_beyond_the_range_of_a_date_is_no_crash() -> None:
    far = Quantiles(-40_000, -30_000, -20_000, -10_000, 0, 10_000, 20_000, 30_000, 40_000)
    frame = draw(cohort(Variable("day", "date", far, unit="days since 2000-01-01")), 1000)
    assert frame.day.min() < pd.Timestamp("1950-01-01")
