"""How near synthetic patients are to the real ones that a generator may have learnt from.

The distance is that of `rows.Points`. The real rows held out show how near the training rows other
real patients are: synthetic patients who are nearer than these are too near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synth_magic.evaluation.privacy.rows import Points
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables, some
from synth_magic.sampling.grid import Floats

QUERIES = 2_000
"""The most rows whose closest training row is looked for; all training rows are looked through."""

_AT_A_TIME = 200
"""So many rows' distances to all training rows are in memory at once."""

_FIFTH = "The 5th percentile over the synthetic patients"
_MEDIAN = "The median over the synthetic patients"
_DISTANCE = (
    "of the distance to the closest real training row: the mean over the variables of a difference"
    " from 0 to 1, by rank for a number or date, same or not for a code; missing is a value of its"
    " own. Lower than for real rows held out: too near."
)
_RATIO = (
    "of the distance to the closest real training row over that to the second closest. Lower than"
    " for real rows held out: single patients are copied. 1 where both distances are 0."
)
CLOSEST = Metric("Distance to the closest record", "privacy", 1, f"{_FIFTH} {_DISTANCE}")
CLOSEST_MEDIAN = Metric(
    "Distance to the closest record, median", "privacy", 1, f"{_MEDIAN} {_DISTANCE}"
)
RATIO = Metric("Nearest-neighbour distance ratio", "privacy", 1, f"{_FIFTH} {_RATIO}")
RATIO_MEDIAN = Metric(
    "Nearest-neighbour distance ratio, median", "privacy", 1, f"{_MEDIAN} {_RATIO}"
)

TOO_FEW = "fewer than two rows to compare"


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances of single rows to the closest real training row, from 0 to 1.

    `synthetic` and `test` are those of synthetic patients and of real ones held out. `train` are
    those of training rows to the closest other one. `synthetic_ratio` and `test_ratio` are the
    distances over those to the second closest.
    """

    synthetic: Floats
    test: Floats
    train: Floats
    synthetic_ratio: Floats
    test_ratio: Floats


def closest(tables: Tables, seed: int = 0) -> Distances | None:
    """Return the distances, or None if a table has fewer than two rows.

    Looked up are at most `QUERIES` rows of each table, drawn at random.
    """
    if min(len(tables.synthetic), len(tables.train), len(tables.test)) < 2:
        return None
    train = Points.of(tables, tables.train)
    of_synthetic, of_test, of_train = (
        _two_closest(Points.of(tables, some(frame, QUERIES, seed)), train)
        for frame in (tables.synthetic, tables.test, tables.train)
    )
    return Distances(
        of_synthetic[:, 0],
        of_test[:, 0],
        of_train[:, 1],  # each is its own neighbour too
        _ratios(of_synthetic),
        _ratios(of_test),
    )


def _ratios(closest: Floats) -> Floats:
    first, second = closest.T
    return np.asarray(np.divide(first, second, out=np.ones_like(first), where=second > 0))


def _two_closest(points: Points, train: Points) -> Floats:
    """Return the distances to the two closest training rows, the closer first."""
    parts = (points[start : start + _AT_A_TIME] for start in range(0, len(points), _AT_A_TIME))
    return np.vstack([np.partition(part.distances(train), 1)[:, :2] for part in parts])


def scores(distances: Distances | None) -> Iterator[Score]:
    """Yield the 5th percentile and the median of the distances and of their ratios."""
    of_rows = (
        (CLOSEST, 5, "synthetic", "test"),
        (CLOSEST_MEDIAN, 50, "synthetic", "test"),
        (RATIO, 5, "synthetic_ratio", "test_ratio"),
        (RATIO_MEDIAN, 50, "synthetic_ratio", "test_ratio"),
    )
    for metric, level, synthetic, test in of_rows:
        if distances is None:
            yield Score(metric, np.nan, why=TOO_FEW)
        else:
            value, real = (
                float(np.percentile(getattr(distances, name), level)) for name in (synthetic, test)
            )
            yield Score(metric, value, real)
