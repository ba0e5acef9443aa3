"""Patients as a language model wrote them, kept as they are and made a frame of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from synth_magic.engines.rows.form import Column
from synth_magic.engines.rows.reading import LARGEST
from synth_magic.errors import SamplingError
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.table import EPOCH, ColumnBuilder
from synth_magic.spec.expressions import Coded
from synth_magic.spec.model import MeanSD, Share, Shares, Variable


@dataclass(frozen=True, slots=True)
class Written:
    """Rows, a value for each of the columns: numbers, codes and dates as text, None for a gap."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Written:
        """Return rows that are given as dictionaries."""
        names = tuple(columns)
        return cls(names, tuple(tuple(row[name] for name in names) for row in rows))

    def to_dict(self) -> dict[str, Any]:
        """Return the rows as JSON holds them."""
        return {"columns": list(self.columns), "rows": [list(row) for row in self.rows]}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Written:
        """Return the rows that `to_dict` wrote."""
        return cls(tuple(document["columns"]), tuple(map(tuple, document["rows"])))

    def frame(self, variables: Sequence[Variable]) -> pd.DataFrame:
        """Return the rows in the types that a sampled frame has; hidden variables have no column.

        Raises SamplingError for rows that these variables cannot have.
        """
        shown = [variable for variable in variables if not variable.hidden]
        try:
            values = dict(zip(self.columns, zip(*self.rows, strict=True), strict=True))
            return pd.DataFrame({v.name: _column(v, values[v.name]) for v in shown})
        except (KeyError, TypeError, ValueError):
            raise SamplingError(
                "the patients that a model wrote are kept with a specification that is not theirs"
            ) from None


def as_variable(column: Column) -> Variable:
    """Return the variable of a column of which no distribution is known yet."""
    codes = tuple(code.code for code in column.codes)
    shares = Shares(tuple(Share(code, 1 / len(codes)) for code in codes))
    marginal = shares if codes else MeanSD(0, 1)
    unit = f"days since {EPOCH}" if column.type == "date" else column.unit
    return Variable(column.name, column.type, marginal, column.label, unit)


def _column(variable: Variable, values: Sequence[Any]) -> Any:
    absent = np.array([value is None for value in values], dtype=np.bool_)
    gaps = variable.missing > 0 or bool(absent.any())
    builder = ColumnBuilder(variable, len(values), gaps=gaps)
    builder.write(0, _numbers(variable, values), absent if absent.any() else None)
    return builder.finish()


def _numbers(variable: Variable, values: Sequence[Any]) -> Floats | Coded:
    if variable.codes:
        places = {code: place for place, code in enumerate(variable.codes)}
        index = np.array([-1 if v is None else places[v] for v in values], dtype=np.int64)
        return Coded(variable.codes, index)
    if variable.type == "date":
        values = [None if v is None else (date.fromisoformat(v) - EPOCH).days for v in values]
    if not all(value is None or abs(value) < LARGEST for value in values):
        raise ValueError("a number beyond those of patients")
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
