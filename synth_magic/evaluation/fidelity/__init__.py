"""How alike synthetic patients are to real ones that their generator has not seen."""

from __future__ import annotations

from collections.abc import Iterator

from synth_magic.evaluation.fidelity import correlations, detection, missing, shapes, trends
from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Tables

__all__ = ["scores"]


def scores(tables: Tables, *, seed: int = 0) -> Iterator[Score]:
    """Yield every figure of fidelity, each beside that of the real training rows.

    Both are compared with the real test rows. `seed` is for what detection draws at random.
    """
    yield from shapes.scores(tables)
    yield from trends.scores(tables)
    yield from correlations.scores(tables)
    yield from detection.scores(tables, seed=seed)
    yield from missing.scores(tables)
