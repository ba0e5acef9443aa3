"""Patients of all ages: what is known of children beside what is known of adults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find
from synth_magic.description.model import Description
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.figures import absolute
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import By, Cell

_GROWN = 18.0
_IN_YEARS = re.compile(
    r"^(?!.*\b(?:months?|weeks?|days?)\b).*\b(?:aged?|years?|older|younger|old)\b", re.I
)


def in_own_unit(description: Description) -> Description:
    """Return a description with the ages that it states in years in the unit of its column.

    `Aged 60 or older` is said in years, whatever unit a table has for age.
    """
    for variable in description.variables:
        match = find(variable.name, variable.label, variable.unit)
        if match.entry is None or match.entry.name != "age" or match.unit is None:
            continue
        unit = match.unit
        if unit.factor == 1:
            continue
        facts = tuple(
            replace(fact, value=fact.value * unit.factor)
            if fact.variable == variable.name and _IN_YEARS.search(fact.quote)
            else fact
            for fact in description.facts
        )
        own = {fact.statistic: fact.value for fact in facts if fact.variable == variable.name}
        bounded = replace(
            variable, low=own.get("min", variable.low), high=own.get("max", variable.high)
        )
        variables = tuple(bounded if v is variable else v for v in description.variables)
        description = replace(description, facts=facts, variables=variables)
    return description


def are_all_ages(subjects: Iterable[Subject]) -> bool:
    """Tell whether the stated ages reach from children to adults."""
    for subject in subjects:
        if subject.entry is not None and subject.entry.name == "age" and subject.entry_unit:
            low, high = subject.stated_bounds
            grown = _GROWN * subject.entry_unit.factor
            return low is not None and low < grown and (high is None or high > grown)
    return False


def of_all_ages(entry: Entry, adults: Marginal) -> Marginal:
    """Return the marginal of an entry by age: as in children, and from 18 on as in adults.

    The ages themselves are those of a general population. What is not known of children by age
    stays as in adults.
    """
    if entry.name == "age":
        lines = [f for f in catalogue().conditions["all_ages"].figures if f.variable == "age"]
        return absolute(entry, lines, years=1) or adults
    lines = [f for f in catalogue().conditions["children"].figures if f.variable == entry.name]
    children = absolute(entry, lines, years=1) if lines else None
    if not isinstance(children, By) or children.parents != ("age",):
        return adults
    cells = [cell for cell in children.cells if parse_interval(cell.levels[0])[0] < _GROWN]
    start = parse_interval(cells[-1].levels[0])[0]
    last = Cell((f"[{start:g}, {_GROWN:g})",), cells[-1].marginal)
    grown = list(curves.simple(adults))
    pooled = curves.mixed(grown, [1.0] * len(grown)) if len(grown) > 1 else grown[0]
    return By(("age",), (*cells[:-1], last, Cell((f">={_GROWN:g}",), pooled)))
