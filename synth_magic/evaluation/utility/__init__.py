"""Whether synthetic patients lead to what real ones lead to."""

from __future__ import annotations

from collections.abc import Iterator

from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Tables
from synth_magic.evaluation.utility import coefficients, prediction
from synth_magic.evaluation.utility.target import outcome

__all__ = ["scores"]


def scores(tables: Tables, *, target: str = "", seed: int = 0) -> Iterator[Score]:
    """Yield the scores of all metrics of utility; nothing without a target."""
    if target:
        event = outcome(tables, target)
        yield from prediction.scores(tables, event, seed=seed)
        yield from coefficients.scores(tables, event)
