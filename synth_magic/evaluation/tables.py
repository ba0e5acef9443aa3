"""Synthetic patients and real ones in one form, as every metric takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

Kind: TypeAlias = Literal["number", "date", "code"]

TABLE = "patients"
"""The name of the only table, where a library asks for one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of both tables.

    `codes` are the values of a code, from low to high if `ordered`; a code that stands in no table
    may be among them. A number or a date has none.
    """

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    ordered: bool = True

    @property
    def ranked(self) -> bool:
        """Whether the values have an order, so that they can rise with another variable."""
        return self.kind != "code" or self.ordered or len(self.codes) == 2


@dataclass(frozen=True, slots=True)
class Tables:
    """Synthetic patients, and real ones in two parts.

    `train` are real rows that a generator may learn from, `test` real rows held out; no patient is
    in both. All three have the same columns in the same order: numbers as float64, dates as days
    since 1970-01-01, codes as text; what is missing is NaN, or None among codes. The index counts
    from 0.
    """

    fields: tuple[Field, ...]
    synthetic: pd.DataFrame
    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def numbers(self) -> list[str]:
        """The names of the columns that hold numbers or dates."""
        return [field.name for field in self.fields if field.kind != "code"]

    @property
    def coded(self) -> list[str]:
        """The names of the columns that hold codes."""
        return [field.name for field in self.fields if field.kind == "code"]

    def yardstick(self) -> Tables:
        """Return the tables with the real training rows in the place of the synthetic ones.

        What these score is what real patients of the same source score.
        """
        return replace(self, synthetic=self.train)

    def at_most(self, rows: int, seed: int = 0) -> Tables:
        """Return the tables with at most so many rows of each, drawn at random."""
        parts = (self.synthetic, self.train, self.test)
        return Tables(self.fields, *(some(part, rows, seed) for part in parts))

    def ranks(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the columns that have an order as numbers: a code is its place in the order."""
        columns = {}
        for field in self.fields:
            if field.ranked:
                column = frame[field.name]
                places = {code: float(place) for place, code in enumerate(field.codes)}
                columns[field.name] = column.map(places) if places else column
        return pd.DataFrame(columns, index=frame.index).astype("float64")

    def metadata(self) -> dict[str, Any]:
        """Return what SDMetrics asks to know of the columns of a table named `TABLE`."""
        kinds = {"code": "categorical", "number": "numerical", "date": "numerical"}
        columns = {field.name: {"sdtype": kinds[field.kind]} for field in self.fields}
        return {"tables": {TABLE: {"columns": columns}}, "relationships": []}


def some(frame: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    """Return at most so many of the rows, drawn at random."""
    if len(frame) <= most:
        return frame
    return frame.sample(most, random_state=np.random.default_rng(seed)).reset_index(drop=True)
