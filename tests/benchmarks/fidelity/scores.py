"""The figures that generators are compared by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

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
from synth_magic.evaluation.fidelity.shapes import (
    JENSEN_SHANNON,
    KS,
    SCALED,
    SHAPES,
    TV,
    column_shapes,
    divergences,
    ks_complements,
    scaled_wasserstein,
    tv_complements,
)
from synth_magic.evaluation.fidelity.trends import (
    ALL_TRENDS,
    CONTINGENCY,
    CORRELATION,
    TRENDS,
    all_pair_trends,
    column_pair_trends,
    contingency_similarity,
    correlation_similarity,
)
from synth_magic.evaluation.privacy import scores as of_privacy
from synth_magic.evaluation.privacy.copies import NEW_ROWS
from synth_magic.evaluation.privacy.disclosure import CAP
from synth_magic.evaluation.privacy.distances import CLOSEST, RATIO
from synth_magic.evaluation.score import Metric
from synth_magic.evaluation.tables import Tables
from synth_magic.evaluation.utility.prediction import AUC, F1, LEARNERS, judge
from synth_magic.evaluation.utility.target import outcome
from tests.benchmarks.fidelity.cohorts import Roles

TARGETS = (SHAPES, TRENDS, ERROR, BOOSTED)
LIKENESS = (*TARGETS, SIGNS, ALL_TRENDS)
AS_IN_THE_PAPER = (
    *(KS, TV, CORRELATION, CONTINGENCY, SCALED, JENSEN_SHANNON, LOGISTIC),
    *(NEW_ROWS, CLOSEST, RATIO, CAP),
    *(F1, AUC),
)
METRICS = (*LIKENESS, *AS_IN_THE_PAPER)

REPEATS = 3
"""Test parts are small, and all of their rows are used: cross-validation is repeated."""

LEARNER = "AdaBoost"
"""What the seed paper trains on synthetic patients."""


def fidelity(tables: Tables, _: Roles) -> dict[str, float]:
    """Return how alike synthetic patients are to the real test part."""
    with quietly():
        pairs = correlation_errors(tables)
        return {
            SHAPES.name: mean(column_shapes(tables)),
            TRENDS.name: column_pair_trends(tables),
            ERROR.name: mean_error(pairs),
            BOOSTED.name: boosted_auc(tables, repeats=REPEATS),
            SIGNS.name: right_signs(pairs),
            ALL_TRENDS.name: all_pair_trends(tables),
            KS.name: mean(ks_complements(tables)),
            TV.name: mean(tv_complements(tables)),
            CORRELATION.name: correlation_similarity(tables),
            CONTINGENCY.name: contingency_similarity(tables),
            SCALED.name: mean(scaled_wasserstein(tables)),
            JENSEN_SHANNON.name: mean(divergences(tables)),
            LOGISTIC.name: logistic_detection(tables),
        }


def privacy(tables: Tables, roles: Roles) -> dict[str, float]:
    """Return how near synthetic patients are to the real training part.

    That part is as near to itself as can be: where it is scored, held-out rows take its place.
    """
    if tables.synthetic is tables.train:
        tables = replace(tables, synthetic=tables.test)
    found = of_privacy(tables, keys=roles.keys, sensitive=roles.sensitive)
    figures = {score.metric: score.value for score in found}
    return {m.name: figures.get(m, math.nan) for m in (NEW_ROWS, CLOSEST, RATIO, CAP)}


def utility(tables: Tables, roles: Roles) -> dict[str, float]:
    """Return how well the target is predicted in the test part by who learnt from synthetic.

    From patients who all have one outcome nothing can be learnt: that is as good as chance.
    """
    tables = _without(tables, roles.leaks)
    event = outcome(tables, roles.target)
    found: dict[Metric, float] = {}
    if event and {0, 1} <= set(event.events(tables.test)):
        found = judge(tables, event, tables.synthetic, LEARNERS[LEARNER](0)) or {F1: 0, AUC: 0.5}
    return {metric.name: found.get(metric, math.nan) for metric in (F1, AUC)}


def score(tables: Tables, roles: Roles) -> dict[str, float]:
    """Return every metric of synthetic patients."""
    parts = (fidelity, privacy, utility)
    return {name: value for part in parts for name, value in part(tables, roles).items()}


def _without(tables: Tables, names: Sequence[str]) -> Tables:
    fields = tuple(field for field in tables.fields if field.name not in names)
    kept = [field.name for field in fields]
    return Tables(fields, tables.synthetic[kept], tables.train[kept], tables.test[kept])
