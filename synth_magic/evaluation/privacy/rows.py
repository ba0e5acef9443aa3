"""Rows of patients as integers, as points, and drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from synth_magic.evaluation.tables import Field, Tables

Numbers: TypeAlias = npt.NDArray[np.float64]
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


def some(frame: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    """Return at most `most` of the rows, drawn at random."""
    if len(frame) <= most:
        return frame
    return frame.sample(most, random_state=np.random.default_rng(seed))


def points(tables: Tables, frame: pd.DataFrame) -> Numbers:
    """Return one point a row, between which the Manhattan distance is Gower's.

    That is the mean over the columns of a difference between 0 and 1. A number or a date counts by
    its place among the real training rows (the share of them that lie lower, and half of those that
    are equal), so that neither the unit nor a far value decides. Two codes are 0 apart if they are
    the same, else 1, and missing is 1 from every value and 0 from missing.
    """
    columns = [_coordinates(field, tables.train, frame) for field in tables.fields]
    return np.hstack(columns) / len(columns)


def _coordinates(field: Field, train: pd.DataFrame, frame: pd.DataFrame) -> Numbers:
    column = frame[field.name]
    if field.kind == "code":
        halves = np.eye(len(field.codes) + 1) / 2  # the last, which MISSING points to, is missing
        return np.asarray(halves[places(field, column)])
    known = np.sort(train[field.name].dropna())
    values = column.to_numpy(dtype=np.float64)
    below, not_above = (np.searchsorted(known, values, side) for side in ("left", "right"))
    share = (below + not_above) / (2 * max(len(known), 1))
    missing = np.isnan(values)
    # Of two present values the first two coordinates differ by half of |a - b| each; from a
    # present value to a missing one they come to a half, and the third to the other.
    present = np.where(missing, 0.0, 0.5)
    return np.column_stack([present * share, present * (1 - share), missing / 2])
