"""Which figures can be imposed on a specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import fixed
from synth_magic.spec.model import Fact
from synth_magic.spec.validation import meaning_violations


def can_be(fact: Fact, spec: CohortSpec) -> bool:
    """Tell whether a fact is one of these variables, and they are free to have such figures."""
    return not meaning_violations(replace(spec, facts=(fact,))) and not _reason(fact, spec)


def why_fixed(facts: Iterable[Fact], spec: CohortSpec) -> Iterator[str]:
    """Yield a sentence for each variable that has no figures of its own, but is given some."""
    reasons = dict.fromkeys(_reason(fact, spec) for fact in facts)
    yield from (f"{reason}." for reason in reasons if reason)


def _reason(fact: Fact, spec: CohortSpec) -> str:
    about = (fact.variable, fact.other_variable)
    found = (fixed(variable) for variable in spec.variables if variable.name in about)
    return next(filter(None, found), "")
