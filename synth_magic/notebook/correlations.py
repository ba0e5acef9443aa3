"""Spearman correlations of patients, beside those that their specification states or implies."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from synth_magic.evaluation.checks import Check
from synth_magic.evaluation.columns import as_numbers
from synth_magic.sampling import sample
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.sampling.lately import keep

if TYPE_CHECKING:
    from synth_magic.notebook.pages.view import View
    from synth_magic.sampling import CompiledCohort
    from synth_magic.spec import Association, CohortSpec, Variable

IMPLIED_ROWS = 2**14
"""Patients drawn to see what a specification implies: a standard error of 0.008 at most."""

_SEED = 2**62  # nobody's own: the patients that are compared would agree with themselves
_FEWEST = 4
_VALUES = 4_000_000
"""Values of pairs that are ranked at most where values are missing: each pair anew, a quarter of a
second in all."""

Pair = frozenset[str]
_lately: dict[tuple[int, tuple[str, ...]], tuple[CompiledCohort, Floats]] = {}


@dataclass(frozen=True, slots=True)
class Maps:
    """Correlations (variables, variables) of some patients, and those of their specification.

    `stated` says which of the specified ones are stated; the others follow from all that is. NaN
    where there is no correlation: a variable with itself, or with one value only. `rows` is the
    number of patients that were looked at.
    """

    variables: tuple[Variable, ...]
    achieved: Floats
    specified: Floats
    stated: Bools
    rows: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A stated correlation, the one achieved, and the one that can be had beside all else."""

    pair: tuple[str, str]
    check: Check
    within_reach: float

    @property
    def errors(self) -> float:
        """The difference in standard errors; less than any where nothing was achieved."""
        if np.isnan(self.check.achieved):
            return -1.0
        distance = abs(self.check.achieved - self.check.stated)
        error = self.check.standard_error
        return distance / error if error else distance * np.inf if distance else 0.0


def ranked(spec: CohortSpec, columns: Container[str]) -> tuple[Variable, ...]:
    """Return the columns whose values have an order: not identifiers, not categorical ones."""
    unordered = ("identifier", "categorical")
    return tuple(v for v in spec.variables if v.name in columns and v.type not in unordered)


def strongest(
    variables: Sequence[Variable], associations: Sequence[Association], most: int
) -> tuple[Variable, ...]:
    """Return the variables in the strongest stated associations, in the order of the table."""
    by_strength = sorted(associations, key=lambda a: -abs(a.spearman))
    names = {variable.name for variable in variables}
    mentioned = [name for a in by_strength for name in (a.a, a.b) if name in names]
    in_turn = dict.fromkeys([*mentioned, *(variable.name for variable in variables)])
    chosen = set(islice(in_turn, most))
    return tuple(variable for variable in variables if variable.name in chosen)


def maps(compiled: CompiledCohort, patients: pd.DataFrame, variables: tuple[Variable, ...]) -> Maps:
    """Compare the correlations of patients with those that their specification gives."""
    achieved, rows = spearman(patients, variables)
    specified = np.array(implied(compiled, variables))
    stated = np.zeros_like(specified, dtype=np.bool_)
    place = {variable.name: i for i, variable in enumerate(variables)}
    for association in compiled.spec.associations:
        if association.a in place and association.b in place:
            i, j = place[association.a], place[association.b]
            specified[[i, j], [j, i]] = association.spearman
            stated[[i, j], [j, i]] = True
    return Maps(variables, achieved, specified, stated, rows)


def spearman(patients: pd.DataFrame, variables: Sequence[Variable]) -> tuple[Floats, int]:
    """Return the Spearman correlations of the patients who have both values, and of how many.

    Where values are missing each pair has ranks of its own: many variables are then compared on
    the first patients only.
    """
    numbers = pd.DataFrame({v.name: as_numbers(patients[v.name], v) for v in variables})
    if numbers.isna().any(axis=None):
        pairs = len(variables) * (len(variables) - 1) // 2
        numbers = numbers.head(_VALUES // max(pairs, 1))
    found = numbers.corr(method="spearman", min_periods=_FEWEST).to_numpy(copy=True)
    np.fill_diagonal(found, np.nan)
    return found, len(numbers)


def implied(compiled: CompiledCohort, variables: tuple[Variable, ...]) -> Floats:
    """Return the correlations that one large draw shows, worked out once for a specification."""
    key = id(compiled), tuple(variable.name for variable in variables)
    known = _lately.get(key)
    if known is None:  # what is kept holds the cohort too, so that no other takes its id
        patients = sample(compiled, IMPLIED_ROWS, _SEED, hidden=True)
        known = compiled, spearman(patients, variables)[0]
        keep(_lately, key, known)
    return known[1]


def differences(view: View) -> list[Difference]:
    """Return the stated correlations of the columns, those furthest from achieved first."""
    compiled = view.cohort.compiled
    checks = {(c.variable, c.of): c for c in view.checks if c.kind == "association"}
    reached = {(target.a, target.b): target.compiled for target in compiled.targets}
    found = [
        Difference((a.a, a.b), check, reached.get((a.a, a.b), a.spearman))
        for a in compiled.spec.associations
        if (check := checks.get((a.a, f"Spearman with {a.b}")))
    ]
    return sorted(found, key=lambda difference: -difference.errors)


def restated(before: CohortSpec, after: CohortSpec) -> Iterator[str]:
    """Say which stated correlations differ between two versions."""
    old, new = stated_pairs(before), stated_pairs(after)
    for pair in old | new:
        if old.get(pair) != new.get(pair):
            a, b = sorted(pair)
            was = f"{old[pair]:.2f}" if pair in old else "not stated"
            now = f"{new[pair]:.2f}" if pair in new else "not stated"
            yield f"{a} – {b} {was} → {now}"


def stated_pairs(spec: CohortSpec) -> dict[Pair, float]:
    """Return the stated correlations of a specification."""
    return {frozenset((a.a, a.b)): a.spearman for a in spec.associations}


def strongest_pair(found: Maps) -> tuple[str, str] | None:
    """Return the pair with the strongest stated correlation, else the strongest achieved."""
    for values in (np.where(found.stated, found.specified, np.nan), found.achieved):
        sizes = np.nan_to_num(np.abs(values), nan=-1.0)
        if sizes.size and sizes.max() >= 0:
            i, j = np.unravel_index(int(sizes.argmax()), sizes.shape)
            return found.variables[i].name, found.variables[j].name
    return None


def figure(correlation: float) -> str:
    """Return a correlation in words."""
    return f"{correlation:z.2f}".replace("-", "−")
