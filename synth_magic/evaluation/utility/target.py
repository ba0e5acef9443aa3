"""The outcome that models predict: a target that is an event or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_magic.evaluation.tables import Tables
from synth_magic.sampling.grid import Floats

MOST_ROWS = 10_000
"""Models are fitted to at most so many rows of each table: they get slow, and no better."""

NO_OUTCOME = "the target is not in the tables, or has one value only in the real training rows"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What of a target is the event: a value above `cut`, or one of `codes`."""

    target: str
    cut: float = np.nan
    codes: tuple[str, ...] = ()

    def events(self, frame: pd.DataFrame) -> Floats:
        """Return 1 for an event, 0 for none, NaN where the target is missing."""
        column = frame[self.target]
        event = column.isin(self.codes) if self.codes else column > self.cut
        return np.where(column.notna(), event.astype("float64"), np.nan)


def outcome(tables: Tables, target: str) -> Outcome | None:
    """Return the event of a target, as the real training rows alone define it; None if they cannot.

    A number or a date is cut at its median in the real training rows: above it is the event. The
    same cut holds for synthetic patients and for those held out. (The seed paper's own code cut
    each table at its own median, so that half of each table were events whatever their values, and
    a shift of the whole target went unseen.) Where many rows share the median, the cut is the value
    above which nearest to half of the rows lie.

    Of two codes the second is the event. More codes are cut like numbers if they have an order;
    else the most common one stands against the rest.
    """
    field = next((field for field in tables.fields if field.name == target), None)
    if field is None:
        return None
    known = tables.train[target].dropna()
    if known.nunique() < 2:
        return None
    if field.ranked:
        cut = _cut(tables.ranks(tables.train)[target].dropna().to_numpy())
        if field.kind != "code":
            return Outcome(target, cut=cut)
        return Outcome(target, codes=field.codes[int(cut) + 1 :])
    return Outcome(target, codes=(str(known.mode().iloc[0]),))


def _cut(values: Floats) -> float:
    """Return the value above which nearest to half of all lie; of two such values the higher."""
    levels, counts = np.unique(values, return_counts=True)
    above = counts.sum() - np.cumsum(counts)
    off_half = np.abs(2 * above[:-1] - counts.sum())
    return float(levels[:-1][off_half == off_half.min()][-1])
