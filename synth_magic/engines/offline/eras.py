"""Figures carried from the years in which they were seen to others, along known trends."""

from __future__ import annotations

from functools import cache

import numpy as np

from synth_magic.catalogue.entries import Entry, Trend
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.curves import Marginal
from synth_magic.spec.model import Shares

REFERENCE = 2017
"""About when the catalogue's figures of all adults were seen."""


def carried(entry: Entry, marginal: Marginal, seen: float, year: float) -> Marginal:
    """Return a marginal seen in one year as it may have been in another; 0: nothing is known.

    Means move by as much as those of all adults did, and the odds of a code by the same ratio.
    """
    trend = _trends().get(entry.name)
    if trend is None or not seen or not year or abs(year - seen) < 1:
        return marginal
    before, now = _at(trend, seen), _at(trend, year)
    if not isinstance(curves.simple(marginal)[0], Shares):
        assert entry.bounds is not None
        return curves.added(marginal, now - before, 1.0, *entry.bounds)
    if trend.code and trend.code != entry.codes[-1]:
        return marginal
    return curves.with_odds(marginal, _odds(now) / _odds(before))


@cache
def _trends() -> dict[str, Trend]:
    return {trend.variable: trend for trend in catalogue().trends}


def _at(trend: Trend, year: float) -> float:
    years, values = zip(*sorted(trend.values), strict=True)
    return float(np.interp(year, years, values))


def _odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return share / (1 - share)
