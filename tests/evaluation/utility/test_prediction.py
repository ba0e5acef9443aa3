from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables
from synth_magic.evaluation.utility.prediction import (
    AUC,
    BRIER,
    F1,
    IN_THE_LARGE,
    LEARNERS,
    METRICS,
    SLOPE,
    judge,
    performance,
    scores,
)
from synth_magic.evaluation.utility.target import outcome
from tests.evaluation.utility.builders import FIELDS, patients, tables


def scored(frames: Tables, target: str = "event") -> dict[tuple[str, Metric], Score]:
    return {(one.of, one.metric): one for one in scores(frames, outcome(frames, target))}


def test_auc_f1_and_brier_score_by_hand() -> None:
    events = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    risks = np.array([0.9, 0.4, 0.6, 0.2, 0.4])
    found = performance(events, risks)
    # Six pairs: .9 wins three; .4 loses one, wins one and ties one. One of two events is found.
    assert found[AUC] == pytest.approx((3 + 1 + 0.5) / 6)
    assert found[F1] == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))
    assert found[BRIER] == pytest.approx((0.01 + 0.36 + 0.36 + 0.04 + 0.16) / 5)


def test_calibration_is_ideal_for_the_true_risks_and_follows_what_is_done_to_them() -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(0, 1.5, 4_000)
    true = 1 / (1 + np.exp(-odds))
    events = (rng.random(len(true)) < true).astype(float)
    found = performance(events, true)
    assert found[SLOPE] == pytest.approx(1.0, abs=0.15)
    assert found[IN_THE_LARGE] == pytest.approx(0.0, abs=0.15)
    too_extreme = performance(events, 1 / (1 + np.exp(-2 * odds)))
    assert too_extreme[SLOPE] == pytest.approx(found[SLOPE] / 2)
    too_low = performance(events, 1 / (1 + np.exp(-(odds - 0.7))))
    assert too_low[IN_THE_LARGE] == pytest.approx(found[IN_THE_LARGE] + 0.7)


@pytest.mark.parametrize("risks", [[0.1, 0.2, 0.8, 0.9], [0.1, 0.5, 0.5, 0.9], [0.3] * 4])
def test_no_slope_where_it_would_be_infinite_or_there_is_nothing_to_slope_on(
    risks: list[float],
) -> None:
    found = performance(np.array([0.0, 0.0, 1.0, 1.0]), np.array(risks))
    assert np.isnan(found[SLOPE])
    assert np.isfinite(found[IN_THE_LARGE])


def test_what_synthetic_patients_teach_is_judged_on_the_real_ones_held_out() -> None:
    frames = tables()
    columns = ["age", "smoker"]
    simple = Tables(
        tuple(field for field in FIELDS if field.name in [*columns, "event"]),
        *(frame[[*columns, "event"]] for frame in (frames.synthetic, frames.train, frames.test)),
    )
    found = scored(simple)["logistic regression", AUC]
    for learned_from, auc in ((simple.synthetic, found.value), (simple.train, found.real)):
        x, y = (
            [frame.assign(smoker=frame["smoker"] == "yes")[columns].astype(float), frame["event"]]
            for frame in (learned_from, simple.test)
        )
        fitted = sm.Logit(x[1] == "yes", sm.add_constant(x[0])).fit(disp=0)
        risks = fitted.predict(sm.add_constant(y[0]))
        # The learner shrinks its coefficients a little.
        assert auc == pytest.approx(
            performance((y[1] == "yes").to_numpy(float), risks)[AUC], abs=0.01
        )


def test_training_rows_handed_out_as_synthetic_are_worth_as_much() -> None:
    frames = tables(synthetic=patients(200, 2))
    for score in scored(frames).values():
        assert score.value == score.real


def test_every_learner_learns_from_real_rows_and_not_from_noise() -> None:
    noise = patients(200, 1).assign(event=patients(200, 9)["event"])
    found = scored(tables(synthetic=noise))
    assert {of for of, _ in found} == set(LEARNERS)
    for learner in LEARNERS:
        auc = found[learner, AUC]
        assert auc.real > 0.65
        assert auc.value < auc.real


def test_a_shifted_target_is_seen() -> None:
    shifted = patients(200, 1).assign(age=lambda frame: frame["age"] + 8)
    frames = tables()
    event = outcome(frames, "age")
    assert event is not None
    honest, moved = (
        judge(frames, event, rows, LEARNERS["logistic regression"](0))[IN_THE_LARGE]
        for rows in (frames.synthetic, shifted)
    )
    assert abs(honest) < 0.5
    assert moved < -1.0  # the risk of a high age is predicted far too high


def test_codes_and_gaps_that_were_not_learned_from_are_no_obstacle() -> None:
    synthetic = patients(200, 1).fillna({"bmi": 27.0}).assign(region="north", smoker=None)
    for score in scored(tables(synthetic=synthetic)).values():
        assert np.isfinite(score.value)


@pytest.mark.parametrize(
    ("frames", "target", "why", "yardstick"),
    [
        (tables(synthetic=patients(200, 1).assign(event="no")), "event", "synthetic rows", True),
        (tables(test=patients(100, 3).assign(event="yes")), "event", "held out", False),
        (tables(train=patients(200, 2).assign(event="yes")), "event", "one value only", False),
        (tables(), "outcome", "not in the tables", False),
    ],
)
def test_what_cannot_be_learned_gives_a_reason(
    frames: Tables, target: str, why: str, yardstick: bool
) -> None:
    found = scored(frames, target)
    assert len(found) == len(LEARNERS) * len(METRICS)
    assert all(np.isnan(score.value) and why in score.why for score in found.values())
    assert np.isfinite(found["logistic regression", AUC].real) == yardstick


def test_a_target_alone_cannot_be_predicted() -> None:
    frame = pd.DataFrame({"event": ["no", "yes"] * 10})
    found = scored(Tables(FIELDS[-1:], frame, frame, frame))
    assert all("no other variable" in score.why for score in found.values())


def test_the_same_seed_gives_the_same_figures() -> None:
    frames = tables()
    event = outcome(frames, "event")
    assert event is not None
    first, second = (
        judge(frames, event, frames.synthetic, LEARNERS["AdaBoost"](4)) for _ in range(2)
    )
    assert first == second
