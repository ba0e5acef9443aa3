"""What the catalogue holds, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from synth_magic.catalogue.tables import Pairs, Tables
from synth_magic.spec.model import By, Certainty, Shares, SimpleMarginal, VariableType

Kind = Literal["disease", "procedure", "setting", "population", "region"]

_RELATIVE = ("shift", "times", "odds")


@dataclass(frozen=True, slots=True)
class Source:
    """What a figure rests on, and where it was read."""

    id: str
    citation: str
    address: str

    @property
    def short(self) -> str:
        """The citation without the records and tables that were read."""
        return self.citation.split(", public records")[0].split("; table ")[0]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in which a variable is recorded: value in it = value * factor + offset."""

    unit: str
    decimals: int
    factor: float = 1.0
    offset: float = 0.0

    @property
    def keeps_figures(self) -> bool:
        """Whether a value is the same number in it as in the entry's own unit."""
        return self.factor == 1 and self.offset == 0

    def convert(self, value: float) -> float:
        """Return a value of the entry's own unit in this one."""
        return value * self.factor + self.offset


@dataclass(frozen=True, slots=True)
class Usual:
    """The limits that clinicians read a value by: what being within them means, whom they are for.

    A side without a limit is None.
    """

    low: float | None
    high: float | None
    meaning: str
    population: str
    source: Source

    @property
    def basis(self) -> str:
        """In one line, what the limits mean, for whom, and who says so."""
        return f"{self.meaning}, {self.population}: {self.source.short}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A clinical variable, its distribution bound to a population and a source.

    `bounds` are the values that a living adult may have, in the entry's own unit, as are the
    `usual` limits. `code` is a LOINC, ICD-10 or ATC code. `worse` is the side that is clinically
    adverse: `high`, `low` or empty; an `outcome` is what becomes of patients. Only patients of
    `sex`, and of `from_age` years or more, have it. `code_names` says how else tables spell a code,
    and `yes_codes` which codes count as yes where it is recorded as yes or no. `topic` is the file
    it stands in.
    """

    name: str
    label: str
    type: VariableType
    marginal: SimpleMarginal | By
    population: str
    source: str
    synonyms: tuple[str, ...] = ()
    unit: str = ""
    other_units: tuple[Unit, ...] = ()
    decimals: int = 0
    bounds: tuple[float, float] | None = None
    usual: Usual | None = None
    note: str = ""
    code: str = ""
    worse: str = ""
    outcome: bool = False
    sex: str = ""
    from_age: float = 0
    years_from: int = 0
    code_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    yes_codes: tuple[str, ...] = ()
    sure: Certainty = ""
    topic: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a coded entry, from low to high; none for a number."""
        marginal = self.marginal
        if isinstance(marginal, By):
            marginal = marginal.cells[0].marginal
        return tuple(s.code for s in marginal.shares) if isinstance(marginal, Shares) else ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """The entry's own unit, then the others."""
        return Unit(self.unit, self.decimals), *self.other_units


@dataclass(frozen=True, slots=True)
class CatalogueAssociation:
    """The Spearman correlation of two entries, the last code of a binary one counted as high."""

    a: str
    b: str
    spearman: float
    population: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one variable in the patients of a condition, or in a part of them.

    `numbers` are in the entry's own unit: `mean` and `sd`, or `p25`, `p50` and `p75`, and `low` and
    `high` where the bounds are not the entry's; `share` of the last code; `rate` of an event per
    patient-year; or relative to all adults `shift` (added), `times` (multiplied) or `odds` (ratio).
    `shares` stand in the order of the entry's codes. `sex` and `ages` (an interval of years) say
    of which patients.
    """

    variable: str
    population: str
    source: str
    numbers: Mapping[str, float]
    shares: tuple[float, ...] = ()
    sex: str = ""
    ages: str = ""
    sure: Certainty = ""
    note: str = ""

    @property
    def is_relative(self) -> bool:
        """Whether they change a marginal, and do not replace it."""
        return not self.numbers.keys().isdisjoint(_RELATIVE)


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease, procedure, setting or population: who has it, and what it does to variables.

    `has` holds the entries that it settles; `holds` names the variables that databases of such
    patients have; `years` is about when the figures were seen; `is_a` the condition of which this
    one is a kind, whose figures it has where it gives none.
    """

    name: str
    label: str
    kind: Kind
    population: str
    source: str
    synonyms: tuple[str, ...] = ()
    code: str = ""
    is_a: str = ""
    has: Mapping[str, str] = field(default_factory=dict)
    years: int = 0
    holds: tuple[str, ...] = ()
    figures: tuple[Figures, ...] = ()
    associations: tuple[CatalogueAssociation, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """A mean, or the share of a code, of all adults of a population year by year."""

    variable: str
    statistic: Literal["mean", "share"]
    values: tuple[tuple[int, float], ...]
    population: str
    source: str
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueFormula:
    """How one entry is computed from others, all in their own units and codes."""

    variable: str
    expression: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class CatalogueLimit:
    """What makes an entry of yes and no a yes: another one, `of`, beyond a value in its unit."""

    variable: str
    of: str
    sign: Literal["<", "<=", ">", ">="]
    value: float
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """What holds in every patient, of entries in their own units and codes."""

    expression: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the catalogue's files hold, by name where it has one."""

    entries: Tables[Entry]
    conditions: Tables[Condition]
    associations: Pairs[CatalogueAssociation]
    trends: tuple[Trend, ...]
    formulas: tuple[CatalogueFormula, ...]
    rules: tuple[CatalogueRule, ...]
    limits: Mapping[str, CatalogueLimit]
    sources: Tables[Source]

    def basis(self, item: Entry | CatalogueAssociation | Figures) -> str:
        """Return in one line whom an item describes and what it rests on."""
        if item.source not in self.sources:
            return f"{item.population}: assumed"
        return f"{item.population}: {self.sources[item.source].short}"
