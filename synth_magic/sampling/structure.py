"""Which variable needs which: the order of computing, and the latents that must stay apart."""

from __future__ import annotations

from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter

from synth_magic.errors import SamplingError
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import By, Formula, Identifier, Variable


def needs(variable: Variable) -> tuple[str, ...]:
    """Return the names of the variables that this one is drawn or computed from."""
    marginal = variable.marginal
    if isinstance(marginal, By):
        return marginal.parents
    if isinstance(marginal, Formula):
        return tuple(sorted(Expression.parse(marginal.expression).names))
    return ()


def is_latent(variable: Variable) -> bool:
    """Whether the variable has a normal score of its own."""
    return not isinstance(variable.marginal, Formula | Identifier)


def computing_order(spec: CohortSpec) -> list[Variable]:
    """Return the variables that are drawn or computed, each after those it needs.

    A variable also needs those in whose groups a fact about it was stated, since it will differ
    by them. Raises SamplingError where two variables would differ by each other.
    """
    graph = {v.name: list(needs(v)) for v in spec.variables}
    for fact in spec.facts:
        if fact.within is not None and fact.statistic != "missing":
            graph[fact.variable].append(fact.within.variable)
    by_name = {v.name: v for v in spec.variables}
    try:
        ordered = [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " by ".join(reversed(error.args[1]))
        raise SamplingError(
            f"the facts make {circle} differ in a circle; state the groups one way round"
        ) from None
    return [v for v in ordered if not isinstance(v.marginal, Identifier)]


def latent_order(spec: CohortSpec) -> tuple[str, ...]:
    """Return the names with a normal score, in the order of the Cholesky factor.

    That is the order of first appearance across versions (`draw_order`), then the rest.
    """
    own = [v.name for v in spec.variables if is_latent(v)]
    own += [group.name for group in spec.missing_groups]
    seen = [name for name in spec.draw_order if name in own]
    return tuple(dict.fromkeys(seen + own))


def sampled_parents(spec: CohortSpec) -> dict[str, frozenset[str]]:
    """Return for each `by` variable the latents that decide its level directly.

    Those are its parents; a parent that is a formula counts with what it is computed from.
    """
    return _deciding(spec, through=lambda variable: not is_latent(variable))


def sampled_ancestors(spec: CohortSpec) -> dict[str, frozenset[str]]:
    """Return for each `by` variable the latents that decide its level, however indirectly."""
    return _deciding(spec, through=lambda variable: True)


def _deciding(spec: CohortSpec, through: Callable[[Variable], bool]) -> dict[str, frozenset[str]]:
    by_name = {v.name: v for v in spec.variables}

    def above(name: str) -> frozenset[str]:
        found: set[str] = set()
        for parent in map(by_name.__getitem__, needs(by_name[name])):
            if is_latent(parent):
                found.add(parent.name)
            if through(parent):
                found |= above(parent.name)
        return frozenset(found)

    return {v.name: above(v.name) for v in spec.variables if isinstance(v.marginal, By)}
