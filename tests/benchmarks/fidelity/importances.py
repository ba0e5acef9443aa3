"""Which variables tell synthetic patients from real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_magic.evaluation.fidelity.detection import FOLDS, boosted_trees, together
from synth_magic.evaluation.tables import Tables
from tests.benchmarks.fidelity.scores import REPEATS


def boosted_importances(tables: Tables) -> tuple[float, pd.Series]:
    """Return the AUC, and by how much it falls when one variable is shuffled: means of folds."""
    from sklearn.inspection import permutation_importance
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from threadpoolctl import threadpool_limits

    rows, is_real = together(tables)
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
