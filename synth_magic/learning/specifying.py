"""From columns to a specification: variables, what they go with, and what is missing together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from synth_magic.learning.dependence import Observed, Ranked
from synth_magic.learning.formulas import cuts
from synth_magic.learning.missing import Gap, gaps
from synth_magic.learning.nominal import MOST_QUESTIONS, Questions, questions
from synth_magic.learning.table import Column
from synth_magic.learning.variables import variable
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Association, MissingGroup, Variable

MOST_RANKED = 240
"""Variables with ranks, hidden ones included: with more of them, fewer questions are put."""


def specification(columns: Sequence[Column], smallest: int) -> CohortSpec:
    """Return what the columns say; what it rests on is for the caller to add."""
    formulas = cuts(columns, smallest)
    asked = _questions(columns)
    variables: list[Variable] = []
    ranked: list[Ranked] = []

    def rank(column: Column, own: Variable) -> Variable:
        ranked.append(Ranked.of(own, column.values))
        return own

    for column in columns:
        own = variable(column, smallest)
        if column.name in formulas:
            own = replace(own, marginal=formulas[column.name], missing=0.0)
        elif column.name in asked:
            found = asked[column.name]
            variables += [rank(answer, _hidden(answer, smallest)) for answer in found.answers]
            if found.rest:
                variables.append(_hidden(found.rest, smallest))
            own = replace(own, marginal=found.formula)
        elif column.type != "identifier" and not column.nominal:
            rank(column, own)
        variables.append(own)
    lacking = [c for c in columns if c.type != "identifier" and c.name not in formulas]
    patterns = gaps(lacking, smallest)
    observed = Observed.of([*ranked, *(_as_ranked(pattern) for pattern in patterns)])
    telling = observed.notable()
    patterns = [gap for gap in patterns if gap.name in telling or len(gap.columns) > 1]
    names = {one.name for one in ranked} | telling
    siblings = [frozenset(answer.name for answer in found.answers) for found in asked.values()]
    together = observed.among(names).correlations(siblings)
    groups = tuple(MissingGroup(g.name, g.columns, float(g.rows.mean())) for g in patterns)
    associations = tuple(Association(a, b, value) for (a, b), value in together.items())
    return CohortSpec("", "", tuple(variables), associations, groups)


def _hidden(column: Column, smallest: int) -> Variable:
    return replace(variable(column, smallest), missing=0.0, hidden=True)


def _as_ranked(pattern: Gap) -> Ranked:
    """Return whether values are missing as a variable of its own."""
    values = pattern.rows.astype(np.float64)
    column = Column(pattern.name, "binary", values, ("present", "missing"))
    return Ranked.of(variable(column, smallest=1), values)


def _questions(columns: Sequence[Column]) -> Mapping[str, Questions]:
    nominal = [column for column in columns if column.nominal]
    room = MOST_RANKED - (len(columns) - len(nominal))
    most = max(1, min(MOST_QUESTIONS, room // max(len(nominal), 1)))
    taken = {column.name for column in columns}
    found = {column.name: questions(column, taken, most) for column in nominal}
    return {name: one for name, one in found.items() if one is not None}
