"""Variables taken out of a specification, unless others are made from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from synth_magic.sampling.structure import needs
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression


def without(spec: CohortSpec, names: Collection[str]) -> tuple[CohortSpec, Mapping[str, str]]:
    """Return a specification without these variables, and of those that stay hidden, what for.

    With a variable go its pairs, its place in missing groups, and the rules and facts that name it.
    """
    hidden = _needed(spec, set(names))
    gone = set(names) - hidden.keys()
    groups = tuple(
        replace(group, variables=members)
        for group in spec.missing_groups
        if (members := tuple(name for name in group.variables if name not in gone))
    )
    lost = gone | {g.name for g in spec.missing_groups} - {group.name for group in groups}
    less = replace(
        spec,
        variables=tuple(
            replace(v, hidden=v.hidden or v.name in hidden)
            for v in spec.variables
            if v.name not in gone
        ),
        associations=tuple(p for p in spec.associations if lost.isdisjoint((p.a, p.b))),
        missing_groups=groups,
        rules=tuple(
            rule for rule in spec.rules if gone.isdisjoint(Expression.parse(rule.expression).names)
        ),
        facts=tuple(
            fact
            for fact in spec.facts
            if gone.isdisjoint((fact.variable, fact.other_variable))
            and not (fact.within and fact.within.variable in gone)
        ),
        draw_order=tuple(name for name in spec.draw_order if name not in lost),
    )
    return less, hidden


def _needed(spec: CohortSpec, names: set[str]) -> Mapping[str, str]:
    """Return which of these variables others need that stay, and the first of those."""
    needing = {variable.name: set(needs(variable)) for variable in spec.variables}
    for group in spec.missing_groups:
        if group.only_when:
            for name in group.variables:
                needing[name] |= Expression.parse(group.only_when).names - {name}
    hidden: dict[str, str] = {}
    staying = [variable.name for variable in spec.variables if variable.name not in names]
    for name in staying:  # which grows
        for other in sorted((needing[name] & names) - hidden.keys()):
            hidden[other] = name
            staying.append(other)
    return hidden
