"""Whether a classifier can tell synthetic patients from real ones.

The real patients are those of the test part, which no generator saw; against them stand all rows
that a generator gave, as many as the training part holds. The two classes weigh the same. So the
design is the same for a specification, a trained generator and the training rows themselves, which
should not be told apart at all. Test parts are small: five-fold cross-validation is repeated, and
the mean over the five splits is what to look at.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.benchmarks.fidelity.cohorts import Cohort

FOLDS = 5
REPEATS = 3


def boosted_auc(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """Return the AUC of gradient-boosted trees; missing values and codes are theirs to use."""
    from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
    from threadpoolctl import threadpool_limits

    rows, is_real = together(cohort, real, synthetic)
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0)
    with threadpool_limits(1):  # for tables this small, several threads mostly wait
        aucs = cross_val_score(boosted_trees(), rows, is_real, cv=folds, scoring="roc_auc")
    return float(aucs.mean())


def boosted_importances(
    cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame
) -> tuple[float, pd.Series]:
    """Return the AUC, and by how much it falls when one variable is shuffled: means of folds."""
    from sklearn.inspection import permutation_importance
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from threadpoolctl import threadpool_limits

    rows, is_real = together(cohort, real, synthetic)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    aucs, falls = [], []
    with threadpool_limits(1):
        for learn, judge in folds.split(rows, is_real):
            trees = boosted_trees().fit(rows.iloc[learn], is_real[learn])
            held, truth = rows.iloc[judge], is_real[judge]
            aucs.append(roc_auc_score(truth, trees.predict_proba(held)[:, 1]))
            shuffled = permutation_importance(
                trees, held, truth, scoring="roc_auc", n_repeats=REPEATS, random_state=0
            )
            falls.append(shuffled.importances_mean)
    return float(np.mean(aucs)), pd.Series(np.mean(falls, axis=0), index=rows.columns)


def boosted_trees():
    """Return the classifier."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        categorical_features="from_dtype", class_weight="balanced", random_state=0
    )


def together(
    cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return both tables as one, codes as categories, and which rows are real."""
    rows = pd.concat([real, synthetic], ignore_index=True)
    rows = rows.astype(dict.fromkeys(cohort.coded, "category"))
    return rows, np.repeat([1, 0], [len(real), len(synthetic)])


def logistic_detection(cohort: Cohort, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """Return SDMetrics' LogisticDetection: 1 if undetected, 0 if always.

    Codes are made columns beforehand, since it fails on a code that the real patients lack.
    """
    from sdmetrics.single_table import LogisticDetection

    rows, _ = together(cohort, real, synthetic)
    rows = pd.get_dummies(rows, columns=cohort.coded, dummy_na=True, dtype=float)
    np.random.seed(0)
    return float(LogisticDetection.compute(rows[: len(real)], rows[len(real) :]))
