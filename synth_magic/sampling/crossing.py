"""How common the cells of a `by` are: measured on patients drawn from its parents alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from synth_magic.sampling.grid import Bools, Floats, score
from synth_magic.sampling.patients import correlate, realise
from synth_magic.sampling.sobol import LOG_ROWS, shifted_sobol
from synth_magic.sampling.structure import needs
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Coded
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import Association, Variable


def cell_shares(
    parents: Sequence[str],
    cells: Iterable[Sequence[str]],
    by_name: Mapping[str, Variable],
    associations: Iterable[Association],
) -> list[float]:
    """Return the share of patients in each cell, given as one level for each parent.

    Drawn are the parents and all that decides them, with what is associated among these.
    """
    from synth_magic.sampling.compiled import compile_cohort  # which settles facts by this

    names = _with_ancestors(parents, by_name)
    own = tuple(variable for name, variable in by_name.items() if name in names)
    among = tuple(pair for pair in associations if {pair.a, pair.b} <= names)
    compiled = compile_cohort(CohortSpec("", "", own, among))
    points = shifted_sobol(len(compiled.latents) + 1)
    rows = correlate(compiled.factor, score(points[1:]))
    scores = dict(zip(compiled.latents, rows, strict=True))
    values = realise(compiled.columns, scores, 2**LOG_ROWS, lambda _: points[0])
    return [
        float(
            np.logical_and.reduce(
                [_has(values[name], level) for name, level in zip(parents, levels, strict=True)]
            ).mean()
        )
        for levels in cells
    ]


def _with_ancestors(names: Iterable[str], by_name: Mapping[str, Variable]) -> set[str]:
    found: set[str] = set()
    for name in names:
        found |= {name, *_with_ancestors(needs(by_name[name]), by_name)}
    return found


def _has(values: Floats | Coded, level: str) -> Bools:
    if isinstance(values, Coded):
        return np.asarray(values.index == values.codes.index(level))
    low, high = parse_interval(level)
    return np.asarray((values >= low) & (values < high))
