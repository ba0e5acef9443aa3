"""One batch of patients from independent normals: correlate, then compute column after column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from synth_magic.sampling.columns import Column, FormulaColumn, NumericColumn
from synth_magic.sampling.grid import Floats
from synth_magic.spec.expressions import Coded


def cholesky(matrix: Floats) -> Floats:
    """Return the lower factor, rounded so that it does not depend on the linear algebra library."""
    return np.round(np.linalg.cholesky(matrix), 12)


def correlate(factor: Floats, normals: Floats) -> Floats:
    """Turn independent normals (latents, rows) into correlated ones, in place.

    Row by row and element by element: unlike a matrix product, the result for one patient does not
    depend on how many others there are, or on threads.
    """
    scratch = np.empty(normals.shape[1])
    for i in range(len(factor) - 1, -1, -1):
        row = normals[i]
        row *= factor[i, i]
        for j in np.flatnonzero(factor[i, :i]):
            row += np.multiply(normals[j], factor[i, j], out=scratch)
    return normals


def realise(
    columns: Iterable[Column],
    scores: Mapping[str, Floats],
    rows: int,
    digits: Callable[[str], Floats],
) -> dict[str, Floats | Coded]:
    """Return the values of all columns, before any are missing.

    `columns` come in computing order; `digits(name)` gives the uniform numbers of a column with
    digit preference.
    """
    values: dict[str, Floats | Coded] = {}
    for column in columns:
        if isinstance(column, FormulaColumn):
            values[column.name] = column.compute(values, rows)
            continue
        uniform = None
        if isinstance(column, NumericColumn) and column.preference is not None:
            uniform = digits(column.name)
        values[column.name] = column.draw(scores[column.name], values, uniform)
    return values
