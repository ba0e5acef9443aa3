"""How alike synthetic patients are to real ones that no generator has seen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from tests.benchmarks.fidelity.cohorts import Cohort
from tests.benchmarks.fidelity.detection import boosted_auc, logistic_detection


@dataclass(frozen=True, slots=True)
class Metric:
    """A score's name, which way is better, and what it says."""

    name: str
    sign: int
    meaning: str


SHAPES = Metric("Column Shapes", +1, "Of SDMetrics' QualityReport")
TRENDS = Metric("Column Pair Trends", +1, "Of SDMetrics' QualityReport")
CORRELATIONS = Metric(
    "Error of the rank correlations",
    -1,
    "Mean absolute error of Spearman's, over all pairs of variables whose values have an order",
)
SIGNS = Metric(
    "Signs of the rank correlations",
    +1,
    "The share of the real ones above .15 in absolute value whose sign is right",
)
BOOSTED = Metric("Boosted-tree AUC", -1, "A classifier telling real from synthetic; .5 is chance")
ALL_TRENDS = Metric(
    "Column Pair Trends of all pairs",
    +1,
    "The weakly associated pairs too, with the same bins for real and synthetic patients",
)
LOGISTIC = Metric("Logistic detection", +1, "SDMetrics' LogisticDetection; 1 is undetected")

METRICS = (SHAPES, TRENDS, CORRELATIONS, SIGNS, BOOSTED, ALL_TRENDS, LOGISTIC)
TARGETS = (SHAPES, TRENDS, CORRELATIONS, BOOSTED)

_NOTABLE = 0.15


def score(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> dict[str, float]:
    """Return every metric of synthetic patients against real ones."""
    shapes, trends = quality(cohort, real, synthetic)
    return {
        SHAPES.name: shapes,
        TRENDS.name: trends,
        CORRELATIONS.name: correlation_error(cohort, real, synthetic),
        SIGNS.name: right_signs(cohort, real, synthetic),
        BOOSTED.name: boosted_auc(cohort, real, synthetic),
        ALL_TRENDS.name: all_pair_trends(cohort, real, synthetic),
        LOGISTIC.name: logistic_detection(cohort, real, synthetic),
    }


def quality(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> tuple[float, float]:
    """Return Column Shapes and Column Pair Trends as SDMetrics reports them.

    Shapes leave missing values out. Trends count a missing code as a code, look only at pairs that
    are associated in the real patients, and cut numbers into ten bins between each table's own
    extremes.
    """
    report = _report(cohort, real, synthetic)
    scores = report.get_properties().set_index("Property")["Score"]
    return float(scores["Column Shapes"]), float(scores["Column Pair Trends"])


def column_shapes(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> pd.Series:
    """Return the KS or total variation complement of each variable."""
    details = _report(cohort, real, synthetic).get_details("Column Shapes", "patients")
    return details.set_index("Column")["Score"]


def _report(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame):
    from sdmetrics.reports import QualityReport

    report = QualityReport()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report.generate(
            {"patients": real}, {"patients": synthetic}, cohort.metadata(), verbose=False
        )
    return report


def correlation_errors(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> pd.DataFrame:
    """Return Spearman's correlation of each pair in both, and the absolute error.

    Each pair is taken over the patients who have both values. A column that is constant where it
    should vary correlates with nothing; a pair that is constant in the real patients is left out.
    """
    theirs = cohort.ranks(real).corr(method="spearman")
    ours = cohort.ranks(synthetic).corr(method="spearman").fillna(0.0)
    pairs = pd.DataFrame(
        [(a, b, theirs.loc[a, b], ours.loc[a, b]) for a, b in combinations(theirs.columns, 2)],
        columns=["a", "b", "real", "synthetic"],
    ).dropna()
    return pairs.assign(error=(pairs["synthetic"] - pairs["real"]).abs())


def correlation_error(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """Return the mean absolute error of Spearman's correlations."""
    return float(correlation_errors(cohort, real, synthetic)["error"].mean())


def right_signs(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """Return the share of the notable correlations whose sign is right; NaN if there are none."""
    pairs = correlation_errors(cohort, real, synthetic)
    notable = pairs[pairs["real"].abs() > _NOTABLE]
    return float((np.sign(notable["real"]) == np.sign(notable["synthetic"])).mean())


def all_pair_trends(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """Return Column Pair Trends of all pairs, numbers in ten bins between the real extremes.

    Two numbers: 1 - |difference of Pearson's correlations| / 2. Else the total variation
    complement of the two-way table, missing being a level of its own.
    """
    return float(np.nanmean(list(_pair_trends(cohort, real, synthetic))))


def _pair_trends(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> Iterator[float]:
    numeric = cohort.numeric
    correlations = real[numeric].corr()
    errors = (synthetic[numeric].corr().fillna(0.0) - correlations).abs()
    edges = {name: np.histogram_bin_edges(real[name].dropna())[1:-1] for name in numeric}
    levels, other = _levels(real, edges), _levels(synthetic, edges)
    for a, b in combinations([variable.name for variable in cohort.variables], 2):
        if a in edges and b in edges:
            yield 1 - errors.loc[a, b] / 2
        else:
            shares = levels.value_counts([a, b], normalize=True)
            drawn = other.value_counts([a, b], normalize=True)
            yield 1 - drawn.sub(shares, fill_value=0.0).abs().sum() / 2


def _levels(frame: pd.DataFrame, edges: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return codes, and the bins of numbers, as text: empty where the value is missing."""
    columns = {}
    for name, column in frame.items():
        level = pd.Series(np.digitize(column, edges[name])) if name in edges else column
        columns[name] = level.astype(str).where(column.notna(), "")
    return pd.DataFrame(columns)
