from __future__ import annotations

import numpy as np
import pytest

from synth_magic.evaluation.privacy import distances
from synth_magic.evaluation.privacy.distances import (
    CLOSEST,
    CLOSEST_MEDIAN,
    RATIO,
    RATIO_MEDIAN,
    closest,
    scores,
)
from synth_magic.evaluation.privacy.rows import Points
from tests.evaluation.privacy.builders import patients, tables


def test_the_scores_are_those_of_all_distances_by_brute_force() -> None:
    frames = tables(synthetic=patients(50, 1))
    train = Points.of(frames, frames.train)
    sides = []
    for frame in (frames.synthetic, frames.test):
        first, second, *_ = np.sort(Points.of(frames, frame).distances(train)).T
        sides.append((first, first / second))
    found = {one.metric: (one.value, one.real) for one in scores(closest(frames))}
    for place, metric, level in (
        (0, CLOSEST, 5),
        (0, CLOSEST_MEDIAN, 50),
        (1, RATIO, 5),
        (1, RATIO_MEDIAN, 50),
    ):
        expected = [np.percentile(side[place], level) for side in sides]
        assert found[metric] == pytest.approx(expected)


def test_a_training_row_is_not_its_own_neighbour() -> None:
    frames = tables()
    train = Points.of(frames, frames.train)
    apart = train.distances(train)
    np.fill_diagonal(apart, np.inf)
    found = closest(frames)
    assert found is not None
    np.testing.assert_allclose(found.train, apart.min(axis=1), atol=1e-12)


def test_copied_training_rows_are_at_no_distance() -> None:
    frames = tables(synthetic=patients(80, 2))
    found = {one.metric: one for one in scores(closest(frames))}
    assert found[CLOSEST_MEDIAN].value == 0.0 == found[RATIO_MEDIAN].value
    assert found[CLOSEST_MEDIAN].real > 0.0


def test_patients_between_two_equal_ones_single_out_neither() -> None:
    twice = patients(40, 2).loc[lambda frame: frame.index.repeat(2)].reset_index(drop=True)
    found = closest(tables(synthetic=twice, train=twice))
    assert found is not None
    assert (found.synthetic == 0.0).all()
    assert (found.synthetic_ratio == 1.0).all()


def test_no_synthetic_row_goes_unseen_because_few_real_ones_are_held_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copied = patients(80, 2)
    found = closest(tables(synthetic=copied, test=patients(10, 3)))
    assert found is not None
    assert (len(found.synthetic), len(found.test)) == (80, 10)
    assert np.count_nonzero(found.synthetic == 0) == 80
    monkeypatch.setattr(distances, "QUERIES", 20)
    found, again = closest(tables(), seed=5), closest(tables(), seed=5)
    assert found is not None
    assert again is not None
    assert len(found.synthetic) == len(found.train) == 20
    np.testing.assert_array_equal(found.synthetic, again.synthetic)


def test_too_few_rows_give_no_figure_but_a_reason() -> None:
    found = list(scores(closest(tables(train=patients(1, 2)))))
    assert len(found) == 4
    assert all(np.isnan(one.value) and "fewer than two" in one.why for one in found)
