"""A column of a frame as a picture needs it: the known numbers, or how often each code occurs.

The patients are as they were drawn; a reference is the user's own frame and may hold anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synth_magic.evaluation.columns import as_coded
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.table import EPOCH
from synth_magic.spec.model import CODED_TYPES, Variable

_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a column shows of `rows` patients.

    `numbers` are the known values of a number, days since 1970-01-01 of a date; `counts` say how
    many have each code; `other` how many have a value that is none of the codes.
    """

    rows: int
    numbers: Floats
    counts: Floats
    other: int = 0

    @property
    def known(self) -> int:
        """How many patients have a value."""
        return len(self.numbers) + int(self.counts.sum()) + self.other

    @property
    def missing(self) -> float:
        """Share of patients without a value."""
        return 1 - self.known / self.rows if self.rows else 0.0

    @property
    def shares(self) -> Floats:
        """Share of each code among the known values."""
        return np.asarray(self.counts / max(self.known, 1))


def seen(frame: pd.DataFrame, variable: Variable) -> Seen | None:
    """Return what a frame shows of a variable; None where it has no such column."""
    if variable.name not in frame.columns:
        return None
    column: Any = frame[variable.name]
    if isinstance(column, pd.DataFrame):  # two columns of one name
        column = column.iloc[:, 0]
    return seen_in(column, variable)


def seen_in(column: pd.Series[Any], variable: Variable) -> Seen:
    """Return what a column shows of a variable."""
    if variable.type in CODED_TYPES:
        index = _codes(column, variable)
        counts = np.bincount(index[index >= 0], minlength=len(variable.codes)).astype(np.float64)
        other = int(column.notna().sum()) - int(counts.sum())
        return Seen(len(column), _NOTHING, counts, other)
    numbers = numbers_of(column, variable)
    return Seen(len(column), numbers[np.isfinite(numbers)], _NOTHING)


def numbers_of(column: pd.Series[Any], variable: Variable) -> Floats:
    """Return a column as numbers, NaN where there is none; dates as days since 1970-01-01."""
    if variable.type == "date":
        return _days(column)
    if column.dtype.kind in "biuf":
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if column.dtype.kind in "cmM":
        return np.full(len(column), np.nan)
    found = pd.to_numeric(column.astype(object), errors="coerce")
    if found.dtype.kind == "c":
        return np.full(len(column), np.nan)
    return np.asarray(found.to_numpy(dtype=np.float64, na_value=np.nan))


def _days(column: pd.Series[Any]) -> Floats:
    if column.dtype.kind in "biufc":
        return np.full(len(column), np.nan)
    if column.dtype.kind != "M" or getattr(column.dt, "tz", None) is not None:
        texts = column.astype(object)
        column = pd.to_datetime(texts, errors="coerce", format="mixed", utc=True).dt.tz_localize(
            None
        )
    days = (column - pd.Timestamp(EPOCH)) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(dtype=np.float64))


def _codes(column: pd.Series[Any], variable: Variable) -> Any:
    try:
        return as_coded(column, variable).index
    except TypeError:  # lists and the like have no hash
        return as_coded(column.map(str, na_action="ignore"), variable).index
