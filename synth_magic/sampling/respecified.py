"""A specification that was changed as a whole, beside the one before."""

from __future__ import annotations

from dataclasses import replace

from synth_magic.sampling.edits import holds, pair
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Association, Fact, Variable


def respecified(before: CohortSpec, after: CohortSpec) -> CohortSpec:
    """Return a specification that was changed as a whole, such that what was changed is in force.

    What has other figures counts as stated, unless its provenance was changed as well. Earlier
    facts that these figures contradict are left out, for facts win.
    """
    old = {v.name: v for v in before.variables}
    pairs = {pair(a.a, a.b): a for a in before.associations}
    bare = replace(after, facts=())
    return replace(
        after,
        variables=tuple(_counted(v, old.get(v.name)) for v in after.variables),
        associations=tuple(_counted_pair(a, pairs.get(pair(a.a, a.b))) for a in after.associations),
        facts=tuple(
            fact
            for fact in after.facts
            if fact not in before.facts or not _is_overruled(fact, before, bare)
        ),
    )


def _counted(now: Variable, was: Variable | None) -> Variable:
    if was is None or was.provenance != now.provenance or _figures(was) == _figures(now):
        return now
    return replace(now, provenance="stated")


def _counted_pair(now: Association, was: Association | None) -> Association:
    if was is None or was.provenance != now.provenance or was.spearman == now.spearman:
        return now
    return replace(now, provenance="stated")


def _figures(variable: Variable) -> tuple[object, ...]:
    return variable.missing, *_values(variable)


def _values(variable: Variable) -> tuple[object, ...]:
    return variable.type, variable.marginal, variable.spikes, variable.digit_preference


def _is_overruled(fact: Fact, before: CohortSpec, after: CohortSpec) -> bool:
    """Tell whether what was changed says something else than a fact."""
    if fact.other_variable:
        about = pair(fact.variable, fact.other_variable)
        was, now = (
            next((a.spearman for a in spec.associations if pair(a.a, a.b) == about), None)
            for spec in (before, after)
        )
        return now not in (was, fact.value)
    old, new = before.variable(fact.variable), after.variable(fact.variable)
    if fact.statistic == "missing":
        return new.missing not in (old.missing, fact.value)
    return _values(old) != _values(new) and not holds(after, fact)
