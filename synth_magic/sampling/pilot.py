"""Calibration on a fixed pilot cohort, for what has no closed form.

Four things depend on the whole cohort at once: the pooled Spearman correlation of a variable that
differs `by` a correlated parent, its marginal in a level where its score goes with what decides the
level (its parent's parent, say), the recorded distribution of a variable that is missing with its
own value or another's, and a missing share among some patients only. They are measured on one pilot
cohort whose normals (a shifted Sobol sequence) never change, and corrected until they are as
stated: common random numbers make that an ordinary root search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from synth_magic.sampling import latent
from synth_magic.sampling.columns import (
    Column,
    FormulaColumn,
    LatentColumn,
    Values,
    cell_index,
)
from synth_magic.sampling.conditional import Conditional
from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.grid import NODES, Bools, Floats, probability, score
from synth_magic.sampling.missingness import Group, Missingness
from synth_magic.sampling.patients import cholesky, correlate
from synth_magic.sampling.pooled import Batch, pooled_spearman
from synth_magic.sampling.sobol import LOG_ROWS, shifted_sobol
from synth_magic.spec.expressions import Coded

ROUNDS = 12
"""Corrections at most."""
CLOSE = 2e-4
"""A Spearman correlation so near to the stated one is reached."""
_STALLED = 0.9
_FEWEST = 200
_PROBES = np.linspace(-3.2, 3.2, 129)

Shifts: TypeAlias = Mapping[str, Mapping[int, Floats]]
"""For a variable and cell, how the scores' quantiles of the observed differ from those of all."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the pilot settled: columns, groups, the latent matrix and what the pairs then have."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    matrix: Floats
    moved: bool
    spearman: Floats
    missing_by_groups: dict[str, float]


class Pilot:
    """A pilot cohort of 2**LOG_ROWS patients for one specification."""

    def __init__(
        self, pairs: Dependence, columns: Sequence[Column], groups: Sequence[Group]
    ) -> None:
        self._pairs, self._columns, self._groups = pairs, tuple(columns), tuple(groups)
        self._rows = 2**LOG_ROWS
        names = {group.name for group in groups}
        of_group = np.array([name in names for name in pairs.names])
        # Variables and groups have sequences of their own: a new one of either leaves the others.
        points = shifted_sobol(int((~of_group).sum()) + 1)
        self._digits = points[0]
        self._normals = np.empty((len(of_group), self._rows))
        self._normals[~of_group] = score(points[1:])
        shuffled = np.random.default_rng(0).permutation(self._rows)
        self._normals[of_group] = score(shifted_sobol(len(groups))[:, shuffled])
        tied = {name for pair in pairs.imposed for name in (pair.a, pair.b)}
        selective = [group for group in groups if group.condition or group.name in tied]
        self._shifted = {name for group in selective for name in group.variables}
        unsolved = self._shifted | {c.name for c in columns if _differs(c)}
        unsolved |= {group.name for group in groups if group.condition}
        self._open = np.array([not unsolved.isdisjoint((a.a, a.b)) for a in pairs.imposed], bool)

    def calibrate(self, latents: Floats, products: Floats) -> Calibrated:
        """Correct latent correlations (pairs,) until what the database shows is as stated.

        `products` (pairs, TERMS) are the series of the pairs; those without `by` or selective
        missingness are solved already and stay.
        """
        targets = self._pairs.targets
        slopes = np.maximum(products[:, 0], 0.05)
        shifts: Shifts = {}
        before = np.inf
        for turn in range(ROUNDS):
            completed = self._pairs.complete(latents)
            rows = correlate(cholesky(completed.matrix), self._normals.copy())
            columns, batch = self._draw(completed.matrix, rows, shifts)
            if self._shifted:
                shifts = self._selection(batch)
                columns, batch = self._draw(completed.matrix, rows, shifts)
            achieved = latent.spearman(self._pairs.at_pairs(completed.matrix), products)
            measured = pooled_spearman(batch, self._pairs, completed.matrix, slopes, self._open)
            achieved = np.where(self._open, measured, achieved)
            miss = np.where(self._open & (np.abs(latents) < latent.CAP), targets - achieved, 0.0)
            furthest = float(np.abs(miss).max(initial=0.0))
            if furthest <= CLOSE and (turn > 0 or not self._shifted):
                break
            if completed.moved and furthest > _STALLED * before:
                break
            before = furthest
            reached = self._pairs.at_pairs(completed.matrix)
            latents = np.clip(reached + miss / slopes, -latent.CAP, latent.CAP)
        gone = {name: float(mask.mean()) for name, mask in batch.masks.items()}
        return Calibrated(columns, batch.groups, completed.matrix, completed.moved, achieved, gone)

    def _draw(
        self, matrix: Floats, rows: Floats, shifts: Shifts
    ) -> tuple[tuple[Column, ...], Batch]:
        """Read the scores (latents, patients), each column at the ranks within its cells.

        Column after column, since who is in a cell hangs on how the parents were read.
        """
        scores = dict(zip(self._pairs.names, rows, strict=True))
        columns: list[Column] = []
        values: dict[str, Floats | Coded] = {}
        for column in self._columns:
            if isinstance(column, FormulaColumn):
                values[column.name] = column.compute(values, self._rows)
                columns.append(column)
            else:
                quantiles = self._within_cells(column, matrix, rows, values)
                read = _stretched(column, quantiles, shifts.get(column.name, {}))
                values[column.name] = read.draw(scores[column.name], values, self._digits)
                columns.append(read)
        groups = tuple(
            self._with_threshold(group, scores[group.name], group.eligible(values, self._rows))
            for group in self._groups
        )
        plan = Missingness(groups, {}, {})
        masks = plan.masks(scores, values, self._rows, lambda _: self._digits)
        return tuple(columns), Batch(scores, values, masks, groups)

    def _with_threshold(self, group: Group, scores: Floats, eligible: Bools) -> Group:
        """Set the threshold so that the fraction is right among the patients it is meant for."""
        if group.condition is None or eligible.sum() < _FEWEST:
            return group
        return replace(group, threshold=float(np.quantile(scores[eligible], 1 - group.fraction)))

    def _within_cells(
        self, column: LatentColumn, matrix: Floats, rows: Floats, values: Values
    ) -> dict[int, Floats]:
        """Return the quantiles of the column's score in the cells where it is not normal."""
        deciding = self._pairs.deciding.get(column.name)
        if deciding is None:
            return {}
        place = self._pairs.names.index(column.name)
        conditional = Conditional.of(matrix, place, deciding, rows)
        if conditional is None:
            return {}
        cells = cell_index(column.parents, values)
        return conditional.quantiles(cells, len(column.recorded), _PROBES)

    def _selection(self, batch: Batch) -> Shifts:
        """Return how the scores of those who are *not* missing differ from those of all."""
        return {
            column.name: self._shift(column, batch, ~batch.masks[column.name])
            for column in self._columns
            if column.name in self._shifted and not isinstance(column, FormulaColumn)
        }

    def _shift(self, column: LatentColumn, batch: Batch, observed: Bools) -> dict[int, Floats]:
        """Return for each cell how the quantiles of the observed differ from those of all."""
        cells = cell_index(column.parents, batch.values) if column.parents else None
        z = batch.scores[column.name]
        levels = probability(_PROBES)
        shift = {}
        for cell in range(len(column.recorded)):
            here = np.ones(self._rows, dtype=np.bool_) if cells is None else cells == cell
            if (here & observed).sum() >= _FEWEST:
                shift[cell] = np.quantile(z[here & observed], levels) - np.quantile(z[here], levels)
        return shift


def _differs(column: Column) -> bool:
    return not isinstance(column, FormulaColumn) and bool(column.parents)


def _stretched(
    column: LatentColumn, quantiles: Mapping[int, Floats], shift: Mapping[int, Floats]
) -> LatentColumn:
    """Read the column at the rank among the observed of a cell, in place of that among all.

    `quantiles` are those of the score at the probes, cell by cell, where it is not standard
    normal; `shift` is how those of the observed differ from them.
    """
    for cell in sorted({*quantiles, *shift}):
        knots = quantiles.get(cell, _PROBES) + shift.get(cell, 0.0)
        knots = np.maximum.accumulate(knots) + 1e-9 * np.arange(len(knots))
        column = column.stretched(cell, _extended(NODES, knots, _PROBES))
    return column


def _extended(at: Floats, knots: Floats, values: Floats) -> Floats:
    """Interpolate, going on with slope 1 beyond the outermost knots."""
    inside = np.interp(at, knots, values)
    beyond = np.minimum(at - knots[0], 0.0) + np.maximum(at - knots[-1], 0.0)
    return np.asarray(inside + beyond)
