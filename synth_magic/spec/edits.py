"""Edits: what a user states of a specification after it was made, kept as facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from synth_magic.spec.model import Fact, Statistic, Within
from synth_magic.spec.text import figure

if TYPE_CHECKING:
    from synth_magic.spec.cohort import CohortSpec

_EDITED = "edited: "


def edit(
    variable: str,
    statistic: Statistic,
    value: float,
    *,
    code: str = "",
    other_variable: str = "",
    within: Within | None = None,
) -> Fact:
    """Return the fact that states one figure by hand."""
    bare = Fact("", variable, statistic, value, code, other_variable, within)
    return replace(bare, quote=f"{_EDITED}{bare.name} {figure(value)}")


def is_edit(fact: Fact) -> bool:
    """Return whether a fact was stated by hand, and not in the description."""
    return fact.start is None and fact.quote.startswith(_EDITED)


def with_edit(spec: CohortSpec, fact: Fact) -> CohortSpec:
    """Return a specification with one more fact, which takes the place of those of the same figure.

    Sampling imposes it, as all facts: compile the specification to see what it does.
    """
    kept = tuple(other for other in spec.facts if other.figure != fact.figure)
    variables = tuple(
        replace(v, provenance="stated")
        if v.name == fact.variable and fact.statistic != "spearman"
        else v
        for v in spec.variables
    )
    return replace(spec, variables=variables, facts=(*kept, fact))
