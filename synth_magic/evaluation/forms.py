"""One column of a frame, whatever its dtype, as float64 or as text."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from pandas.api import types

from synth_magic.evaluation.columns import code_of

Form: TypeAlias = Literal["numbers", "dates", "codes", "text", "nothing"]

_INFERRED: dict[str, Form] = {
    "boolean": "codes",
    "integer": "numbers",
    "floating": "numbers",
    "mixed-integer-float": "numbers",
    "decimal": "numbers",
    "timedelta": "numbers",
    "timedelta64": "numbers",
    "date": "dates",
    "datetime": "dates",
    "datetime64": "dates",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_DAY = pd.Timedelta(days=1)


def form_of(column: pd.Series) -> Form:
    """Return what a column holds; categories and booleans are codes."""
    dtype = column.dtype
    if not column.notna().any():
        return "nothing"
    if isinstance(dtype, pd.CategoricalDtype) or types.is_bool_dtype(dtype):
        return "codes"
    if types.is_datetime64_any_dtype(dtype):
        return "dates"
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return "numbers"
    return _INFERRED.get(types.infer_dtype(column, skipna=True), "text")


def floats(column: pd.Series) -> pd.Series:
    """Return a column of numbers as float64, lengths of time in days."""
    is_time = types.infer_dtype(column, skipna=True).startswith("timedelta")
    numbers = pd.to_timedelta(column) / _DAY if is_time else pd.to_numeric(column)
    return pd.Series(numbers.to_numpy(dtype=np.float64, na_value=np.nan))


def days(column: pd.Series) -> pd.Series:
    """Return a column of dates as days since 1970-01-01."""
    dates = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=True)
    since = (dates - pd.Timestamp(0, tz="UTC")) / _DAY
    read = np.array(since.to_numpy(dtype=np.float64, na_value=np.nan))
    far = column.notna().to_numpy() & np.isnan(read)  # such as 9999-12-31
    read[far] = [_day(str(value)) for value in column[far]]
    return pd.Series(read)


def _day(text: str) -> float:
    try:
        return float(np.datetime64(text[:10], "D").astype(np.int64))
    except ValueError:
        return np.nan


def texts(column: pd.Series) -> pd.Series:
    """Return a column as text: 1, 1.0 and "1" are the same. What is blank is missing, None."""
    try:
        places, values = pd.factorize(column)
    except TypeError:  # lists and the like
        places, values = pd.factorize(column.map(repr, na_action="ignore"))
    found = [in_unicode(code_of(value)) for value in values]
    read = np.array([text if text.strip() else None for text in found] + [None], dtype=object)
    return pd.Series(read[places], dtype=object)


def in_unicode(text: str) -> str:
    """Return text that can be written: halves of a letter, of a wrong encoding, become `?`."""
    return text.encode("utf-8", "replace").decode()


def numbers_in(text: pd.Series) -> pd.Series | None:
    """Return text as numbers, or None if some of it is no number."""
    numbers = pd.to_numeric(text, errors="coerce")
    return None if (numbers.isna() & text.notna()).any() else floats(numbers)


def days_in(text: pd.Series) -> pd.Series | None:
    """Return ISO dates in text as days since 1970-01-01, or None if some of it is no such date."""
    if not all(map(_DATE.fullmatch, text.dropna().unique())):
        return None
    read = days(text)
    return None if (read.isna() & text.notna()).any() else read
