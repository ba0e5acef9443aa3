"""Scores from what measures one table, and quiet libraries."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import pandas as pd

from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

T = TypeVar("T")


def both(measure: Callable[[Tables], T], tables: Tables) -> tuple[T, T]:
    """Return what is measured of the synthetic patients, and of the real training rows."""
    with quietly():
        return measure(tables), measure(tables.yardstick())


def whole(metric: Metric, found: tuple[float, float], why: str) -> Score:
    """Return a figure of the whole table; `why` says why, should there be none."""
    value, real = found
    return Score(metric, value, real, why=why if math.isnan(value) else "")


def each(
    metric: Metric, found: tuple[pd.Series, pd.Series], tables: Tables, why: str = ""
) -> Iterator[Score]:
    """Yield a figure for each variable; `why` says why one that has values has no figure."""
    values, reals = found
    for name, value, real in zip(values.index, values, reals, strict=True):
        reason = (_all_missing(tables, name) or why) if math.isnan(value) else ""
        yield Score(metric, float(value), float(real), of=name, why=reason)


def means(found: tuple[pd.Series, pd.Series]) -> tuple[float, float]:
    """Return the means over the variables."""
    value, real = found
    return mean(value), mean(real)


def mean(values: pd.Series) -> float:
    """Return the mean of the figures that there are, NaN if there are none."""
    return float(values.mean())


def _all_missing(tables: Tables, name: str) -> str:
    for who, frame in (("synthetic", tables.synthetic), ("real", tables.test)):
        if frame[name].isna().all():
            return f"all missing in the {who} patients"
    return ""


@contextmanager
def quietly(seed: int = 0) -> Iterator[None]:
    """Hide the warnings of a library; seed the global generator, if it draws, and restore it."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state)
