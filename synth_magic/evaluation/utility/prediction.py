"""What models learn from synthetic patients is worth on real ones.

Each learner is trained on the synthetic rows and judged on the real rows held out, beside the same
learner trained on the real training rows. Rows whose target is missing are left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables
from synth_magic.evaluation.utility.target import MOST_ROWS, NO_OUTCOME, Outcome
from synth_magic.sampling.grid import Floats

Learner: TypeAlias = Callable[[int], Any]

_HOW = (
    "Learnt from synthetic patients, judged on real ones held out; beside it, learnt from real"
    " ones. A missing number becomes the median, with a column that says so; a missing code is a"
    f" code of its own. At most {MOST_ROWS:,} rows of each table are used."
)
AUC = Metric("AUC", "utility", 1, f"The area under the ROC curve; .5 is chance. {_HOW}")
F1 = Metric("F1", "utility", 1, f"The F1 score of the event at a predicted risk of .5. {_HOW}")
BRIER = Metric("Brier score", "utility", -1, f"The mean squared error of predicted risks. {_HOW}")
SLOPE = Metric(
    "Calibration slope",
    "utility",
    0,
    "The slope of the outcome on the log odds predicted; 1 is ideal, below 1 the predictions are"
    f" too extreme. {_HOW}",
)
IN_THE_LARGE = Metric(
    "Calibration in the large",
    "utility",
    0,
    "The log odds by which all predictions are too low (above 0) or too high (below 0); 0 is"
    f" ideal. {_HOW}",
)
METRICS = (AUC, F1, BRIER, SLOPE, IN_THE_LARGE)

_NEAREST_TO_CERTAIN = 1e-6
"""A predicted risk is taken for no nearer to 0 or 1 than this, where its log odds are needed."""

ONE_OUTCOME = "one outcome only among the {}"
NOTHING_TO_LEARN_FROM = "no other variable than the target"
NO_SLOPE = "the predictions are all the same, or separate the outcomes"


def _logistic_regression(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1_000, random_state=seed)


def _boosted_trees(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed)


def _adaboost(seed: int) -> Any:
    from sklearn.ensemble import AdaBoostClassifier

    return AdaBoostClassifier(random_state=seed)


LEARNERS: dict[str, Learner] = {
    "logistic regression": _logistic_regression,
    "boosted trees": _boosted_trees,
    "AdaBoost": _adaboost,
}
"""With scikit-learn's own settings; AdaBoost is the seed paper's."""


def scores(tables: Tables, outcome: Outcome | None, *, seed: int = 0) -> Iterator[Score]:
    """Yield how well each learner predicts the outcome."""
    tables = tables.at_most(MOST_ROWS, seed)
    why = _why_not(tables, outcome)
    for name, learner in LEARNERS.items():
        if outcome is None or why:
            yield from (Score(metric, np.nan, of=name, why=why) for metric in METRICS)
            continue
        learnt = judge(tables, outcome, tables.synthetic, learner(seed))
        expected = judge(tables, outcome, tables.train, learner(seed))
        one = "" if learnt else ONE_OUTCOME.format("synthetic rows")
        for metric in METRICS:
            value = learnt.get(metric, np.nan)
            why = one or (NO_SLOPE if np.isnan(value) else "")
            yield Score(metric, value, expected.get(metric, np.nan), name, why)


def _why_not(tables: Tables, outcome: Outcome | None) -> str:
    if outcome is None:
        return NO_OUTCOME
    if len(tables.fields) == 1:
        return NOTHING_TO_LEARN_FROM
    if _one_sided(outcome.events(tables.test)):
        return ONE_OUTCOME.format("real rows held out")
    return ""


def _one_sided(events: Floats) -> bool:
    return len(np.unique(events[~np.isnan(events)])) < 2


def judge(
    tables: Tables, outcome: Outcome, rows: pd.DataFrame, learner: Any
) -> dict[Metric, float]:
    """Return what a learner scores on the real rows held out; nothing if all rows are alike."""
    from threadpoolctl import threadpool_limits

    predictors, events = _known(rows, outcome)
    if _one_sided(events):
        return {}
    held_out, truth = _known(tables.test, outcome)
    # On tables this small several threads mostly wait; a regression that has not quite converged
    # is judged as it is.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pipeline(tables, outcome, learner).fit(predictors, events)
        return performance(truth, model.predict_proba(held_out)[:, 1])


def _known(frame: pd.DataFrame, outcome: Outcome) -> tuple[pd.DataFrame, Floats]:
    events = outcome.events(frame)
    known = ~np.isnan(events)
    return frame[known].drop(columns=outcome.target), events[known]


def pipeline(tables: Tables, outcome: Outcome, learner: Any) -> Any:
    """Return the learner behind what prepares its rows, which is fitted on the same rows as it."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    )
    codes = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = ColumnTransformer(
        [
            ("numbers", numbers, [name for name in tables.numbers if name != outcome.target]),
            ("codes", codes, [name for name in tables.coded if name != outcome.target]),
        ]
    )
    return make_pipeline(columns, learner)


def performance(events: Floats, risks: Floats) -> dict[Metric, float]:
    """Return the metrics of predicted risks; events of both kinds are needed."""
    from sklearn.metrics import brier_score_loss, f1_score, roc_auc_score

    return {
        AUC: float(roc_auc_score(events, risks)),
        F1: float(f1_score(events, risks > 0.5, zero_division=0.0)),
        BRIER: float(brier_score_loss(events, risks)),
        **_calibration(events, risks),
    }


def _calibration(events: Floats, risks: Floats) -> dict[Metric, float]:
    from scipy.special import logit
    from statsmodels.discrete.discrete_model import Logit

    odds = logit(np.clip(risks, _NEAREST_TO_CERTAIN, 1 - _NEAREST_TO_CERTAIN))
    intercept = np.ones_like(odds)
    in_the_large = Logit(events, intercept, offset=odds).fit(disp=0).params[0]
    slope = np.nan
    if not _separate(events, odds):
        slope = Logit(events, np.column_stack([intercept, odds])).fit(disp=0).params[1]
    return {SLOPE: float(slope), IN_THE_LARGE: float(in_the_large)}


def _separate(events: Floats, odds: Floats) -> bool:
    """Whether a slope would be infinite, or there is nothing to slope on."""
    with_event, without = odds[events == 1], odds[events == 0]
    return bool(with_event.min() >= without.max() or without.min() >= with_event.max())
