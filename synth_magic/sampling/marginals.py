"""From the variables of a specification to compiled columns, before any calibration."""

from __future__ import annotations

from itertools import product

import numpy as np

from synth_magic.errors import SamplingError
from synth_magic.sampling.columns import CodedColumn, Column, FormulaColumn, NumericColumn, Parent
from synth_magic.sampling.grid import Floats, score
from synth_magic.sampling.numeric import solve
from synth_magic.sampling.recording import NumericCurve, Pieces, Recorded, Recording
from synth_magic.sampling.table import days_before
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import (
    CODED_TYPES,
    By,
    Cell,
    Formula,
    Shares,
    SimpleMarginal,
    Variable,
)

LARGEST_WHOLE = 2.0**53


def build_column(variable: Variable, spec: CohortSpec) -> tuple[Column, list[str]]:
    """Compile one variable; also return notes on stated figures that cannot be had.

    Raises SamplingError, naming the variable, where its figures contradict each other.
    """
    marginal = variable.marginal
    if isinstance(marginal, Formula):
        expression = Expression.parse(marginal.expression)
        decimals = variable.decimals if variable.type == "continuous" else 0
        return FormulaColumn(variable.name, expression, marginal.codes, decimals), []
    parents: tuple[Parent, ...] = ()
    if isinstance(marginal, By):
        parents = tuple(_parent(spec.variable(name), marginal, i)
                        for i, name in enumerate(marginal.parents))  # fmt: skip
        cells = _cells_in_order(marginal, parents)
    else:
        cells = [marginal]  # type: ignore[list-item]
    if variable.type in CODED_TYPES:
        return _coded(variable, cells, parents), []
    return _numeric(variable, cells, parents)


def _parent(variable: Variable, marginal: By, position: int) -> Parent:
    if variable.type in CODED_TYPES:
        return Parent(variable.name, codes=variable.codes)
    lows = {parse_interval(cell.levels[position])[0] for cell in marginal.cells}
    breaks = np.array(sorted(low for low in lows if np.isfinite(low)), dtype=np.float64)
    return Parent(variable.name, breaks=breaks + days_before(variable))


def _cells_in_order(marginal: By, parents: tuple[Parent, ...]) -> list[SimpleMarginal]:
    """Return the cells in the order of `cell_index`: over the last parent first."""

    def place(cell: Cell) -> tuple[float | int, ...]:
        return tuple(
            parse_interval(level)[0] if parent.breaks is not None else parent.codes.index(level)
            for parent, level in zip(parents, cell.levels, strict=True)
        )

    cells = sorted(marginal.cells, key=place)
    expected = len(list(product(*(range(parent.levels) for parent in parents))))
    assert len(cells) == expected
    return [cell.marginal for cell in cells]


def _coded(
    variable: Variable, cells: list[SimpleMarginal], parents: tuple[Parent, ...]
) -> CodedColumn:
    codes = variable.codes
    edges, recorded = [], []
    for cell in cells:
        assert isinstance(cell, Shares)
        cell_edges = share_edges(cell)
        edges.append(cell_edges)
        values = np.arange(len(codes), dtype=np.float64)
        recorded.append(Recorded.of((1.0, Pieces(cell_edges, values))))
    return CodedColumn(variable.name, codes, np.array(edges), tuple(recorded), parents)


def share_edges(shares: Shares) -> Floats:
    """Return the normal scores that part one code from the next."""
    total = np.cumsum([share.share for share in shares.shares])
    return score(np.clip(total[:-1] / total[-1], 0.0, 1.0))


def _numeric(
    variable: Variable, cells: list[SimpleMarginal], parents: tuple[Parent, ...]
) -> tuple[NumericColumn, list[str]]:
    recording = Recording.of(variable)
    solved: list[NumericCurve] = []
    for cell in cells:
        assert not isinstance(cell, Shares)
        try:
            solved.append(solve(cell, recording))
        except SamplingError as error:
            raise SamplingError(f"{variable.name}: {error}") from None
    tables = np.array([curve.nodes for curve in solved])
    if recording.whole and np.abs(tables).max() > LARGEST_WHOLE:
        raise SamplingError(
            f"{variable.name}: whole numbers up to {np.abs(tables).max():.3g} are beyond 2^53; "
            "make it continuous, or bound it"
        )
    column = NumericColumn(
        variable.name,
        tables,
        tuple(curve.recorded for curve in solved),
        tuple(curve.flats for curve in solved),
        recording.decimals,
        parents,
        variable.digit_preference,
        days_before(variable),
    )
    return column, [f"{variable.name}: {curve.note}" for curve in solved if curve.note]
