"""Whether a cohort's rules can be met by drawing again: decided once, when it is compiled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_magic.errors import RuleError
from synth_magic.sampling.columns import Column, breaks
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.patients import correlate, realise
from synth_magic.sampling.streams import Purpose, stream
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import Rule

TRIALS = 4096
MOST = 0.5
"""A rule that a larger share breaks is refused."""
FEW = 0.01
"""A rule that a larger share breaks moves the marginals enough to be said."""


def try_rules(
    rules: Sequence[tuple[Rule, Expression]],
    columns: Sequence[Column],
    latents: Sequence[str],
    factor: Floats,
) -> list[str]:
    """Draw some patients, and return a note on each rule that many of them break.

    Raises RuleError for one that most of them break.
    """
    if not rules:
        return []
    normals = np.array([_stream(name, Purpose.LATENT).standard_normal(TRIALS) for name in latents])
    scores = dict(zip(latents, correlate(factor, normals), strict=True))
    values = realise(
        columns, scores, TRIALS, lambda name: _stream(name, Purpose.DIGITS).random(TRIALS)
    )
    notes = []
    for rule, expression in rules:
        share = float(breaks(expression, values, TRIALS).mean())
        if share > MOST:
            raise RuleError(
                f"the rule {rule.expression!r} is broken by {share:.0%} of the patients, too many "
                "to draw again: state it as a formula or a `by`, or correct the marginals"
            )
        if share > FEW:
            notes.append(
                f"the rule {rule.expression!r} is broken by {share:.1%} of the patients at first; "
                "drawing them again moves the marginals"
            )
    return notes


def _stream(name: str, purpose: Purpose) -> np.random.Generator:
    return stream(0, 0, name, purpose)
