"""The figures that generators are compared by."""

from __future__ import annotations

from synth_magic.evaluation.fidelity.correlations import (
    ERROR,
    SIGNS,
    correlation_errors,
    mean_error,
    right_signs,
)
from synth_magic.evaluation.fidelity.detection import (
    BOOSTED,
    LOGISTIC,
    boosted_auc,
    logistic_detection,
)
from synth_magic.evaluation.fidelity.figures import mean, quietly
from synth_magic.evaluation.fidelity.shapes import SHAPES, column_shapes
from synth_magic.evaluation.fidelity.trends import (
    ALL_TRENDS,
    TRENDS,
    all_pair_trends,
    column_pair_trends,
)
from synth_magic.evaluation.tables import Tables

METRICS = (SHAPES, TRENDS, ERROR, SIGNS, BOOSTED, ALL_TRENDS, LOGISTIC)
TARGETS = (SHAPES, TRENDS, ERROR, BOOSTED)

REPEATS = 3
"""Test parts are small, and all of their rows are used: cross-validation is repeated."""


def score(tables: Tables) -> dict[str, float]:
    """Return every metric of synthetic patients against the real test part."""
    with quietly():
        pairs = correlation_errors(tables)
        return {
            SHAPES.name: mean(column_shapes(tables)),
            TRENDS.name: column_pair_trends(tables),
            ERROR.name: mean_error(pairs),
            SIGNS.name: right_signs(pairs),
            BOOSTED.name: boosted_auc(tables, repeats=REPEATS),
            ALL_TRENDS.name: all_pair_trends(tables),
            LOGISTIC.name: logistic_detection(tables),
        }
