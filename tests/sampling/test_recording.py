"""How a curve becomes recorded values: rounding, digit preference, spikes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth_magic.sampling.grid import NODES
from synth_magic.sampling.recording import (
    Flat,
    Pieces,
    Recorded,
    pieces,
    prefer_digits,
    recorded,
    to_decimals,
)
from synth_magic.spec import DigitPreference

BLOOD_PRESSURE = 130 + 18 * NODES


def test_rounded_values_are_the_decimals_that_a_user_would_type() -> None:
    rounded = to_decimals(np.array([0.1 + 0.2, 7.449999, 1e-9]), 1)
    assert rounded.tolist() == [0.3, 7.4, 0.0]


@pytest.mark.parametrize(
    ("values", "nearest", "decimals", "expected"),
    [
        ([122.4, 128.0, -3.0], 5, 0, [120, 130, -5]),
        ([0.3, 0.9], 0.4, 1, [0.4, 0.8]),
        ([1.0, 2.0], 0.75, 2, [0.75, 2.25]),
        ([6.1, 6.4], 2.5, 1, [5.0, 7.5]),
    ],
)
def test_digits_are_preferred(
    values: list[float], nearest: float, decimals: int, expected: list[float]
) -> None:
    preference = DigitPreference(nearest, 1.0)
    preferred = prefer_digits(np.array(values), preference, decimals, (-np.inf, np.inf))
    assert preferred.tolist() == expected


def test_digit_preference_stays_within_the_bounds() -> None:
    values = np.array([3.0, 18.0, 22.0])
    preferred = prefer_digits(values, DigitPreference(10, 1.0), 0, (2.0, 22.0))
    assert preferred.tolist() == [3.0, 20.0, 20.0]


def test_pieces_of_a_rounded_normal_have_its_probabilities() -> None:
    result = recorded(BLOOD_PRESSURE, 0)
    exact = stats.norm(130, 18)
    for value in (90, 130, 131, 175):
        assert result.share(value) == pytest.approx(exact.cdf(value + 0.5) - exact.cdf(value - 0.5))
    assert result.below(120) == pytest.approx(exact.cdf(119.5))
    assert result.quantile(0.975) == np.ceil(exact.ppf(0.975) - 0.5)


def test_moments_of_a_rounded_normal() -> None:
    """Sheppard's correction: rounding to whole numbers adds 1/12 to the variance."""
    result = recorded(2.5 * NODES, 0)
    assert result.mean == pytest.approx(0, abs=1e-9)
    assert result.sd**2 == pytest.approx(2.5**2 + 1 / 12, rel=1e-6)


def test_many_distinct_values_are_taken_cell_by_cell() -> None:
    result = recorded(np.exp(5 + 2 * NODES), 2)
    assert result.mean == pytest.approx(np.exp(5 + 2), rel=2e-3)
    assert result.mass.sum() == pytest.approx(1)


def test_a_spike_takes_its_interval_of_ranks() -> None:
    low, high = stats.norm.ppf([0.3, 0.5])
    step = pieces(BLOOD_PRESSURE, 0, [Flat(low, high, 122.0)])
    assert (np.diff(step.edges) >= 0).all()
    assert step.mass[np.searchsorted(step.edges, -0.2)] == pytest.approx(0.2)
    assert step.values[np.searchsorted(step.edges, -0.2)] == 122.0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_digit_preference_gives_round_values_their_share(share: float) -> None:
    result = recorded(BLOOD_PRESSURE, 0, (), DigitPreference(10, share))
    exact = stats.norm(130, 18)
    natural = exact.cdf(120.5) - exact.cdf(119.5)
    nearest = exact.cdf(125.5) - exact.cdf(114.5)  # 115 and 125 go to the even ten: 120
    assert result.share(120) == pytest.approx((1 - share) * natural + share * nearest, rel=1e-6)
    assert result.mass.sum() == pytest.approx(1)


def test_the_distinct_values_of_two_parts_are_joined() -> None:
    edges = np.array([0.0])
    both = Recorded.of(
        (0.25, Pieces(edges, np.array([1.0, 2.0]))), (0.75, Pieces(edges, np.array([2.0, 3.0])))
    )
    assert both.values.tolist() == [1.0, 2.0, 3.0]
    assert both.mass.tolist() == pytest.approx([0.125, 0.5, 0.375])
