"""What a description states of one variable, sorted by the patients it is stated of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synth_magic.spec.model import QUANTILE_LEVELS, Fact, Within

_LISTED = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures stated of one variable in one group of patients."""

    numbers: Mapping[str, float]
    shares: Mapping[str, float]

    @property
    def has_moments(self) -> bool:
        """Whether they give a mean and an SD, and no quartiles, which say more."""
        return {"mean", "sd"} <= self.numbers.keys() and not self.has_quartiles

    @property
    def has_quartiles(self) -> bool:
        """Whether they give the median and both quartiles, in order."""
        if not {"p25", "p50", "p75"} <= self.numbers.keys():
            return False
        return self.numbers["p25"] <= self.numbers["p50"] <= self.numbers["p75"]


@dataclass(frozen=True, slots=True)
class Stated:
    """All figures stated of one variable: overall, and within groups of patients."""

    facts: tuple[Fact, ...]
    overall: Figures
    within: Mapping[Within, Figures]

    @classmethod
    def of(cls, name: str, facts: Iterable[Fact]) -> Stated:
        """Collect the facts on a variable."""
        own = tuple(fact for fact in facts if fact.variable == name)
        groups = dict.fromkeys(fact.within for fact in own if fact.within)
        return cls(own, _figures(own, None), {group: _figures(own, group) for group in groups})

    @property
    def anywhere(self) -> tuple[Figures, ...]:
        """The figures of all patients and of every group."""
        return self.overall, *self.within.values()

    def numbers(self, *statistics: str) -> list[float]:
        """Return all the figures of these statistics, of all patients and of every group."""
        every = (figures.numbers for figures in self.anywhere)
        return [numbers[name] for numbers in every for name in statistics if name in numbers]

    @property
    def values(self) -> list[float]:
        """All the figures that are values of patients, or lie among them: not spreads."""
        return self.numbers("mean", "min", "max", *QUANTILE_LEVELS)

    @property
    def distribution(self) -> tuple[Fact, ...]:
        """The facts on the distribution of the values: not on missing ones, nor on pairs."""
        other = ("missing", "spearman", "direction")
        return tuple(fact for fact in self.facts if fact.statistic not in other)

    @property
    def figures(self) -> tuple[Fact, ...]:
        """The facts on the distribution but those that bound it."""
        return tuple(fact for fact in self.distribution if fact.statistic not in ("min", "max"))

    def groups_of(self, parent: str) -> Mapping[str, Figures]:
        """Return the figures by code of a variable that parts the patients."""
        return {at.code: figures for at, figures in self.within.items() if at.variable == parent}

    def missing(self, group: Within | None) -> float | None:
        """Return the share without a value in a group (None: in all patients)."""
        found = [f.value for f in self.facts if f.statistic == "missing" and f.within == group]
        return found[-1] if found else None

    def basis(self) -> str:
        """Return the quotes that the figures were read from."""
        quotes = dict.fromkeys(" ".join(fact.quote.split()) for fact in self.distribution)
        more = ", …" if len(quotes) > _LISTED else ""
        return ", ".join(f"“{quote}”" for quote in list(quotes)[:_LISTED]) + more


def _figures(facts: Iterable[Fact], group: Within | None) -> Figures:
    own = [fact for fact in facts if fact.within == group]
    counted = ("share", "missing", "spearman", "direction")
    return Figures(
        {fact.statistic: fact.value for fact in own if fact.statistic not in counted},
        {fact.code: fact.value for fact in own if fact.statistic == "share"},
    )
