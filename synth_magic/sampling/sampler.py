"""Draw patients from a compiled cohort, block by block."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from synth_magic.sampling.columns import FormulaColumn, breaks
from synth_magic.sampling.compiled import CompiledCohort
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.sampling.patients import correlate, realise
from synth_magic.sampling.streams import BLOCK, Purpose, stream
from synth_magic.sampling.table import ColumnBuilder
from synth_magic.spec.expressions import Coded
from synth_magic.spec.model import Identifier

TURNS = 20
"""How often the patients who break a rule are drawn again."""


class _Batch:
    """One block's patients on the way to the frame."""

    def __init__(self, cohort: CompiledCohort, seed: int, block: int, rows: int) -> None:
        self._cohort, self._seed, self._block, self._rows = cohort, seed, block, rows
        self.scores, self.values = self._draw(rows, turn=0)
        self._redraw_rule_breakers()
        self.missing = cohort.missingness.masks(
            self.scores, self.values, rows, self._uniform(Purpose.MISSING, rows, 0)
        )

    def _uniform(self, purpose: Purpose, rows: int, turn: int) -> Callable[[str], Floats]:
        return lambda name: stream(self._seed, self._block, name, purpose, turn).random(rows)

    def _draw(self, rows: int, turn: int) -> tuple[dict[str, Floats], dict[str, Floats | Coded]]:
        names = self._cohort.latents
        normals = np.empty((len(names), rows))
        for name, row in zip(names, normals, strict=True):
            stream(self._seed, self._block, name, Purpose.LATENT, turn).standard_normal(out=row)
        correlate(self._cohort.factor, normals)
        scores = dict(zip(names, normals, strict=True))
        digits = self._uniform(Purpose.DIGITS, rows, turn)
        return scores, realise(self._cohort.columns, scores, rows, digits)

    def _redraw_rule_breakers(self) -> None:
        if not self._cohort.rules:
            return
        wrong = np.flatnonzero(self._breaks(self.values, self._rows))
        for turn in range(1, TURNS + 1):
            if len(wrong) == 0:
                return
            scores, values = self._draw(len(wrong), turn)
            for name, row in scores.items():
                self.scores[name][wrong] = row
            for name, column in values.items():
                _put(self.values, name, wrong, column)
            wrong = wrong[self._breaks(values, len(wrong))]

    def _breaks(self, values: dict[str, Floats | Coded], rows: int) -> Bools:
        broken = np.zeros(rows, dtype=np.bool_)
        for _, expression in self._cohort.rules:
            broken |= breaks(expression, values, rows)
        return broken


def _put(
    values: dict[str, Floats | Coded], name: str, rows: np.ndarray, drawn: Floats | Coded
) -> None:
    old = values[name]
    if isinstance(old, Coded) and isinstance(drawn, Coded):
        index = np.array(old.index)
        index[rows] = drawn.index
        values[name] = Coded(old.codes, index)
    elif not isinstance(drawn, Coded):
        changed: Floats = np.array(old)
        changed[rows] = drawn
        values[name] = changed


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
    spec = cohort.spec
    missing = cohort.missingness
    computed = {column.name for column in cohort.columns if isinstance(column, FormulaColumn)}
    lacking = set(missing.alone) | computed
    lacking.update(name for group in missing.groups for name in group.variables)
    builders = {
        v.name: ColumnBuilder(v, rows, gaps=v.name in lacking)
        for v in spec.variables
        if hidden or not v.hidden
    }
    drawn = [
        (name, builder)
        for name, builder in builders.items()
        if not isinstance(builder.variable.marginal, Identifier)
    ]

    def fill(block: int) -> None:
        start = block * BLOCK
        batch = _Batch(cohort, seed, block, min(BLOCK, rows - start))
        for name, builder in drawn:
            builder.write(start, batch.values[name], batch.missing.get(name))

    blocks = range(-(-rows // BLOCK))
    threads = min(len(blocks), workers or os.cpu_count() or 1)
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, blocks))
    else:
        for block in blocks:
            fill(block)
    data = {name: builder.finish() for name, builder in builders.items()}
    return pd.DataFrame(data, copy=False)
