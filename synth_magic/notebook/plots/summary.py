"""Summary figures of a column or of what is specified, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.notebook.plots.scale import as_text, step_of
from synth_magic.notebook.plots.seen import Seen
from synth_magic.sampling.expected import Expected
from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import Variable

_Z = 1.959964
_LEAST_SHOWN = 5e-4
_LONG = 1e7
_LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """Mean, SD, minimum, quartiles and maximum; NaN where there is no value."""

    mean: float
    sd: float
    quantiles: tuple[float, ...]

    @classmethod
    def of(cls, numbers: Floats) -> Figures:
        """Return the figures of a sample."""
        if not len(numbers):
            return cls(float("nan"), float("nan"), (float("nan"),) * len(_LEVELS))
        sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else float("nan")
        return cls(float(numbers.mean()), sd, tuple(np.quantile(numbers, _LEVELS).tolist()))

    @classmethod
    def expected(cls, said: Expected) -> Figures:
        """Return the figures of a distribution."""
        if not len(said.values):
            return cls.of(said.values)
        mean = float(said.mass @ said.values)
        sd = float(np.sqrt(said.mass @ (said.values - mean) ** 2))
        return cls(mean, sd, tuple(said.quantile(level) for level in _LEVELS))

    def mean_text(self, variable: Variable) -> str:
        """Return the mean, with a digit more than the values have."""
        return value_text(self.mean, variable, step_of(variable) / 10)

    def sd_text(self, variable: Variable) -> str:
        """Return the SD, with a digit more than the values have; of a date in days."""
        exact = step_of(variable) / 10
        if variable.type == "date":
            return f"{as_text(self.sd, exact)} d" if np.isfinite(self.sd) else "–"
        return value_text(self.sd, variable, exact)

    def quantile_text(self, place: int, variable: Variable) -> str:
        """Return minimum, a quartile, the median or the maximum: places 0 to 4."""
        return value_text(self.quantiles[place], variable, step_of(variable))


def value_text(value: float, variable: Variable, exact: float) -> str:
    """Return a value as it is read: a date as such, a number with the digits of `exact`."""
    if not np.isfinite(value):
        return "–"
    if variable.type == "date":
        return str(np.datetime64(round(value), "D"))
    return as_text(value, exact if abs(value) < _LONG else 1e-2 * abs(value))


def percent(share: float) -> str:
    """Return a share as a percentage; one that is almost nothing says so."""
    return "<0.1%" if 0 < share < _LEAST_SHOWN else f"{share:.1%}"


def wilson(counts: Floats, n: int) -> tuple[Floats, Floats]:
    """Return Wilson's 95% interval of each share; from 0 to 1 where there are no patients."""
    if not n:
        return np.zeros_like(counts), np.ones_like(counts)
    share, spread = counts / n, _Z**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * np.sqrt(share * (1 - share) / n + spread / 4 / n)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def missing_text(seen: Seen, said: Expected) -> str:
    """Say which share is missing; beside it that specified where chance does not explain it."""
    error = float(np.sqrt(max(said.missing * (1 - said.missing), 0.0) / max(seen.rows, 1)))
    differs = abs(seen.missing - said.missing) > max(3 * error, 5e-3)
    if not seen.missing and not differs:
        return ""
    words = f"{percent(seen.missing)} missing"
    return f"{words} ({percent(said.missing)} specified)" if differs else words
