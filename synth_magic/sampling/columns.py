"""Compiled columns: how one variable follows from its normal scores and from other variables.

Values travel as they are recorded: numbers as float64 (dates as days since 1970-01-01), coded
variables as `Coded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from synth_magic.sampling.grid import CELLS, CELLS_PER_UNIT, NODES, REACH, Bools, Floats, Integers
from synth_magic.sampling.recording import Flat, Recorded, prefer_digits, to_decimals
from synth_magic.spec.expressions import Coded, Expression
from synth_magic.spec.marginal_rules import LARGEST
from synth_magic.spec.model import DigitPreference

Values: TypeAlias = Mapping[str, "Floats | Coded"]


@dataclass(frozen=True, slots=True)
class Parent:
    """One parent of a `by`: its codes in the order of the levels, or the breaks of its bins."""

    name: str
    codes: tuple[str, ...] = ()
    breaks: Floats | None = None

    @property
    def levels(self) -> int:
        """Number of levels."""
        return len(self.codes) if self.breaks is None else len(self.breaks) + 1

    def level(self, values: Values) -> Integers:
        """Return the level of each patient."""
        column = values[self.name]
        if self.breaks is not None:
            return np.searchsorted(self.breaks, np.asarray(column), side="right")
        assert isinstance(column, Coded)
        order = np.array([self.codes.index(code) for code in column.codes])
        return np.asarray(order[np.maximum(column.index, 0)])


def cell_index(parents: tuple[Parent, ...], values: Values) -> Integers:
    """Return the number of each patient's cell; cells run over the last parent first."""
    index = parents[0].level(values)
    for parent in parents[1:]:
        index = index * parent.levels + parent.level(values)
    return index


@dataclass(frozen=True, slots=True)
class NumericColumn:
    """A numeric variable: for each cell of its parents a table of values and its spikes."""

    name: str
    tables: Floats
    recorded: tuple[Recorded, ...]
    flats: tuple[tuple[Flat, ...], ...]
    decimals: int
    parents: tuple[Parent, ...] = ()
    preference: DigitPreference | None = None
    origin: float = 0.0

    def draw(self, z: Floats, values: Values, digits: Floats | None) -> Floats:
        """Return the recorded values at normal scores `z`.

        `digits` are uniform numbers that decide who is recorded to the nearest multiple.
        """
        cell = cell_index(self.parents, values) if self.parents else None
        x = self._look_up(z, cell)
        if self.decimals:
            x *= 10.0**self.decimals
        np.rint(x, out=x)
        if self.decimals:
            x /= 10.0**self.decimals
        if self.preference is not None:
            assert digits is not None
            first, last = self.tables[:, 0], self.tables[:, -1]
            bounds = (first[0], last[0]) if cell is None else (first[cell], last[cell])
            rounded = prefer_digits(x, self.preference, self.decimals, bounds)
            kept = np.isin(x, [flat.value for flats in self.flats for flat in flats])
            np.copyto(x, rounded, where=(digits < self.preference.share) & ~kept)
        for i, flats in enumerate(self.flats):
            for flat in flats:
                there = (z > flat.start) & (z < flat.stop)
                x[there if cell is None else there & (cell == i)] = flat.value
        x += self.origin  # which also turns -0.0 into 0.0
        return x

    def _look_up(self, z: Floats, cell: Integers | None) -> Floats:
        position = z + REACH
        position *= CELLS_PER_UNIT
        np.clip(position, 0.0, CELLS - 1e-6, out=position)
        index = position.astype(np.intp)
        position -= index
        if cell is not None:
            index += cell * (CELLS + 1)
        flat = self.tables.reshape(-1)
        low = flat.take(index)
        index += 1
        high = flat.take(index)
        high -= low
        high *= position
        high += low
        return high

    def stretched(self, cell: int, scores: Floats) -> NumericColumn:
        """Return the column with one cell read at `scores` in place of the nodes."""
        tables = self.tables.copy()
        tables[cell] = np.interp(scores, NODES, tables[cell])
        flats = tuple(
            Flat(
                float(np.interp(flat.start, scores, NODES)),
                float(np.interp(flat.stop, scores, NODES)),
                flat.value,
            )
            for flat in self.flats[cell]
        )
        return replace(
            self, tables=tables, flats=(*self.flats[:cell], flats, *self.flats[cell + 1 :])
        )


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """A coded variable: for each cell the normal scores that part one code from the next."""

    name: str
    codes: tuple[str, ...]
    edges: Floats
    recorded: tuple[Recorded, ...]
    parents: tuple[Parent, ...] = ()

    def draw(self, z: Floats, values: Values, digits: Floats | None) -> Coded:
        """Return the codes at normal scores `z`."""
        small = np.int8 if len(self.codes) < 128 else np.int32
        index: Integers = np.zeros(len(z), dtype=small)
        cell = cell_index(self.parents, values) if self.parents else None
        for column in self.edges.T:
            np.add(index, z > (column[0] if cell is None else column[cell]), out=index)
        return Coded(self.codes, index)

    def stretched(self, cell: int, scores: Floats) -> CodedColumn:
        """Return the column with one cell read at `scores` in place of the nodes."""
        edges = self.edges.copy()
        edges[cell] = np.interp(edges[cell], scores, NODES)
        return replace(self, edges=edges)


@dataclass(frozen=True, slots=True)
class FormulaColumn:
    """A variable computed from others; `codes` is empty for a numeric one."""

    name: str
    expression: Expression
    codes: tuple[str, ...]
    decimals: int

    def compute(self, values: Values, rows: int) -> Floats | Coded:
        """Return the results, NaN (or index -1) where there is none or an input has none.

        A number beyond what a specification may state is no result.
        """
        result = self.expression.evaluate(values)
        unknown = undecided(self.expression, values, rows)
        if self.codes:
            index = _code_index(result, self.codes, rows)
            return Coded(self.codes, np.where(unknown, -1, index))
        if isinstance(result, Coded):
            result = np.array([float(code) for code in result.codes])[result.index]
        numbers = np.broadcast_to(np.asarray(result, dtype=np.float64), rows)
        with np.errstate(invalid="ignore", over="ignore"):
            rounded = to_decimals(numbers, self.decimals)
            possible = np.abs(rounded) <= LARGEST
        return np.where(possible & ~unknown, rounded + 0.0, np.nan)


def _code_index(result: object, codes: tuple[str, ...], rows: int) -> Integers:
    if isinstance(result, Coded):
        order = np.array([codes.index(c) if c in codes else -1 for c in result.codes])
        return np.broadcast_to(order[result.index], rows)
    found = np.broadcast_to(np.asarray(result), rows)
    if found.dtype == np.bool_:
        return found.astype(np.int32)
    index = np.full(rows, -1, dtype=np.int32)
    for i, code in enumerate(codes):
        index[found == _number(code)] = i
    return index


def _number(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return float("nan")


LatentColumn: TypeAlias = NumericColumn | CodedColumn
Column: TypeAlias = LatentColumn | FormulaColumn


def selected(condition: Expression, values: Values, rows: int) -> Bools:
    """Return who meets a condition; what cannot be decided (NaN) is not met."""
    result = condition.evaluate(values)
    if isinstance(result, Coded):
        result = result.index > 0
    truth = np.asarray(result)
    if truth.dtype != np.bool_:
        truth = np.nan_to_num(truth, nan=0.0) != 0
    return np.broadcast_to(truth, rows)


def undecided(expression: Expression, values: Values, rows: int) -> Bools:
    """Return for whom an expression has an input without a value."""
    unknown = np.zeros(rows, dtype=np.bool_)
    for name in expression.names:
        column = values[name]
        unknown |= column.index < 0 if isinstance(column, Coded) else np.isnan(column)
    return unknown


def breaks(rule: Expression, values: Values, rows: int) -> Bools:
    """Return who breaks a rule; nobody of whom it cannot be decided does."""
    return ~(selected(rule, values, rows) | undecided(rule, values, rows))
