"""Bins that synthetic and real patients share, and none that tells of fewer than five real ones."""

from __future__ import annotations

import numpy as np

from synth_magic.evaluation.kinds import FEWEST
from synth_magic.sampling.grid import Floats

_BINS = 24
_TAIL = 0.01


def edges(*columns: Floats) -> Floats:
    """Return round edges from the lowest 1st to the highest 99th percentile of the columns.

    Where these are values of fewer than `FEWEST` patients, the ends lie further in. Whole numbers
    lie in the middle of their bins. Values are not NaN.
    """
    from matplotlib.ticker import MaxNLocator

    known = [column for column in columns if len(column)]
    ends = [np.quantile(column, [tail(column), 1 - tail(column)]) for column in known]
    low, high = min(float(end[0]) for end in ends), max(float(end[1]) for end in ends)
    whole = all(np.equal(np.mod(column, 1), 0).all() for column in known)
    ticks = MaxNLocator(_BINS, steps=[1, 2, 5, 10], integer=whole).tick_values(low, high)
    if not whole:
        return np.asarray(ticks, dtype=np.float64)
    step = max(round(float(ticks[1] - ticks[0])), 1)
    return np.arange(np.floor(low / step) * step, high + step + 0.5, step) - 0.5


def tail(values: Floats, share: float = _TAIL) -> float:
    """Return the share of the values that lie beyond what is shown, at either end."""
    return max(share, min(FEWEST / len(values), 0.5))


def density(values: Floats, edges: Floats) -> Floats:
    """Return the share of all values in each bin, for a bin as wide as 1."""
    counts, _ = np.histogram(values, edges)
    return np.asarray(counts / max(len(values), 1) / np.diff(edges), dtype=np.float64)


def merged(values: Floats, edges: Floats) -> Floats:
    """Return those edges between which there are no real patients, or at least `FEWEST`.

    A bin with fewer is joined to the next one above, at the upper end to the one below. Nothing is
    left of fewer than `FEWEST` in all.
    """
    counts, _ = np.histogram(values, edges)
    if counts.sum() < FEWEST:
        return edges[:0]
    kept, waiting = [float(edges[0])], 0
    held: list[int] = []
    for count, upper in zip(counts, edges[1:], strict=True):
        waiting += int(count)
        if waiting == 0 or waiting >= FEWEST:
            kept.append(float(upper))
            held.append(waiting)
            waiting = 0
    while waiting:
        kept.pop()
        waiting += held.pop()
        if waiting >= FEWEST:
            break
    if kept[-1] != edges[-1]:
        kept.append(float(edges[-1]))
    return np.array(kept)
