"""Spearman correlations of a pilot cohort as its database would show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.grid import Bools, Floats, probability
from synth_magic.sampling.missingness import Group
from synth_magic.spec.expressions import Coded


@dataclass(frozen=True, slots=True)
class Batch:
    """Normal scores, values, who lacks what, and the groups, of one draw of the pilot."""

    scores: Mapping[str, Floats]
    values: Mapping[str, Floats | Coded]
    masks: Mapping[str, Bools]
    groups: tuple[Group, ...]

    def numbers(self, name: str) -> Floats:
        """Return a variable as numbers, or a missing group as 0 and 1."""
        for group in self.groups:
            if group.name == name:
                return (self.scores[name] > group.threshold).astype(np.float64)
        column = self.values[name]
        return np.asarray(column.index if isinstance(column, Coded) else column, dtype=np.float64)

    def seen(self, name: str, other: str) -> Bools | None:
        """Return in whom `name` counts for its correlation with `other`; None for everybody.

        A group counts in those it is meant for. A variable counts where it is recorded; with
        the group that it is itself missing with, everywhere: its value as it would have been.
        """
        for group in self.groups:
            if group.name == name:
                if group.condition is None:
                    return None
                return group.eligible(self.values, len(self.scores[name]))
            if group.name == other and name in group.variables:
                return None
        mask = self.masks.get(name)
        return None if mask is None else ~mask


def pooled_spearman(
    batch: Batch, pairs: Dependence, matrix: Floats, slopes: Floats, wanted: Bools
) -> Floats:
    """Return the Spearman correlations of the wanted pairs; 0 for the others.

    The error that the pilot's finite number of patients makes in the correlation of the normals'
    ranks, which is known exactly, is taken off (a control variate).
    """
    ranks: dict[str, Floats] = {}
    uniforms: dict[str, Floats] = {}
    out = np.zeros(len(pairs.imposed))
    for k in np.flatnonzero(wanted):
        a, b = pairs.imposed[k].a, pairs.imposed[k].b
        seen = [mask for mask in (batch.seen(a, b), batch.seen(b, a)) if mask is not None]
        if seen:
            keep = np.logical_and.reduce(seen)
            x, y = (_standard(_ranks(batch.numbers(name)[keep])) for name in (a, b))
        else:
            for name in (a, b):
                if name not in ranks:
                    ranks[name] = _standard(_ranks(batch.numbers(name)))
            x, y = ranks[a], ranks[b]
        for name in (a, b):
            if name not in uniforms:
                uniforms[name] = _standard(probability(batch.scores[name]))
        exact = 6 / np.pi * np.arcsin(matrix[pairs.pairs[k]] / 2)
        error = _dot(uniforms[a], uniforms[b]) - exact
        out[k] = _dot(x, y) - slopes[k] * np.pi / 3 * error
    return out


def _ranks(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank())


def _standard(values: Floats) -> Floats:
    centred = values - values.mean()
    return np.asarray(centred / max(np.sqrt(_dot(centred, centred)), 1e-12))


def _dot(x: Floats, y: Floats) -> float:
    """Return the inner product, without the threads of a linear algebra library."""
    return float(np.einsum("i,i->", x, y))
