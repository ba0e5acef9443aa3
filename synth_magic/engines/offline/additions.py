"""Variables put into a specification that was made elsewhere, so that nothing else moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from synth_magic.catalogue.matching import find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.carrying import in_order
from synth_magic.engines.offline.elicit import elicit
from synth_magic.engines.refinement import described
from synth_magic.sampling import compiled
from synth_magic.sampling.structure import is_latent, sampled_parents
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Association, Variable

_MOVED = 1e-3


@dataclass(frozen=True, slots=True)
class Additions:
    """What is new in a specification, and whether correlations of it had to be left out."""

    variables: tuple[Variable, ...]
    associations: tuple[Association, ...]
    is_less: bool = False

    def to(self, spec: CohortSpec) -> CohortSpec:
        """Return a specification with these variables at its end, drawn last."""
        return in_order(
            replace(
                spec,
                variables=(*spec.variables, *self.variables),
                associations=(*spec.associations, *self.associations),
            ),
            spec,
        )


def additions(spec: CohortSpec, description: Description, names: Collection[str]) -> Additions:
    """Return what the offline engine makes of the variables of a description with these names.

    Of their correlations those stay that leave what the specification says of the others as it is.
    """
    if not names:
        return Additions((), ())
    new = [variable for variable in description.variables if variable.name in names]
    facts = [fact for fact in description.facts if fact.variable in names]
    whole = replace(
        description,
        variables=(*map(_known, spec.variables), *new),
        facts=(*spec.facts, *facts),
    )
    made = elicit(whole).spec
    pairs = sorted(_pairs(made, spec, names), key=lambda pair: -abs(pair.spearman))
    kept = _beside(spec, pairs, names)
    added = Additions(tuple(v for v in made.variables if v.name in names), tuple(kept))
    while added.associations and _moves(spec, added):
        half = len(added.associations) // 2
        added = replace(added, associations=added.associations[:half])
    return replace(added, is_less=len(added.associations) < len(pairs))


def _known(variable: Variable) -> DescribedVariable:
    """Return a variable as the catalogue knows it: without a label that speaks of more."""
    is_known = find(variable.name, variable.label, variable.unit).entry is not None
    return replace(described(variable), label=variable.label if is_known else "")


def _pairs(made: CohortSpec, spec: CohortSpec, names: Collection[str]) -> Iterator[Association]:
    """Yield the correlations of new variables, in the order of the codes that the others have."""
    own = {variable.name: variable for variable in spec.variables}
    for pair in made.associations:
        others = [name for name in (pair.a, pair.b) if name not in names]
        if len(others) == 2:
            continue
        sign = _turned(made.variable(others[0]), own[others[0]]) if others else 1
        if sign:
            yield replace(pair, spearman=sign * pair.spearman)


def _turned(as_made: Variable, own: Variable) -> int:
    """Return -1 where a variable's codes run the other way, 0 where no rank is comparable."""
    if not is_latent(own):
        return 0
    if as_made.codes == own.codes:
        return 1
    return -1 if as_made.codes == own.codes[::-1] else 0


def _beside(
    spec: CohortSpec, pairs: Iterable[Association], names: Collection[str]
) -> Sequence[Association]:
    """Return the pairs with others that are all tied to each other already.

    Two others that are not would be tied through the new variable.
    """
    tied = {frozenset((pair.a, pair.b)) for pair in spec.associations}
    tied |= {frozenset((child, p)) for child, own in sampled_parents(spec).items() for p in own}
    kept: list[Association] = []
    others: set[str] = set()
    for pair in pairs:
        ends = {pair.a, pair.b} - set(names)
        if all(frozenset(two) in tied for two in combinations(sorted(others | ends), 2)):
            kept.append(pair)
            others |= ends
    return kept


def _moves(spec: CohortSpec, added: Additions) -> bool:
    """Tell whether new variables move the correlations of the others."""
    before, after = (
        {(target.a, target.b): target.compiled for target in compiled(whole).targets}
        for whole in (spec, added.to(spec))
    )
    return any(abs(after[pair] - value) > _MOVED for pair, value in before.items())
