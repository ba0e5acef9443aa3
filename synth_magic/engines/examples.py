"""Patients that the user gives as examples, made plain: the model is sent them as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, TypeAlias

from synth_magic.errors import SettingError

MOST = 5
"""So many patients at most are sent: they show the form of the values, not their distribution."""

Example: TypeAlias = dict[str, str | int | float | bool | None]


def examples(given: object, where: str = "example") -> tuple[tuple[Example, ...], int]:
    """Return the first patients of those given, and how many were given.

    `given` is None, one patient (a mapping), a list of such, or a DataFrame whose rows the user
    wishes to send. Dates become ISO text, and what is missing None. Raises SettingError for
    anything else; it repeats no value, which may be a real person's.
    """
    if given is None:
        return (), 0
    patients, number = _patients(given, where)
    if not patients:
        raise SettingError(f"{where} holds no patient")
    return tuple(_patient(one, where) for one in patients), number


def left_out(number: int) -> tuple[str, ...]:
    """Return a remark if more patients were given than are sent."""
    if number <= MOST:
        return ()
    return (f"Of the {number:,} example patients, only the first {MOST} are part of the question.",)


def _patients(given: object, where: str) -> tuple[Sequence[object], int]:
    if isinstance(given, Mapping):
        return [given], 1
    if isinstance(given, list | tuple):
        return given[:MOST], len(given)
    import pandas as pd

    if not isinstance(given, pd.DataFrame):
        raise SettingError(
            f"{where} must be one patient (a dictionary), a list of such or a DataFrame, not "
            f"{type(given).__name__}"
        )
    if not given.columns.is_unique:
        raise SettingError(f"{where} has two columns of one name")
    return given.head(MOST).to_dict("records"), len(given)


def _patient(one: object, where: str) -> Example:
    if not isinstance(one, Mapping):
        kind = type(one).__name__
        raise SettingError(f"{where} must hold each patient as a dictionary, not as {kind}")
    if not one:
        raise SettingError(f"{where} holds a patient without values")
    if unnamed := [name for name in one if not isinstance(name, str)]:
        raise SettingError(f"{where} must name its values by text, not by {unnamed[0]!r:.80}")
    return {name: _plain(value, f"{name!r:.80} of {where}") for name, value in one.items()}


def _plain(value: Any, what: str) -> str | int | float | bool | None:
    import numpy as np
    import pandas as pd

    if pd.api.types.is_scalar(value):
        if pd.isna(value):
            return None
        if isinstance(value, str):
            return str(value)
        if isinstance(value, bool | np.bool_):
            return bool(value)
        if isinstance(value, Integral):
            return int(value)
        if isinstance(value, Real | Decimal) and math.isfinite(value):
            return float(value)
        moment = pd.Timestamp(value) if isinstance(value, np.datetime64) else value
        if isinstance(moment, date):
            return moment.isoformat().removesuffix("T00:00:00")
    raise SettingError(
        f"{what} must be text, a number, True or False, a date or missing, not "
        f"{'an endless number' if isinstance(value, Real) else type(value).__name__}"
    )
