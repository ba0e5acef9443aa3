"""From a data frame to columns: which type each is of, and which tell too much to be learnt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.learning.table import Column
from synth_magic.sampling.grid import Floats
from synth_magic.spec.faults import name_faults
from synth_magic.spec.marginal_rules import LARGEST
from synth_magic.spec.model import CODED_TYPES, VariableType
from synth_magic.spec.text import MAX_NAME, shown

Types: TypeAlias = Mapping[str, "VariableType | Sequence[str]"]

MOST_COLUMNS = 300
MOST_CODES = 50
OTHER = "other"

_DIFFERENT = 0.9
"""Texts of which so many are different name patients, not kinds of patients."""
_NAMED_ID = re.compile(r"(^|[\W_])(id|ids|mrn|uid|uuid|identifier|pid)($|[\W_])", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_BINARY = 2
_KINDS: tuple[VariableType, ...] = get_args(VariableType)


def read(frame: pd.DataFrame, types: Types, smallest: int) -> tuple[list[Column], list[str]]:
    """Return the columns that can be learnt, and a remark on each that is left out or changed.

    Raises SettingError for a frame that no cohort can be learnt from.
    """
    if not isinstance(frame, pd.DataFrame):
        raise SettingError(f"patients are a DataFrame, not a {type(frame).__name__}")
    names = _names(frame)
    if len(frame) < 2 * smallest:
        raise SettingError(
            f"the frame has {len(frame)} rows; with figures of at least {smallest} patients each, "
            f"at least {2 * smallest} are needed"
        )
    for name, asked in types.items():
        if name not in names:
            near = did_you_mean(str(name), names)
            raise SettingError(f"types: there is no column {shown(str(name))}{near}")
        if isinstance(asked, str) and asked not in _KINDS:
            near = did_you_mean(asked, _KINDS)
            raise SettingError(
                f"types: {shown(asked)} is no type{near}; there are {', '.join(_KINDS)}, "
                "or list the codes in order"
            )
    columns, remarks = [], []
    for place, name in enumerate(names):
        series = frame.iloc[:, place].reset_index(drop=True)
        try:
            column, remark = _column(name, series, types.get(name), smallest)
        except _LeftOutError as reason:
            remarks.append(f"{name} is left out: {reason}")
            continue
        except (ArithmeticError, TypeError, ValueError) as error:  # its words may hold a value
            remarks.append(f"{name} is left out: it cannot be read ({type(error).__name__})")
            continue
        columns.append(column)
        if remark:
            remarks.append(f"{name}: {remark}")
    if all(column.type == "identifier" for column in columns):
        reasons = "; ".join(remarks) or "all columns are identifiers"
        raise SettingError(f"there is no column to learn from: {reasons}")
    return columns, remarks


class _LeftOutError(Exception):
    """A column that cannot be learnt, and why."""


def _names(frame: pd.DataFrame) -> list[str]:
    if frame.columns.nlevels > 1:
        raise SettingError("the columns have names on several levels; join them into one")
    if len(frame.columns) == 0:
        raise SettingError("the frame has no column")
    if len(frame.columns) > MOST_COLUMNS:
        raise SettingError(
            f"the frame has {len(frame.columns):,} columns; choose at most {MOST_COLUMNS}"
        )
    names = [
        "" if absent else str(name)
        for name, absent in zip(frame.columns, frame.columns.isna(), strict=True)
    ]
    for place, name in enumerate(names):
        if not name.strip():
            raise SettingError(f"column {place + 1} has no name; name every column")
        for _, found, allowed in name_faults("name", name):
            raise SettingError(f"the name of column {place + 1}: {found}; {allowed}")
        if name in names[:place]:
            raise SettingError(f"two columns have the name {shown(name)}; names are unique")
    return names


def _column(
    name: str, series: pd.Series, asked: VariableType | Sequence[str] | None, smallest: int
) -> tuple[Column, str]:
    """Return a column, and what has to be said of it."""
    if isinstance(series.dtype, pd.ArrowDtype | pd.StringDtype) or series.dtype.kind in "Om":
        series = _inferred(series)
    if pd.api.types.is_complex_dtype(series):
        raise _LeftOutError("it holds complex numbers")
    rows = len(series)
    if asked == "identifier" or (asked is None and _is_identifier(name, series)):
        return Column(name, "identifier", np.zeros(rows)), ""
    if series.notna().sum() < smallest:
        raise _LeftOutError(f"fewer than {smallest} patients have a value")
    if asked == "date" or (asked is None and pd.api.types.is_datetime64_any_dtype(series)):
        return Column(name, "date", _within_size(_days(name, series))), ""
    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    if asked in ("continuous", "integer") and not numeric:
        raise SettingError(f"types: {shown(name)} holds no numbers")
    if numeric and asked not in CODED_TYPES and (asked is None or isinstance(asked, str)):
        values = _within_size(series.to_numpy(dtype=np.float64, na_value=np.nan))
        if np.count_nonzero(~np.isnan(values)) < smallest:
            raise _LeftOutError(f"fewer than {smallest} patients have a finite value")
        present = values[~np.isnan(values)]
        whole = bool(np.all(present == np.rint(present)))
        if asked is not None or not whole or len(np.unique(present)) != _BINARY:
            kind = asked or ("integer" if whole else "continuous")
            if kind == "integer" and not whole:
                raise SettingError(f"types: {shown(name)} holds numbers that are not whole")
            return Column(name, kind, values), ""  # type: ignore[arg-type]
    return _coded(name, series, asked, smallest)


def _inferred(series: pd.Series) -> pd.Series:
    """Return a column as numbers or dates, where all of it is; lengths of time are in days."""
    if isinstance(series.dtype, pd.ArrowDtype):
        series = series.astype(object)
    kind = pd.api.types.infer_dtype(series, skipna=True)
    if kind in ("timedelta", "timedelta64"):
        return pd.to_timedelta(series) / pd.Timedelta(days=1)
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return pd.to_numeric(series.astype(object).where(series.notna(), np.nan))
    if kind in ("date", "datetime", "datetime64"):
        return pd.to_datetime(series, errors="coerce")
    if kind == "string":
        texts = series.where(series.astype(object).map(str, na_action="ignore").str.strip() != "")
        return _dates_in(texts)
    return series


def _dates_in(texts: pd.Series) -> pd.Series:
    """Return text as dates if all of it is ISO dates, else as it is."""
    if not all(map(_DATE.fullmatch, texts.dropna().unique())):
        return texts
    dates = pd.to_datetime(texts, errors="coerce", format="ISO8601", utc=True)
    return texts if (dates.isna() & texts.notna()).any() else dates


def _is_identifier(name: str, series: pd.Series) -> bool:
    """Whether nearly all values are different and are no measurements."""
    if isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(series):
        return False
    present = series.dropna()
    if pd.api.types.is_numeric_dtype(series):
        numbers = present.to_numpy(dtype=np.float64)
        whole = bool(np.all(np.isfinite(numbers)) and np.all(numbers == np.rint(numbers)))
        if not whole or len(present) < len(series) or not present.is_unique:
            return False
        return bool(_NAMED_ID.search(name)) or bool((present.diff().dropna() == 1).all())
    if pd.api.types.is_datetime64_any_dtype(series):
        return False
    texts = present.astype(str)
    return len(texts) > _BINARY and texts.nunique() >= _DIFFERENT * len(texts)


def _days(name: str, series: pd.Series) -> Floats:
    try:
        is_read = pd.api.types.is_datetime64_any_dtype(series)
        dates = series if is_read else pd.to_datetime(series, format="ISO8601")
    except (ValueError, TypeError):
        raise SettingError(
            f"types: {shown(name)} holds no dates, or some that are not written as ISO dates"
        ) from None
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    days = dates.astype("datetime64[s]").to_numpy().astype("datetime64[D]")
    numbers = days.astype("int64").astype("float64")
    return np.where(np.isnat(days), np.nan, numbers)


def _within_size(values: npt.NDArray[Any]) -> Floats:
    """Return the numbers, without infinite ones."""
    values = np.where(np.isfinite(values), values, np.nan)
    if np.nanmax(np.abs(values), initial=0.0) > LARGEST:
        raise _LeftOutError(f"it holds numbers beyond {LARGEST:g}")
    return np.asarray(values + 0.0, dtype=np.float64)


def _coded(
    name: str, series: pd.Series, asked: VariableType | Sequence[str] | None, smallest: int
) -> tuple[Column, str]:
    texts = _texts(series).replace("", None)
    held = texts.value_counts()
    if held.sum() < smallest:
        raise _LeftOutError(f"fewer than {smallest} patients have a value")
    if held.iloc[0] < smallest:
        raise _LeftOutError(f"no code is that of {smallest} patients")
    codes, ordered = _order(series, asked, held)
    if unlisted := [code for code in held.index if code not in codes]:
        raise SettingError(f"types: {shown(name)} also holds the code {shown(unlisted[0])}")
    merged = dict(_merged(codes, held, smallest, ordered=ordered))
    kept = list(dict.fromkeys(merged[code] for code in codes))
    place = {code: float(kept.index(merged[code])) for code in codes}
    values: Floats = np.asarray(texts.map(place), dtype=np.float64)
    kind: VariableType = "ordinal" if ordered else "categorical"
    if len(kept) == _BINARY:
        kind = "binary"
    changed = [code for code in codes if merged[code] != code]
    remark = ""
    if changed:
        verb = "code is" if len(changed) == 1 else "codes are"
        remark = f"{len(changed)} rare {verb} merged into others"
    return Column(name, kind, values, tuple(kept)), remark


def _texts(series: pd.Series) -> pd.Series:
    """Return the values as texts of codes."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = np.array([*map(_code, series.dtype.categories), None], dtype=object)
        return pd.Series(codes[series.cat.codes], dtype=object)
    return series.astype(object).map(_code, na_action="ignore")


def _code(value: object) -> str:
    """Return a value as the text of a code: one line, whole numbers without decimals."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return text.strip()[:MAX_NAME]


def _order(
    series: pd.Series, asked: VariableType | Sequence[str] | None, held: pd.Series
) -> tuple[list[str], bool]:
    """Return the codes from low to high, and whether that order means something."""
    if asked is not None and not isinstance(asked, str):
        return [code for code in dict.fromkeys(map(str, asked)) if code in held.index], True
    if isinstance(series.dtype, pd.CategoricalDtype):
        listed = [_code(category) for category in series.dtype.categories]
        ordered = bool(series.dtype.ordered)
    else:
        listed, ordered = sorted(held.index, key=_natural), False
    codes = [code for code in dict.fromkeys(listed) if code in held.index]
    return codes, asked == "ordinal" or (asked is None and ordered)


def _natural(code: str) -> tuple[float, str]:
    """Order codes as numbers where they are numbers."""
    try:
        return float(code), code
    except ValueError:
        return np.inf, code


def _merged(
    codes: Sequence[str], held: pd.Series, smallest: int, *, ordered: bool
) -> Iterator[tuple[str, str]]:
    """Yield each code with the code that stands for it.

    Where codes are ordered, a rare one joins its nearest neighbour that is not rare. Else the rare
    ones become "other" together; if they are too few even so, they join the most common code.
    """
    by_size = sorted(codes, key=lambda code: -held[code])
    common = {code for code in by_size[: MOST_CODES - 1] if held[code] >= smallest}
    rare = [code for code in codes if code not in common]
    if ordered:
        places = [place for place, code in enumerate(codes) if code in common]
        for place, code in enumerate(codes):
            yield code, codes[min(places, key=lambda other: abs(other - place))]
        return
    together = sum(held[code] for code in rare) + (held[OTHER] if OTHER in common else 0)
    pool = OTHER if OTHER in common or (len(rare) > 1 and together >= smallest) else by_size[0]
    for code in codes:
        yield code, code if code in common else pool
