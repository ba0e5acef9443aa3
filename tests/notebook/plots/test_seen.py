from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.notebook.plots.seen import seen, seen_in
from synth_magic.spec import Variable
from tests.notebook.plots.builders import AGE, AWKWARD, CRP, REFERENCES, SEX, VISIT


def column(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def test_a_column_that_is_not_there_is_not_seen() -> None:
    assert seen(pd.DataFrame({"height": [1]}), AGE) is None


def test_of_two_columns_of_one_name_the_first_is_seen() -> None:
    frame = pd.DataFrame([[1, 2], [3, 4]], columns=["age", "age"])
    found = seen(frame, AGE)
    assert found is not None
    assert found.numbers.tolist() == [1, 3]


def test_numbers_are_those_that_are_known_and_finite() -> None:
    found = seen_in(pd.Series([1.5, np.nan, np.inf, 2.5]), CRP)
    assert found.numbers.tolist() == [1.5, 2.5]
    assert found.missing == 0.5


def test_numbers_in_texts_are_read() -> None:
    assert seen_in(column("61", "none", None, 70), AGE).numbers.tolist() == [61, 70]


def test_codes_of_the_variable_are_counted_and_others_said() -> None:
    found = seen_in(column("male", "female", "male", "unknown", None), SEX)
    assert found.counts.tolist() == [1, 2]
    assert (found.other, found.known, found.missing) == (1, 4, pytest.approx(0.2))
    assert found.shares.tolist() == [0.25, 0.5]


def test_whole_numbers_are_codes_even_where_a_gap_made_them_floats() -> None:
    smoker = Variable("smoker", "binary", AWKWARD["emoji"].marginal)
    assert seen_in(pd.Series([1.0, 2.0, np.nan]), smoker).other == 2


def test_dates_count_days() -> None:
    found = seen_in(pd.to_datetime(pd.Series(["1970-01-02", None, "1970-02-01"])), VISIT)
    assert found.numbers.tolist() == [1, 31]


def test_a_number_is_no_date_and_a_date_no_number() -> None:
    assert seen_in(pd.Series([1, 2]), VISIT).known == 0
    assert seen_in(pd.Series(pd.date_range("2020-01-01", periods=2)), AGE).known == 0


@pytest.mark.parametrize("values", REFERENCES.values(), ids=REFERENCES.keys())
@pytest.mark.parametrize("variable", [AGE, SEX, CRP, VISIT], ids=lambda v: v.name)
def test_any_column_of_the_users_is_read_without_a_warning(
    values: list[object], variable: Variable
) -> None:
    for read in (pd.Series(values), pd.Series(values, dtype=object)):
        found = seen_in(read, variable)
        assert found.rows == 4
        assert 0 <= found.missing <= 1
