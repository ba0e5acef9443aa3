"""Whether each two variables go together as in the real patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.figures import both, mean, whole
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import TABLE, Tables

MOST_COLUMNS = 40
"""SDMetrics takes milliseconds for each pair."""

_SOME = f"Of more than {MOST_COLUMNS} variables, so many are paired, evenly taken from all."

TRENDS = Metric(
    "Column Pair Trends",
    "fidelity",
    +1,
    "Of SDMetrics' QualityReport: the pairs that are associated in the real patients (Pearson's "
    "correlation above .5, Cramér's V above .3), numbers in ten bins between each table's own "
    "extremes. Among codes, missing is a code; two numbers are compared where both are known. "
    f"{_SOME}",
)
ALL_TRENDS = Metric(
    "Column Pair Trends of all pairs",
    "fidelity",
    +1,
    "The weakly associated pairs too, with the same bins for real and synthetic patients: ten "
    "between the real extremes. Among codes and bins, missing is one more; two numbers are "
    f"compared where both are known. {_SOME}",
)
CORRELATION = Metric(
    "CorrelationSimilarity",
    "fidelity",
    +1,
    "The mean over all pairs of numbers: 1 less half the difference of Pearson's correlations. "
    "Of each pair, patients with both values; one that is constant has no correlation and is left "
    f"out. {_SOME}",
)
CONTINGENCY = Metric(
    "ContingencySimilarity",
    "fidelity",
    +1,
    "The mean over all pairs of codes: the share of the patients whose cell of the two-way table "
    f"need not change. Missing is one more code. {_SOME}",
)

_MISSING = -1


def scores(tables: Tables) -> Iterator[Score]:
    """Yield the figures of all pairs."""
    tables = _some_columns(tables)
    for metric, measure, why in (
        (TRENDS, column_pair_trends, "no two variables go together in the real patients"),
        (ALL_TRENDS, all_pair_trends, "no two variables can be compared"),
        (CORRELATION, correlation_similarity, "no two numbers vary"),
        (CONTINGENCY, contingency_similarity, "fewer than two variables are codes"),
    ):
        yield whole(metric, both(measure, tables), why)


def _some_columns(tables: Tables) -> Tables:
    number = min(len(tables.fields), MOST_COLUMNS)
    places = np.linspace(0, len(tables.fields) - 1, number).round().astype(int)
    fields = tuple(tables.fields[place] for place in places)
    names = [field.name for field in fields]
    frames = (tables.synthetic, tables.train, tables.test)
    return Tables(fields, *(frame[names] for frame in frames))


def column_pair_trends(tables: Tables) -> float:
    """Return Column Pair Trends as SDMetrics reports them."""
    from sdmetrics.reports import QualityReport

    report = QualityReport()
    report.generate(
        {TABLE: tables.test}, {TABLE: tables.synthetic}, tables.metadata(), verbose=False
    )
    return float(report.get_properties().set_index("Property").loc["Column Pair Trends", "Score"])


def all_pair_trends(tables: Tables) -> float:
    """Return the mean similarity of all pairs.

    Of two numbers it is 1 less half the difference of Pearson's correlations, a column that is
    constant where it should vary being correlated with nothing. Otherwise it is the similarity of
    the two-way tables of codes and bins.
    """
    numbers = set(tables.numbers)
    pairs = combinations([field.name for field in tables.fields], 2)
    mixed = [pair for pair in pairs if not numbers.issuperset(pair)]
    real = tables.test[tables.numbers].corr()
    errors = (tables.synthetic[tables.numbers].corr().fillna(0.0) - real).abs().to_numpy()
    of_numbers = 1 - errors[np.triu_indices_from(errors, k=1)] / 2
    return mean(pd.Series([*of_numbers, *_contingency_similarities(tables, mixed)], dtype=float))


def correlation_similarity(tables: Tables) -> float:
    """Return the mean of SDMetrics' CorrelationSimilarity over all pairs of numbers."""
    return mean(pd.Series(_correlation_similarities(tables), dtype=float))


def contingency_similarity(tables: Tables) -> float:
    """Return the mean of SDMetrics' ContingencySimilarity over all pairs of codes."""
    pairs = combinations(tables.coded, 2)
    return mean(pd.Series(_contingency_similarities(tables, pairs), dtype=float))


def _correlation_similarities(tables: Tables) -> list[float]:
    from sdmetrics.column_pairs import CorrelationSimilarity

    found = []
    for pair in combinations(tables.numbers, 2):
        real, synthetic = (frame[[*pair]].dropna() for frame in (tables.test, tables.synthetic))
        if min(*real.nunique(), *synthetic.nunique()) > 1:
            found.append(CorrelationSimilarity.compute(real, synthetic))
    return found


def _contingency_similarities(tables: Tables, pairs: Iterable[tuple[str, str]]) -> list[float]:
    from sdmetrics.column_pairs import ContingencySimilarity

    real, synthetic = _levels(tables)
    return [ContingencySimilarity.compute(real[[*pair]], synthetic[[*pair]]) for pair in pairs]


def _levels(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return codes and the bins of numbers, of real and of synthetic patients, as whole numbers."""
    both = pd.concat([tables.test, tables.synthetic], ignore_index=True)
    for name in tables.numbers:
        edges = _edges(tables.test[name].dropna())
        bins = pd.Series(np.digitize(both[name], edges), index=both.index)
        both[name] = bins.where(both[name].notna(), _MISSING)
    for name in tables.coded:
        both[name] = pd.factorize(both[name])[0]  # what is missing is -1
    return both[: len(tables.test)], both[len(tables.test) :]


def _edges(values: pd.Series) -> np.ndarray:
    """Return what divides values into ten bins: the values themselves if they are too close."""
    try:
        return np.histogram_bin_edges(values)[1:-1]
    except ValueError:
        return np.unique(values)
