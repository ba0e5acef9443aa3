"""How a value becomes what the database holds: rounding, digit preference, spikes.

`Pieces` says of a recorded variable which value stands for which stretch of normal scores, so that
shares, moments and mid-ranks of the recorded values follow exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import NODES, Floats, probability
from synth_magic.spec.model import DigitPreference, Spike, Variable

ROUNDS = 80
CLOSE = 1e-4
"""A curve is corrected, in at most so many rounds, until its recorded figures are this close."""

_MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Recording:
    """How the values of a variable are written down."""

    decimals: int = 0
    whole: bool = False
    spikes: tuple[Spike, ...] = ()
    preference: DigitPreference | None = None

    @classmethod
    def of(cls, variable: Variable) -> Recording:
        """Return how this variable is written down; whole numbers have no decimals."""
        whole = variable.type != "continuous"
        decimals = 0 if whole else variable.decimals
        return cls(decimals, whole, variable.spikes, variable.digit_preference)


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


def to_decimals(values: Floats, decimals: int) -> Floats:
    """Round to a number of decimals, halves to even."""
    per_unit = 10.0**decimals
    return np.asarray(np.rint(values * per_unit) / per_unit)


def prefer_digits(
    values: Floats,
    preference: DigitPreference,
    decimals: int,
    bounds: tuple[Floats | float, Floats | float],
) -> Floats:
    """Round to the nearest multiple, but where that would leave the bounds."""
    multiples = to_decimals(np.rint(values / preference.nearest) * preference.nearest, decimals)
    return np.where((multiples < bounds[0]) | (multiples > bounds[1]), values, multiples)


def pieces(nodes: Floats, decimals: int, flats: Sequence[Flat]) -> Pieces:
    """Return the recorded values of a curve.

    Exact where there are at most a thousand values; else one piece for each cell of the grid.
    """
    step = 10.0**-decimals
    first, last = to_decimals(nodes[[0, -1]], decimals)
    if (last - first) / step <= _MOST_STEPS:
        values = to_decimals(np.arange(first, last + step / 2, step), decimals)
        cuts = (values[:-1] + values[1:]) / 2
        right = np.clip(np.searchsorted(nodes, cuts), 1, len(nodes) - 1)
        below, above = nodes[right - 1], nodes[right]
        rise = np.where(above > below, above - below, 1.0)
        within = np.clip((cuts - below) / rise, 0.0, 1.0)
        edges = NODES[right - 1] + within * (NODES[right] - NODES[right - 1])
    else:
        edges = NODES[1:-1]
        values = to_decimals((nodes[:-1] + nodes[1:]) / 2, decimals)
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
        everything: Floats = np.concatenate([piece.values for _, piece in parts])
        values, where = np.unique(everything, return_inverse=True)
        weights = np.concatenate([weight * piece.mass for weight, piece in parts])
        mass: Floats = np.zeros(len(values))
        np.add.at(mass, where, weights)
        return cls(parts, values, mass)

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
        i = int(np.searchsorted(np.cumsum(self.mass), p - 1e-12))
        return float(self.values[min(i, len(self.values) - 1)])


def recorded(
    nodes: Floats,
    decimals: int,
    flats: Sequence[Flat] = (),
    preference: DigitPreference | None = None,
) -> Recorded:
    """Return what the database holds of a curve, given as its values at the nodes."""
    exact = pieces(nodes, decimals, flats)
    if preference is None or preference.share == 0:
        return Recorded.of((1.0, exact))
    rounded = prefer_digits(exact.values, preference, decimals, (nodes[0], nodes[-1]))
    kept = np.isin(exact.values, [flat.value for flat in flats])
    values = np.where(kept, exact.values, rounded)
    return Recorded.of(
        (1 - preference.share, exact), (preference.share, Pieces(exact.edges, values))
    )


@dataclass(frozen=True, slots=True)
class NumericCurve:
    """Values at the nodes, the latent intervals of the spikes, and what is then recorded.

    `note` says which stated figure the recording cannot have, if any.
    """

    nodes: Floats
    flats: tuple[Flat, ...]
    recorded: Recorded
    note: str = ""


def within(nodes: Floats, low: float | None, high: float | None, decimals: int) -> Floats:
    """Clip a curve to the recordable values between the bounds."""
    per_unit = 10.0**decimals
    floor = -np.inf if low is None else np.ceil(low * per_unit - 1e-9) / per_unit
    ceiling = np.inf if high is None else np.floor(high * per_unit + 1e-9) / per_unit
    return np.clip(nodes, floor, max(floor, ceiling))


def shortfall(result: Recorded, spikes: Sequence[Spike]) -> Floats:
    """Return how much of its share each spike lacks."""
    return np.array([spike.share - result.share(spike.value) for spike in spikes])
