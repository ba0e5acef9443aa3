"""One figure of a comparison with real patients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["fidelity", "privacy", "utility"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure is called, which way is better, and what it says.

    `better` is 1 where higher is better, -1 where lower is, 0 where neither is.
    """

    name: str
    group: Group
    better: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Score:
    """A figure of one metric.

    `real` is the same figure of real patients in the place of the synthetic ones, NaN where there
    is no such thing. `of` says what of the table is meant (a variable, `age, sex`, a learner);
    empty, the whole. `why` says why `value` is NaN.
    """

    metric: Metric
    value: float
    real: float = math.nan
    of: str = ""
    why: str = ""
