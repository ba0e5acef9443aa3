"""A few patients drawn when a cohort is compiled, to see whether what was asked for can be met.

Decided once, so that the answer does not depend on how many patients are asked for later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from synth_magic.errors import RuleError, SamplingError
from synth_magic.sampling.columns import Column, FormulaColumn, Values, breaks
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.missingness import Group
from synth_magic.sampling.patients import correlate, realise
from synth_magic.sampling.streams import Purpose, stream
from synth_magic.spec.expressions import Coded, Expression
from synth_magic.spec.model import Rule

TRIALS = 4096
MOST = 0.5
"""A rule that a larger share breaks is refused."""
FEW = 0.01
"""A rule that a larger share breaks moves the marginals enough to be said."""

Rules = Sequence[tuple[Rule, Expression]]


def try_out(
    columns: Sequence[Column],
    latents: Sequence[str],
    factor: Floats,
    rules: Rules,
    groups: Sequence[Group],
) -> list[str]:
    """Draw some patients and return notes on formulas, rules and conditions that hardly work.

    `factor` is the Cholesky factor of the `latents`. Raises RuleError for a rule that most patients
    break, SamplingError for a formula that has a result in none.
    """
    if not (rules or groups or any(isinstance(column, FormulaColumn) for column in columns)):
        return []
    normals = np.array([_stream(name, Purpose.LATENT).standard_normal(TRIALS) for name in latents])
    scores = dict(zip(latents, correlate(factor, normals), strict=True))
    values = realise(
        columns, scores, TRIALS, lambda name: _stream(name, Purpose.DIGITS).random(TRIALS)
    )
    return [
        *_formula_notes(columns, values),
        *_rule_notes(rules, values),
        *_group_notes(groups, values),
    ]


def _formula_notes(columns: Sequence[Column], values: Values) -> Iterator[str]:
    for column in columns:
        if isinstance(column, FormulaColumn):
            found = values[column.name]
            empty = found.index < 0 if isinstance(found, Coded) else np.isnan(found)
            share = float(empty.mean())
            if share == 1:
                raise SamplingError(
                    f"{column.name}: the formula {column.expression.text!r} has a result in no "
                    "patient; look for a division by zero, a logarithm of a negative number or a "
                    "number too large"
                )
            if share > 0:
                yield f"{column.name}: the formula has no result in {share:.1%} of the patients"


def _rule_notes(rules: Rules, values: Values) -> Iterator[str]:
    for rule, expression in rules:
        share = float(breaks(expression, values, TRIALS).mean())
        if share > MOST:
            raise RuleError(
                f"the rule {rule.expression!r} is broken by {share:.0%} of the patients, too many "
                "to draw again: state it as a formula or a `by`, or correct the marginals",
                rule.expression,
            )
        if share > FEW:
            yield (
                f"the rule {rule.expression!r} is broken by {share:.1%} of the patients at first; "
                "drawing them again moves the marginals"
            )


def _group_notes(groups: Sequence[Group], values: Values) -> Iterator[str]:
    for group in groups:
        if group.condition is not None and not group.eligible(values, TRIALS).any():
            yield f"{group.name}: no patient meets the condition {group.condition.text!r}"


def _stream(name: str, purpose: Purpose) -> np.random.Generator:
    return stream(0, 0, name, purpose)
