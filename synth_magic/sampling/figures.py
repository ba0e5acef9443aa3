"""What a specification says of one variable by itself: its figures, in all patients or a group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.cells import Cells
from synth_magic.sampling.recording import Recorded, Recording
from synth_magic.sampling.structure import is_latent
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import CODED_TYPES, QUANTILE_LEVELS, By, Fact, Within

_RANK = 0.005
_MOMENT = 0.01
_SHARE = 1e-3
_POSSIBLE = 1e-9
_RARE = 4e-4


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of a number as it is recorded, in multiples of `step`.

    Where a side has no bound in `ends`, one patient in 2,500 counts as the lowest or highest.
    """

    recorded: Recorded
    ends: tuple[float, float]
    step: float

    def figure(self, statistic: str, _: str = "") -> float:
        """Return one figure by the name of its statistic."""
        if statistic in QUANTILE_LEVELS:
            return self.recorded.quantile(QUANTILE_LEVELS[statistic])
        if statistic == "min":
            return self.ends[0] if np.isfinite(self.ends[0]) else self.recorded.quantile(_RARE)
        if statistic == "max":
            return self.ends[1] if np.isfinite(self.ends[1]) else self.recorded.quantile(1 - _RARE)
        return self.recorded.mean if statistic == "mean" else self.recorded.sd

    def has(self, fact: Fact) -> bool:
        """Tell whether a figure is as stated, but for the steps of recording."""
        if fact.statistic in QUANTILE_LEVELS:
            level = QUANTILE_LEVELS[fact.statistic]
            below = self.recorded.below(fact.value - self.step / 2)
            upto = self.recorded.below(fact.value + 1.01 * self.step)
            return below <= level + _RANK and upto >= level - _RANK
        if fact.statistic in ("min", "max"):
            possible = self.recorded.values[self.recorded.mass > _POSSIBLE]
            if fact.statistic == "min":
                return bool(possible[0] >= fact.value - _POSSIBLE)
            return bool(possible[-1] <= fact.value + _POSSIBLE)
        return abs(self.figure(fact.statistic) - fact.value) <= _MOMENT * max(
            self.recorded.sd, self.step
        )


@dataclass(frozen=True, slots=True)
class Codes:
    """The share of each code."""

    shares: dict[str, float]

    def figure(self, _: str, code: str) -> float:
        """Return the share of one code."""
        return self.shares[code]

    def has(self, fact: Fact) -> bool:
        """Tell whether a share is as stated."""
        return abs(self.shares[fact.code] - fact.value) <= _SHARE


def figures(spec: CohortSpec, name: str, within: Within | None = None) -> Numbers | Codes | None:
    """Return the figures of a variable; None of one that is computed or numbers the rows, and in
    a group by which it does not differ.

    They are of the recorded values; rules are left out of account.
    """
    variable = spec.variable(name)
    if not is_latent(variable) or within not in (None, *groups(spec, name)):
        return None
    cells = Cells(variable, {v.name: v for v in spec.variables}, spec.associations)
    if variable.type in CODED_TYPES:
        return Codes(cells.shares(within))
    step = 10.0 ** -Recording.of(variable).decimals
    return Numbers(cells.recorded(within), cells.ends(within), step)


def groups(spec: CohortSpec, name: str) -> tuple[Within, ...]:
    """Return the groups of patients by which a variable differs, each by one variable."""
    marginal = spec.variable(name).marginal
    if not isinstance(marginal, By):
        return ()
    levels = (zip(marginal.parents, cell.levels, strict=True) for cell in marginal.cells)
    found = dict.fromkeys(Within(parent, level) for pairs in levels for parent, level in pairs)
    return tuple(sorted(found, key=lambda group: marginal.parents.index(group.variable)))
