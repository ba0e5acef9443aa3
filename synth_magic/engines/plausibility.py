"""Remarks on stated figures that no living patient can have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synth_magic.catalogue.entries import Entry, Unit
from synth_magic.catalogue.matching import Match, find
from synth_magic.catalogue.units import bounds_in, usual_in
from synth_magic.description.model import Description
from synth_magic.engines.offline.whom import CHILDREN
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import QUANTILE_LEVELS, Variable
from synth_magic.spec.text import figure

_PLACES = ("mean", "min", "max", *QUANTILE_LEVELS)
_ADULT = 18.0
_LISTED = 3


def implausible(spec: CohortSpec, description: Description) -> Iterator[str]:
    """Say of each variable which of its facts are beyond the catalogue's bounds, if any are.

    The bounds are those of adults. What is low passes where the description speaks of children, or
    an age under 18 is stated. A figure in an unknown unit passes, and one without a unit if it is
    possible in any unit that the catalogue knows of the variable. A figure whose unit was read from
    its size is told.
    """
    young = any(age < _ADULT for age in _ages(spec))
    children = young or bool(CHILDREN.search(description.text))
    without_unit = {
        variable.name
        for variable in description.variables
        if not find(variable.name, variable.label, variable.unit).spelt
    }
    for variable in spec.variables:
        match = _match(variable)
        if match.entry is None or match.entry.bounds is None or not match.exact:
            continue
        unit = match.unit if match.spelt else None
        stated = _Stated(tuple(_values(spec, variable)), match.entry, unit, children)
        remark = stated.beyond or (stated.read_as if variable.name in without_unit else "")
        if remark:
            yield f"{variable.name}: {remark}."


def _ages(spec: CohortSpec) -> Iterator[float]:
    """Yield the ages that are stated, in years."""
    for variable in spec.variables:
        match = _match(variable)
        if match.entry and match.entry.name == "age" and match.unit:
            yield from (value / match.unit.factor for value in _values(spec, variable))


def _match(variable: Variable) -> Match:
    return find(variable.name, variable.label, variable.unit, variable_type=variable.type)


def _values(spec: CohortSpec, variable: Variable) -> Iterator[float]:
    """Yield the values of patients that are stated of a variable, whichever patients'."""
    for fact in spec.facts:
        if fact.variable == variable.name and fact.statistic in _PLACES:
            yield fact.value


@dataclass(frozen=True, slots=True)
class _Stated:
    """Values that are stated of an entry; `unit` is None where nothing says which it is."""

    values: tuple[float, ...]
    entry: Entry
    unit: Unit | None
    children: bool

    @property
    def beyond(self) -> str:
        """What is impossible in the unit that the values are in, or in all if it is unknown."""
        units = (self.unit,) if self.unit else self.entry.units
        wrong = self._impossible(units)
        if not wrong:
            return ""
        shown = units[0]
        low, high = (
            round(end, shown.decimals)
            for end in bounds_in(self.entry, shown, children=self.children)
        )
        said = f"{_listed(wrong)} {self.unit.unit if self.unit else ''}".strip()
        room = f"{figure(low)} to {figure(high)} {shown.unit}".strip()
        whose = "patient" if self.children else "adult"
        check = "check the figure and its unit" if shown.unit else "check the figure"
        return (
            f"{said} {_are(wrong)} beyond what a living {whose} may have ({room}); "
            f"{check}{self._better(wrong)}"
        )

    @property
    def read_as(self) -> str:
        """In which unit values were read that are impossible in the entry's own."""
        wrong = self._impossible(self.entry.units[:1])
        if not wrong or self.unit is None:
            return ""
        own = self.entry.unit
        return (
            f"no unit is stated; {_listed(wrong)} {_are(wrong)} beyond what is possible in {own}, "
            f"and {'was' if len(wrong) == 1 else 'were'} read in {self.unit.unit}"
        )

    def _better(self, wrong: Sequence[float]) -> str:
        """Say in which other unit wrong values are what patients have: the healthy first."""
        if self.unit is None:
            return ""
        usual = [unit.unit for unit in self.entry.units if self._are_usual(wrong, unit)]
        possible = [unit.unit for unit in self.entry.units if not self._outside(wrong, unit)]
        for word, names in (("usual", usual), ("possible", possible)):
            if names:
                return f". {_listed(wrong)} {_are(wrong)} {word} in {' or '.join(names)}"
        return ""

    def _are_usual(self, values: Sequence[float], unit: Unit) -> bool:
        usual = usual_in(self.entry, unit.unit)
        if usual is None or usual.low is None or usual.high is None:
            return False
        return usual.low <= min(values) and max(values) <= usual.high

    def _impossible(self, units: Sequence[Unit]) -> list[float]:
        """Return the values that are impossible in each of the units, each once."""
        wrong = dict.fromkeys(self.values)
        for unit in units:
            wrong = dict.fromkeys(self._outside(list(wrong), unit))
        return list(wrong)

    def _outside(self, values: Sequence[float], unit: Unit) -> list[float]:
        low, high = bounds_in(self.entry, unit, children=self.children)
        return [value for value in values if not low <= value <= high]


def _are(values: Sequence[float]) -> str:
    return "is" if len(values) == 1 else "are"


def _listed(values: Sequence[float]) -> str:
    """Return the first few values: `900, 950 and 990`."""
    *first, last = map(figure, values[:_LISTED])
    if len(values) > _LISTED:
        return f"{', '.join([*first, last])} and {len(values) - _LISTED} more"
    return f"{', '.join(first)} and {last}" if first else last
