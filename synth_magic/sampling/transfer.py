"""A correlation seen in one population, carried over to another with other marginals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np

from synth_magic.sampling import latent
from synth_magic.sampling.grid import NODES, Floats
from synth_magic.sampling.marginals import share_edges
from synth_magic.sampling.recording import Pieces, Recorded
from synth_magic.spec.model import By, Marginal, Shares

Pair: TypeAlias = tuple[Marginal, Marginal]


def carried_over(spearman: Sequence[float], seen: Sequence[Pair], here: Sequence[Pair]) -> Floats:
    """Return the Spearman correlations (pairs,) that the latent correlations behind those `seen`
    give with the marginals `here`.

    A diagnosis that half of the patients have can correlate with age by .5; one that a hundredth
    have cannot. Numbers count as continuous, a `by` as the mean of its cells.
    """
    if not spearman:
        return np.empty(0)
    latents, _ = latent.solve(np.array(spearman), _products(seen))
    return latent.spearman(latents, _products(here))


def _products(pairs: Sequence[Pair]) -> Floats:
    return np.array([coefficients(a) * coefficients(b) for a, b in pairs])


@lru_cache(maxsize=2048)
def coefficients(marginal: Marginal) -> Floats:
    """Return the Hermite coefficients of the mid-rank of a marginal.

    Numbers count as continuous, a `by` as the mean of its cells.
    """
    if isinstance(marginal, By):
        cells = [coefficients(cell.marginal) for cell in marginal.cells]
        return np.asarray(np.mean(cells, axis=0))
    if isinstance(marginal, Shares):
        values = np.arange(len(marginal.shares), dtype=np.float64)
        return latent.grade_coefficients(Recorded.of((1.0, Pieces(share_edges(marginal), values))))
    return _of_numbers()


@cache
def _of_numbers() -> Floats:
    middles = (NODES[:-1] + NODES[1:]) / 2
    return latent.grade_coefficients(Recorded.of((1.0, Pieces(NODES[1:-1], middles))))
