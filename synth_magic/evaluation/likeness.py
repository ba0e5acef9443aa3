"""Remarks on tables in one form: other codes, constants, the same patients twice.

No remark holds a value of a real patient; it names a code of theirs if `FEWEST` of them have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from synth_magic.evaluation.kinds import (
    FEWEST,
    HELD_OUT,
    RARE,
    REAL,
    SYNTHETIC,
    Column,
    frequent,
    joined,
)
from synth_magic.spec.text import listed, shown

_BY_CHANCE = 5
"""So many rows of small tables may equal another by chance though no two of one table do."""


def remarks_on(column: Column) -> Iterator[str]:
    """Say what is odd about one column."""
    name = shown(column.field.name)
    if column.infinite:
        yield f"{name}: infinite values count as missing."
    constant = [table for table, part in column.parts.items() if part.nunique() == 1]
    if constant:
        yield f"{name} has a single value in {joined(constant)}."
    if column.field.kind == "code":
        yield from _other_codes(name, column.parts)


def _other_codes(name: str, parts: Mapping[str, pd.Series]) -> Iterator[str]:
    """Say which codes stand on one side only."""
    made = set(parts[SYNTHETIC].dropna())
    real = {
        code
        for table, part in parts.items()
        if table != SYNTHETIC
        for code in part.dropna().unique()
    }
    often = sorted(frequent(parts) - {RARE})
    have = f"have {listed(often)}" if often else "have others"
    if RARE in real:
        yield (
            f"{name}: codes that fewer than {FEWEST} real patients have, and no synthetic one, "
            f"count as one, {RARE!r}."
        )
    if made.isdisjoint(real):
        yield (
            f"{name}: no code is the same, so nothing of it can agree: {SYNTHETIC} have "
            f"{listed(sorted(made))}; the real ones {have}. Give both the same codes."
        )
        return
    if only_made := sorted(made - real):
        stands = "stands" if len(only_made) == 1 else "stand"
        yield f"{name}: {listed(only_made)} {stands} only in {SYNTHETIC}; the real ones {have}."
    if only_real := [code for code in often if code not in made]:
        stands = "stands" if len(only_real) == 1 else "stand"
        yield f"{name}: {listed(only_real)} {stands} only in {REAL}."


def the_same_twice(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Say if the rows of one table stand in another.

    Few codes make equal rows by chance: a table is judged only if most of its rows differ.
    """
    rows = {table: pd.util.hash_pandas_object(frame, index=False).to_numpy()
            for table, frame in tables.items()}  # fmt: skip
    made, real = rows[SYNTHETIC], rows[REAL]
    if _mostly_differ(made):
        if len(made) == len(real) and np.array_equal(np.sort(made), np.sort(real)):
            yield (
                f"These are the same patients twice: {SYNTHETIC} are the real ones, row for row. "
                "The figures say what is best possible, in privacy what is worst, and nothing of a "
                "generator."
            )
        elif (copies := np.isin(made, real)).all():
            yield (
                "All synthetic patients are copies of real ones: the figures say how good the "
                "copies are, and there is no privacy."
            )
        elif np.count_nonzero(copies) > _BY_CHANCE + 2 * len(made) * _twins(real):
            yield (
                f"{np.count_nonzero(copies):,} of the {len(made):,} synthetic patients equal a "
                "real one in all columns, more than by chance: look for copies."
            )
    held_out = rows.get(HELD_OUT)
    if held_out is not None and _mostly_differ(held_out) and np.isin(held_out, real).any():
        yield (
            "Some of the held-out patients are among the real ones too: real patients then look "
            "better than they should. Hold out patients that no generator has seen."
        )


def _twins(rows: np.ndarray) -> float:
    """Return the share of the rows that equal another one."""
    _, counts = np.unique(rows, return_counts=True)
    return float(counts[counts > 1].sum() / len(rows))


def _mostly_differ(rows: np.ndarray) -> bool:
    return len(np.unique(rows)) > len(rows) / 2
