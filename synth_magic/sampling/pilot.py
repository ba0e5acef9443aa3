"""Calibration on a fixed pilot cohort, for what has no closed form.

Three things depend on the whole cohort at once: the pooled Spearman correlation of a variable that
differs `by` a correlated parent, the recorded distribution of a variable that is missing with its
own value or another's, and a missing share among some patients only. They are measured on one
pilot cohort whose normals (a scrambled Sobol sequence) never change, and corrected until they
are as stated: common random numbers make that an ordinary root search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import qmc, rankdata

from synth_magic.sampling.columns import (
    CodedColumn,
    Column,
    FormulaColumn,
    NumericColumn,
    cell_index,
)
from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.grid import NODES, Bools, Floats, probability, score
from synth_magic.sampling.latent import CAP
from synth_magic.sampling.missingness import Group, Missingness
from synth_magic.sampling.patients import cholesky, correlate, realise
from synth_magic.spec.expressions import Coded

LOG_ROWS = 15
ROUNDS = 12
CLOSE = 3e-4
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


@dataclass(slots=True)
class _Batch:
    scores: dict[str, Floats]
    values: dict[str, Floats | Coded]
    masks: dict[str, Bools]
    groups: tuple[Group, ...]


class Pilot:
    """A pilot cohort of 2**LOG_ROWS patients for one specification."""

    def __init__(
        self, pairs: Dependence, columns: Sequence[Column], groups: Sequence[Group]
    ) -> None:
        self._pairs, self._columns, self._groups = pairs, tuple(columns), tuple(groups)
        self._rows = 2**LOG_ROWS
        count = len(pairs.names)
        uniform = qmc.Sobol(count + 1, scramble=True, rng=np.random.default_rng(0))
        points = np.clip(uniform.random_base2(LOG_ROWS).T, 1e-9, 1 - 1e-9)
        self._normals = score(points[:count])
        self._digits = points[count]
        informed = {a.a for a in pairs.imposed} | {a.b for a in pairs.imposed}
        self._shifted = {
            name
            for group in groups
            if group.condition is not None or group.name in informed
            for name in group.variables
        }

    def calibrate(self, latents: Floats, slopes: Floats) -> Calibrated:
        """Correct the latent correlations until the pooled recorded ones are as stated.

        `slopes` (pairs,) say roughly how fast a Spearman correlation follows its latent one.
        """
        targets = self._pairs.targets
        columns = self._columns
        for turn in range(ROUNDS):
            completed = self._pairs.complete(latents)
            batch = self._draw(completed.matrix, columns)
            if self._shifted:
                columns = self._observed_as_stated(batch)
                batch = self._draw(completed.matrix, columns, batch.scores)
            achieved = self._spearman(batch)
            miss = targets - achieved
            reachable = np.abs(latents) < CAP
            if completed.moved or not np.any(np.abs(miss[reachable]) > CLOSE):
                if turn > 0 or not self._shifted:
                    break
                continue
            latents = np.clip(latents + miss / np.maximum(slopes, 0.05), -CAP, CAP)
        gone = {name: float(mask.mean()) for name, mask in batch.masks.items()}
        return Calibrated(columns, batch.groups, completed.matrix, completed.moved, achieved, gone)

    def _draw(
        self, matrix: Floats, columns: Sequence[Column], scores: dict[str, Floats] | None = None
    ) -> _Batch:
        if scores is None:
            rows = correlate(cholesky(matrix), self._normals.copy())
            scores = dict(zip(self._pairs.names, rows, strict=True))
        values = realise(columns, scores, self._rows, lambda _: self._digits)
        groups = tuple(self._with_threshold(group, scores, values) for group in self._groups)
        masks = Missingness(groups, {}, {}).masks(
            scores, values, self._rows, lambda _: self._digits
        )
        return _Batch(scores, values, masks, groups)

    def _with_threshold(
        self, group: Group, scores: dict[str, Floats], values: dict[str, Floats | Coded]
    ) -> Group:
        """Set the threshold so that the fraction is right among the patients it is meant for."""
        if group.condition is None:
            return group
        eligible = group.eligible(values, self._rows)
        if eligible.sum() < _FEWEST:
            return group
        return replace(
            group, threshold=float(np.quantile(scores[group.name][eligible], 1 - group.fraction))
        )

    def _observed_as_stated(self, batch: _Batch) -> tuple[Column, ...]:
        """Stretch the base columns so that the values that are *not* missing have the marginal."""
        stretched: list[Column] = []
        for column in self._columns:
            mask = batch.masks.get(column.name)
            if (
                isinstance(column, FormulaColumn)
                or mask is None
                or column.name not in self._shifted
            ):
                stretched.append(column)
                continue
            stretched.append(self._stretch(column, batch, ~mask))
        return tuple(stretched)

    def _stretch(
        self, column: NumericColumn | CodedColumn, batch: _Batch, observed: Bools
    ) -> Column:
        cells = cell_index(column.parents, batch.values) if column.parents else None
        z = batch.scores[column.name]
        probes = probability(_PROBES)
        for cell in range(len(column.recorded)):
            here = np.ones(self._rows, dtype=np.bool_) if cells is None else cells == cell
            if (here & observed).sum() < _FEWEST:
                continue
            seen = np.quantile(z[here & observed], probes)
            everyone = np.quantile(z[here], probes)
            knots = np.maximum.accumulate(_PROBES + seen - everyone) + 1e-9 * np.arange(len(probes))
            column = column.stretched(cell, _extended(NODES, knots, _PROBES))
        return column

    def _spearman(self, batch: _Batch) -> Floats:
        """Return the Spearman correlations of the imposed pairs as the database would show them."""
        groups = {group.name: group for group in batch.groups}
        ranks: dict[str, Floats] = {}
        out = np.empty(len(self._pairs.imposed))
        for k, association in enumerate(self._pairs.imposed):
            names = association.a, association.b
            keep = np.ones(self._rows, dtype=np.bool_)
            for name, other in (names, names[::-1]):
                if name in groups:
                    if groups[name].condition is not None:
                        keep &= groups[name].eligible(batch.values, self._rows)
                elif name in batch.masks and not (
                    other in groups and name in groups[other].variables
                ):
                    keep &= ~batch.masks[name]
            whole = bool(keep.all())
            sides = []
            for name in names:
                if name in ranks and whole:
                    sides.append(ranks[name])
                    continue
                numbers = self._numbers(name, batch, groups)
                side = rankdata(numbers if whole else numbers[keep])
                side -= side.mean()
                side /= max(float(np.sqrt(side @ side)), 1e-12)
                if whole:
                    ranks[name] = side
                sides.append(side)
            out[k] = sides[0] @ sides[1]
        return out

    def _numbers(self, name: str, batch: _Batch, groups: dict[str, Group]) -> Floats:
        if name in groups:
            return (batch.scores[name] > groups[name].threshold).astype(np.float64)
        column = batch.values[name]
        return np.asarray(column.index if isinstance(column, Coded) else column, dtype=np.float64)


def _extended(at: Floats, knots: Floats, values: Floats) -> Floats:
    """Interpolate, going on with slope 1 beyond the outermost knots."""
    inside = np.interp(at, knots, values)
    return inside + np.minimum(at - knots[0], 0.0) + np.maximum(at - knots[-1], 0.0)
