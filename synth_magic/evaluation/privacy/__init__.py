"""Whether synthetic patients give real ones away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synth_magic.evaluation.privacy import copies, disclosure, distances
from synth_magic.evaluation.privacy.distances import closest
from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Tables

__all__ = ["closest", "scores"]


def scores(
    tables: Tables, *, keys: Sequence[str] = (), sensitive: Sequence[str] = (), seed: int = 0
) -> Iterator[Score]:
    """Yield the scores of all metrics of privacy; of disclosure only with keys and sensitive."""
    nearest = closest(tables, seed)
    yield from copies.scores(tables, nearest, seed=seed)
    yield from distances.scores(nearest)
    yield from disclosure.scores(tables, keys=keys, sensitive=sensitive, seed=seed)
