"""From stated latent correlations to a whole correlation matrix.

Unstated pairs are not zero: the matrix is completed so that its determinant is largest, which
explains them by the stated ones (covariance selection: Dempster, Biometrics 28 (1972) 157-175;
Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., algorithm 17.1).
Where no correlation matrix has the stated values, they are moved as little as possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import Bools, Floats

SMALLEST_EIGENVALUE = 1e-4
_UNMOVED = 1e-4
_SETTLED = 1e-6
_RELAXED = 1.6


@dataclass(frozen=True, slots=True)
class Completed:
    """A correlation matrix, and whether stated values had to be moved for it."""

    matrix: Floats
    moved: bool


def complete(stated: Floats, known: Bools, weights: Floats | None = None) -> Completed:
    """Complete a partly stated correlation matrix.

    `stated` (p, p) is symmetric with a unit diagonal; entries where `known` is False are ignored.
    `weights` (p, p) say how hard each stated entry is held if they cannot all stand.
    """
    if not len(stated):
        return Completed(stated, moved=False)
    matrix = covariance_selection(np.where(known, stated, 0.0), known)
    if np.linalg.eigvalsh(matrix)[0] >= SMALLEST_EIGENVALUE:
        return Completed(matrix, moved=False)
    held = np.where(known, 1.0 if weights is None else weights, 0.0)
    near = nearest_correlation(stated, held)
    moved = bool(np.abs(near - stated)[known].max() > _UNMOVED)
    start = near if moved else np.where(known, stated, near)
    return Completed(_lifted(covariance_selection(start, known)), moved)


def _lifted(matrix: Floats) -> Floats:
    """Shrink all correlations by the little that keeps the smallest eigenvalue large enough."""
    lack = SMALLEST_EIGENVALUE - np.linalg.eigvalsh(matrix)[0]
    if lack <= 0:
        return matrix
    share = lack / (1 - SMALLEST_EIGENVALUE + lack)
    return np.asarray((1 - share) * matrix + share * np.eye(len(matrix)))


def covariance_selection(start: Floats, known: Bools) -> Floats:
    """Maximise the determinant over the unknown entries, the known ones held.

    One column at a time: its unknown entries become what its known neighbours predict.
    """
    matrix = np.where(np.eye(len(start), dtype=bool), 1.0, start)
    free = ~known & ~np.eye(len(start), dtype=bool)
    columns = np.flatnonzero(free.any(axis=0))
    for _ in range(200):
        change = 0.0
        for j in columns:
            unknown = np.flatnonzero(free[:, j])
            neighbours = np.flatnonzero(~free[:, j])
            neighbours = neighbours[neighbours != j]
            if len(neighbours) == 0:
                predicted = np.zeros(len(unknown))
            else:
                among = matrix[np.ix_(neighbours, neighbours)]
                weights = _solve(among, matrix[neighbours, j])
                predicted = np.clip(matrix[np.ix_(unknown, neighbours)] @ weights, -1.0, 1.0)
            change = max(change, float(np.abs(predicted - matrix[unknown, j]).max()))
            matrix[unknown, j] = matrix[j, unknown] = predicted
        if change < _SETTLED:
            break
    return matrix


def _solve(matrix: Floats, values: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, values))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, values, rcond=None)[0])


def nearest_correlation(target: Floats, weights: Floats) -> Floats:
    """Return the correlation matrix nearest to `target` in weighted least squares.

    Entries of weight 0 are free. The smallest eigenvalue is at least SMALLEST_EIGENVALUE.
    Alternating directions (ADMM: Boyd et al., Found. Trends Mach. Learn. 3 (2011) 1-122) between
    the weighted entries and the cone; the problem is Higham's (IMA J. Numer. Anal. 22 (2002)
    329-343) with weights for single entries and a bound on the eigenvalues.
    """
    size = len(target)
    diagonal = np.eye(size, dtype=bool)
    penalty = 1.0
    inside = np.where(weights > 0, target, 0.0)
    np.fill_diagonal(inside, 1.0)
    dual = np.zeros((size, size))
    for _ in range(2000):
        outside = (weights * target + penalty * (inside - dual)) / (weights + penalty)
        outside[diagonal] = 1.0
        relaxed = _RELAXED * outside + (1 - _RELAXED) * inside
        values, vectors = np.linalg.eigh(relaxed + dual)
        projected = (vectors * np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T
        dual += relaxed - projected
        step = np.abs(projected - inside).max()
        inside = projected
        if step < _SETTLED and np.abs(outside - inside).max() < _SETTLED:
            break
    scale = np.sqrt(np.diag(inside))
    return np.asarray(inside / np.outer(scale, scale))
