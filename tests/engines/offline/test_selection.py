"""What a selection does to the others, against patients who are drawn and selected."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.engines.offline.selection import select
from synth_magic.sampling.grid import Floats

CORRELATIONS = np.array([
    [1.0, 0.0, 0.5, -0.4],
    [0.0, 1.0, 0.3, 0.2],
    [0.5, 0.3, 1.0, 0.1],
    [-0.4, 0.2, 0.1, 1.0],
])  # fmt: skip


def patients() -> Floats:
    draws = np.random.default_rng(5).standard_normal((200_000, 4))
    return draws @ np.linalg.cholesky(CORRELATIONS).T


def test_patients_chosen_by_one_variable_differ_in_the_others() -> None:
    drawn = patients()
    kept = drawn[drawn[:, 0] > 0]
    after = select(CORRELATIONS, np.array([0]), kept[:, :1].mean(axis=0), kept[:, :1].var(axis=0))
    assert after.means == pytest.approx(kept.mean(axis=0), abs=0.01)
    assert after.sds == pytest.approx(kept.std(axis=0), abs=0.01)
    assert after.correlations == pytest.approx(np.corrcoef(kept.T), abs=0.01)


def test_patients_chosen_by_two_variables_differ_by_both() -> None:
    drawn = patients()
    kept = drawn[(drawn[:, 0] > 0.3) & (drawn[:, 1] < 0.5)]
    after = select(
        CORRELATIONS, np.array([0, 1]), kept[:, :2].mean(axis=0), kept[:, :2].var(axis=0)
    )
    assert after.means == pytest.approx(kept.mean(axis=0), abs=0.02)
    assert after.sds == pytest.approx(kept.std(axis=0), abs=0.02)
    assert after.correlations == pytest.approx(np.corrcoef(kept.T), abs=0.02)


def test_a_wider_choice_makes_the_others_vary_and_correlate_more() -> None:
    after = select(CORRELATIONS, np.array([0]), np.zeros(1), np.array([1.6]))
    assert after.sds[2] > 1
    assert after.correlations[0, 2] > 0.5
    assert after.means == pytest.approx(np.zeros(4))


def test_nobody_chosen_nothing_changed() -> None:
    after = select(CORRELATIONS, np.array([], dtype=int), np.zeros(0), np.zeros(0))
    assert after.means.tolist() == [0, 0, 0, 0]
    assert after.sds.tolist() == [1, 1, 1, 1]
    assert after.correlations == pytest.approx(CORRELATIONS)


def test_what_all_of_the_patients_have_is_correlated_with_nothing() -> None:
    after = select(CORRELATIONS, np.array([0]), np.array([1.2]), np.zeros(1))
    assert after.correlations[0] == pytest.approx([1, 0, 0, 0])
    assert after.means[2] == pytest.approx(0.5 * 1.2)


def test_two_names_of_the_same_do_not_count_twice() -> None:
    twins = np.array([[1.0, 0.99, 0.6], [0.99, 1.0, 0.6], [0.6, 0.6, 1.0]])
    one = select(twins, np.array([0]), np.ones(1), np.ones(1))
    both = select(twins, np.array([0, 1]), np.ones(2), np.ones(2))
    assert both.means[2] == pytest.approx(one.means[2], rel=0.15)


def test_correlations_that_contradict_each_other_still_give_a_selection() -> None:
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    after = select(impossible, np.array([0, 1, 2]), np.array([2.0, -2.0, 2.0]), np.ones(3))
    assert np.isfinite(after.correlations).all()
    assert (np.abs(after.correlations) <= 1).all()
    assert (np.abs(after.means) <= 2).all()
