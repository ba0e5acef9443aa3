"""How numbers were written down: decimals, digit preference, and values that stand out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from synth_magic.learning.figures import quantiles
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.numeric import quantiles_through, solve, values_of
from synth_magic.sampling.recording import Recording
from synth_magic.spec.model import DigitPreference, Quantiles, Spike
from synth_magic.spec.spike_rules import spike_faults

_FEW_VALUES = 15
"""A variable with at most so many values has a share for each of them."""
_MOST_SPIKES = 30
_STANDS_OUT = 3.5
"""A spike is so many standard errors more common than the curve makes its value."""
_NOTABLE = 0.004
"""A smaller excess is not worth a spike."""
_OUTSTANDING = 0.1
_FAR = 3
"""A value that is so common, and so many times as common as the next, is a case of its own."""
_WRITTEN = 0.95
"""Decimals that so many values get by with are those of the variable."""
_MOST_DECIMALS = 6
_EXACT = 1e-9
_SIGNIFICANT = 3
_MULTIPLES = (2, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 5000, 10_000, 50_000, 100_000)
_WIDE = 6
"""Digits are preferred only where the values span so many multiples."""


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric marginal, and how its values were written down."""

    marginal: Quantiles
    decimals: int
    spikes: tuple[Spike, ...]
    preference: DigitPreference | None


def learn_number(values: Floats, smallest: int, *, whole: bool) -> Number:
    """Return what sorted values say."""
    ordinary = _ordinary(values)
    decimals = 0 if whole else _decimals(ordinary if len(ordinary) else values)
    marginal = quantiles(values, decimals, smallest)
    preference = _preference(ordinary, decimals)
    plain = Recording(decimals, whole, (), preference)
    best = Number(marginal, decimals, (), preference)
    nearest = _distance(values, marginal, plain)
    for spikes in _candidates(values, marginal, plain, smallest):
        recording = replace(plain, spikes=spikes)
        fitted = quantiles_through(values_of(marginal), recording)
        if not any(spike_faults(spikes, fitted)):
            distance = _distance(values, fitted, recording)
            if distance < nearest:
                best, nearest = Number(fitted, decimals, spikes, preference), distance
    return best


def _distance(values: Floats, marginal: Quantiles, recording: Recording) -> float:
    """Return the share of values that would have to change for the marginal to fit exactly."""
    distinct, counts = np.unique(values, return_counts=True)
    return float(np.abs(counts / len(values) - _shares(distinct, marginal, recording)).sum() / 2)


def _shares(distinct: Floats, marginal: Quantiles, recording: Recording) -> Floats:
    """Return how common the marginal makes each of these values."""
    curve = solve(marginal, recording).recorded
    place = np.clip(np.searchsorted(curve.values, distinct - 1e-9), 0, len(curve.values) - 1)
    same = np.isclose(curve.values[place], distinct, rtol=1e-12, atol=1e-9)
    return np.where(same, curve.mass[place], 0.0)


def _ordinary(values: Floats) -> Floats:
    """Return the values without those so common that they say nothing of how others are written."""
    distinct, counts = np.unique(values, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    following = np.append(counts[order][1:], 0)
    aside = (counts[order] > _OUTSTANDING * len(values)) & (counts[order] > _FAR * following)
    return values[~np.isin(values, distinct[order][np.logical_and.accumulate(aside)])]


def _decimals(values: Floats) -> int:
    """Return the decimals that nearly all values get by with, or those of some digits."""
    middle = float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    spread = middle or float(np.ptp(values)) or float(np.abs(values).max()) or 1.0
    exact = np.maximum(_EXACT * spread, _EXACT * 1e-3 * np.abs(values))
    for decimals in range(_MOST_DECIMALS + 1):
        if (np.abs(values - np.round(values, decimals)) <= exact).mean() >= _WRITTEN:
            return decimals
    return int(np.clip(math.ceil(_SIGNIFICANT - math.log10(spread)), 0, 2 * _MOST_DECIMALS))


def _preference(values: Floats, decimals: int) -> DigitPreference | None:
    """Return the multiple that explains the last digits best, if any does.

    A share of the values was recorded to the nearest multiple of `m` steps; of the others one in
    `m` is a multiple as well. The likelihood is compared with that of digits that nobody prefers.
    """
    if len(values) == 0:
        return None
    steps = np.rint(values * 10.0**decimals)
    spread = np.subtract(*np.quantile(steps, [0.95, 0.05]))
    best, found = math.log(len(values)) + 2, None
    for multiple in _MULTIPLES:
        if spread < _WIDE * multiple:
            break
        rate = float((steps % multiple == 0).mean())
        share = (multiple * rate - 1) / (multiple - 1)
        if share <= 0:
            continue
        gain = rate * math.log(multiple * rate)
        if rate < 1:
            gain += (1 - rate) * math.log(1 - share)
        if len(values) * gain > best:
            best = len(values) * gain
            found = DigitPreference(multiple / 10**decimals, round(share, 3))
    return found


def _candidates(
    values: Floats, marginal: Quantiles, recording: Recording, smallest: int
) -> Iterator[tuple[Spike, ...]]:
    """Yield the values that are far more common than their neighbours.

    If there are few values, also all of them.
    """
    rows = len(values)
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) == 1:
        return
    expected = rows * _shares(distinct, marginal, recording)
    excess = counts - expected
    known = counts >= smallest
    clear = excess > _STANDS_OUT * np.sqrt(np.maximum(expected, 1.0))
    choices = [known & clear & (excess > _NOTABLE * rows)]
    if known.sum() <= _FEW_VALUES and len(distinct) <= 2 * _FEW_VALUES:
        choices.append(known)
    for choice in choices:
        most = np.argsort(-np.where(choice, excess, -np.inf), kind="stable")[:_MOST_SPIKES]
        chosen = np.sort(most[choice[most]])
        if len(chosen):
            yield tuple(Spike(float(distinct[i]), int(counts[i]) / rows) for i in chosen)
