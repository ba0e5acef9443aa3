"""Marginals on the scale of the normal score, against the same distributions in SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synth_magic.engines.offline import curves
from synth_magic.sampling.grid import NODES
from synth_magic.sampling.numeric import KNOT_SCORES, KNOTS
from synth_magic.spec.model import By, Cell, MeanSD, MedianIQR, Quantiles, Shares
from tests.engines.offline.builders import values, with_shares
from tests.strategies import quantiles

PRESSURE = MeanSD(120, 15)
STAGES = with_shares(I=0.4, II=0.3, III=0.2, IV=0.1)


def knots(marginal: object) -> list[float]:
    assert isinstance(marginal, Quantiles)
    return [getattr(marginal, knot) for knot in KNOTS]


def shares(marginal: object) -> list[float]:
    assert isinstance(marginal, Shares)
    return [item.share for item in marginal.shares]


# --- moved


def test_a_moved_normal_is_the_normal_of_the_moved_score() -> None:
    moved = curves.moved(PRESSURE, 0.5, 0.8)
    expected = stats.norm(127.5, 12).ppf(stats.norm.cdf(KNOT_SCORES))
    assert knots(moved) == pytest.approx(expected, rel=1e-3)


def test_a_moved_log_normal_has_another_median_and_spread() -> None:
    crp = MedianIQR(*map(float, stats.lognorm(1.0, scale=3).ppf([0.25, 0.5, 0.75])))
    moved = values(curves.moved(crp, 0.4, 0.7))
    expected = stats.lognorm(0.7, scale=3 * np.exp(0.4)).ppf([0.05, 0.25, 0.5, 0.75, 0.95])
    assert np.quantile(moved, [0.05, 0.25, 0.5, 0.75, 0.95]) == pytest.approx(expected, rel=0.01)


def test_moved_codes_are_those_of_the_moved_score() -> None:
    edges = stats.norm.ppf([0, 0.4, 0.7, 0.9, 1])
    expected = np.diff(stats.norm(0.6, 1.2).cdf(edges))
    assert shares(curves.moved(STAGES, 0.6, 1.2)) == pytest.approx(expected, abs=1e-5)


def test_every_cell_is_moved() -> None:
    by = By(("sex",), (Cell(("female",), MeanSD(13, 1)), Cell(("male",), MeanSD(15, 1))))
    moved = curves.moved(by, -1, 1)
    medians = [knots(cell)[4] for cell in curves.simple(moved)]
    assert medians == pytest.approx([12, 14], abs=1e-3)


@settings(max_examples=25)
@given(quantiles(decimals=1))
def test_what_is_not_moved_stays_as_it_is(marginal: Quantiles) -> None:
    assert knots(curves.moved(marginal, 0, 1)) == pytest.approx(knots(marginal), abs=0.1)


@settings(max_examples=25)
@given(quantiles(), st.floats(-1, 1), st.floats(0.5, 1.1))
def test_patients_lie_where_they_were_moved_to(
    marginal: Quantiles, shift: float, scale: float
) -> None:
    mean, variance = curves.place(curves.moved(marginal, shift, scale), marginal)
    assert mean == pytest.approx(shift, abs=0.1)
    assert variance == pytest.approx(scale**2, abs=0.2)


# --- cut off


@pytest.mark.parametrize(("low", "high"), [(110.0, None), (None, 115.0), (100.0, 130.0)])
def test_a_cut_off_normal_is_truncated_and_not_clipped(
    low: float | None, high: float | None
) -> None:
    ends = (-np.inf if low is None else low, np.inf if high is None else high)
    expected = stats.truncnorm(*((end - 120) / 15 for end in ends), 120, 15)
    found = values(curves.cut_off(PRESSURE, low, high))
    assert found.mean() == pytest.approx(expected.mean(), abs=0.15)
    assert found.std() == pytest.approx(expected.std(), rel=0.03)
    assert found.min() >= ends[0]
    assert found.max() <= ends[1]
    assert np.mean(found == found.min()) < 0.01
    assert np.mean(found == found.max()) < 0.01


def test_beyond_all_that_a_curve_knows_most_are_near_the_limit() -> None:
    found = values(curves.cut_off(PRESSURE, 400, None))
    assert found.min() == pytest.approx(400, abs=0.1)
    assert np.median(found) - 400 < np.quantile(found, 0.95) - np.median(found)


# --- place


def test_the_place_of_a_normal_in_another_is_its_mean_and_variance_there() -> None:
    assert curves.place(MeanSD(127.5, 12), PRESSURE) == pytest.approx((0.5, 0.64), abs=0.01)


@pytest.mark.parametrize("marginal", [PRESSURE, STAGES, MedianIQR(2, 5, 12, 0, None)])
def test_the_same_patients_are_in_the_middle(marginal: MeanSD | Shares | MedianIQR) -> None:
    assert curves.place(marginal, marginal) == pytest.approx((0, 1), abs=0.02)


def test_those_who_all_have_a_code_have_the_scores_beyond_its_edge() -> None:
    ill = stats.truncnorm(stats.norm.ppf(0.9), np.inf)
    found = curves.place(with_shares(no=0, yes=1), with_shares(no=0.9, yes=0.1))
    assert found == pytest.approx((ill.mean(), ill.var()), abs=1e-6)


def test_other_shares_mix_the_scores_of_the_codes() -> None:
    well, ill = stats.truncnorm(-np.inf, 0.0), stats.truncnorm(0.0, np.inf)
    z = np.concatenate([well.ppf((np.arange(2000) + 0.5) / 2000),
                        ill.ppf((np.arange(6000) + 0.5) / 6000)])  # fmt: skip
    found = curves.place(with_shares(no=0.25, yes=0.75), with_shares(no=0.5, yes=0.5))
    assert found == pytest.approx((z.mean(), z.var()), abs=0.005)


def test_all_alike_have_one_score() -> None:
    assert curves.place(MeanSD(135, 0), PRESSURE) == pytest.approx((1, 0), abs=0.01)


def test_values_beyond_a_curve_lie_at_its_end() -> None:
    score, variance = curves.place(MeanSD(900, 1), PRESSURE)
    assert score > 3
    assert variance == 0
    assert curves.score_of(-50, PRESSURE) < -3


def test_the_score_of_a_value_is_in_the_middle_of_those_who_share_it() -> None:
    assert curves.score_of(135, PRESSURE) == pytest.approx(1, abs=1e-3)
    nodes = MedianIQR(0, 0, 2, 0, None)
    below = stats.norm.cdf(NODES[curves.curve(nodes) == 0][-1])
    assert curves.score_of(0, nodes) < stats.norm.ppf(below)


# --- mixed


def test_a_mixture_of_normals_has_their_mean_and_sd() -> None:
    mixed = values(curves.mixed([MeanSD(13, 1), MeanSD(15, 1.2)], [3, 1]))
    mean = 0.75 * 13 + 0.25 * 15
    square = 0.75 * (13**2 + 1) + 0.25 * (15**2 + 1.2**2)
    assert mixed.mean() == pytest.approx(mean, abs=0.02)
    assert mixed.std() == pytest.approx(np.sqrt(square - mean**2), rel=0.02)


def test_the_quantiles_of_a_mixture_are_those_of_both_together() -> None:
    women, men = MedianIQR(40, 60, 90, 0, None), MedianIQR(70, 90, 120, 0, None)
    together = np.concatenate([values(women), values(men)])
    found = knots(curves.mixed([women, men], [1, 1]))
    assert found[1:-1] == pytest.approx(
        np.quantile(together, stats.norm.cdf(KNOT_SCORES[1:-1])), rel=0.01
    )


def test_mixed_shares_are_their_weighted_mean() -> None:
    cells = [with_shares(no=0.9, yes=0.1), with_shares(no=0.5, yes=0.5)]
    assert shares(curves.mixed(cells, [0.75, 0.25])) == pytest.approx([0.8, 0.2])


def test_a_mixture_of_one_value_is_that_value() -> None:
    assert curves.mixed([MeanSD(7, 0), MeanSD(7, 0)], [1, 2]) == MeanSD(7, 0)


# --- other changes


@pytest.mark.parametrize("ratio", [0.2, 1.0, 3.0])
def test_the_odds_of_the_last_code_are_multiplied(ratio: float) -> None:
    found = shares(curves.with_odds(STAGES, ratio))
    assert found[-1] / (1 - found[-1]) == pytest.approx(ratio * 0.1 / 0.9)
    assert np.array(found[:-1]) / sum(found[:-1]) == pytest.approx(np.array([4, 3, 2]) / 9)
    assert sum(found) == pytest.approx(1)


def test_what_all_have_keeps_any_odds() -> None:
    assert shares(curves.with_odds(with_shares(no=0, yes=1), 0.5)) == pytest.approx([0, 1])


def quartiles(marginal: curves.Marginal) -> list[float]:
    return list(np.quantile(values(marginal), [0.25, 0.5, 0.75]))


def test_a_number_is_multiplied_and_then_shifted() -> None:
    found = curves.added(PRESSURE, -10, 1.1, -50, 200)
    assert quartiles(found) == pytest.approx(stats.norm(122, 16.5).ppf([0.25, 0.5, 0.75]), abs=0.1)


def test_what_cannot_be_negative_is_scaled_so_that_its_median_shifts() -> None:
    found = curves.added(MedianIQR(2, 5, 12, 0, None), -4, 1, 0, 500)
    assert quartiles(found) == pytest.approx([0.4, 1, 2.4], rel=0.01)
    assert np.mean(values(found) == 0) < 0.01


@pytest.mark.parametrize("shift", [0, 3])
def test_a_median_of_nothing_is_shifted_too(shift: float) -> None:
    found = curves.added(MedianIQR(0, 0, 2, 0, None), shift, 1, 0, 50)
    assert quartiles(found)[1:] == pytest.approx([shift, shift + 2], abs=0.1)


def test_nothing_leaves_the_bounds() -> None:
    found = values(curves.added(PRESSURE, 0, 1, 110, 125))
    assert (found.min(), found.max()) == (110, 125)


@settings(max_examples=25)
@given(st.lists(st.floats(-1e6, 1e6), min_size=9, max_size=9))
def test_nine_values_become_rising_quantiles_to_five_figures(drawn: list[float]) -> None:
    found = knots(curves.through(np.sort(drawn)))
    assert found == sorted(found)
    width = max(drawn) - min(drawn)
    assert found == pytest.approx(sorted(drawn), abs=max(width, 1e-9) * 1e-3)
