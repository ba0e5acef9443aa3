"""Bins and ticks: what is shown of a number, and where.

The range follows from the specification and the reference, not from the patients: the axis stays
where it is when other patients are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from synth_magic.notebook.plots.canvas import Box
from synth_magic.sampling.expected import Expected
from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import Variable

_REACH = 2.5
"""A long tail is cut at so many times the distance from median to p95: 4.1 SD of a normal."""

_SPARED = 0.15
"""A tail that would take less than this share of the range is shown whole."""

_WIDEST = 3.0
"""A reference widens the range at most so many times on either side."""

_FEWEST = 3
_MONTHS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 600)
_EPOCH = 12 * 1970
_LONG = 1e7
_LEVELS = (0.0, 0.05, 0.5, 0.95, 1.0)
_SHORT_STAY = 100

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of equal width, each holding the same number of values that can be recorded."""

    edges: Floats
    step: float

    @classmethod
    def of(
        cls, said: Expected, variable: Variable, most: int, reference: Floats | None = None
    ) -> Bins | None:
        """Return at most `most` bins for what is specified and the reference; None for nothing."""
        step = step_of(variable)
        spans = []
        if len(said.values):
            spans.append(_span([said.quantile(level) for level in _LEVELS]))
        if reference is not None and len(reference):
            spans.append(_span(np.quantile(reference, _LEVELS).tolist()))
        if not spans:
            return None
        low, high = spans[0]
        if len(spans) == 2:
            room = _WIDEST * max(high - low, step)
            low = max(min(low, spans[1][0]), low - room)
            high = min(max(high, spans[1][1]), high + room)
        low = math.floor(low / step + 0.5) * step
        steps = math.floor((high - low) / step + 0.5) + 1
        together = math.ceil(steps / most)
        count = math.ceil(steps / together)
        places = np.arange(count + 1, dtype=np.float64)
        edges: Floats = low - step / 2 + together * step * places
        return cls(edges, step)

    @property
    def width(self) -> float:
        """Width of a bin."""
        return float(self.edges[1] - self.edges[0])

    @property
    def shown(self) -> Range:
        """What the axis shows: the bins, with room beside them where they are few."""
        low, high = float(self.edges[0]), float(self.edges[-1])
        room = max(0.0, _FEWEST * self.width - (high - low) / 2)
        return low - room, high + room

    def shares(self, values: Floats) -> Floats:
        """Return the share of the values in each bin."""
        count = len(self.edges) - 1
        place = np.floor((values - self.edges[0]) / self.width)
        inside = place[(place >= 0) & (place < count)].astype(np.intp)
        return np.asarray(np.bincount(inside, minlength=count) / max(len(values), 1))

    def expected(self, said: Expected) -> Floats:
        """Return the probability of each bin."""
        return np.diff(said.below(self.edges))


def step_of(variable: Variable) -> float:
    """Return how far apart the values are that can be recorded."""
    return 10.0**-variable.decimals if variable.type == "continuous" else 1.0


def _span(quantiles: Sequence[float]) -> Range:
    """Return what to show of a distribution, given minimum, p05, median, p95 and maximum."""
    least, p05, median, p95, most = quantiles
    low = max(least, median - _REACH * (median - p05)) if p05 < median else least
    high = min(most, median + _REACH * (p95 - median)) if p95 > median else most
    spared = _SPARED * (high - low)
    return least if low - least <= spared else low, most if most - high <= spared else high


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the values of an axis lie between the left and right of a box."""

    low: float
    high: float
    box: Box

    def at(self, values: Floats) -> Floats:
        """Return the horizontal positions."""
        return self.box.left + (values - self.low) / (self.high - self.low) * self.box.width


def ticks(shown: Range, most: int, variable: Variable) -> list[tuple[float, str]]:
    """Return positions and labels of at most about `most` ticks."""
    from matplotlib.ticker import MaxNLocator

    low, high = shown
    if variable.type == "date" and high - low > _SHORT_STAY:
        return _months(low, high, most)
    whole = variable.type != "continuous"
    locator = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10], integer=whole)
    at = [float(x) for x in locator.tick_values(low, high) if low <= x <= high]
    if variable.type == "date":
        return [(x, str(np.datetime64(int(x), "D"))) for x in at]
    gap = at[1] - at[0] if len(at) > 1 else max(abs(low), 1.0)
    return [(x, as_text(x, gap)) for x in at]


def as_text(value: float, exact: float) -> str:
    """Return a number with as many digits as a step of size `exact` asks for."""
    decimals = next(
        (d for d in range(10) if math.isclose(round(exact, d), exact, rel_tol=1e-3)), 10
    )
    if max(abs(value), exact) < _LONG and decimals < 10:
        return f"{value + 0.0:,.{decimals}f}"
    digits = math.ceil(math.log10(max(abs(value) / exact, 1.0))) + 2
    return f"{value + 0.0:.{min(digits, 15)}g}"


def _months(low: float, high: float, most: int) -> list[tuple[float, str]]:
    months = np.array([low, high]).astype("datetime64[D]").astype("datetime64[M]")
    first, last = (months.astype(np.int64) + _EPOCH).tolist()
    centuries = (1200 * each * 10**power for power in range(12) for each in (1, 2, 5))
    gap = next(gap for gap in chain(_MONTHS, centuries) if (last - first) / gap <= most)
    at = (np.arange(-(-first // gap) * gap, last + 1, gap) - _EPOCH).astype("datetime64[M]")
    days = at.astype("datetime64[D]").astype(np.float64)
    labels = at.astype("datetime64[Y]" if gap % 12 == 0 else "datetime64[M]").astype(str)
    pairs = zip(days.tolist(), labels.tolist(), strict=True)
    return [(day, label) for day, label in pairs if low <= day <= high]
