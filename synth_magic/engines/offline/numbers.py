"""The marginal of a number: from its figures, and where there are none, a plain guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synth_magic.engines.offline.guesses import GUESS, kind_of
from synth_magic.engines.offline.stated import Figures
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.model import MeanSD, MedianIQR

Bounds = tuple[float | None, float | None]

_MEAN, _SD = 50.0, 15.0
_FAR = 12
"""SDs above the mean from which a bound hardly touches even a skewed curve."""


def from_figures(figures: Figures, subject: Subject) -> MeanSD | MedianIQR | None:
    """Return the marginal that a mean and SD or three quartiles make, between sensible bounds."""
    stated = _bounds_of(figures, subject)
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
    return between(mean, sd, stated, _inferred(stated, subject, (mean,)))


def between(mean: float, sd: float, stated: Bounds, bounds: Bounds) -> MeanSD:
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


def _bounds_of(figures: Figures, subject: Subject) -> Bounds:
    """Return the bounds stated of some patients, or else of all, or else of the variable."""
    low, high = (figures.numbers.get(side) for side in ("min", "max"))
    bounds = subject.stated_bounds
    return bounds[0] if low is None else low, bounds[1] if high is None else high


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


def guess(subject: Subject) -> tuple[MeanSD | MedianIQR, str]:
    """Return an assumed marginal around what little is stated, and what to state instead."""
    numbers = subject.stated.overall.numbers
    low, high = _possible(subject)
    kind = kind_of(subject.described)
    if kind is not None and not numbers and subject.stated_bounds == (None, None):
        usual = kind[1]
        if high is None or usual.p75 < high:
            ends = [end for end in (usual.high, high) if end is not None]
            how = f"{kind[0]}, by its name or unit"
            basis = f"{GUESS}, with nothing more to go on: {how}; state figures to replace it"
            return replace(usual, high=min(ends, default=None)), basis
    if low is not None and low == high:
        return MeanSD(low, 0.0), "the one value that its bounds allow"
    centre = numbers.get("mean", numbers.get("p50"))
    if centre is None or not _within(centre, low, high):
        mean, spread, how = _without_centre(low, high)
    else:
        mean, spread = centre, _nearest(centre, low, high) / 2 or abs(centre) / 4 or 1.0
        how = "a plain spread around the figure that is stated"
    low = 0.0 if low is None and mean > 0 else low
    sd = fitting_sd(mean, numbers.get("sd", spread), low, high)
    basis = f"{GUESS}, with nothing more to go on: {how}; state a mean and SD to replace it"
    return MeanSD(mean, sd, low, high), basis


def _possible(subject: Subject) -> Bounds:
    """Return the bounds that are stated, and where none are, those of the entry if it has one."""
    stated, known = subject.stated_bounds, subject.entry_bounds
    if known is None or any(x is not None and not known[0] <= x <= known[1] for x in stated):
        return stated
    low, high = (end if own is None else own for own, end in zip(stated, known, strict=True))
    return low, high


def _without_centre(low: float | None, high: float | None) -> tuple[float, float, str]:
    """Return a mean and SD for what only bounds are known of, if anything."""
    if low is not None and high is not None:
        how = "the middle of its bounds, and a quarter of their width as SD"
        return (low + high) / 2, (high - low) / 4, how
    bound = low if low is not None else high
    if bound is None:
        return _MEAN, _SD, f"mean {_MEAN:g} and SD {_SD:g}"
    width = max(abs(bound), 10.0)
    mean = bound + width / 2 if low is not None else bound - width / 2
    return mean, width / 5, "figures near its one bound"


def _nearest(value: float, low: float | None, high: float | None) -> float:
    """Return how far the nearer of two bounds is; 0 if there are not two."""
    return min(value - low, high - value) if low is not None and high is not None else 0.0


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or low < value) and (high is None or value < high)
