"""Rank correlations of all pairs, as one distribution can have them together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from synth_magic.sampling import latent
from synth_magic.sampling.columns import FormulaColumn
from synth_magic.sampling.completion import complete
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.marginals import build_column
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Variable

_FEWEST = 10
"""Rows behind a correlation."""
_NOTABLE = 3.5
"""A correlation of so many standard errors is hardly one by chance, among many."""
_LEEWAY = 0.01
"""Smallest eigenvalue of the latent matrix, so that compiling may round and correct it."""
_HELD = 100.0
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """Something with ranks: its values, NaN where there is none, and how its ranks are spread."""

    name: str
    values: Floats
    coefficients: Floats

    @classmethod
    def of(cls, variable: Variable, values: Floats) -> Ranked:
        """Return the values with the Hermite coefficients of the variable's distribution."""
        column, _ = build_column(variable, CohortSpec("", "", (variable,)))
        assert not isinstance(column, FormulaColumn)
        return cls(variable.name, values, latent.grade_coefficients(column.recorded[0]))


@dataclass(frozen=True, slots=True)
class Observed:
    """Spearman's correlations (p, p) as observed, and the rows behind each."""

    ranked: tuple[Ranked, ...]
    spearman: Floats
    rows: Floats

    @classmethod
    def of(cls, ranked: Sequence[Ranked]) -> Observed:
        """Correlate everything with everything."""
        if not ranked:
            return cls((), np.empty((0, 0)), np.empty((0, 0)))
        return cls(tuple(ranked), *rank_correlations(np.array([one.values for one in ranked])))

    def notable(self) -> set[str]:
        """Return the names of what goes with something else, beyond chance."""
        sure = np.abs(np.nan_to_num(self.spearman)) * np.sqrt(self.rows) > _NOTABLE
        np.fill_diagonal(sure, val=False)
        return {self.ranked[place].name for place in np.flatnonzero(sure.any(axis=0))}

    def among(self, names: Collection[str]) -> Observed:
        """Return the correlations of these alone."""
        kept = [place for place, one in enumerate(self.ranked) if one.name in names]
        square = np.ix_(kept, kept)
        chosen = tuple(self.ranked[place] for place in kept)
        return Observed(chosen, self.spearman[square], self.rows[square])

    def correlations(self, apart: Collection[frozenset[str]]) -> dict[tuple[str, str], float]:
        """Return a Spearman correlation for each pair, all of which can be had together.

        Each is shrunk by what chance alone makes of none: at one standard error by half, at three
        by a tenth. Within each set of names `apart` there is none. A pair of which too few rows
        speak is explained by the others. What no distribution can have is moved as little as
        possible, most where the fewest rows speak.
        """
        size = len(self.ranked)
        pairs = [(i, j) for j in range(size) for i in range(j)]
        if not pairs:
            return {}
        known = (self.rows >= _FEWEST) & np.isfinite(self.spearman)
        found = np.where(known, self.spearman, 0.0)
        evidence = self.rows * found**2
        targets = found * evidence / (1 + evidence)
        weights = self.rows / max(self.rows.max(), 1.0)
        names = [one.name for one in self.ranked]
        for together in apart:
            places = [place for place, name in enumerate(names) if name in together]
            square = np.ix_(places, places)
            targets[square], known[square], weights[square] = 0.0, True, _HELD
        np.fill_diagonal(known, val=True)
        first, second = np.array(pairs).T
        products = latent.pair_products(np.array([one.coefficients for one in self.ranked]), pairs)
        latents, _ = latent.solve(targets[first, second], products)
        matrix = np.eye(size)
        matrix[first, second] = matrix[second, first] = latents
        whole = complete(matrix, known, weights).matrix
        if np.linalg.eigvalsh(whole)[0] < _LEEWAY:
            whole = (1 - _LEEWAY) * whole
        values = np.round(latent.spearman(whole[first, second], products), _DIGITS) + 0.0
        return {(names[i], names[j]): float(v) for (i, j), v in zip(pairs, values, strict=True)}


def rank_correlations(columns: Floats) -> tuple[Floats, Floats]:
    """Return Spearman's correlations (p, p) of columns (p, rows), and the rows behind each.

    Ranks are mid-ranks among the values of a column; a pair is taken over the rows that have both.
    A pair with a constant has no correlation: NaN.
    """
    there = ~np.isnan(columns)
    ranks = np.zeros(columns.shape)
    for place, (column, known) in enumerate(zip(columns, there, strict=True)):
        if known.any():
            ranks[place, known] = rankdata(column[known]) / known.sum() - 0.5
    known = there.astype(np.float64)
    rows = known @ known.T
    sums, squares = ranks @ known.T, (ranks**2) @ known.T
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = ranks @ ranks.T / rows - sums * sums.T / rows**2
        variance = squares / rows - (sums / rows) ** 2
        found = covariance / np.sqrt(variance * variance.T)
        found[(variance < 1e-12) | (variance.T < 1e-12)] = np.nan
    return np.clip(found, -1.0, 1.0), rows
