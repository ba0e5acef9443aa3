"""Changes by hand: what is stated holds afterwards, or is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from synth_magic.errors import SamplingError, SettingError
from synth_magic.sampling.compiled import CompiledCohort
from synth_magic.sampling.expected import expected
from synth_magic.sampling.figures import Codes, Numbers, figures
from synth_magic.sampling.lately import compiled
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import PERCENT, fixed, is_edit, stated, told, with_edit, without
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    By,
    Fact,
    MeanSD,
    MedianIQR,
    Quantiles,
    Statistic,
)
from synth_magic.spec.spike_rules import bounds
from synth_magic.spec.text import figure
from synth_magic.spec.validation import meaning_violations

_RISING: tuple[str, ...] = ("min", *QUANTILE_LEVELS, "max")
_PLACES: tuple[str, ...] = ("mean", *_RISING)
_OF_VALUES: tuple[Statistic, ...] = ("missing", "spearman", "direction")
_NEAR = 0.015
_SHARE = 0.006
_SHAPE = "the shape of the distribution"


def edited(spec: CohortSpec, *facts: Fact) -> CohortSpec:
    """Return a specification with facts stated by hand in place, which then hold.

    Raises SettingError for a figure that its variable cannot have, SamplingError for one that it
    cannot have beside what else is stated.
    """
    after = spec
    for fact in facts:
        _check_possible(spec, fact)
        after = with_edit(after, fact)
    for fact in facts:
        _check_order(after, fact)
        _check_bounds(after, fact)
    after = _given_way(after, facts)
    made = compiled(after)
    for fact in facts:
        if fact.statistic == "spearman":
            _check_pair(made, fact)
        elif fact.statistic == "missing":
            _check_missing(made, fact)
        elif fact.statistic != "direction":
            _check_values(spec, made.spec, fact)
    return made.spec


def _given_way(spec: CohortSpec, facts: Sequence[Fact]) -> CohortSpec:
    """Leave out a described mean, else SD, that does not hold beside quantiles stated by hand."""
    about = {(fact.variable, fact.within) for fact in facts if fact.statistic in QUANTILE_LEVELS}
    for statistic in ("mean", "sd"):
        made = compiled(spec).spec
        gone = [
            fact
            for fact in spec.facts
            if (fact.variable, fact.within) in about
            and fact.statistic == statistic
            and not is_edit(fact)
            and fact not in facts
            and not holds(made, fact)
        ]
        if gone:
            spec = without(spec, gone)
    return spec


# --- before ----------------------------------------------------------------------------------


def _check_possible(spec: CohortSpec, fact: Fact) -> None:
    """Refuse what cannot be stated of such variables at all."""
    names = [fact.variable, *filter(None, [fact.other_variable])]
    for name in names:
        if reason := fixed(spec.variable(name)):
            raise SettingError(reason)
    if faults := meaning_violations(replace(spec, facts=(fact,))):
        raise SettingError(f"{told(fact)}: {faults[0].found}; {faults[0].allowed}")
    for child, parent in (names, names[::-1]) if fact.other_variable else ():
        marginal = spec.variable(child).marginal
        if isinstance(marginal, By) and parent in marginal.parents:
            raise SettingError(
                f"{child} differs by {parent}, and their correlation follows from that: "
                f"change the figures of {child} within groups of {parent}"
            )


def _check_order(spec: CohortSpec, fact: Fact) -> None:
    """Refuse a quantile above a stated higher one."""
    stated = {one.statistic: one for one in (*_about_same(spec, fact), fact)}
    rising = [stated[name] for name in _RISING if name in stated]
    for lower, upper in pairwise(rising):
        if lower.value > upper.value and fact in (lower, upper):
            word, other = ("above", upper) if fact is lower else ("below", lower)
            raise SamplingError(f"{told(fact)} lies {word} {_quoted(other)}: change that first")


def _check_bounds(spec: CohortSpec, fact: Fact) -> None:
    """Refuse a place outside the bounds, and bounds that leave no room."""
    if fact.statistic not in _PLACES:
        return
    low, high = _bounds(spec, fact.variable)
    if fact.value < low or (fact.statistic == "max" and fact.value == low):
        raise SamplingError(
            f"{told(fact)} is not above the lowest, {figure(low)}: change that first"
        )
    if fact.value > high or (fact.statistic == "min" and fact.value == high):
        raise SamplingError(
            f"{told(fact)} is not below the highest, {figure(high)}: change that first"
        )


def _bounds(spec: CohortSpec, name: str) -> tuple[float, float]:
    marginal = spec.variable(name).marginal
    cells = [cell.marginal for cell in marginal.cells] if isinstance(marginal, By) else [marginal]
    ends = [bounds(cell) for cell in cells if isinstance(cell, Quantiles | MeanSD | MedianIQR)]
    return min(low for low, _ in ends), max(high for _, high in ends)


# --- afterwards ------------------------------------------------------------------------------


def _check_values(before: CohortSpec, after: CohortSpec, fact: Fact) -> None:
    """Refuse figures of values that did not come out, or that undid what was stated."""
    now = figures(after, fact.variable, fact.within)
    assert now is not None
    others = list(_about_same(after, fact))
    if not now.has(fact):
        *first, last = [*map(_quoted, others), *_reasons(after, fact, now)] or [_SHAPE]
        beside = " and ".join(filter(None, [", ".join(first), last]))
        raise SamplingError(
            f"{told(fact)} cannot be had beside {beside}; the nearest is {_nearest(now, fact)}"
        )
    for other in others:
        if not now.has(other) and holds(before, other):
            raise SamplingError(
                f"{told(fact)} cannot be had beside {_quoted(other)}: change that, too"
            )


def _reasons(spec: CohortSpec, fact: Fact, now: Numbers | Codes) -> Iterator[str]:
    """Say what else of a variable is in the way of a figure."""
    about = [one for one in spec.facts if one.variable == fact.variable and one.within is not None]
    if about and fact.within is None:
        yield "the figures of groups that are stated"
    if isinstance(now, Codes):
        return
    variable = spec.variable(fact.variable)
    if abs(now.figure(fact.statistic) - fact.value) < now.step:
        kind = "whole numbers" if now.step == 1 else f"values in steps of {figure(now.step)}"
        yield f"the recording in {kind}"
        return
    if fact.statistic not in QUANTILE_LEVELS or not variable.spikes:
        for word, end in zip(("lowest", "highest"), now.ends, strict=True):
            if np.isfinite(end):
                yield f"the {word} {figure(float(f'{end:.4g}'))}"
    for spike in variable.spikes:
        yield f"the {figure(100 * spike.share)}% at {figure(spike.value)}"


def _nearest(now: Numbers | Codes, fact: Fact) -> str:
    value = now.figure(fact.statistic, fact.code)
    if fact.statistic in PERCENT:
        return f"{figure(float(f'{100 * value:.4g}'))}%"
    return figure(float(f"{value:.4g}") + 0.0)


def holds(spec: CohortSpec, fact: Fact) -> bool:
    """Tell whether a specification says of a variable by itself what a fact states."""
    now = figures(spec, fact.variable, fact.within)
    return now is not None and now.has(fact)


def _about_same(spec: CohortSpec, fact: Fact) -> Iterator[Fact]:
    """Yield the other facts about the values of the same variable in the same patients."""
    for other in spec.facts:
        same = (other.variable, other.within) == (fact.variable, fact.within)
        if same and other != fact and other.statistic not in _OF_VALUES:
            yield other


def _check_pair(made: CompiledCohort, fact: Fact) -> None:
    about = pair(fact.variable, fact.other_variable)
    reached = next(t.compiled for t in made.targets if pair(t.a, t.b) == about)
    if abs(reached - fact.value) > _NEAR:
        raise SamplingError(
            f"{told(fact)} cannot be had with these marginals and the other correlations; "
            f"the nearest is {figure(round(reached, 2) + 0.0)}"
        )


def _check_missing(made: CompiledCohort, fact: Fact) -> None:
    variable = made.spec.variable(fact.variable)
    if fact.within is not None:
        others = [g for g in made.spec.missing_groups if fact.variable in g.variables]
        if variable.missing or len(others) > 1:
            raise SettingError(f"{told(fact)}: {fact.variable} is missing for other reasons, too")
        return
    share = expected(made, fact.variable).missing
    if abs(share - fact.value) > _SHARE:
        groups = [g.name for g in made.spec.missing_groups if fact.variable in g.variables]
        raise SamplingError(
            f"{told(fact)} cannot be had beside the missing groups {', '.join(groups)}; "
            f"the nearest is {100 * share:.2g}%"
        )


def _quoted(fact: Fact) -> str:
    quote = "" if fact.quote.endswith(told(fact)) else f" (“{fact.quote}”)"
    return f"the {stated(fact)}{quote}"


def pair(a: str, b: str) -> frozenset[str]:
    """Return a pair of variables, in whichever order."""
    return frozenset((a, b))
