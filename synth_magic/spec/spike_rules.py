"""What must hold for spikes and digit preference: each spike needs a range of ranks of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from synth_magic.spec.faults import Fault, repeats, share_faults
from synth_magic.spec.model import (
    NUMERIC_TYPES,
    QUANTILE_LEVELS,
    Formula,
    MeanSD,
    MedianIQR,
    Quantiles,
    Spike,
    Variable,
)
from synth_magic.spec.text import figure

Knot: TypeAlias = tuple[str, float, float]  # its name, its rank from 0 to 1, and the value there

_RANKS = {"min": 0.0, "low": 0.0} | QUANTILE_LEVELS | {"max": 1.0, "high": 1.0}
_ROUNDING = 1e-9


def bounds(marginal: Quantiles | MeanSD | MedianIQR) -> tuple[float, float]:
    """Return the lowest and the highest value, infinite where there is no bound."""
    if isinstance(marginal, Quantiles):
        return marginal.min, marginal.max
    low = -math.inf if marginal.low is None else marginal.low
    return low, math.inf if marginal.high is None else marginal.high


def knots(marginal: Quantiles | MeanSD | MedianIQR) -> list[Knot]:
    """Return the figures that fix the value at a rank, from low to high."""
    stated = ((name, rank, getattr(marginal, name, None)) for name, rank in _RANKS.items())
    return [(name, rank, value) for name, rank, value in stated if value is not None]


def recording_faults(variable: Variable) -> Iterator[Fault]:
    """Yield what is wrong with spikes and digit preference, whatever the marginal."""
    sampled = variable.type in NUMERIC_TYPES and not isinstance(variable.marginal, Formula)
    if variable.spikes and not sampled:
        yield "spikes", f"{_kind(variable)} has spikes", "only a sampled number takes them"
    for place, spike in enumerate(variable.spikes):
        if not 0 < spike.share < 1:
            found = f"the share is {figure(spike.share)}"
            yield f"spikes[{place}].share", found, "it must lie between 0 and 1"
    for place in repeats(spike.value for spike in variable.spikes):
        found = f"the value {figure(variable.spikes[place].value)} stands twice"
        yield f"spikes[{place}].value", found, "state each value once"
    total = math.fsum(spike.share for spike in variable.spikes)
    if total > 1 + _ROUNDING:
        yield "spikes", f"the shares sum to {figure(total)}", "they sum to at most 1"
    preference = variable.digit_preference
    if preference is None:
        return
    if not sampled:
        found = f"{_kind(variable)} has a digit preference"
        yield "digit_preference", found, "only a sampled number takes one"
    if preference.nearest <= 0:
        found = f"the multiple is {figure(preference.nearest)}"
        yield "digit_preference.nearest", found, "it must be above 0"
    yield from share_faults("digit_preference.share", preference.share)


def spike_faults(
    spikes: tuple[Spike, ...], marginal: Quantiles | MeanSD | MedianIQR
) -> Iterator[Fault]:
    """Yield spikes that contradict the figures of a marginal."""
    low, high = bounds(marginal)
    outside = [place for place, spike in enumerate(spikes) if not low <= spike.value <= high]
    for place in outside:
        found = (
            f"the value {figure(spikes[place].value)} is outside {figure(low)} to {figure(high)}"
        )
        yield f"spikes[{place}].value", found, "a spike lies within the bounds"
    if not outside and math.fsum(spike.share for spike in spikes) <= 1:
        yield from _rank_faults(spikes, knots(marginal))
        if isinstance(marginal, MeanSD):
            yield from _remainder_faults(spikes, marginal)


def _rank_faults(spikes: tuple[Spike, ...], stated: list[Knot]) -> Iterator[Fault]:
    """Yield spikes, alone or several in a row, for which the stated quantiles leave no room.

    Values from a to b have only the ranks from the last knot below a to the first knot above b.
    """
    ordered = sorted(spikes, key=lambda spike: spike.value)
    for width in range(1, len(ordered) + 1):
        crowded = False
        for start in range(len(ordered) - width + 1):
            run = ordered[start : start + width]
            begin = max((rank for _, rank, value in stated if value < run[0].value), default=0.0)
            end = min((rank for _, rank, value in stated if value > run[-1].value), default=1.0)
            share = math.fsum(spike.share for spike in run)
            if share > end - begin + _ROUNDING:
                crowded = True
                values = " and ".join(figure(spike.value) for spike in run)
                verb = "has" if width == 1 else "have"
                found = f"{values} {verb} the share {figure(share)}, but the quantiles leave ranks "
                found += f"{figure(begin)} to {figure(end)}, a share of {figure(end - begin)}"
                yield "spikes", found, "lower the share or move the quantiles"
        if crowded:
            return


def _remainder_faults(spikes: tuple[Spike, ...], marginal: MeanSD) -> Iterator[Fault]:
    """Yield a mean or SD that the values beside the spikes cannot bring about."""
    rest = 1 - math.fsum(spike.share for spike in spikes)
    if not spikes or rest <= _ROUNDING:
        return
    low, high = bounds(marginal)
    total, sd = marginal.mean, marginal.sd
    mean = (total - math.fsum(spike.share * spike.value for spike in spikes)) / rest
    parts = [*((spike.share, spike.value - total) for spike in spikes), (rest, mean - total)]
    between = math.fsum(share * distance * distance for share, distance in parts)
    if not low <= mean <= high:
        found = f"without the spikes the mean would be {figure(mean)}"
        yield "spikes", found, f"it must lie within {figure(low)} to {figure(high)}"
    elif sd * sd < between * (1 - _ROUNDING):
        found = f"the SD is {figure(sd)}, but the spikes alone make it {figure(math.sqrt(between))}"
        yield "spikes", found, "lower their shares or raise the SD"


def _kind(variable: Variable) -> str:
    formula = isinstance(variable.marginal, Formula)
    return "a formula" if formula else f"a variable of the type {variable.type}"
