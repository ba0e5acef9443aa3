"""Stated beside achieved: which of the wishes in a specification came true in a frame."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from synth_magic.evaluation import sampling_error as se
from synth_magic.evaluation.columns import as_coded, as_numbers, as_values, by_cells, where
from synth_magic.sampling.columns import breaks
from synth_magic.sampling.compiled import CompiledCohort
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    By,
    Fact,
    MeanSD,
    MedianIQR,
    Quantiles,
    Shares,
    SimpleMarginal,
    Variable,
    Within,
)

Kind: TypeAlias = Literal["fact", "marginal", "missing", "association", "rule"]

TOLERANCE = 3.0
"""A figure is reached if it lies within this many standard errors of what was stated."""

_DIRECTIONS = ("rises", "falls")


@dataclass(frozen=True, slots=True)
class Check:
    """One stated figure beside the one achieved.

    `standard_error` is what chance alone does to such a figure at this number of patients, 0 where
    it does nothing. `of` says what the figure is ("mean", "share of yes", "Spearman with age"),
    `among` in which patients ("Arm = Placebo"), `quote` the words it was read from.
    """

    kind: Kind
    variable: str
    of: str
    stated: float
    achieved: float
    standard_error: float
    among: str = ""
    quote: str = ""

    @property
    def is_direction(self) -> bool:
        """Whether no size was stated: `stated` is 1 or -1, and a Spearman correlation achieved."""
        return self.of.startswith(_DIRECTIONS)

    @property
    def reached(self) -> bool:
        """Whether stated and achieved agree within chance."""
        if np.isnan(self.achieved):
            return False
        if self.of == "minimum":
            return self.achieved >= self.stated
        if self.of == "maximum":
            return self.achieved <= self.stated
        if self.is_direction:
            return bool(np.sign(self.achieved) == np.sign(self.stated))
        return abs(self.achieved - self.stated) <= TOLERANCE * self.standard_error + 1e-9


def check(cohort: CompiledCohort, frame: pd.DataFrame) -> tuple[Check, ...]:
    """Compare a frame with the specification it was drawn from.

    Facts come first, then marginals, missing shares and groups, associations and rules. What
    concerns a hidden variable is checked only in a frame that has its column.
    """
    parts = (_facts, _marginals, _missing, _groups, _associations, _rules)
    return tuple(one for part in parts for one in part(cohort, frame))


def _visible(cohort: CompiledCohort, frame: pd.DataFrame) -> list[Variable]:
    return [v for v in cohort.spec.variables if v.name in frame.columns]


# --- one figure ------------------------------------------------------------------------------

_WORDS = {"p25": "lower quartile", "p50": "median", "p75": "upper quartile", "sd": "SD",
          "min": "minimum", "max": "maximum"}  # fmt: skip


def _words(statistic: str) -> str:
    if statistic in _WORDS:
        return _WORDS[statistic]
    if statistic not in QUANTILE_LEVELS:
        return statistic
    return "1st percentile" if statistic == "p01" else f"{int(statistic[1:])}th percentile"


@dataclass(frozen=True, slots=True)
class _Column:
    """One variable, in all patients or among some."""

    kind: Kind
    variable: Variable
    values: pd.Series
    among: str = ""

    def statistic(self, name: str, stated: float) -> Check:
        values = as_numbers(self.values, self.variable)
        step = 10.0**-self.variable.decimals
        achieved, error = se.statistic(values[~np.isnan(values)], name, step)
        return self._check(_words(name), stated, achieved, error)

    def share(self, code: str, stated: float) -> Check:
        codes = as_coded(self.values, self.variable)
        known = codes.index[codes.index >= 0]
        achieved = float((known == codes.codes.index(code)).mean()) if len(known) else np.nan
        return self._check(f"share of {code}", stated, achieved, se.share(stated, len(known)))

    def missing(self, stated: float) -> Check:
        achieved = float(self.values.isna().mean())
        return self._check("missing", stated, achieved, se.share(stated, len(self.values)))

    def _check(self, of: str, stated: float, achieved: float, error: float) -> Check:
        return Check(self.kind, self.variable.name, of, stated, achieved, error, self.among)


# --- facts -----------------------------------------------------------------------------------


def _facts(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    by_name = {v.name: v for v in _visible(cohort, frame)}
    for fact in cohort.spec.facts:
        needed = {fact.variable, fact.other_variable} - {""}
        needed |= {fact.within.variable} if fact.within else set()
        if needed <= by_name.keys():
            yield _fact(fact, by_name, frame)


def _fact(fact: Fact, by_name: dict[str, Variable], frame: pd.DataFrame) -> Check:
    rows, among = frame, ""
    if fact.within is not None:
        rows, among = _within(fact.within, by_name, frame)
    column = _Column("fact", by_name[fact.variable], rows[fact.variable], among)
    if fact.statistic in ("spearman", "direction"):
        pair = by_name[fact.variable], by_name[fact.other_variable]
        found = _spearman("fact", pair, rows, fact.value)
        if fact.statistic == "direction":
            rises, falls = _DIRECTIONS
            word = rises if fact.value > 0 else falls
            found = replace(found, of=f"{word} with {fact.other_variable}")
    elif fact.statistic == "missing":
        found = column.missing(fact.value)
    elif fact.statistic == "share":
        found = column.share(fact.code, fact.value)
    else:
        found = column.statistic(fact.statistic, fact.value)
    return replace(found, among=among, quote=fact.quote)


def _within(
    within: Within, by_name: dict[str, Variable], frame: pd.DataFrame
) -> tuple[pd.DataFrame, str]:
    variable = by_name[within.variable]
    there = where(frame[within.variable], variable, within.code)
    return frame[there], f"{within.variable} = {within.code}"


# --- marginals -------------------------------------------------------------------------------


def _marginals(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    by_name = {v.name: v for v in cohort.spec.variables}
    for variable in _visible(cohort, frame):
        marginal = variable.marginal
        if isinstance(marginal, By):
            if set(marginal.parents) <= set(frame.columns):
                for among, rows, cell in by_cells(marginal, by_name, frame):
                    yield from _simple(
                        _Column("marginal", variable, rows[variable.name], among), cell
                    )
        elif isinstance(marginal, Quantiles | MeanSD | MedianIQR | Shares):
            yield from _simple(_Column("marginal", variable, frame[variable.name]), marginal)


_FIGURES: dict[type, tuple[str, ...]] = {
    MeanSD: ("mean", "sd"),
    MedianIQR: ("p25", "p50", "p75"),
    Quantiles: ("p05", "p25", "p50", "p75", "p95"),
}


def _simple(column: _Column, marginal: SimpleMarginal) -> Iterator[Check]:
    if isinstance(marginal, Shares):
        total = sum(share.share for share in marginal.shares)
        for share in marginal.shares:
            yield column.share(share.code, share.share / total)
        return
    for name in _FIGURES[type(marginal)]:
        yield column.statistic(name, getattr(marginal, name))


# --- missing values, associations, rules -----------------------------------------------------


def _missing(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    for variable in _visible(cohort, frame):
        if variable.missing > 0:
            yield _Column("missing", variable, frame[variable.name]).missing(variable.missing)


def _groups(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    """Check the share of patients in whom a whole group is missing, among those it is meant for.

    A group that others overlap, or whose condition needs a value that can be missing, cannot be
    told from the frame.
    """
    by_name = {v.name: v for v in _visible(cohort, frame)}
    in_groups = Counter(name for group in cohort.missingness.groups for name in group.variables)
    for group in cohort.missingness.groups:
        if max(in_groups[name] for name in group.variables) > 1:
            continue
        names = group.condition.names if group.condition else frozenset()
        members = [name for name in group.variables if name in by_name]
        if not members or not names <= by_name.keys() or frame[list(names)].isna().any(axis=None):
            continue
        values = {name: as_values(frame[name], by_name[name]) for name in names}
        gone = frame.loc[group.eligible(values, len(frame)), members].isna().all(axis=1)
        alone = math.prod(cohort.missingness.alone.get(name, 0.0) for name in members)
        among = group.condition.text if group.condition else ""
        stated = 1 - (1 - group.fraction) * (1 - alone)
        error = se.share(stated, len(gone))
        achieved = float(gone.mean())
        yield Check("missing", ", ".join(members), "missing", stated, achieved, error, among)


def _associations(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    by_name = {v.name: v for v in _visible(cohort, frame)}
    for association in cohort.spec.associations:
        if association.a in by_name and association.b in by_name:
            pair = by_name[association.a], by_name[association.b]
            yield _spearman("association", pair, frame, association.spearman)


def _spearman(
    kind: Kind, pair: tuple[Variable, Variable], frame: pd.DataFrame, stated: float
) -> Check:
    x, y = (as_numbers(frame[variable.name], variable) for variable in pair)
    both = ~(np.isnan(x) | np.isnan(y))
    achieved, error = se.spearman(x[both], y[both])
    of = f"Spearman with {pair[1].name}"
    return Check(kind, pair[0].name, of, stated, achieved, error)


def _rules(cohort: CompiledCohort, frame: pd.DataFrame) -> Iterator[Check]:
    by_name = {v.name: v for v in _visible(cohort, frame)}
    for rule, expression in cohort.rules:
        if not expression.names <= by_name.keys():
            continue
        values = {name: as_values(frame[name], by_name[name]) for name in expression.names}
        kept = 1.0 - float(breaks(expression, values, len(frame)).mean())
        yield Check("rule", rule.expression, "holds in", 1.0, kept, 0.0, quote=rule.reason)


def table(checks: tuple[Check, ...]) -> pd.DataFrame:
    """Return the checks as a frame, one a row.

    Of a direction no figure is stated, and the Spearman correlation is what was achieved.
    """
    return pd.DataFrame(
        {
            "kind": [c.kind for c in checks],
            "variable": [c.variable for c in checks],
            "figure": [f"{c.of} (Spearman)" if c.is_direction else c.of for c in checks],
            "among": [c.among for c in checks],
            "stated": [math.nan if c.is_direction else c.stated for c in checks],
            "achieved": [c.achieved for c in checks],
            "standard error": [c.standard_error for c in checks],
            "reached": [c.reached for c in checks],
            "quote": [c.quote for c in checks],
        }
    )
