"""Which rows are drawn."""

from __future__ import annotations

import pandas as pd

from synth_magic.evaluation.tables import Tables

LOOKED_AT = 5_000
"""So many rows are correlated at most."""


def real_rows(tables: Tables) -> pd.DataFrame:
    """Return all real rows: that some were held out is nothing to look at."""
    return pd.concat([tables.train, tables.test], ignore_index=True)


def some(frame: pd.DataFrame, most: int = LOOKED_AT) -> pd.DataFrame:
    """Return every nth row, so that there are at most so many."""
    return frame.iloc[:: max(-(-len(frame) // most), 1)]
