"""What ties the variables together: the catalogue's associations in these patients."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.pooled import over_all_ages
from synth_magic.spec.model import Association, By, Fact, Formula, Identifier, Provenance, Variable

_WEAK = 0.08
_PROGNOSIS = "assumed: what is adverse goes with the worse outcome, a little"


def associations(
    cohort: Cohort, variables: Mapping[str, Variable], facts: Sequence[Fact]
) -> tuple[Association, ...]:
    """Return the correlations of what is there, those left out that the description states."""
    known = tuple(_known(cohort, variables, facts))
    stated = {frozenset((fact.variable, fact.other_variable)) for fact in facts}
    found = stated | {frozenset((pair.a, pair.b)) for pair in known}
    return (*known, *_prognosis(cohort, variables, found))


def _known(
    cohort: Cohort, variables: Mapping[str, Variable], facts: Sequence[Fact]
) -> Iterator[Association]:
    """Yield the catalogue's associations of what is there, the stated correlations left out.

    They are carried over to these patients: a rare diagnosis correlates less.
    """
    stated = {frozenset((f.variable, f.other_variable)) for f in facts if f.statistic == "spearman"}
    known, entries = catalogue(), cohort.entries
    for pair in cohort.picture.pairs.values():
        if pair.a not in entries or pair.b not in entries:
            continue
        a, b = entries[pair.a], entries[pair.b]
        sign = a.direction * b.direction
        ends = variables[a.name], variables[b.name]
        tied = _ties(*ends) or _ties(*reversed(ends))
        marginals = [v.marginal for v in ends if not isinstance(v.marginal, Formula | Identifier)]
        if sign and not tied and len(marginals) == 2 and frozenset((a.name, b.name)) not in stated:
            pooled = over_all_ages(cohort, *ends, cohort.picture.latent(pair.a, pair.b))
            spearman = pooled or cohort.picture.spearman(pair.a, pair.b, *marginals)
            basis = known.basis(pair)
            provenance: Provenance = "catalogue" if pair.source in known.sources else "assumed"
            yield Association(a.name, b.name, round(sign * spearman, 3), basis, provenance)


def _prognosis(
    cohort: Cohort, variables: Mapping[str, Variable], found: Collection[frozenset[str]]
) -> Iterator[Association]:
    """Yield weak correlations of outcomes with what is adverse, where nothing else is known.

    `found` holds the pairs of variables of which more is known or stated. How weak is assumed.
    """
    adverse = {
        subject.name: subject.direction * (1 if subject.entry.worse == "high" else -1)
        for subject in cohort.entries.values()
        if subject.entry and subject.entry.worse and not _is_computed(variables[subject.name])
    }
    seen = set(found)
    for outcome in cohort.entries.values():
        assert outcome.entry is not None
        sign = adverse.get(outcome.name, 0)
        if not outcome.entry.outcome or not sign:
            continue
        for name, side in adverse.items():
            ends = variables[outcome.name], variables[name]
            tied = _ties(*ends) or _ties(*reversed(ends))
            pair = frozenset((outcome.name, name))
            if side and len(pair) == 2 and pair not in seen and not tied:
                seen.add(pair)
                yield Association(outcome.name, name, sign * side * _WEAK, _PROGNOSIS, "assumed")


def _is_computed(variable: Variable) -> bool:
    return isinstance(variable.marginal, Formula | Identifier)


def _ties(child: Variable, parent: Variable) -> bool:
    """Tell whether a marginal already says how a variable depends on another."""
    if isinstance(child.marginal, Formula):
        return True
    return isinstance(child.marginal, By) and parent.name in child.marginal.parents
