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


def behind(spearman: Sequence[float], seen: Sequence[Pair]) -> Floats:
    """Return the latent correlations (pairs,) behind Spearman ones seen with these marginals.

    Numbers count as continuous, a `by` as the mean of its cells.
    """
    return latent.solve(np.array(spearman), _products(seen))[0] if seen else np.empty(0)


def given_by(latents: Sequence[float], here: Sequence[Pair]) -> Floats:
    """Return the Spearman correlations (pairs,) that latent ones give with these marginals.

    A diagnosis that half of the patients have can correlate with age by .5; one that a hundredth
    have cannot.
    """
    return latent.spearman(np.array(latents), _products(here)) if here else np.empty(0)


def _products(pairs: Sequence[Pair]) -> Floats:
    return np.array([_coefficients(a) * _coefficients(b) for a, b in pairs])


@lru_cache(maxsize=2048)
def _coefficients(marginal: Marginal) -> Floats:
    """Return the Hermite coefficients of the mid-rank of a marginal.

    Numbers count as continuous, a `by` as the mean of its cells.
    """
    if isinstance(marginal, By):
        cells = [_coefficients(cell.marginal) for cell in marginal.cells]
        return np.asarray(np.mean(cells, axis=0))
    if isinstance(marginal, Shares):
        values = np.arange(len(marginal.shares), dtype=np.float64)
        return latent.grade_coefficients(Recorded.of((1.0, Pieces(share_edges(marginal), values))))
    return _of_numbers()


@cache
def _of_numbers() -> Floats:
    middles = (NODES[:-1] + NODES[1:]) / 2
    return latent.grade_coefficients(Recorded.of((1.0, Pieces(NODES[1:-1], middles))))
