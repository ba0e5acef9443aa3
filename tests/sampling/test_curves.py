"""The families of numeric curves, against the same distributions in SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synth_magic.sampling.curves import QUARTILE, mean_sd_family, median_iqr_curve, through
from synth_magic.sampling.grid import NODES, Floats, probability
from synth_magic.spec import MeanSD, MedianIQR

SCORES = np.array([-3.0, -1.5, -0.7, 0.0, 0.7, 1.5, 3.0])
LEVELS = stats.norm.cdf(SCORES)


def at(nodes: Floats, scores: Floats) -> Floats:
    return np.interp(scores, NODES, nodes)


def curve(marginal: MeanSD, *, whole: bool = False) -> Floats:
    return mean_sd_family(marginal, whole=whole)(marginal.mean, marginal.sd)


def test_mean_and_sd_without_bounds_are_a_normal() -> None:
    expected = stats.norm(120, 15).ppf(LEVELS)
    assert at(curve(MeanSD(120, 15)), SCORES) == pytest.approx(expected, abs=1e-6)


def test_a_normal_far_from_its_bounds_is_truncated_there() -> None:
    low, high = 75.0, 170.0
    truncated = stats.truncnorm((low - 120) / 20, (high - 120) / 20, 120, 20)
    nodes = curve(MeanSD(120, 20, low, high))
    assert at(nodes, SCORES) == pytest.approx(truncated.ppf(LEVELS), abs=1e-3)
    assert nodes[0] >= low
    assert nodes[-1] <= high


def test_a_measurement_near_its_lower_bound_is_log_normal() -> None:
    spread = np.sqrt(np.log1p((5 / 4) ** 2))
    expected = 1 + stats.lognorm(spread, scale=4 * np.exp(-(spread**2) / 2)).ppf(LEVELS)
    nodes = curve(MeanSD(5, 5, low=1))
    assert at(nodes, SCORES) == pytest.approx(expected, rel=1e-4)


def test_a_count_near_its_lower_bound_is_gamma() -> None:
    shape = (3 / 2.5) ** 2
    expected = stats.gamma(shape, scale=3 / shape).ppf(LEVELS)
    nodes = curve(MeanSD(3, 2.5, low=0), whole=True)
    assert at(nodes, SCORES) == pytest.approx(expected, rel=1e-3, abs=1e-4)


def test_a_value_near_its_upper_bound_is_the_mirror_image() -> None:
    below = curve(MeanSD(2, 2, low=0))
    above = curve(MeanSD(98, 2, high=100))
    assert 100 - above[::-1] == pytest.approx(below)


def test_between_two_near_bounds_it_is_beta() -> None:
    mean, variance = 0.25, 0.04
    total = mean * (1 - mean) / variance - 1
    expected = 100 * stats.beta(mean * total, (1 - mean) * total).ppf(LEVELS)
    nodes = curve(MeanSD(25, 20, 0, 100))
    assert at(nodes, SCORES) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    "marginal",
    [
        MeanSD(0, 1),
        MeanSD(1, 1, low=0),
        MeanSD(99, 3, high=100),
        MeanSD(0.5, 0.45, 0, 1),
        MeanSD(3, 0.01, 0, 10),
        MeanSD(30, 100, low=0),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_every_curve_rises(marginal: MeanSD, whole: bool) -> None:
    nodes = curve(marginal, whole=whole)
    assert np.isfinite(nodes).all()
    assert (np.diff(nodes) >= -1e-12).all()


def test_the_curve_through_knots_hits_them_and_never_falls() -> None:
    knots = np.array([-3.29, -1.0, 0.0, 0.5, 3.29])
    values = np.array([0.0, 1.0, 1.0, 20.0, 21.0])
    joined = through(knots, values)
    assert joined(knots) == pytest.approx(values)
    assert (np.diff(joined(NODES)) >= 0).all()


def test_the_curve_through_knots_is_constant_beyond_them() -> None:
    joined = through(np.array([-1.0, 0.0, 1.0]), np.array([5.0, 6.0, 9.0]))
    assert joined(np.array([-6.0, -1.0, 1.0, 6.0])).tolist() == [5.0, 5.0, 9.0, 9.0]


QUARTILES = stats.norm.ppf([0.25, 0.5, 0.75])


@pytest.mark.parametrize(
    "marginal",
    [
        MedianIQR(10, 12, 14),  # symmetric
        MedianIQR(20, 40, 120),  # skewed to the right
        MedianIQR(60, 90, 98),  # skewed to the left
        MedianIQR(1, 2.4, 5.6, low=0),
        MedianIQR(2, 10, 20, low=0),  # unbounded, it would cross 0
        MedianIQR(85, 96, 99, high=100),
        MedianIQR(12, 30, 80, 0, 100),
        MedianIQR(26, 28, 29, 0, 30),
    ],
)
def test_the_curve_of_a_median_and_quartiles_hits_them_within_the_bounds(
    marginal: MedianIQR,
) -> None:
    nodes = median_iqr_curve(marginal)
    stated = [marginal.p25, marginal.p50, marginal.p75]
    assert at(nodes, QUARTILES) == pytest.approx(stated, rel=1e-4)
    assert (np.diff(nodes) >= -1e-12).all()
    assert nodes[0] >= (-np.inf if marginal.low is None else marginal.low)
    assert nodes[-1] <= (np.inf if marginal.high is None else marginal.high)


def test_a_skewed_median_and_quartiles_are_a_shifted_log_normal() -> None:
    shift, middle, spread = 3.0, 2.0, 0.6
    expected = stats.lognorm(spread, loc=shift, scale=np.exp(middle))
    marginal = MedianIQR(*map(float, expected.ppf([0.25, 0.5, 0.75])))
    assert at(median_iqr_curve(marginal), SCORES) == pytest.approx(expected.ppf(LEVELS), rel=1e-3)


def test_with_two_bounds_it_is_johnsons_s_b() -> None:
    skewed = stats.johnsonsb(0.8, 1.1, loc=0, scale=100)
    p25, p50, p75 = map(float, skewed.ppf([0.25, 0.5, 0.75]))
    marginal = MedianIQR(p25, p50, p75, 0, 100)
    assert at(median_iqr_curve(marginal), SCORES) == pytest.approx(skewed.ppf(LEVELS), abs=0.6)


@pytest.mark.parametrize("quartiles", [(5.0, 5.0, 8.0), (2.0, 5.0, 5.0), (5.0, 5.0, 5.0)])
def test_quartiles_that_coincide_stay_where_they_are(quartiles: tuple[float, ...]) -> None:
    nodes = median_iqr_curve(MedianIQR(*quartiles, low=0))
    assert at(nodes, QUARTILES) == pytest.approx(quartiles, rel=1e-4)
    assert nodes[0] >= 0


@pytest.mark.parametrize("quartiles", [(260, 289, 1530), (1530, 2800, 2829)])
def test_lopsided_quartiles_do_not_make_absurd_tails(quartiles: tuple[float, ...]) -> None:
    curve = median_iqr_curve(MedianIQR(*quartiles))
    assert np.all(np.diff(curve) >= 0)
    found = np.interp([-QUARTILE, 0, QUARTILE], NODES, curve)
    assert found == pytest.approx(quartiles, rel=1e-3)
    one_in_a_thousand = np.abs(np.interp([-3.09, 3.09], NODES, curve)).max()
    assert one_in_a_thousand < 1e3 * (quartiles[2] - quartiles[0])


def test_a_plain_log_normal_is_left_as_it_is() -> None:
    quartiles = np.exp(1.2 * QUARTILE * np.array([-1, 0, 1]))
    curve = median_iqr_curve(MedianIQR(*quartiles))
    inside = np.abs(NODES) < 4
    assert curve[inside] == pytest.approx(np.exp(1.2 * NODES)[inside], rel=1e-9)


# quartiles that are too lopsided for a log-normal


def piled(nodes: Floats, value: float) -> float:
    """The share of patients who have exactly this value."""
    there = np.abs(nodes - value) < 1e-9
    return float(np.diff(probability(NODES))[there[:-1] & there[1:]].sum())


def test_lopsided_quartiles_between_bounds_reach_beyond_the_nearer_one() -> None:
    nodes = median_iqr_curve(MedianIQR(63, 66, 78, 45, 90))
    assert at(nodes, QUARTILES) == pytest.approx([63, 66, 78], abs=1e-4)
    assert at(nodes, np.array([-2.5])) < 60
    assert piled(nodes, 45) < 0.01
    assert piled(nodes, 90) < 0.01


def test_lopsided_quartiles_mirror() -> None:
    one = median_iqr_curve(MedianIQR(63, 66, 78, 45, 90))
    other = median_iqr_curve(MedianIQR(22, 34, 37, 10, 55))
    assert 100 - one[::-1] == pytest.approx(other, abs=1e-6)


@settings(max_examples=60)
@given(
    st.tuples(st.integers(2, 60), st.integers(2, 60)),
    st.tuples(st.floats(0.5, 20), st.floats(0.5, 20)),
    st.tuples(st.booleans(), st.booleans()),
)
def test_any_quartiles_within_any_bounds_stay_there_without_a_pile(
    widths: tuple[int, int], rooms: tuple[float, float], bounded: tuple[bool, bool]
) -> None:
    """`rooms`: how far the bounds lie, in distances of the quartiles from the median."""
    stated = 100.0 - widths[0], 100.0, 100.0 + widths[1]
    low = stated[0] - rooms[0] * widths[0] if bounded[0] else None
    high = stated[2] + rooms[1] * widths[1] if bounded[1] else None
    nodes = median_iqr_curve(MedianIQR(*stated, low, high))
    assert at(nodes, QUARTILES) == pytest.approx(stated, abs=1e-3 * sum(widths))
    assert np.isfinite(nodes).all()
    assert (np.diff(nodes) >= -1e-9 * np.abs(nodes[1:]).max()).all()
    if low is not None:
        assert nodes[0] >= low - 1e-9
        assert piled(nodes, low) < 0.01
    if high is not None:
        assert nodes[-1] <= high + 1e-9
        assert piled(nodes, high) < 0.01
