"""Patients of all ages: what is known of children beside what is known of adults."""

from __future__ import annotations

from collections.abc import Iterable

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.figures import absolute
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import By, Cell

_GROWN = 18.0


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
