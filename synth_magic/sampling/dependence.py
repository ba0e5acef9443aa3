"""Which latents are tied to which, and how strongly: the stated pairs of a specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from synth_magic.sampling import completion, latent
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.sampling.structure import latent_order, sampled_ancestors, sampled_parents
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Association

FACT_WEIGHT = 100.0
STRUCTURE_WEIGHT = 1e6
UNREACHED_WEIGHT = 0.01
"""How hard a latent correlation is held where not all can stand: facts hard, the structure of a
`by` always, and what no latent correlation reaches gives way first. Others have weight 1."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """The latents by name, the pairs to impose, and the pairs that must stay uncorrelated.

    `deciding` has each `by` variable whose level hangs on more than its parents, with the places
    of all latents that decide it: its score may be correlated with the distant ones, so that in
    one level it is no longer standard normal.
    """

    names: tuple[str, ...]
    imposed: tuple[Association, ...]
    pairs: tuple[tuple[int, int], ...]
    apart: frozenset[tuple[int, int]]
    deciding: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def targets(self) -> Floats:
        """Stated Spearman correlations of the imposed pairs."""
        return np.array([association.spearman for association in self.imposed])

    def complete(self, latents: Floats) -> completion.Completed:
        """Return the whole latent matrix for these latent correlations of the imposed pairs."""
        size = len(self.names)
        stated, weights = np.eye(size), np.ones((size, size))
        known: Bools = np.eye(size, dtype=np.bool_)
        for (i, j), association, value in zip(self.pairs, self.imposed, latents, strict=True):
            stated[i, j] = stated[j, i] = value
            known[i, j] = known[j, i] = True
            if association.provenance == "stated":
                weights[i, j] = weights[j, i] = FACT_WEIGHT
            elif abs(value) >= latent.CAP:
                weights[i, j] = weights[j, i] = UNREACHED_WEIGHT
        for i, j in self.apart:
            stated[i, j] = stated[j, i] = 0.0
            known[i, j] = known[j, i] = True
            weights[i, j] = weights[j, i] = STRUCTURE_WEIGHT
        return completion.complete(stated, known, weights)

    def at_pairs(self, matrix: Floats) -> Floats:
        """Return the entries of a matrix at the imposed pairs."""
        if not self.pairs:
            return np.empty(0)
        i, j = np.array(self.pairs).T
        return np.asarray(matrix[i, j])


def dependence(spec: CohortSpec) -> Dependence:
    """Read the pairs of a specification.

    A pair of a `by` variable and its parent, or with a formula, is not imposed: it follows. One
    with a parent's parent is.
    """
    names = latent_order(spec)
    place = {name: i for i, name in enumerate(names)}
    parents, ancestors = sampled_parents(spec), sampled_ancestors(spec)
    apart = frozenset(
        (min(place[child], place[parent]), max(place[child], place[parent]))
        for child in parents
        for parent in parents[child]
    )
    deciding = {
        child: tuple(sorted(place[name] for name in ancestors[child]))
        for child in parents
        if ancestors[child] != parents[child]
    }
    imposed, pairs = [], []
    for association in spec.associations:
        if association.a in place and association.b in place:
            i, j = sorted((place[association.a], place[association.b]))
            if (i, j) not in apart:
                imposed.append(association)
                pairs.append((i, j))
    return Dependence(names, tuple(imposed), tuple(pairs), apart, deciding)


def first_latents(pairs: Dependence, coefficients: Floats) -> tuple[Floats, Floats]:
    """Solve all imposed pairs from the Hermite coefficients (latents, TERMS) of their grades."""
    if not pairs.pairs:
        return np.empty(0), np.empty(0)
    return latent.solve(pairs.targets, latent.pair_products(coefficients, pairs.pairs))
