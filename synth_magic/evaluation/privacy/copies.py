"""Synthetic patients who are, or nearly are, real ones, and those who repeat each other."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd

from synth_magic.evaluation.privacy.distances import TOO_FEW, Distances
from synth_magic.evaluation.privacy.rows import patterns, places
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import TABLE, Tables, some
from synth_magic.sampling.grid import Floats

NEW_ROWS_SAMPLE = 200
"""The most rows whose like SDMetrics looks for: it takes milliseconds for each."""

NEW_ROWS_VALUES = 4_000
"""So many values in these rows at most: it takes as much longer as there are columns."""

NEAR = 1
"""A near copy is as near as this percentile of the real training rows are to another one."""

NEW_ROWS = Metric(
    "New rows",
    "privacy",
    1,
    "SDMetrics' NewRowSynthesis: the share of synthetic rows like which no real training row is, in"
    " all variables; numbers within 1% are alike, and missing is like missing. Of at most"
    f" {NEW_ROWS_SAMPLE} rows and {NEW_ROWS_VALUES:,} values, drawn at random.",
)
COPIES = Metric(
    "Copies",
    "privacy",
    -1,
    "The share of synthetic rows that equal a real training row in all variables; missing equals"
    " missing.",
)
NEAR_COPIES = Metric(
    "Near copies",
    "privacy",
    -1,
    "The share of synthetic rows as near to a real training row as the nearest 1% of the training"
    " rows are to another one, or nearer; about .01 for real rows held out.",
)
REPEATS = Metric(
    "Repeats",
    "privacy",
    -1,
    "The share of synthetic rows that equal an earlier synthetic row in all variables, among as"
    " many synthetic rows as real training rows; missing equals missing.",
)


def scores(tables: Tables, distances: Distances | None, *, seed: int = 0) -> Iterator[Score]:
    """Yield the shares of new rows, copies, near copies and repeats."""
    yield from _of_rows(tables, seed)
    if distances is None:
        yield Score(NEAR_COPIES, np.nan, why=TOO_FEW)
    else:
        limit = float(np.percentile(distances.train, NEAR))
        yield Score(NEAR_COPIES, _near(distances.synthetic, limit), _near(distances.test, limit))


def _near(distances: Floats, limit: float) -> float:
    # The same distance may come out a rounding error apart.
    return float((distances <= limit + 1e-12).mean())


def _of_rows(tables: Tables, seed: int) -> Iterator[Score]:
    if not (len(tables.synthetic) and len(tables.train)):
        for metric in (NEW_ROWS, COPIES, REPEATS):
            yield Score(metric, np.nan, why="a table without rows")
        return
    train, test = tables.train, tables.test
    most = min(NEW_ROWS_SAMPLE, NEW_ROWS_VALUES // len(tables.fields) + 1)
    number = min(len(tables.synthetic), len(test) or len(train), most)
    yield Score(
        NEW_ROWS,
        new_rows(tables, some(tables.synthetic, number, seed)),
        new_rows(tables, some(test, number, seed)) if len(test) else np.nan,
    )
    synthetic, real, held_out = patterns([tables.synthetic, train, test])
    yield Score(
        COPIES,
        float(np.isin(synthetic, real).mean()),
        float(np.isin(held_out, real).mean()) if len(test) else np.nan,
    )
    number = min(len(tables.synthetic), len(train))
    yield Score(
        REPEATS,
        _repeats(some(tables.synthetic, number, seed)),
        _repeats(some(train, number, seed)),
    )


def _repeats(frame: pd.DataFrame) -> float:
    return float(frame.duplicated().mean())


def new_rows(tables: Tables, frame: pd.DataFrame) -> float:
    """Return SDMetrics' NewRowSynthesis of some rows against the real training rows.

    It builds queries, which pandas evaluates, from names and values: it gets neither a name nor a
    code of the tables, but `c0`, `c1` ... and whole numbers.
    """
    from sdmetrics.single_table import NewRowSynthesis

    kinds = ["categorical" if field.kind == "code" else "numerical" for field in tables.fields]
    columns = {f"c{place}": {"sdtype": kind} for place, kind in enumerate(kinds)}
    metadata = {"tables": {TABLE: {"columns": columns}}, "relationships": []}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        share = NewRowSynthesis.compute(
            _neutral(tables, tables.train), _neutral(tables, frame), metadata, TABLE
        )
    return float(share)


def _neutral(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows under neutral names, with whole numbers for codes."""
    return pd.DataFrame(
        {
            f"c{place}": places(field, frame[field.name])
            if field.kind == "code"
            else frame[field.name].to_numpy(dtype=np.float64)
            for place, field in enumerate(tables.fields)
        }
    )
