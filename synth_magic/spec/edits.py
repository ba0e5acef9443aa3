"""Edits: what a user states of a specification after it was made, kept as facts."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.spec.model import (
    By,
    Cell,
    Fact,
    Formula,
    Identifier,
    Marginal,
    Quantiles,
    Shares,
    SimpleMarginal,
    Statistic,
    Variable,
    Within,
)
from synth_magic.spec.text import figure, shown

if TYPE_CHECKING:
    from synth_magic.spec.cohort import CohortSpec

WORDS: dict[str, str] = {
    "mean": "mean", "sd": "SD", "min": "lowest", "p01": "1st percentile", "p05": "5th percentile",
    "p25": "lower quartile", "p50": "median", "p75": "upper quartile", "p95": "95th percentile",
    "p99": "99th percentile", "max": "highest", "share": "share", "missing": "missing",
    "spearman": "Spearman correlation", "direction": "direction",
}  # fmt: skip

PERCENT: tuple[Statistic, ...] = ("share", "missing")
"""Statistics that people read as percentages."""

_EDITED = "edited: "
_ROUNDING = 1e-9


def edit(
    variable: str,
    statistic: Statistic | Literal["median"],
    value: float,
    *,
    code: str = "",
    other_variable: str = "",
    within: Within | None = None,
) -> Fact:
    """Return the fact that states one figure by hand.

    `statistic` is mean, sd, min, p01, p05, p25, p50 (or median), p75, p95, p99 or max of a number,
    `share` of a `code`, `missing`, or `spearman` with an `other_variable`; shares are from 0 to 1.
    Raises SettingError for any other statistic.
    """
    name = "p50" if statistic == "median" else statistic
    if name not in WORDS:
        near = did_you_mean(str(statistic), WORDS)
        raise SettingError(
            f"{shown(str(statistic))} is no statistic of {shown(variable)}{near}; write one of "
            f"{', '.join(WORDS)}. A share is edit({variable!r}, 'share', 0.4, code=...)"
        )
    bare = Fact("", variable, name, value, code, other_variable, within)
    return replace(bare, quote=_EDITED + told(bare))


def is_edit(fact: Fact) -> bool:
    """Return whether a fact was stated by hand, and not in the description."""
    return fact.start is None and fact.quote.startswith(_EDITED)


def told(fact: Fact) -> str:
    """Return a fact in words: `age: median 71`, `sex: share of male 60%`."""
    return f"{fact.variable}: {stated(fact)}"


def stated(fact: Fact) -> str:
    """Return what a fact states of its variable: `median 71 where sex is male`."""
    percent = fact.statistic in PERCENT
    value = f"{figure(100 * fact.value)}%" if percent else figure(fact.value)
    return f"{of(fact)} {value}{_among(fact)}"


def stated_of(fact: Fact) -> str:
    """Return which figure of which patients a fact states: `median where sex is male`."""
    return of(fact) + _among(fact)


def named(fact: Fact) -> str:
    """Return what a fact is a figure of, in words: `age: median`."""
    return f"{fact.variable}: {stated_of(fact)}"


def of(fact: Fact) -> str:
    """Return which figure of its variable a fact states."""
    other = f" of {fact.code}" if fact.code else ""
    other += f" with {fact.other_variable}" if fact.other_variable else ""
    return WORDS[fact.statistic] + other


def _among(fact: Fact) -> str:
    return f" where {fact.within.variable} is {fact.within.code}" if fact.within else ""


def fixed(variable: Variable) -> str:
    """Return why no figure of a variable can be stated; nothing where it can."""
    if isinstance(variable.marginal, Formula):
        return (
            f"{variable.name} is computed ({variable.marginal.expression}): "
            "change what it is computed from, or the expression in the specification"
        )
    if isinstance(variable.marginal, Identifier):
        return f"{variable.name} numbers the rows and has no figures"
    return ""


def with_edit(spec: CohortSpec, fact: Fact) -> CohortSpec:
    """Return a specification with one more fact, which takes the place of those of the same figure.

    A share that leaves no room for the other stated ones takes their place, too; a bound moves
    outwards with what is stated. Sampling imposes the fact, as all: compile the specification to
    see what it does.
    """
    gone = [other for other in spec.facts if other.figure == fact.figure]
    variables = spec.variables
    if fact.statistic == "share":
        gone += _without_room(spec, fact)
    if fact.statistic != "spearman":
        variables = tuple(
            _resting_on(v, fact, gone) if v.name == fact.variable else v for v in spec.variables
        )
    kept = tuple(other for other in spec.facts if other not in gone)
    return replace(spec, variables=variables, facts=(*kept, fact))


def without(spec: CohortSpec, gone: Collection[Fact]) -> CohortSpec:
    """Return a specification without some of its facts."""
    variables = tuple(
        replace(v, basis=_without_all(v.basis, [f.quote for f in gone if f.variable == v.name]))
        for v in spec.variables
    )
    kept = tuple(fact for fact in spec.facts if fact not in gone)
    return replace(spec, variables=variables, facts=kept)


def _without_room(spec: CohortSpec, fact: Fact) -> list[Fact]:
    """Return the facts about other codes that cannot stand beside a share."""
    others = {
        other.code: other
        for other in spec.facts
        if (other.variable, other.statistic, other.within) == (fact.variable, "share", fact.within)
        and other.code != fact.code
    }
    total = fact.value + sum(other.value for other in others.values())
    free = set(spec.variable(fact.variable).codes) - others.keys() - {fact.code}
    fits = total <= 1 + _ROUNDING if free else math.isclose(total, 1, abs_tol=1e-3)
    return [] if fits else list(others.values())


def _resting_on(variable: Variable, fact: Fact, gone: Iterable[Fact]) -> Variable:
    basis = _without_all(variable.basis, [other.quote for other in gone])
    marginal = variable.marginal
    if fact.statistic in ("min", "max"):
        marginal = _reaching(marginal, fact)
    return replace(variable, marginal=marginal, basis=basis, provenance="stated")


def _without_all(basis: str, quotes: Iterable[str]) -> str:
    for quote in quotes:
        basis = _without(basis, quote)
    return basis


def _without(basis: str, quote: str) -> str:
    quoted = f"“{quote}”"
    for part in (f", {quoted}", f"{quoted}, ", f"{quoted}; ", quoted):
        if part in basis:
            return basis.replace(part, "", 1)
    return basis


def _reaching(marginal: Marginal, bound: Fact) -> Marginal:
    """Return a marginal whose bound lies at least as far out as the stated one."""
    if isinstance(marginal, By):
        cells = (
            replace(cell, marginal=_further(cell.marginal, bound))
            if _is_among(bound.within, marginal.parents, cell)
            else cell
            for cell in marginal.cells
        )
        return replace(marginal, cells=tuple(cells))
    if bound.within is not None or isinstance(marginal, Formula | Identifier):
        return marginal
    return _further(marginal, bound)


def _is_among(within: Within | None, parents: Sequence[str], cell: Cell) -> bool:
    return within is None or (within.variable, within.code) in zip(
        parents, cell.levels, strict=True
    )


def _further(marginal: SimpleMarginal, bound: Fact) -> SimpleMarginal:
    if isinstance(marginal, Shares):
        return marginal
    lower = bound.statistic == "min"
    if isinstance(marginal, Quantiles):
        if lower:
            return replace(marginal, min=min(marginal.min, bound.value))
        return replace(marginal, max=max(marginal.max, bound.value))
    if lower and marginal.low is not None:
        return replace(marginal, low=min(marginal.low, bound.value))
    if not lower and marginal.high is not None:
        return replace(marginal, high=max(marginal.high, bound.value))
    return marginal
