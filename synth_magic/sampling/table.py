"""The finished frame: columns filled block by block, in place, in the types users expect."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from synth_magic.sampling.grid import Bools, Floats
from synth_magic.spec.expressions import Coded
from synth_magic.spec.model import CODED_TYPES, Identifier, Variable

EPOCH = date(1970, 1, 1)
_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")


def days_before(variable: Variable) -> float:
    """Return the days from 1970-01-01 to the origin in a date's unit, 0 for other types."""
    if variable.type != "date":
        return 0.0
    origin = date.fromisoformat(variable.unit.removeprefix("days since ").strip())
    return float((origin - EPOCH).days)


def categories(codes: tuple[str, ...]) -> list[str] | list[int]:
    """Return the codes as the frame holds them: integers where all of them are."""
    if all(_WHOLE.fullmatch(code) for code in codes):
        return [int(code) for code in codes]
    return list(codes)


class ColumnBuilder:
    """One column of the frame, allocated once and filled in any order."""

    def __init__(self, variable: Variable, rows: int, *, gaps: bool) -> None:
        self.variable = variable
        coded = variable.type in CODED_TYPES
        self._codes = variable.codes
        small = np.int8 if len(self._codes) < 128 else np.int32
        kind: Any = {"continuous": np.float64, "identifier": object}.get(variable.type, np.int64)
        self._data = np.empty(rows, dtype=small if coded else kind)
        self._mask = (
            np.zeros(rows, dtype=np.bool_) if gaps and kind is np.int64 and not coded else None
        )

    def write(self, start: int, values: Floats | Coded, missing: Bools | None) -> None:
        """Put the values of consecutive rows in place."""
        stop = start + (len(values.index) if isinstance(values, Coded) else len(values))
        target = self._data[start:stop]
        if isinstance(values, Coded):
            target[:] = values.index
            if missing is not None:
                target[missing] = -1
            return
        absent = missing
        if self._mask is not None:
            nothing = np.isnan(values)
            absent = nothing if missing is None else missing | nothing
            self._mask[start:stop] = absent
            values = np.where(absent, 0.0, values)
        np.copyto(target, values, casting="unsafe")
        if absent is not None and self._data.dtype == np.float64:
            target[absent] = np.nan

    def finish(self) -> Any:
        """Return the column as an array that pandas takes without a copy."""
        if isinstance(self.variable.marginal, Identifier):
            return _identifiers(self.variable.marginal.pattern, len(self._data))
        if self._codes:
            dtype = pd.CategoricalDtype(
                categories(self._codes), ordered=self.variable.type == "ordinal"
            )
            return pd.Categorical.from_codes(self._data, dtype=dtype)
        if self.variable.type == "date":
            days = self._data.astype("datetime64[D]")
            if self._mask is not None:
                days[self._mask] = np.datetime64("NaT")
            return days.astype("datetime64[s]")
        if self._mask is not None:
            return pd.arrays.IntegerArray(self._data, self._mask)
        return self._data


def _identifiers(pattern: str, rows: int) -> list[str]:
    hashes = re.search("#+", pattern)
    if hashes is None:
        before, after, width = pattern, "", 0
    else:
        before, after, width = pattern[: hashes.start()], pattern[hashes.end() :], len(hashes[0])
    return [f"{before}{i:0{width}d}{after}" for i in range(1, rows + 1)]
