"""Columns of a frame back as the numbers and codes that a specification speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from synth_magic.sampling.grid import Bools, Floats
from synth_magic.sampling.table import EPOCH, days_before
from synth_magic.spec.expressions import Coded
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import CODED_TYPES, By, SimpleMarginal, Variable


def as_coded(column: pd.Series, variable: Variable) -> Coded:
    """Return the codes of a column, index -1 where there is none."""
    codes = variable.codes
    place = {code: i for i, code in enumerate(codes)}
    found = column.astype("category").cat
    index = np.array([place.get(code_of(value), -1) for value in found.categories] + [-1])
    return Coded(codes, index[found.codes.to_numpy()])


def code_of(value: object) -> str:
    """Return a value as a code; whole numbers that a gap has made floats lose their decimals."""
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    return str(value)


def as_numbers(column: pd.Series, variable: Variable) -> Floats:
    """Return a column as numbers, NaN where there is none: ranks of codes, days of a date."""
    if variable.type in CODED_TYPES:
        index = as_coded(column, variable).index
        return np.asarray(np.where(index < 0, np.nan, index), dtype=np.float64)
    if variable.type == "date":
        days = (column - pd.Timestamp(EPOCH)) / pd.Timedelta(days=1)
        return np.asarray(days.to_numpy(dtype=np.float64) - days_before(variable))
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def as_values(column: pd.Series, variable: Variable) -> Floats | Coded:
    """Return a column as expressions see it; dates are days since 1970-01-01."""
    if variable.type in CODED_TYPES:
        return as_coded(column, variable)
    return as_numbers(column, variable) + days_before(variable)


def where(column: pd.Series, variable: Variable, level: str) -> Bools:
    """Return which patients have a level: a code, or an interval of a numeric variable."""
    if variable.type in CODED_TYPES:
        codes = as_coded(column, variable)
        return np.asarray(codes.index == codes.codes.index(level))
    low, high = parse_interval(level)
    numbers = as_numbers(column, variable)
    return (numbers >= low) & (numbers < high)


def by_cells(
    marginal: By, by_name: Mapping[str, Variable], frame: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame, SimpleMarginal]]:
    """Return the patients of each cell of a `by`, with the words for them."""
    for cell in marginal.cells:
        there = np.ones(len(frame), dtype=np.bool_)
        words = []
        for parent, level in zip(marginal.parents, cell.levels, strict=True):
            there &= where(frame[parent], by_name[parent], level)
            words.append(f"{parent} = {level}")
        yield ", ".join(words), frame[there], cell.marginal
