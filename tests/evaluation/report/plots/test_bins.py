from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.evaluation.kinds import FEWEST
from synth_magic.evaluation.report.plots.bins import density, edges, merged

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=30)


@given(COUNTS)
def test_no_bin_tells_of_fewer_than_five_real_patients(counts: list[int]) -> None:
    values = np.repeat(np.arange(len(counts)) + 0.5, counts)
    fine = np.arange(len(counts) + 1, dtype=float)
    coarse = merged(values, fine)
    if sum(counts) < FEWEST:
        assert not len(coarse)
        return
    found, _ = np.histogram(values, coarse)
    assert set(coarse) <= set(fine)
    assert (coarse[0], coarse[-1]) == (fine[0], fine[-1])
    assert found.sum() == sum(counts)
    assert ((found == 0) | (found >= FEWEST)).all()


def test_bins_of_enough_patients_stay() -> None:
    fine = np.arange(5.0)
    assert merged(np.repeat([0.5, 2.5, 3.5], [5, 7, 5]), fine).tolist() == fine.tolist()


def test_edges_are_round_and_whole_numbers_lie_in_the_middle() -> None:
    assert np.mod(edges(np.arange(40.0, 90.0)), 1).tolist() == [0.5] * len(
        edges(np.arange(40.0, 90.0))
    )
    decimals = edges(np.linspace(1.23, 9.87, 500), np.linspace(2.1, 3.2, 50))
    assert decimals[0] <= 1.4
    assert decimals[-1] >= 9.7
    assert np.allclose(np.round(decimals, 6), np.round(decimals / 0.5) * 0.5)


def test_a_constant_has_a_bin() -> None:
    assert edges(np.full(9, 27.0)).tolist() == [26.5, 27.5]
    assert len(edges(np.full(9, 27.3))) > 1


def test_a_density_has_an_area_of_one() -> None:
    bins = np.array([0.0, 1.0, 4.0])
    assert density(np.array([0.5, 2.0, 3.0, 3.5]), bins) @ np.diff(bins) == pytest.approx(1)


def test_an_axis_does_not_end_at_the_value_of_one_patient() -> None:
    values = np.append(np.random.default_rng(0).normal(60, 10, 39), 5_000.0)
    assert edges(values)[-1] < 100
