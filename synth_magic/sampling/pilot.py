"""Calibration on a fixed pilot cohort, for what has no closed form.

Three things depend on the whole cohort at once: the pooled Spearman correlation of a variable that
differs `by` a correlated parent, the recorded distribution of a variable that is missing with its
own value or another's, and a missing share among some patients only. They are measured on one
pilot cohort whose normals (a shifted Sobol sequence) never change, and corrected until they
are as stated: common random numbers make that an ordinary root search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth_magic.sampling import latent
from synth_magic.sampling.columns import CodedColumn, Column, NumericColumn, cell_index
from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.grid import NODES, Bools, Floats, probability, score
from synth_magic.sampling.missingness import Group, Missingness
from synth_magic.sampling.patients import cholesky, correlate, realise
from synth_magic.sampling.pooled import Batch, pooled_spearman

LOG_ROWS = 16
ROUNDS = 12
CLOSE = 2e-4
_STALLED = 0.9
_FEWEST = 200
_PROBES = np.linspace(-3.2, 3.2, 129)


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
        points = _shifted_sobol(int((~of_group).sum()) + 1)
        self._digits = points[0]
        self._normals = np.empty((len(of_group), self._rows))
        self._normals[~of_group] = score(points[1:])
        shuffled = np.random.default_rng(0).permutation(self._rows)
        self._normals[of_group] = score(_shifted_sobol(len(groups))[:, shuffled])
        tied = {name for pair in pairs.imposed for name in (pair.a, pair.b)}
        selective = [group for group in groups if group.condition or group.name in tied]
        self._shifted = {name for group in selective for name in group.variables}
        unsolved = self._shifted | {c.name for c in columns if getattr(c, "parents", ())}
        unsolved |= {group.name for group in groups if group.condition}
        self._open = np.array([not unsolved.isdisjoint((a.a, a.b)) for a in pairs.imposed], bool)

    def calibrate(self, latents: Floats, products: Floats) -> Calibrated:
        """Correct latent correlations (pairs,) until what the database shows is as stated.

        `products` (pairs, TERMS) are the series of the pairs; those without `by` or selective
        missingness are solved already and stay.
        """
        targets = self._pairs.targets
        slopes = np.maximum(products[:, 0], 0.05)
        columns = self._columns
        before = np.inf
        for turn in range(ROUNDS):
            completed = self._pairs.complete(latents)
            batch = self._draw(completed.matrix, columns)
            if self._shifted:
                columns = self._observed_as_stated(batch)
                batch = self._draw(completed.matrix, columns, batch.scores)
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
        self, matrix: Floats, columns: Sequence[Column], scores: Mapping[str, Floats] | None = None
    ) -> Batch:
        if scores is None:
            rows = correlate(cholesky(matrix), self._normals.copy())
            scores = dict(zip(self._pairs.names, rows, strict=True))
        values = realise(columns, scores, self._rows, lambda _: self._digits)
        groups = tuple(
            self._with_threshold(group, scores[group.name], group.eligible(values, self._rows))
            for group in self._groups
        )
        plan = Missingness(groups, {}, {})
        masks = plan.masks(scores, values, self._rows, lambda _: self._digits)
        return Batch(scores, values, masks, groups)

    def _with_threshold(self, group: Group, scores: Floats, eligible: Bools) -> Group:
        """Set the threshold so that the fraction is right among the patients it is meant for."""
        if group.condition is None or eligible.sum() < _FEWEST:
            return group
        return replace(group, threshold=float(np.quantile(scores[eligible], 1 - group.fraction)))

    def _observed_as_stated(self, batch: Batch) -> tuple[Column, ...]:
        """Stretch the base columns so that the values that are *not* missing have the marginal."""
        return tuple(
            self._stretch(column, batch, ~batch.masks[column.name])
            if column.name in self._shifted and isinstance(column, NumericColumn | CodedColumn)
            else column
            for column in self._columns
        )

    def _stretch(
        self, column: NumericColumn | CodedColumn, batch: Batch, observed: Bools
    ) -> NumericColumn | CodedColumn:
        """Read the column at the rank among the observed, in place of the rank among all.

        How the quantiles of the observed differ from those of all is taken from the pilot; those
        of all are known.
        """
        cells = cell_index(column.parents, batch.values) if column.parents else None
        z = batch.scores[column.name]
        levels = probability(_PROBES)
        for cell in range(len(column.recorded)):
            here = np.ones(self._rows, dtype=np.bool_) if cells is None else cells == cell
            if (here & observed).sum() < _FEWEST:
                continue
            shift = np.quantile(z[here & observed], levels) - np.quantile(z[here], levels)
            knots = np.maximum.accumulate(_PROBES + shift) + 1e-9 * np.arange(len(levels))
            column = column.stretched(cell, _extended(NODES, knots, _PROBES))
        return column


def _shifted_sobol(dimensions: int) -> Floats:
    """Return Sobol points (dimensions, 2**LOG_ROWS), each dimension shifted by its own constant.

    Unlike SciPy's scrambling, more dimensions leave the first ones as they were. Variables and
    groups have sequences of their own, so that a new one of either leaves the others.
    """
    from scipy.stats import qmc  # half a second that most cohorts do without

    if not dimensions:
        return np.empty((0, 2**LOG_ROWS))
    points = qmc.Sobol(dimensions, scramble=False).random_base2(LOG_ROWS).T
    shifts = [np.random.default_rng(i).random() for i in range(dimensions)]
    return np.asarray(np.clip((points + np.array(shifts)[:, None]) % 1.0, 1e-9, 1 - 1e-9))


def _extended(at: Floats, knots: Floats, values: Floats) -> Floats:
    """Interpolate, going on with slope 1 beyond the outermost knots."""
    inside = np.interp(at, knots, values)
    beyond = np.minimum(at - knots[0], 0.0) + np.maximum(at - knots[-1], 0.0)
    return np.asarray(inside + beyond)
