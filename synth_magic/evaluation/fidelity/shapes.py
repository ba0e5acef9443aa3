"""Whether each variable by itself is distributed as in the real patients."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.figures import both, each, means, whole
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

SHAPES = Metric(
    "Column Shapes",
    "fidelity",
    +1,
    "Of SDMetrics' QualityReport: the mean of KSComplement over the numbers and dates and of "
    "TVComplement over the codes. Missing values are left out.",
)
KS = Metric(
    "KSComplement",
    "fidelity",
    +1,
    "1 less the largest distance between the two cumulative distributions of a number or a date. "
    "Missing values are left out.",
)
TV = Metric(
    "TVComplement",
    "fidelity",
    +1,
    "The share of the patients whose codes need not change for the two distributions to be one. "
    "Missing values are left out.",
)
WASSERSTEIN = Metric(
    "Wasserstein distance",
    "fidelity",
    -1,
    "How far the values of a number or a date must move on average, in its own unit (days for a "
    "date), for the two distributions to be one. Missing values are left out.",
)
SCALED = Metric(
    "Wasserstein distance, scaled",
    "fidelity",
    -1,
    "The Wasserstein distance in standard deviations of the real test rows.",
)
JENSEN_SHANNON = Metric(
    "Jensen-Shannon divergence",
    "fidelity",
    -1,
    "In bits (base 2, not its square root): 0 for one distribution, 1 for two that share nothing; "
    "over codes, or over the ten bins between the deciles of the real test rows. Missing values "
    "are left out.",
)

_DECILES = np.arange(1, 10) / 10
_NO_NUMBERS = "no variable is a number or a date with values"
_NO_CODES = "no variable is a code with values"
_NO_VALUES = "no variable has values"
_CONSTANT = "constant in the real patients"


def scores(tables: Tables) -> Iterator[Score]:
    """Yield the figures of each variable, and their means."""
    yield whole(SHAPES, means(both(column_shapes, tables)), _NO_VALUES)
    for metric, measure, why in (
        (KS, ks_complements, _NO_NUMBERS),
        (TV, tv_complements, _NO_CODES),
        (SCALED, scaled_wasserstein, _NO_NUMBERS),
        (JENSEN_SHANNON, divergences, _NO_VALUES),
    ):
        found = both(measure, tables)
        yield whole(metric, means(found), why)
        yield from each(metric, found, tables, _CONSTANT)
    yield from each(WASSERSTEIN, both(wasserstein, tables), tables)


def column_shapes(tables: Tables) -> pd.Series:
    """Return KSComplement or TVComplement of each variable."""
    return _in_order(tables, ks_complements(tables), tv_complements(tables))


def ks_complements(tables: Tables) -> pd.Series:
    """Return SDMetrics' KSComplement of each number and date."""
    from sdmetrics.single_column import KSComplement

    return _of_each(tables, tables.numbers, KSComplement.compute)


def tv_complements(tables: Tables) -> pd.Series:
    """Return SDMetrics' TVComplement of each code."""
    from sdmetrics.single_column import TVComplement

    return _of_each(tables, tables.coded, TVComplement.compute)


def wasserstein(tables: Tables) -> pd.Series:
    """Return SciPy's Wasserstein distance of each number and date, in its own unit."""
    from scipy.stats import wasserstein_distance

    return _of_each(tables, tables.numbers, wasserstein_distance)


def scaled_wasserstein(tables: Tables) -> pd.Series:
    """Return the Wasserstein distances in real standard deviations.

    Of a variable that is constant in the real patients it is 0 if the synthetic ones have the same
    value alone, and NaN otherwise.
    """
    distances = wasserstein(tables)
    deviations = tables.test[tables.numbers].std()
    scaled: pd.Series = distances / deviations.where(deviations > 0)
    return scaled.where(distances != 0, 0.0)


def divergences(tables: Tables) -> pd.Series:
    """Return SciPy's Jensen-Shannon divergence of each variable."""
    of_numbers = _of_each(tables, tables.numbers, _divergence_of_numbers)
    of_codes = _of_each(tables, tables.coded, _divergence_of_codes)
    return _in_order(tables, of_numbers, of_codes)


def _divergence_of_numbers(real: pd.Series, synthetic: pd.Series) -> float:
    """Return the divergence over bins; a value on which deciles fall (a spike) has its own bin."""
    deciles = np.unique(np.quantile(real, _DECILES))
    bins = [
        np.digitize(column, deciles) + np.digitize(column, deciles, right=True)
        for column in (real, synthetic)
    ]
    counts = [np.bincount(column, minlength=2 * len(deciles) + 1) for column in bins]
    return _divergence(*counts)


def _divergence_of_codes(real: pd.Series, synthetic: pd.Series) -> float:
    counts = pd.concat([real.value_counts(), synthetic.value_counts()], axis=1).fillna(0)
    return _divergence(*counts.to_numpy().T)


def _divergence(real: np.ndarray, synthetic: np.ndarray) -> float:
    from scipy.spatial.distance import jensenshannon

    return float(jensenshannon(real, synthetic, base=2) ** 2)


def _of_each(
    tables: Tables, names: list[str], measure: Callable[[pd.Series, pd.Series], float]
) -> pd.Series:
    """Return a figure of real and synthetic values, NaN where all are missing on one side."""
    found = {}
    for name in names:
        real, synthetic = tables.test[name].dropna(), tables.synthetic[name].dropna()
        empty = real.empty or synthetic.empty
        found[name] = math.nan if empty else float(measure(real, synthetic))
    return pd.Series(found, dtype="float64")


def _in_order(tables: Tables, of_numbers: pd.Series, of_codes: pd.Series) -> pd.Series:
    figures: pd.Series = pd.concat([of_numbers, of_codes])
    return figures[[field.name for field in tables.fields]]
