"""Rows of patients as integers, and as points with distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from synth_magic.evaluation.tables import Field, Tables
from synth_magic.sampling.grid import Floats

Places: TypeAlias = npt.NDArray[np.int64]

MISSING = -1


def places(field: Field, column: pd.Series[Any]) -> Places:
    """Return the place of each code in the field's codes, `MISSING` where it is missing."""
    return np.asarray(pd.Categorical(column, categories=list(field.codes)).codes, dtype=np.int64)


def patterns(frames: Sequence[pd.DataFrame]) -> list[Places]:
    """Return an integer for each row of each frame: the same for rows that agree in all columns.

    Missing agrees with missing.
    """
    levels = pd.concat(frames, ignore_index=True).apply(lambda column: pd.factorize(column)[0])
    numbers = levels.groupby(list(levels.columns), sort=False).ngroup().to_numpy(dtype=np.int64)
    return np.split(numbers, np.cumsum([len(frame) for frame in frames])[:-1])


@dataclass(frozen=True, slots=True)
class Points:
    """One point a row, with Gower's distance: the mean over the columns of a difference up to 1.

    A number or a date counts by its place among the real training rows (the share of them that lie
    lower, and half of those that are equal), so that neither the unit nor a far value decides. Two
    codes are 0 apart if they are the same, else 1, and missing is 1 from every value and 0 from
    missing.
    """

    numbers: Floats
    codes: Places

    @classmethod
    def of(cls, tables: Tables, frame: pd.DataFrame) -> Points:
        """Return the points of some rows."""
        numbers, codes = np.empty((len(frame), 0)), np.empty((len(frame), 0), dtype=np.int64)
        for field in tables.fields:
            column = frame[field.name]
            if field.kind == "code":
                codes = np.column_stack([codes, places(field, column)])
            else:
                known = tables.train[field.name].dropna()
                numbers = np.column_stack([numbers, _coordinates(column, known)])
        return cls(numbers, codes)

    def __getitem__(self, rows: slice) -> Points:
        return Points(self.numbers[rows], self.codes[rows])

    def __len__(self) -> int:
        return len(self.numbers)

    def distances(self, others: Points) -> Floats:
        """Return the distance of each of these points to each of the others."""
        from scipy.spatial.distance import cdist

        number, coded = self.numbers.shape[1] // 3, self.codes.shape[1]
        found = np.zeros((len(self), len(others)))
        if number:
            found += cdist(self.numbers, others.numbers, "cityblock")
        if coded:
            found += coded * cdist(self.codes, others.codes, "hamming")
        return np.asarray(found / (number + coded))


def _coordinates(column: pd.Series[Any], known: pd.Series[Any]) -> Floats:
    """Return three coordinates of each value, between which the Manhattan distance is up to 1."""
    known = known.sort_values()
    values = column.to_numpy(dtype=np.float64)
    below, not_above = (np.searchsorted(known, values, side) for side in ("left", "right"))
    share = (below + not_above) / (2 * max(len(known), 1))
    missing = np.isnan(values)
    # Of two present values the first two coordinates differ by half of |a - b| each; from a
    # present value to a missing one they come to a half, and the third to the other.
    present = np.where(missing, 0.0, 0.5)
    return np.column_stack([present * share, present * (1 - share), missing / 2])
