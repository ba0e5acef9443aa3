"""What must hold for the marginal of one variable by itself: its figures and codes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import pairwise

from synth_magic.spec.faults import Fault, name_faults, repeats
from synth_magic.spec.model import (
    CODED_TYPES,
    NUMERIC_TYPES,
    QUANTILE_LEVELS,
    By,
    Formula,
    Identifier,
    Marginal,
    MeanSD,
    MedianIQR,
    Quantiles,
    Shares,
    SimpleMarginal,
    Variable,
)
from synth_magic.spec.spike_rules import Knot, bounds, knots, spike_faults
from synth_magic.spec.text import figure, is_one_line, shown

LARGEST = 1e15
SMALLEST_SD = 1e-9
SUM_TOLERANCE = 1e-3  # published percentages are rounded
_ROUNDING = 1e-9
_BINARY = 2
_NUMERIC_KINDS: tuple[type[Marginal], ...] = (Quantiles, MeanSD, MedianIQR)


def marginal_faults(variable: Variable) -> Iterator[Fault]:
    """Yield what is wrong with a variable's marginal by itself."""
    marginal = variable.marginal
    if unsuited := _family_fault(variable, "marginal", marginal):
        yield unsuited
    elif isinstance(marginal, By):
        for place, cell in enumerate(marginal.cells):
            path = f"marginal.cells[{place}].marginal"
            unsuited = _family_fault(variable, path, cell.marginal)
            yield from [unsuited] if unsuited else _simple_faults(variable, path, cell.marginal)
    elif isinstance(marginal, Formula):
        yield from _formula_faults(variable, marginal)
    elif isinstance(marginal, Identifier):
        yield from _pattern_faults(marginal)
    else:
        yield from _simple_faults(variable, "marginal", marginal)


def _family_fault(variable: Variable, path: str, marginal: Marginal) -> Fault | None:
    kinds = _NUMERIC_KINDS if variable.type in NUMERIC_TYPES else (Shares,)
    if marginal is variable.marginal:
        kinds = (Identifier,) if variable.type == "identifier" else (*kinds, By, Formula)
    if isinstance(marginal, kinds):
        return None
    found = f"{marginal.kind} does not suit the type {variable.type}"
    return path, found, f"allowed: {', '.join(kind.kind for kind in kinds)}"


def _simple_faults(variable: Variable, path: str, marginal: SimpleMarginal) -> Iterator[Fault]:
    if isinstance(marginal, Shares):
        yield from _share_faults(variable, path, marginal)
        return
    if faults := list(_size_faults(path, marginal)):
        yield from faults
        return
    if isinstance(marginal, Quantiles):
        faults = list(_falls(path, knots(marginal)))
    elif isinstance(marginal, MeanSD):
        faults = list(_mean_sd_faults(path, marginal))
    else:
        faults = list(_median_iqr_faults(path, marginal))
    yield from faults or spike_faults(variable.spikes, marginal)


def _size_faults(path: str, marginal: Quantiles | MeanSD | MedianIQR) -> Iterator[Fault]:
    """Yield figures so large or so small that arithmetic with them goes wrong."""
    for field in fields(marginal):
        value = getattr(marginal, field.name)
        if value is not None and abs(value) > LARGEST:
            yield f"{path}.{field.name}", f"it is {figure(value)}", f"figures are up to {LARGEST:g}"
    if isinstance(marginal, MeanSD) and 0 < marginal.sd < SMALLEST_SD * max(abs(marginal.mean), 1):
        found = f"the SD is {figure(marginal.sd)}, next to nothing"
        yield f"{path}.sd", found, "write 0 for a constant, or choose a smaller unit"


def _falls(path: str, figures: Iterable[Knot]) -> Iterator[Fault]:
    for (lower, _, low), (upper, _, high) in pairwise(figures):
        if high < low:
            found = f"{upper} is {figure(high)}, below {lower}, which is {figure(low)}"
            yield f"{path}.{upper}", found, "each is at least the one before"


def _bounds_fault(path: str, low: float, high: float) -> Iterator[Fault]:
    if not low < high:
        yield path, f"low is {figure(low)} and high is {figure(high)}", "low must be below high"


def _mean_sd_faults(path: str, marginal: MeanSD) -> Iterator[Fault]:
    mean, sd = marginal.mean, marginal.sd
    low, high = bounds(marginal)
    faults = list(_bounds_fault(path, low, high))
    if sd < 0:
        faults.append((f"{path}.sd", f"the SD is {figure(sd)}", "it must not be negative"))
    if low < high and not low <= mean <= high:
        found = f"the mean {figure(mean)} is outside {figure(low)} to {figure(high)}"
        faults.append((f"{path}.mean", found, "it must lie within the bounds"))
    yield from faults
    room = 0.0 if mean in (low, high) else (mean - low) * (high - mean)
    if not faults and sd > 0 and sd * sd >= room:
        found = f"SD² is {figure(sd * sd)} and (mean - low) * (high - mean) is {figure(room)}"
        yield f"{path}.sd", found, "SD² must be the smaller: lower the SD or widen the bounds"


def _median_iqr_faults(path: str, marginal: MedianIQR) -> Iterator[Fault]:
    faults = list(_bounds_fault(path, *bounds(marginal)))
    yield from faults
    stated = knots(marginal)
    yield from _falls(path, [knot for knot in stated if knot[0] in QUANTILE_LEVELS or not faults])


def _share_faults(variable: Variable, path: str, marginal: Shares) -> Iterator[Fault]:
    codes = [share.code for share in marginal.shares]
    yield from _code_faults(f"{path}.shares", codes)
    if variable.type == "binary" and len(codes) != _BINARY:
        yield f"{path}.shares", f"there are {len(codes)} codes", "a binary variable has two"
    if not codes:
        yield f"{path}.shares", "there is no code", "list every code with its share"
        return
    outside = [place for place, share in enumerate(marginal.shares) if not 0 <= share.share <= 1]
    for place in outside:
        found = f"the share is {figure(marginal.shares[place].share)}"
        yield f"{path}.shares[{place}].share", found, "shares are from 0 to 1"
    total = math.fsum(share.share for share in marginal.shares)
    if not outside and abs(total - 1) > SUM_TOLERANCE + _ROUNDING:
        yield f"{path}.shares", f"the shares sum to {figure(total)}", "they must sum to 1"


def _formula_faults(variable: Variable, marginal: Formula) -> Iterator[Fault]:
    codes = marginal.codes
    yield from _code_faults("marginal.codes", codes)
    if variable.type not in CODED_TYPES:
        if codes:
            yield "marginal.codes", "a numeric variable has codes", "leave the list empty"
    elif not codes:
        yield "marginal.codes", "there is no code", "list every possible result"
    elif variable.type == "binary" and len(codes) > _BINARY:
        yield "marginal.codes", f"there are {len(codes)} codes", "a binary variable has two"


def _code_faults(path: str, codes: Sequence[str]) -> Iterator[Fault]:
    for place, code in enumerate(codes):
        yield from name_faults(f"{path}[{place}]", code)
    for place in repeats(codes):
        yield f"{path}[{place}]", f"the code {shown(codes[place])} stands twice", "list it once"


def _pattern_faults(marginal: Identifier) -> Iterator[Fault]:
    if len(re.findall("#+", marginal.pattern)) != 1 or not is_one_line(marginal.pattern):
        found = f"the pattern is {shown(marginal.pattern)}"
        yield "marginal.pattern", found, "it has one run of #, such as P#####"
