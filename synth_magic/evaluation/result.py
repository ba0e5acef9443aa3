"""What a comparison came to: figures over all splits, and what was compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, stdev

from synth_magic.evaluation.score import Metric


@dataclass(frozen=True, slots=True)
class Result:
    """One figure over the splits: `values` of the synthetic patients, `reals` of real ones.

    Both have one figure for each split that gave one. `why` says why there is none.
    """

    metric: Metric
    of: str
    values: tuple[float, ...]
    reals: tuple[float, ...] = ()
    why: str = ""

    @property
    def mean(self) -> float:
        """The mean over the splits, NaN if there is none."""
        return fmean(self.values) if self.values else math.nan

    @property
    def sd(self) -> float:
        """The standard deviation over the splits, NaN for a single one."""
        return stdev(self.values) if len(self.values) > 1 else math.nan

    @property
    def real(self) -> float:
        """The mean figure of real patients in the place of the synthetic ones."""
        return fmean(self.reals) if self.reals else math.nan


@dataclass(frozen=True, slots=True)
class Setup:
    """What was compared with what, and how; no patient is in it.

    `synthetic` and `real` are numbers of rows, `used` those that a table was cut to at most (0: not
    cut). `splits` is 1 where a hold-out was given (`held_out` rows). `left_out` and `remarks` are
    sentences: which columns were not compared and why, and what else to know.
    """

    synthetic: int
    real: int
    columns: tuple[str, ...]
    splits: int
    seed: int
    held_out: int = 0
    used: int = 0
    target: str = ""
    keys: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    made_by: str = ""
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
