"""How a normal score is distributed in the patients of one cell of a `by`.

Where the score of a variable is correlated with what decides its cell (its parent's parent, say),
it is not standard normal within a cell, and reading it as if it were would give the cell another
marginal than the stated one. Given the deciding scores it is normal; so in a cell it is a mixture
of normals, one for each pilot patient there. That is smooth: hardly anything of the pilot's chance
is left (Rao-Blackwell).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import Floats, Integers, probability, score

_FEWEST = 50
"""A cell with fewer pilot patients is taken as standard normal."""

_BINS = 200
_AT: Floats = np.linspace(-6.0, 6.0, 481)
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Conditional:
    """A score given the scores that decide its cell: each patient's mean, and the SD."""

    mean: Floats
    sd: float

    @classmethod
    def of(
        cls, matrix: Floats, place: int, deciding: Sequence[int], scores: Floats
    ) -> Conditional | None:
        """Condition the latent at `place` on the `deciding` ones; None where these say nothing.

        `scores` (latents, patients) have the correlations `matrix`.
        """
        given = list(deciding)
        correlations: Floats = matrix[place, given]
        if not correlations.any():
            return None
        weights = np.linalg.solve(matrix[np.ix_(given, given)], correlations)
        mean = np.einsum("i,ij->j", weights, scores[given])
        explained = float(correlations @ weights)
        return cls(mean, np.sqrt(max(1.0 - explained, 0.0)))

    def quantiles(self, cells: Integers, count: int, probes: Floats) -> dict[int, Floats]:
        """Return for each cell its quantiles at the levels that `probes` have in a normal.

        `cells` are the patients' cells, from 0 to `count` - 1. A cell with too few patients is left
        out, and so are all where the deciding scores hardly move this one.
        """
        low, width = float(self.mean.min()), float(np.ptp(self.mean)) / _BINS
        if width < _LEAST:
            return {}
        bins = np.minimum((self.mean - low) / width, _BINS - 1).astype(np.intp)
        table = np.bincount(cells * _BINS + bins, minlength=count * _BINS).reshape(count, _BINS)
        middles = low + (np.arange(_BINS) + 0.5) * width
        kernel = probability((_AT[:, None] - middles) / max(self.sd, width / 2))
        found = {}
        for cell in np.flatnonzero(table.sum(axis=1) >= _FEWEST):
            below = np.einsum("ij,j->i", kernel, table[cell] / table[cell].sum())
            normal = score(np.clip(below, _LEAST, 1 - _LEAST))
            found[int(cell)] = np.interp(probes, normal, _AT)
        return found
