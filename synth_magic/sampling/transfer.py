"""A correlation seen in one population, carried over to another with other marginals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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
    return np.array([_coefficients(a) * _coefficients(b) for a, b in pairs])


@lru_cache(maxsize=512)
def _coefficients(marginal: Marginal) -> Floats:
    if isinstance(marginal, By):
        return np.asarray(
            np.mean([_coefficients(cell.marginal) for cell in marginal.cells], axis=0)
        )
    if isinstance(marginal, Shares):
        values = np.arange(len(marginal.shares), dtype=np.float64)
        return latent.grade_coefficients(Recorded.of((1.0, Pieces(share_edges(marginal), values))))
    middles = (NODES[:-1] + NODES[1:]) / 2
    return latent.grade_coefficients(Recorded.of((1.0, Pieces(NODES[1:-1], middles))))
