"""Spearman correlations of a pilot cohort as its database would show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.grid import Bools, Floats, Integers, probability
from synth_magic.sampling.missingness import Group
from synth_magic.spec.expressions import Coded


@dataclass(frozen=True, slots=True)
class Batch:
    """Normal scores, values, who lacks what, and the groups, of one draw of the pilot."""

    scores: Mapping[str, Floats]
    values: Mapping[str, Floats | Coded]
    masks: Mapping[str, Bools]
    groups: tuple[Group, ...]

    def ordinals(self, name: str) -> Integers:
        """Return each patient's value as its place among all values; of a group, 0 and 1."""
        for group in self.groups:
            if group.name == name:
                return (self.scores[name] > group.threshold).astype(np.intp)
        column = self.values[name]
        if isinstance(column, Coded):
            return column.index.astype(np.intp)
        return pd.factorize(column, sort=True)[0]

    def seen_together(self, a: str, b: str) -> Bools | None:
        """Return in whom two variables or groups count for their correlation."""
        seen = [mask for mask in (self.seen(a, b), self.seen(b, a)) if mask is not None]
        return np.logical_and.reduce(seen) if seen else None

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
    ordinals = cache(batch.ordinals)
    uniform = cache(lambda name: _standard(probability(batch.scores[name])))

    def ranks_in(keep: Bools | slice) -> Callable[[str], Floats]:
        return cache(lambda name: _standard(_ranks(ordinals(name)[keep])))

    out = np.zeros(len(pairs.imposed))
    for key, among in _by_patients(batch, pairs, np.flatnonzero(wanted)).items():
        ranks = ranks_in(np.frombuffer(key, dtype=np.bool_) if key else slice(None))
        for k in among:
            a, b = pairs.imposed[k].a, pairs.imposed[k].b
            exact = 6 / np.pi * np.arcsin(matrix[pairs.pairs[k]] / 2)
            error = _dot(uniform(a), uniform(b)) - exact
            out[k] = _dot(ranks(a), ranks(b)) - slopes[k] * np.pi / 3 * error
    return out


def _by_patients(batch: Batch, pairs: Dependence, wanted: Integers) -> dict[bytes, list[int]]:
    """Group pairs by the patients in whom they count, so that one ranking serves many pairs."""
    together: dict[bytes, list[int]] = {}
    for k in wanted:
        seen = batch.seen_together(pairs.imposed[k].a, pairs.imposed[k].b)
        together.setdefault(b"" if seen is None else seen.tobytes(), []).append(int(k))
    return together


def _ranks(ordinals: Integers) -> Floats:
    """Return mid-ranks by counting, which takes a fraction of what sorting would."""
    counts = np.bincount(ordinals)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[ordinals])


def _standard(values: Floats) -> Floats:
    centred = values - values.mean()
    return np.asarray(centred / max(np.sqrt(_dot(centred, centred)), 1e-12))


def _dot(x: Floats, y: Floats) -> float:
    """Return the inner product, without the threads of a linear algebra library."""
    return float(np.einsum("i,i->", x, y))
