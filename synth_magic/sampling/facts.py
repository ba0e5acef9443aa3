"""Facts win: make a specification say what the user stated, whatever an engine answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from synth_magic.sampling.cells import Cells
from synth_magic.sampling.structure import computing_order, is_latent
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.marginal_rules import marginal_faults
from synth_magic.spec.model import (
    CODED_TYPES,
    Association,
    Fact,
    MissingGroup,
    Spike,
    Variable,
    Within,
)

ASSUMED_SPEARMAN = 0.3
"""Size given to an association of which only the direction was stated."""

_FAINT = 0.05
_NOT_OF_VALUES = ("missing", "spearman", "direction")


def honour(spec: CohortSpec) -> CohortSpec:
    """Return the specification with its facts in place; doing it twice changes nothing more.

    Facts on a formula or an identifier cannot be imposed: the checks show them. A fact about
    everybody on a variable that differs `by` others constrains the mixture of their levels. Raises
    SamplingError for a third parent.
    """
    if not spec.facts:
        return spec
    by_name = {v.name: v for v in spec.variables}
    correlated = _with_correlations(spec.associations, spec.facts)
    for variable in computing_order(spec):
        facts = [fact for fact in spec.facts if fact.variable == variable.name]
        if is_latent(variable):
            by_name[variable.name] = _with_values(variable, facts, by_name, correlated)
    missing = [fact for fact in spec.facts if fact.statistic == "missing"]
    for fact in missing:
        if fact.within is None:
            variable = by_name[fact.variable]
            by_name[fact.variable] = replace(variable, missing=fact.value)
    groups = _with_missing(spec.missing_groups, missing, by_name)
    gone = {group.name for group in spec.missing_groups} - {group.name for group in groups}
    associations = tuple(a for a in correlated if gone.isdisjoint((a.a, a.b)))
    return replace(
        spec,
        variables=tuple(by_name[v.name] for v in spec.variables),
        associations=associations,
        missing_groups=groups,
        draw_order=tuple(name for name in spec.draw_order if name not in gone),
    )


def _with_values(
    variable: Variable,
    facts: Iterable[Fact],
    by_name: Mapping[str, Variable],
    associations: Sequence[Association],
) -> Variable:
    """Put in what was stated about the values of one variable: of groups first, then of all.

    Its figures then count as stated, unless only bounds were. It stays as it is where nothing that
    means anything would come out: the checks show that.
    """
    stated = [fact for fact in facts if fact.statistic not in _NOT_OF_VALUES]
    if not stated:
        return variable
    unstated = variable
    variable = replace(variable, spikes=_within_bounds(variable.spikes, stated))
    cells = Cells(variable, by_name, associations)
    groups = dict.fromkeys(fact.within for fact in stated if fact.within is not None)
    for group in groups:
        cells.split(group)
    for within in (*groups, None):
        about = [fact for fact in stated if fact.within == within]
        if about:
            cells.state(about)
    variable = replace(variable, marginal=cells.marginal())
    if any(marginal_faults(variable)):
        return unstated
    if all(fact.statistic in ("min", "max") for fact in stated):
        return variable
    quotes = dict.fromkeys(f"“{fact.quote}”" for fact in stated)
    unsaid = [quote for quote in quotes if quote not in variable.basis]
    basis = "; ".join(filter(None, (", ".join(unsaid), variable.basis)))
    return replace(variable, provenance="stated", basis=basis)


def _within_bounds(spikes: tuple[Spike, ...], facts: Iterable[Fact]) -> tuple[Spike, ...]:
    bounds = {fact.statistic: fact.value for fact in facts if fact.within is None}
    low, high = bounds.get("min", -np.inf), bounds.get("max", np.inf)
    return tuple(spike for spike in spikes if low <= spike.value <= high)


def _with_missing(
    groups: Iterable[MissingGroup], facts: Sequence[Fact], by_name: Mapping[str, Variable]
) -> tuple[MissingGroup, ...]:
    """Take variables out of groups that are missing more often than stated, and make a group of
    each share that was stated for some patients only."""
    most = {fact.variable: fact.value for fact in facts if fact.within is None}
    kept = {}
    for group in groups:
        members = tuple(v for v in group.variables if group.fraction <= most.get(v, 1.0))
        if members:
            kept[group.name] = replace(group, variables=members)
    for fact in facts:
        if fact.within is not None:
            name = f"{fact.variable} missing where {fact.within.variable} is {fact.within.code}"
            condition = _condition(fact.within, by_name[fact.within.variable])
            kept[name] = MissingGroup(name, (fact.variable,), fact.value, condition)
    return tuple(kept.values())


def _condition(within: Within, variable: Variable) -> str:
    name = f"`{within.variable.replace('`', '``')}`"
    if variable.type in CODED_TYPES:
        code = within.code.replace("\\", "\\\\").replace("'", "\\'")
        return f"{name} == '{code}'"
    low, high = parse_interval(within.code)
    bounds = [f"{name} >= {low!r}"] if np.isfinite(low) else []
    bounds += [f"{name} < {high!r}"] if np.isfinite(high) else []
    return " and ".join(bounds) or f"{name} == {name}"


def _with_correlations(
    associations: Iterable[Association], facts: Iterable[Fact]
) -> tuple[Association, ...]:
    pairs = {frozenset((a.a, a.b)): a for a in associations}
    sized = set()
    for fact in facts:
        pair = frozenset((fact.variable, fact.other_variable))
        if fact.statistic == "spearman":
            sized.add(pair)
            pairs[pair] = Association(
                fact.variable, fact.other_variable, fact.value, f"“{fact.quote}”", "stated"
            )
    for fact in facts:
        pair = frozenset((fact.variable, fact.other_variable))
        if fact.statistic == "direction" and pair not in sized:
            now = pairs[pair].spearman * fact.value if pair in pairs else 0.0
            if now < _FAINT:
                basis = f"direction stated (“{fact.quote}”), size assumed"
                pairs[pair] = Association(
                    fact.variable, fact.other_variable, ASSUMED_SPEARMAN * fact.value, basis
                )
    return tuple(pairs.values())
