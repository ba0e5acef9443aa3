from __future__ import annotations

import numpy as np
import pytest

from synth_magic.evaluation import privacy
from synth_magic.evaluation.privacy import copies
from tests.evaluation.privacy.builders import patients, tables

WITHOUT_KEYS = {
    "New rows",
    "Copies",
    "Near copies",
    "Repeats",
    "Distance to the closest record",
    "Distance to the closest record, median",
    "Nearest-neighbour distance ratio",
    "Nearest-neighbour distance ratio, median",
}


@pytest.fixture(autouse=True)
def few_rows_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "NEW_ROWS_SAMPLE", 10)


def test_all_metrics_of_privacy_come_once() -> None:
    names = [one.metric.name for one in privacy.scores(tables())]
    assert sorted(names) == sorted(WITHOUT_KEYS)
    more = [one.metric.name for one in privacy.scores(tables(), keys=["sex"], sensitive=["stage"])]
    assert sorted(more) == sorted(WITHOUT_KEYS | {"CategoricalCAP", "Disclosure"})


def test_what_is_compared_is_not_changed() -> None:
    frames = tables()
    list(privacy.scores(frames, keys=["age"], sensitive=["seen"]))
    for frame, seed in ((frames.synthetic, 1), (frames.train, 2), (frames.test, 3)):
        assert frame.equals(patients(len(frame), seed))


def test_without_rows_held_out_there_is_no_yardstick_but_a_share_of_copies() -> None:
    found = {
        one.metric.name: one
        for one in privacy.scores(
            tables(test=patients(5, 3)[:0]), keys=["sex"], sensitive=["stage"]
        )
    }
    assert found["Copies"].value == 0.0
    assert np.isnan(found["Copies"].real)
    assert 0.0 < found["CategoricalCAP"].value < 1.0
    assert np.isnan(found["CategoricalCAP"].real)
