"""Whether a classifier can tell synthetic patients from real ones.

The real patients are those of the test part, which no generator saw. Against them stand as many
synthetic rows as the training part has, or all if there are fewer, so that the classifier sees as
much of the training rows, which should not be told apart at all. The two classes weigh the same.
Test parts are small: what one split says is uncertain; the mean over several is what to look at.
A patient who stands in both tables has a twin of the other class, which brings an AUC below .5.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.figures import both, quietly, whole
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

MOST_ROWS = 5_000
"""Classifiers are shown at most so many rows of each table, drawn at random."""

FEWEST = 20
"""So many rows stand in a leaf of the trees: a variable with fewer values tells them nothing."""

FOLDS = 5
REPEATS = 1
MOST_CATEGORIES = 255
"""scikit-learn's boosted trees take no more; with more, they get the codes as numbers."""

LOGISTIC = Metric(
    "Logistic detection",
    "fidelity",
    +1,
    "SDMetrics' LogisticDetection: 1 is undetected, 0 always detected. A missing number is taken "
    f"for the mean, missing is one more code. At most {MOST_ROWS:,} rows of each table are used.",
)
BOOSTED = Metric(
    "Boosted-tree AUC",
    "fidelity",
    -1,
    f"A classifier telling real from synthetic, in {FOLDS}-fold cross-validation; .5 is chance. "
    f"It sees which values are missing. At most {MOST_ROWS:,} rows of each table are used.",
)

_TOO_FEW = f"fewer than {FEWEST} real or synthetic patients, or values of each variable"


def scores(tables: Tables, *, seed: int = 0) -> Iterator[Score]:
    """Yield what logistic regression and boosted trees can tell."""
    some = _alike_in_size(tables, seed)
    yield whole(LOGISTIC, both(partial(logistic_detection, seed=seed), some), _TOO_FEW)
    yield whole(BOOSTED, both(partial(boosted_auc, seed=seed), some), _TOO_FEW)


def logistic_detection(tables: Tables, *, seed: int = 0) -> float:
    """Return SDMetrics' LogisticDetection: 1 if undetected, 0 if always.

    Codes are made columns beforehand, since it fails on a code that the real patients lack.
    """
    from sdmetrics.single_table import LogisticDetection

    rows, is_real = together(tables)
    if _too_few(rows, is_real):
        return math.nan
    rows = pd.get_dummies(rows, columns=_coded(rows, tables), dummy_na=True, dtype=float)
    rows.columns = [f"c{place}" for place in range(rows.shape[1])]  # a name may stand there twice
    with quietly(seed):
        return float(LogisticDetection.compute(rows[is_real == 1], rows[is_real == 0]))


def boosted_auc(tables: Tables, *, repeats: int = REPEATS, seed: int = 0) -> float:
    """Return the AUC of gradient-boosted trees; missing values and codes are theirs to use."""
    from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
    from threadpoolctl import threadpool_limits

    rows, is_real = together(tables)
    if _too_few(rows, is_real):
        return math.nan
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=seed)
    with threadpool_limits(1):  # for tables this small, several threads mostly wait
        aucs = cross_val_score(boosted_trees(seed), rows, is_real, cv=folds, scoring="roc_auc")
    return float(aucs.mean())


def boosted_trees(seed: int = 0) -> Any:
    """Return the classifier."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        categorical_features="from_dtype", class_weight="balanced", random_state=seed
    )


def together(tables: Tables) -> tuple[pd.DataFrame, np.ndarray]:
    """Return both tables as one, codes as categories, and which rows are real.

    A variable that is hardly ever known is left out: the trees fail on what a fold lacks entirely.
    """
    rows = pd.concat([tables.test, tables.synthetic], ignore_index=True)
    rows = rows.loc[:, rows.count() >= FEWEST]
    for name in _coded(rows, tables):
        codes = rows[name].astype("category")
        many = len(codes.cat.categories) > MOST_CATEGORIES
        rows[name] = codes.cat.codes if many else codes
    return rows, np.repeat([1, 0], [len(tables.test), len(tables.synthetic)])


def _coded(rows: pd.DataFrame, tables: Tables) -> list[str]:
    return [name for name in tables.coded if name in rows]


def _alike_in_size(tables: Tables, seed: int) -> Tables:
    """Return some rows of each table: no more synthetic than training rows, or the reverse."""
    rng = np.random.default_rng(seed)
    most = min(len(tables.synthetic), len(tables.train), MOST_ROWS)
    return replace(
        tables,
        synthetic=_some(tables.synthetic, most, rng),
        train=_some(tables.train, most, rng),
        test=_some(tables.test, MOST_ROWS, rng),
    )


def _some(frame: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    if len(frame) <= most:
        return frame
    return frame.iloc[rng.permutation(len(frame))[:most]].reset_index(drop=True)


def _too_few(rows: pd.DataFrame, is_real: np.ndarray) -> bool:
    return rows.empty or np.bincount(is_real, minlength=2).min() < FEWEST
