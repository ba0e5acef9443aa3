"""Figures move from the years in which they were seen along the trends of all adults."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth_magic.catalogue.entries import Trend
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline.eras import carried
from synth_magic.spec.model import MeanSD, Shares
from tests.engines.offline.builders import entry, share_of, values

TRENDS = catalogue().trends
OF_MEANS = [trend for trend in TRENDS if trend.statistic == "mean"]
OF_SHARES = [
    trend for trend in TRENDS
    if trend.statistic == "share" and (trend.code or "yes") == entry(trend.variable).codes[-1]
]  # fmt: skip


def ends(trend: Trend) -> tuple[tuple[int, float], tuple[int, float]]:
    first, *_, last = sorted(trend.values)
    return first, last


def odds(share: float) -> float:
    return share / (1 - share)


@pytest.mark.parametrize("trend", OF_MEANS, ids=lambda trend: trend.variable)
def test_a_number_moves_by_as_much_as_that_of_all_adults_did(trend: Trend) -> None:
    known = entry(trend.variable)
    assert known.bounds is not None
    (year, before), (later, after) = ends(trend)
    low, high = known.bounds
    seen = MeanSD((low + high) / 2, (high - low) / 20, low, high)
    now = carried(known, seen, year, later)
    assert np.median(values(now)) == pytest.approx(seen.mean + after - before, rel=1e-3)
    back = carried(known, now, later, year)
    assert np.median(values(back)) == pytest.approx(seen.mean, rel=1e-3)


@pytest.mark.parametrize("trend", OF_SHARES, ids=lambda trend: trend.variable)
def test_the_odds_of_a_code_move_as_those_of_all_adults_did(trend: Trend) -> None:
    known = entry(trend.variable)
    (year, before), (later, after) = ends(trend)
    assert isinstance(known.marginal, Shares)
    was = share_of(known.marginal, known.codes[-1])
    now = share_of(carried(known, known.marginal, year, later), known.codes[-1])
    assert odds(now) == pytest.approx(odds(was) * odds(after) / odds(before))


def test_beyond_its_ends_a_trend_is_flat() -> None:
    trend = OF_MEANS[0]
    known = entry(trend.variable)
    (year, _), (later, _) = ends(trend)
    marginal = MeanSD(float(np.mean(known.bounds or ())), 1)
    assert carried(known, marginal, year, later + 30) == carried(known, marginal, year, later)
    assert carried(known, marginal, year - 30, later) == carried(known, marginal, year, later)


@pytest.mark.parametrize(("seen", "year"), [(0, 1990), (2010, 0), (2010, 2010.5)])
def test_without_years_or_a_year_apart_nothing_moves(seen: float, year: float) -> None:
    known = entry(OF_MEANS[0].variable)
    assert carried(known, known.marginal, seen, year) is known.marginal


def test_what_has_no_trend_stays() -> None:
    unknown = replace(entry("bmi"), name="flumbar")
    assert carried(unknown, unknown.marginal, 1980, 2020) is unknown.marginal
