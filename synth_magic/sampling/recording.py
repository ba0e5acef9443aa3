"""How a value becomes what the database holds: rounding, digit preference, spikes.

`Pieces` says of a recorded variable which value stands for which stretch of normal scores, so that
shares, moments and mid-ranks of the recorded values follow exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import NODES, Floats, probability
from synth_magic.spec.model import DigitPreference

_MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Flat:
    """A stretch of normal scores where one value is recorded: the latent interval of a spike."""

    start: float
    stop: float
    value: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A step function of the normal score: `values[i]` between `edges[i - 1]` and `edges[i]`."""

    edges: Floats
    values: Floats

    @property
    def mass(self) -> Floats:
        """Probability of each piece."""
        return np.diff(probability(self.edges), prepend=0.0, append=1.0)


def to_multiple(values: Floats, step: float) -> Floats:
    """Round to multiples of `step`, halves to even."""
    if step >= 1:
        return np.rint(values / step) * step
    per_unit = round(1 / step)
    return np.rint(values * per_unit) / per_unit


def to_decimals(values: Floats, decimals: int) -> Floats:
    """Round to a number of decimals."""
    return to_multiple(values, 10.0**-decimals)


def prefer_digits(values: Floats, preference: DigitPreference, low: float, high: float) -> Floats:
    """Return the values as recorded to the nearest multiple; one that would leave the bounds stays."""
    rounded = to_multiple(values, preference.nearest)
    return np.where((rounded < low) | (rounded > high), values, rounded)


def pieces(nodes: Floats, step: float, flats: Sequence[Flat]) -> Pieces:
    """Return the recorded values of a curve rounded to multiples of `step`.

    Exact where there are at most a thousand values; else one piece for each cell of the grid.
    """
    first, last = to_multiple(nodes[[0, -1]], step)
    if (last - first) / step <= _MOST_STEPS:
        values = to_multiple(np.arange(first, last + step / 2, step), step)
        cuts = (values[:-1] + values[1:]) / 2
        right = np.clip(np.searchsorted(nodes, cuts), 1, len(nodes) - 1)
        below, above = nodes[right - 1], nodes[right]
        rise = np.where(above > below, above - below, 1.0)
        within = np.clip((cuts - below) / rise, 0.0, 1.0)
        edges = NODES[right - 1] + within * (NODES[right] - NODES[right - 1])
    else:
        edges = NODES[1:-1]
        values = to_multiple((nodes[:-1] + nodes[1:]) / 2, step)
    for flat in flats:
        edges, values = _insert(edges, values, flat)
    return Pieces(edges, values)


def _insert(edges: Floats, values: Floats, flat: Flat) -> tuple[Floats, Floats]:
    i, j = np.searchsorted(edges, [flat.start, flat.stop])
    return (
        np.concatenate([edges[:i], [flat.start, flat.stop], edges[j:]]),
        np.concatenate([values[: i + 1], [flat.value], values[j:]]),
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """The distribution of a recorded variable: step functions of the score, each with a weight.

    One step function, or two where some values were recorded to the nearest 5 or 10. `values` and
    `mass` are the distinct recorded values, rising, and their probabilities.
    """

    parts: tuple[tuple[float, Pieces], ...]
    values: Floats
    mass: Floats

    @classmethod
    def of(cls, *parts: tuple[float, Pieces]) -> Recorded:
        """Collect the distinct values of the parts."""
        values, where = np.unique(
            np.concatenate([piece.values for _, piece in parts]), return_inverse=True
        )
        weights = np.concatenate([weight * piece.mass for weight, piece in parts])
        return cls(parts, values, np.bincount(where, weights, len(values)))

    @property
    def mean(self) -> float:
        """Mean of the recorded values."""
        return float(self.mass @ self.values)

    @property
    def sd(self) -> float:
        """Standard deviation of the recorded values."""
        return float(np.sqrt(self.mass @ (self.values - self.mean) ** 2))

    def share(self, value: float) -> float:
        """Probability that exactly this value is recorded."""
        return float(self.mass[np.isclose(self.values, value, rtol=1e-12, atol=1e-12)].sum())

    def below(self, value: float) -> float:
        """Probability of a recorded value below this one."""
        return float(self.mass[self.values < value - 1e-12 * max(1.0, abs(value))].sum())

    def quantile(self, p: float) -> float:
        """Smallest recorded value that at least the share `p` does not exceed."""
        i = np.searchsorted(np.cumsum(self.mass), p - 1e-12)
        return float(self.values[min(i, len(self.values) - 1)])


def recorded(
    nodes: Floats,
    decimals: int,
    flats: Sequence[Flat] = (),
    preference: DigitPreference | None = None,
) -> Recorded:
    """Return what the database holds of a curve, given as its values at the nodes."""
    exact = pieces(nodes, 10.0**-decimals, flats)
    if preference is None or preference.share == 0:
        return Recorded.of((1.0, exact))
    low, high = nodes[0], nodes[-1]
    spikes = [flat.value for flat in flats]
    kept = np.isin(exact.values, spikes)
    values = np.where(kept, exact.values, prefer_digits(exact.values, preference, low, high))
    return Recorded.of(
        (1 - preference.share, exact), (preference.share, Pieces(exact.edges, values))
    )
