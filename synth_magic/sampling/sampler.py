"""Draw patients from a compiled cohort, block by block."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_magic.sampling.columns import FormulaColumn, breaks
from synth_magic.sampling.compiled import CompiledCohort
from synth_magic.sampling.grid import Bools, Floats, Integers
from synth_magic.sampling.patients import correlate, realise
from synth_magic.sampling.streams import BLOCK, Purpose, stream
from synth_magic.sampling.table import ColumnBuilder
from synth_magic.spec.expressions import Coded
from synth_magic.spec.model import Identifier

TURNS = 20
"""How often the patients who break a rule are drawn again."""


def sample(
    cohort: CompiledCohort,
    rows: int,
    seed: int = 0,
    workers: int | None = None,
    *,
    hidden: bool = False,
) -> pd.DataFrame:
    """Draw `rows` patients; the same seed gives the same patients, whatever `rows` and `workers`.

    `hidden` keeps the columns of hidden variables.
    """
    shown = [v for v in cohort.spec.variables if hidden or not v.hidden]
    with_gaps = _with_gaps(cohort)
    builders = {v.name: ColumnBuilder(v, rows, gaps=v.name in with_gaps) for v in shown}
    drawn = [v.name for v in shown if not isinstance(v.marginal, Identifier)]

    def fill(number: int) -> None:
        start = number * BLOCK
        values, missing = _Block(cohort, seed, number).patients(min(BLOCK, rows - start))
        for name in drawn:
            builders[name].write(start, values[name], missing.get(name))

    blocks = range(-(-rows // BLOCK))
    with ThreadPoolExecutor(min(len(blocks), workers or os.cpu_count() or 1)) as pool:
        list(pool.map(fill, blocks))
    data = {name: builder.finish() for name, builder in builders.items()}
    return pd.DataFrame(data, copy=False)


def _with_gaps(cohort: CompiledCohort) -> set[str]:
    """Return the variables that can lack values: missing ones, and formulas without a result."""
    names = set(cohort.missingness.alone)
    names.update(name for group in cohort.missingness.groups for name in group.variables)
    names.update(column.name for column in cohort.columns if isinstance(column, FormulaColumn))
    return names


@dataclass(frozen=True, slots=True)
class _Block:
    """The patients of one block, each column from its own stream."""

    cohort: CompiledCohort
    seed: int
    number: int

    def patients(self, rows: int) -> tuple[dict[str, Floats | Coded], dict[str, Bools]]:
        """Return the values of the first `rows` patients, and who lacks which."""
        scores, values = self._draw(rows, turn=0)
        self._redraw_rule_breakers(scores, values, rows)
        uniform = self._uniform(Purpose.MISSING, rows, turn=0)
        return values, self.cohort.missingness.masks(scores, values, rows, uniform)

    def _draw(self, rows: int, turn: int) -> tuple[dict[str, Floats], dict[str, Floats | Coded]]:
        names = self.cohort.latents
        normals = np.empty((len(names), rows))
        for name, row in zip(names, normals, strict=True):
            stream(self.seed, self.number, name, Purpose.LATENT, turn).standard_normal(out=row)
        scores = dict(zip(names, correlate(self.cohort.factor, normals), strict=True))
        digits = self._uniform(Purpose.DIGITS, rows, turn)
        return scores, realise(self.cohort.columns, scores, rows, digits)

    def _uniform(self, purpose: Purpose, rows: int, turn: int) -> Callable[[str], Floats]:
        return lambda name: stream(self.seed, self.number, name, purpose, turn).random(rows)

    def _redraw_rule_breakers(
        self, scores: dict[str, Floats], values: dict[str, Floats | Coded], rows: int
    ) -> None:
        """Draw those who break a rule again, in place; after the last turn some may still do."""
        wrong = np.flatnonzero(self._breaks(values, rows))
        for turn in range(1, TURNS + 1):
            if len(wrong) == 0:
                return
            new_scores, new_values = self._draw(len(wrong), turn)
            for name, row in new_scores.items():
                scores[name][wrong] = row
            for name, column in new_values.items():
                values[name] = _replaced(values[name], wrong, column)
            wrong = wrong[self._breaks(new_values, len(wrong))]

    def _breaks(self, values: dict[str, Floats | Coded], rows: int) -> Bools:
        broken = np.zeros(rows, dtype=np.bool_)
        for _, expression in self.cohort.rules:
            broken |= breaks(expression, values, rows)
        return broken


def _replaced(old: Floats | Coded, rows: Integers, new: Floats | Coded) -> Floats | Coded:
    if isinstance(old, Coded):
        assert isinstance(new, Coded)
        index = np.array(old.index)
        index[rows] = new.index
        return Coded(old.codes, index)
    assert not isinstance(new, Coded)
    changed = np.array(old, dtype=np.float64)
    changed[rows] = new
    return changed
