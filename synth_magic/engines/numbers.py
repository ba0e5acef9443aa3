"""The marginal of a number: from its figures, and where there are none, a plain guess."""

from __future__ import annotations

from collections.abc import Sequence

from synth_magic.engines.stated import Figures
from synth_magic.engines.subjects import Subject
from synth_magic.spec.model import MeanSD, MedianIQR

Bounds = tuple[float | None, float | None]

_FAR = 12
"""SDs above the mean from which a bound hardly touches even a skewed curve."""


def from_figures(figures: Figures, subject: Subject) -> MeanSD | MedianIQR | None:
    """Return the marginal that a mean and SD or three quartiles make, between sensible bounds."""
    stated = stated_bounds(figures, subject)
    numbers = figures.numbers
    if figures.has_quartiles:
        quartiles = numbers["p25"], numbers["p50"], numbers["p75"]
        low, high = _inferred(stated, subject, quartiles)
        return MedianIQR(*quartiles, low, high)
    if not figures.has_moments:
        return None
    mean, sd = numbers["mean"], numbers["sd"]
    if sd == 0:
        return MeanSD(mean, sd)
    return _mean_sd(mean, sd, stated, _inferred(stated, subject, (mean,)))


def _mean_sd(mean: float, sd: float, stated: Bounds, bounds: Bounds) -> MeanSD:
    """Return the marginal within bounds; those that were not stated give way to mean and SD."""
    low, high = bounds
    skewed = low is not None and mean - 2 * sd < low
    if stated[1] is None and high is not None and skewed and mean + _FAR * sd < high:
        high = None  # so that the curve is log-normal, as measurements are, and not a beta
    for within in ((low, high), (low, stated[1]), stated):
        if _leaves_room(mean, sd, *within):
            return MeanSD(mean, sd, *within)
    return MeanSD(mean, sd, *stated)


def _leaves_room(mean: float, sd: float, low: float | None, high: float | None) -> bool:
    below = float("inf") if low is None else mean - low
    above = float("inf") if high is None else high - mean
    return below > 0 and above > 0 and 1.05 * sd * sd < below * above


def fitting_sd(mean: float, sd: float, low: float | None, high: float | None) -> float:
    """Return the SD, or the largest of its halves, thirds ... that is possible between bounds."""
    parts = 1
    while sd and not _leaves_room(mean, sd / parts, low, high):
        parts += 1
    return sd / parts


def stated_bounds(figures: Figures, subject: Subject) -> Bounds:
    """Return the bounds stated of some patients, or else of all, or else of the variable."""
    low, high = (
        figures.numbers.get(side, subject.stated.overall.numbers.get(side))
        for side in ("min", "max")
    )
    described = subject.described
    return described.low if low is None else low, described.high if high is None else high


def _inferred(stated: Bounds, subject: Subject, values: Sequence[float]) -> Bounds:
    """Fill in bounds that were not stated: those of the catalogue, else zero below."""
    low, high = stated
    known = subject.entry_bounds
    if known is not None and known[0] < min(values) and max(values) < known[1]:
        low = known[0] if low is None else low
        high = known[1] if high is None else high
    elif low is None and min(subject.stated.values) >= 0:
        low = 0.0
    return low, high


def guess(subject: Subject) -> tuple[MeanSD, str]:
    """Return an assumed marginal around what little is stated, and what to state instead."""
    numbers = subject.stated.overall.numbers
    low, high = stated_bounds(subject.stated.overall, subject)
    centre = numbers.get("mean", numbers.get("p50"))
    sd = numbers.get("sd")
    if centre is not None and not _within(centre, low, high):
        centre = None
    if low is not None and low == high:
        centre, sd, low, high = low, 0.0, None, None
        how = "the one value that its bounds allow"
    elif low is not None and high is not None:
        centre = (low + high) / 2 if centre is None else centre
        sd = (high - low) / 4 if sd is None else sd
        how = "the middle of its bounds and a quarter of their width"
    elif centre is not None:
        low = 0.0 if low is None and centre > 0 else low
        sd = abs(centre) / 4 or 1.0 if sd is None else sd
        how = "a quarter of its mean as SD"
    elif low is not None or high is not None:
        bound = low if low is not None else high
        assert bound is not None
        width = max(abs(bound), 10.0)
        centre = bound + width / 2 if low is not None else bound - width / 2
        sd = width / 5 if sd is None else sd
        how = "figures near its one bound"
    else:
        centre, sd, low = 50.0, 15.0 if sd is None else sd, 0.0
        how = "mean 50 and SD 15"
    sd = fitting_sd(centre, sd, low, high)
    basis = f"a guess, with nothing to go on: {how}; state a mean and SD to replace it"
    return MeanSD(centre, sd, low, high), basis


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or low < value) and (high is None or value < high)
