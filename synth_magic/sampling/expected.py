"""What a specification says of each variable as it is recorded, without the chance of a sample.

In closed form for a variable with a marginal of its own, and for one that differs by a single
other: the mixture over its cells. What follows from no closed form is measured on one large draw,
the same each time: formulas, the weights of the cells of two parents, what is missing in some
patients only, and every variable where a rule excludes patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synth_magic.sampling.columns import (
    Column,
    FormulaColumn,
    LatentColumn,
    NumericColumn,
    Parent,
    breaks,
    cell_index,
)
from synth_magic.sampling.compiled import CompiledCohort
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.sampling.lately import keep
from synth_magic.sampling.missingness import Missingness
from synth_magic.sampling.patients import cholesky, correlate, realise
from synth_magic.sampling.structure import needs
from synth_magic.spec.expressions import Coded

ROWS = 2**16
"""Patients of the large draw."""

_BITES = 1e-3
"""Rules that a smaller share breaks leave the marginals as they are stated."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A distribution: the values that can be recorded, rising, and the probability of each.

    `values` are places in `codes` for a coded variable, days since 1970-01-01 for a date.
    `missing` is the share of patients without a value.
    """

    values: Floats
    mass: Floats
    missing: float
    codes: tuple[str, ...] = ()

    def below(self, edges: Floats) -> Floats:
        """Return the probability of a value below each of the edges."""
        reached = np.concatenate([[0.0], np.cumsum(self.mass)])
        return np.asarray(reached[np.searchsorted(self.values, edges)])

    def quantile(self, level: float) -> float:
        """Return the smallest value that at least the share `level` does not exceed."""
        if not len(self.values):
            return float("nan")
        place = int(np.searchsorted(np.cumsum(self.mass), level - 1e-9))
        return float(self.values[min(place, len(self.values) - 1)])

    @property
    def shares(self) -> Floats:
        """The probability of each code."""
        places = self.values.astype(np.intp)
        return np.asarray(np.bincount(places, self.mass, minlength=len(self.codes)))

    @property
    def outcomes(self) -> Floats | Coded:
        """The values as columns hold them."""
        return Coded(self.codes, self.values.astype(np.intp)) if self.codes else self.values


Expectations = Mapping[str, Expected]

_lately: dict[int, tuple[CompiledCohort, Expectations]] = {}


def expected(compiled: CompiledCohort, name: str) -> Expected:
    """Return the distribution that the specification gives a variable, as it is recorded.

    In closed form, or from one large draw with a fixed seed: formulas, the weights of two parents'
    cells, what is missing in some patients only, and everything where a rule excludes patients.
    """
    return expectations(compiled)[name]


def expectations(compiled: CompiledCohort) -> Expectations:
    """Return the distributions of all variables but identifiers, worked out once."""
    known = _lately.get(id(compiled))
    if known is None:  # what is kept holds the cohort too, so that no other takes its id
        known = compiled, _Work(compiled).expectations()
        keep(_lately, id(compiled), known)
    return known[1]


@dataclass(frozen=True, slots=True)
class _Draw:
    """Patients: their values, who lacks which, and who remains when the rules are kept."""

    values: Mapping[str, Floats | Coded]
    missing: Mapping[str, Bools]
    kept: Bools

    def recorded(self, name: str) -> Bools:
        """Return whose value is recorded; of a formula without a result there is none."""
        column = self.values[name]
        there = column.index >= 0 if isinstance(column, Coded) else ~np.isnan(column)
        gone = self.missing.get(name)
        return self.kept & there if gone is None else self.kept & there & ~gone

    def lacking(self, name: str) -> float:
        """Return the share of patients without a value."""
        return 1.0 - float(self.recorded(name).sum() / max(self.kept.sum(), 1))


class _Work:
    def __init__(self, compiled: CompiledCohort) -> None:
        self._compiled = compiled
        self._columns = {column.name: column for column in compiled.columns}
        self._needs = {v.name: needs(v) for v in compiled.spec.variables}
        self._groups = compiled.missingness.groups
        self._grouped = [name for group in self._groups for name in group.variables]

    def expectations(self) -> dict[str, Expected]:
        if self._rules_bite():
            draw = self._draw(self._columns)
            return {name: _measured(draw, column) for name, column in self._columns.items()}
        found: dict[str, Expected] = {}
        for name, column in self._columns.items():
            if self._is_closed(column, found):
                found[name] = self._closed(column, found)
        rest = self._columns.keys() - found.keys()
        if rest:
            draw = self._draw(rest)
            found |= {name: _from_draw(draw, self._columns[name]) for name in rest}
        return found

    def _is_closed(self, column: Column, found: Expectations) -> bool:
        if isinstance(column, FormulaColumn):
            return False
        if column.parents:
            names = {column.name, *(parent.name for parent in column.parents)}
            alone = len(column.parents) == 1 and names.isdisjoint(self._grouped)
            return alone and column.parents[0].name in found
        return not any(
            group.condition or self._grouped.count(column.name) > 1
            for group in self._groups
            if column.name in group.variables
        )

    def _closed(self, column: Column, found: Expectations) -> Expected:
        assert not isinstance(column, FormulaColumn)
        weights = np.ones(1)
        if column.parents:
            (parent,) = column.parents
            weights = _weights(parent, found[parent.name])
        recorded = 1.0 - self._compiled.missingness.alone.get(column.name, 0.0)
        for group in self._groups:
            if column.name in group.variables:
                recorded *= 1.0 - group.fraction
        return _mixture(column, weights, 1.0 - recorded)

    def _rules_bite(self) -> bool:
        if not self._compiled.rules:
            return False
        named = {name for _, rule in self._compiled.rules for name in rule.names}
        return float((~self._draw(named).kept).mean()) > _BITES

    def _draw(self, wanted: Iterable[str]) -> _Draw:
        """Draw these variables with all that decides them and whether they are missing."""
        names = self._with_deciding(wanted)
        groups = tuple(g for g in self._groups if not names.isdisjoint(g.variables))
        latents = [*names, *(group.name for group in groups)]
        rows = np.array([name in latents for name in self._compiled.latents], dtype=np.bool_)
        factor = self._compiled.factor[rows]
        factor = cholesky(factor @ factor.T)
        random = np.random.default_rng(0)
        normals = correlate(factor, random.standard_normal((len(factor), ROWS)))
        ordered = [name for name, there in zip(self._compiled.latents, rows, strict=True) if there]
        scores = dict(zip(ordered, normals, strict=True))
        columns = [column for name, column in self._columns.items() if name in names]
        values = realise(columns, scores, ROWS, lambda _: random.random(ROWS))
        missing = self._missingness(names).masks(
            scores, values, ROWS, lambda _: random.random(ROWS)
        )
        kept = np.ones(ROWS, dtype=np.bool_)
        for _, rule in self._compiled.rules:
            if rule.names <= names:
                kept &= ~breaks(rule, values, ROWS)
        return _Draw(values, missing, kept)

    def _missingness(self, names: set[str]) -> Missingness:
        whole = self._compiled.missingness
        return replace(
            whole,
            groups=tuple(g for g in whole.groups if not names.isdisjoint(g.variables)),
            alone={name: share for name, share in whole.alone.items() if name in names},
            inputs={name: needed for name, needed in whole.inputs.items() if name in names},
        )

    def _with_deciding(self, wanted: Iterable[str]) -> set[str]:
        found: set[str] = set()
        open_ = list(wanted)
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                open_ += self._needs[name]
                for group in self._groups:
                    if name in group.variables and group.condition is not None:
                        open_ += group.condition.names
        return found


def _weights(parent: Parent, of: Expected) -> Floats:
    levels = parent.level({parent.name: of.outcomes})
    return np.asarray(np.bincount(levels, of.mass, minlength=parent.levels))


def _mixture(column: LatentColumn, weights: Floats, missing: float) -> Expected:
    """Return what is recorded in all cells together."""
    origin = column.origin if isinstance(column, NumericColumn) else 0.0
    codes = () if isinstance(column, NumericColumn) else column.codes
    everything = np.concatenate([cell.values for cell in column.recorded])
    values, where = np.unique(everything, return_inverse=True)
    parts = zip(weights, column.recorded, strict=True)
    weighted = np.concatenate([weight * cell.mass for weight, cell in parts])
    mass: Floats = np.bincount(where, weighted).astype(np.float64)
    return Expected(values + origin, mass, missing, codes)


def _from_draw(draw: _Draw, column: Column) -> Expected:
    """Return what a draw shows of a formula, or the cells with the weights that they have in it."""
    if isinstance(column, FormulaColumn):
        return _measured(draw, column)
    weights = np.ones(1)
    if column.parents:
        cells = cell_index(column.parents, draw.values)
        there = draw.recorded(column.name)
        among = cells[there] if there.any() else cells
        weights = np.bincount(among, minlength=len(column.recorded)) / len(among)
    return _mixture(column, weights, draw.lacking(column.name))


def _measured(draw: _Draw, column: Column) -> Expected:
    drawn = draw.values[column.name]
    there = draw.recorded(column.name)
    codes = drawn.codes if isinstance(drawn, Coded) else ()
    known = drawn.index[there] if isinstance(drawn, Coded) else drawn[there]
    values, counts = np.unique(np.asarray(known, dtype=np.float64), return_counts=True)
    return Expected(values, counts / max(counts.sum(), 1), draw.lacking(column.name), codes)
