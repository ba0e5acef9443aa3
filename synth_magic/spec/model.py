"""The cohort specification as frozen dataclasses, one for each object of `cohort.schema.json`.

Field names are the JSON names. Neutral values stand where something does not apply, so that every
field is always present in the JSON. Units are the variable's own; shares and fractions are 0-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

VariableType = Literal[
    "continuous", "integer", "binary", "ordinal", "categorical", "date", "identifier"
]
Provenance = Literal["stated", "literature", "model", "catalogue", "data", "assumed"]
Certainty = Literal["", "high", "moderate", "low"]
Statistic = Literal[
    "mean", "sd", "min", "p01", "p05", "p25", "p50", "p75", "p95", "p99", "max",
    "share", "missing", "spearman", "direction",
]  # fmt: skip

NUMERIC_TYPES: tuple[VariableType, ...] = ("continuous", "integer", "date")
CODED_TYPES: tuple[VariableType, ...] = ("binary", "ordinal", "categorical")
QUANTILE_LEVELS: dict[str, float] = {
    "p01": 0.01, "p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95, "p99": 0.99,
}  # fmt: skip
STATISTICS: tuple[str, ...] = get_args(Statistic)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Nine quantiles, joined by a monotone curve over the normal score."""

    min: float
    p01: float
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    p99: float
    max: float
    kind: ClassVar[str] = "quantiles"


@dataclass(frozen=True, slots=True)
class MeanSD:
    """Mean and standard deviation as recorded, within bounds (None where there is none)."""

    mean: float
    sd: float
    low: float | None = None
    high: float | None = None
    kind: ClassVar[str] = "mean_sd"


@dataclass(frozen=True, slots=True)
class MedianIQR:
    """Median and quartiles as recorded, within bounds (None where there is none)."""

    p25: float
    p50: float
    p75: float
    low: float | None = None
    high: float | None = None
    kind: ClassVar[str] = "median_iqr"


@dataclass(frozen=True, slots=True)
class Share:
    """One code and the share of the recorded values that have it."""

    code: str
    share: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Codes with their shares; for binary and ordinal variables from low to high."""

    shares: tuple[Share, ...]
    kind: ClassVar[str] = "shares"


SimpleMarginal = Quantiles | MeanSD | MedianIQR | Shares


@dataclass(frozen=True, slots=True)
class Cell:
    """The marginal where the parents have these levels.

    A level is a parent's code or, for a numeric parent, an interval: `<40`, `[40, 65)`, `>=65`.
    """

    levels: tuple[str, ...]
    marginal: SimpleMarginal


@dataclass(frozen=True, slots=True)
class By:
    """A marginal for each level of one or two parent variables."""

    parents: tuple[str, ...]
    cells: tuple[Cell, ...]
    kind: ClassVar[str] = "by"


@dataclass(frozen=True, slots=True)
class Formula:
    """Computed from other variables; `codes` lists the possible results of a coded variable."""

    expression: str
    codes: tuple[str, ...] = ()
    kind: ClassVar[str] = "formula"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Derived from the row number: a run of `#` in the pattern holds its digits."""

    pattern: str = "P#####"
    kind: ClassVar[str] = "identifier"


Marginal = SimpleMarginal | By | Formula | Identifier


@dataclass(frozen=True, slots=True)
class Spike:
    """A value recorded with a probability of its own (zeros, a detection limit)."""

    value: float
    share: float


@dataclass(frozen=True, slots=True)
class DigitPreference:
    """The share of values that were recorded to the nearest multiple (5 or 10, say)."""

    nearest: float
    share: float


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. `missing` is the share of all patients without a value, for whatever reason.

    A `date` has a numeric marginal and a unit such as `days since 2015-04-01`. `certainty` is how
    sure the figures are, in GRADE's words; empty where nobody said.
    """

    name: str
    type: VariableType
    marginal: Marginal
    label: str = ""
    unit: str = ""
    decimals: int = 0
    spikes: tuple[Spike, ...] = ()
    digit_preference: DigitPreference | None = None
    missing: float = 0.0
    hidden: bool = False
    basis: str = ""
    provenance: Provenance = "assumed"
    certainty: Certainty = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a coded variable, from low to high; none for a numeric one."""
        marginal = self.marginal
        if isinstance(marginal, By) and marginal.cells:
            marginal = marginal.cells[0].marginal
        if isinstance(marginal, Shares):
            return tuple(share.code for share in marginal.shares)
        return marginal.codes if isinstance(marginal, Formula) else ()


@dataclass(frozen=True, slots=True)
class Association:
    """The Spearman correlation of two recorded columns; `a` or `b` may name a missing group."""

    a: str
    b: str
    spearman: float
    basis: str = ""
    provenance: Provenance = "assumed"


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """Variables that are missing together, in `fraction` of the patients `only_when` selects."""

    name: str
    variables: tuple[str, ...]
    fraction: float
    only_when: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold in every row, and why."""

    expression: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """The patients in whom a variable has a code (or, for a number, lies in an interval)."""

    variable: str
    code: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that the user stated, with the words it was read from.

    `start` is the position of `quote` in the description (None if unknown). `code` names the
    level of a `share`; `other_variable` the partner of a `spearman` or `direction` (value +1: rises
    with it, -1: falls with it).
    """

    quote: str
    variable: str
    statistic: Statistic
    value: float
    code: str = ""
    other_variable: str = ""
    within: Within | None = None
    start: int | None = None

    @property
    def figure(self) -> tuple[str, Statistic, str, str, Within | None]:
        """What it is a figure of: two facts with the same one exclude or repeat each other."""
        about = sorted((self.variable, self.other_variable))
        first, second = about if self.other_variable else (self.variable, "")
        return first, self.statistic, self.code, second, self.within
