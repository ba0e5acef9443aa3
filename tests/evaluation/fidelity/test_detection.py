"""What a classifier can tell: nothing of like patients, all of others; and the odd cases."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler

from synth_magic.evaluation.fidelity import detection
from synth_magic.evaluation.fidelity.detection import (
    BOOSTED,
    LOGISTIC,
    boosted_auc,
    logistic_detection,
    scores,
)
from tests.evaluation.fidelity.patients import clinic, compare, found


@pytest.fixture(scope="module")
def shifted():
    older = clinic(60, 3)
    older["age"] = [age + 200 for age in older["age"]]
    return compare(older, clinic(60, 1), train=clinic(60, 2))


def test_patients_of_another_age_are_told_apart_and_like_ones_are_not(shifted):
    figures = list(scores(shifted))
    assert found(figures, BOOSTED).value == 1
    assert found(figures, BOOSTED).real == pytest.approx(0.5, abs=0.15)
    assert found(figures, LOGISTIC).value == pytest.approx(0, abs=0.05)
    assert found(figures, LOGISTIC).real > 0.7


def test_logistic_detection_is_of_scikit_learn_s_auc_fold_by_fold():
    rng = np.random.default_rng(0)
    real, other = rng.normal(0, 1, 60), rng.normal(0.6, 1, 60)
    values, is_real = np.r_[real, other].reshape(-1, 1), np.repeat([1, 0], 60)
    np.random.seed(0)  # what SDMetrics draws its folds from
    by_hand = []
    for learn, judge in StratifiedKFold(3, shuffle=True).split(values, is_real):
        model = make_pipeline(RobustScaler(), LogisticRegression()).fit(
            values[learn], is_real[learn]
        )
        auc = roc_auc_score(is_real[judge], model.predict_proba(values[judge])[:, 1])
        by_hand.append(1 - 2 * max(auc - 0.5, 0))
    tables = compare({"lab": list(other)}, {"lab": list(real)})
    assert logistic_detection(tables) == pytest.approx(np.mean(by_hand), rel=1e-9)


def test_the_seed_decides_and_the_global_generator_is_left_as_it_was(shifted):
    state = np.random.get_state()[1].copy()
    like = replace(shifted, synthetic=shifted.train)
    assert logistic_detection(like, seed=1) == logistic_detection(like, seed=1)
    assert (np.random.get_state()[1] == state).all()


def test_boosted_trees_see_what_is_missing():
    half_known = {"lab": [1, math.nan] * 50}
    # Who lacks it is synthetic; of a real and a synthetic patient, that is seen half the time.
    assert boosted_auc(compare(half_known, {"lab": [1] * 100})) == pytest.approx(0.75)


def test_only_as_many_rows_are_seen_as_both_tables_have(monkeypatch):
    seen = []
    monkeypatch.setattr(detection, "MOST_ROWS", 30)
    monkeypatch.setattr(detection, "boosted_auc", lambda t, seed: seen.append(sizes(t)) or 0.5)
    monkeypatch.setattr(detection, "logistic_detection", lambda t, seed: 1.0)
    list(scores(compare(clinic(90, 1), clinic(40, 2), train=clinic(20, 3))))
    list(scores(compare(clinic(90, 1), clinic(10, 2), train=clinic(60, 3))))
    # Synthetic and test rows; then training rows in the place of the synthetic ones.
    assert seen == [(20, 30), (20, 30), (30, 10), (30, 10)]


def sizes(tables):
    return len(tables.synthetic), len(tables.test)


def test_odd_columns_are_no_obstacle():
    rows = 40
    odd = {
        "site": ["a"] * rows,  # one code
        "ward": ["w"] * rows,
        "id": [f"{place:04}" for place in range(rows)],
        "lab": [math.nan] * rows,
        "age": [50.0] * rows,
        "rare": [1.0] + [math.nan] * (rows - 1),
        "x_a": [1.0] * rows,  # named as one of the columns of x will be
        "x": ["a", "nan"] * (rows // 2),
        "none": [None] * rows,
    }
    other = {**odd, "ward": ["v"] * rows}  # a code that real patients lack
    tables = compare(other, odd)
    assert boosted_auc(tables) == 1
    assert logistic_detection(tables) == 0


def test_many_codes_are_more_than_the_trees_take_as_categories():
    codes = {"id": [f"{place:04}" for place in range(300)]}
    rows, _ = detection.together(compare(codes, codes))
    assert rows["id"].dtype == np.int16
    rows, _ = detection.together(compare({"id": ["a"] * 20}, {"id": ["b"] * 20}))
    assert rows["id"].dtype == "category"


def test_a_handful_of_patients_is_too_few():
    unknown = {"age": [math.nan] * 60, "site": [None] * 60}
    for tables in (compare(clinic(19, 1), clinic(60, 2)), compare(unknown, unknown)):
        for score in scores(tables):
            assert math.isnan(score.value)
            assert score.why.startswith("fewer than 20 real or synthetic patients")
