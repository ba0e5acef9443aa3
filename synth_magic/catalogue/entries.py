"""What the catalogue holds, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synth_magic.spec.model import By, SimpleMarginal, VariableType


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
    """A clinical variable of adults, its distribution bound to a population and a source.

    `bounds` are the values that a living adult may have, in the entry's own unit, as are the
    `usual` limits.
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
    formula: str = ""
    note: str = ""

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
class Catalogue:
    """All entries by name, their associations, and the sources by id."""

    entries: Mapping[str, Entry]
    associations: tuple[CatalogueAssociation, ...]
    sources: Mapping[str, Source]

    def basis(self, item: Entry | CatalogueAssociation) -> str:
        """Return in one line whom an item describes and what it rests on."""
        if item.source not in self.sources:
            return f"{item.population}: assumed"
        return f"{item.population}: {self.sources[item.source].short}"
