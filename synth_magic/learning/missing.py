"""Which values are missing together, and in whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.learning.table import Column
from synth_magic.sampling.grid import Bools

_LONGEST = 400
_TOGETHER = 0.8
"""Columns are missing together if both are in so many of the rows in which either is."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Columns that are missing in the same rows: `rows` where all of them are."""

    columns: tuple[str, ...]
    rows: Bools

    @property
    def name(self) -> str:
        """What the group is called."""
        first, *others = self.columns
        more = f" and {len(others)} more" if others else ""
        return f"{first[:_LONGEST]}{more} missing"


def gaps(columns: Sequence[Column], smallest: int) -> list[Gap]:
    """Return the columns that lack values, those together that mostly lack them together.

    A column that lacks fewer than `smallest` values, or all but so few, has a share and no pattern.
    """
    found: list[Gap] = []
    often = sorted(columns, key=lambda column: -np.count_nonzero(column.missing))
    for column in often:
        rows = column.missing
        if not smallest <= np.count_nonzero(rows) <= len(rows) - smallest:
            continue
        for place, gap in enumerate(found):
            both, either = rows & gap.rows, rows | gap.rows
            if both.sum() >= max(smallest, _TOGETHER * either.sum()):
                found[place] = Gap((*gap.columns, column.name), both)
                break
        else:
            found.append(Gap((column.name,), rows))
    return found
