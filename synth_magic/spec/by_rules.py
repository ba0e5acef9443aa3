"""What must hold for `by`: its parents, and cells for every combination of their levels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise, product
from typing import TypeAlias

from synth_magic.errors import SpecificationError, did_you_mean
from synth_magic.spec.expression_rules import Names, needed
from synth_magic.spec.faults import Fault, repeats
from synth_magic.spec.intervals import interval_text, parse_interval
from synth_magic.spec.model import CODED_TYPES, By, Shares, Variable
from synth_magic.spec.text import figure, listed, shown

Level: TypeAlias = str | tuple[float, float]  # a code, or the bounds of an interval

MAX_PARENTS = 2
_NAMED = 5  # of the combinations that have no cell


def by_faults(variable: Variable, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the parents and cells of a `by`."""
    marginal = variable.marginal
    if not isinstance(marginal, By):
        return
    parent_faults = list(_parent_faults(marginal, names))
    yield from parent_faults
    yield from _likeness_faults(marginal)
    if not parent_faults:
        yield from _cell_faults(marginal, [names.variables[name] for name in marginal.parents])


def circle_faults(variables: Mapping[str, Variable]) -> Iterator[tuple[str, Fault]]:
    """Yield the circles in which variables need each other, each with its first variable's name."""
    graph = {
        name: {other for other in needed(variable) if other in variables}
        for name, variable in variables.items()
    }
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as err:
            circle = [str(name) for name in reversed(err.args[1])]
            names = " needs ".join(shown(name) for name in circle)
            yield circle[0], ("marginal", f"{names}, in a circle", "break the circle")
            graph[circle[0]].discard(circle[1])
        else:
            return


def _parent_faults(marginal: By, names: Names) -> Iterator[Fault]:
    parents = marginal.parents
    if not 1 <= len(parents) <= MAX_PARENTS:
        yield "marginal.parents", f"there are {len(parents)} parents", "name one or two"
    for place in repeats(parents):
        yield f"marginal.parents[{place}]", f"{shown(parents[place])} stands twice", "name it once"
    for place, name in enumerate(parents):
        path = f"marginal.parents[{place}]"
        yield from names.faults(path, name)
        if name in names.variables and names.variables[name].type == "date":
            yield path, f"{shown(name)} is a date", "a parent is coded or a number"


def _likeness_faults(marginal: By) -> Iterator[Fault]:
    """Yield cells whose marginal is not like that of the first."""
    for place, cell in enumerate(marginal.cells):
        first, own = marginal.cells[0].marginal, cell.marginal
        path = f"marginal.cells[{place}].marginal"
        if isinstance(own, Shares) != isinstance(first, Shares):
            found = f"{own.kind} stands beside {first.kind}"
            yield path, found, "all cells take shares, or none does"
        elif isinstance(own, Shares) and isinstance(first, Shares) and _codes(own) != _codes(first):
            found = f"the codes are {listed(_codes(own))}"
            yield path, found, f"as in the first cell: {listed(_codes(first))}, in this order"


def _codes(shares: Shares) -> list[str]:
    return [share.code for share in shares.shares]


def _cell_faults(marginal: By, parents: list[Variable]) -> Iterator[Fault]:
    read: list[tuple[Level, ...]] = []
    faults: list[Fault] = []
    for place, cell in enumerate(marginal.cells):
        path = f"marginal.cells[{place}].levels"
        if len(cell.levels) != len(parents):
            found = f"there are {len(cell.levels)} levels"
            faults.append((path, found, f"one for each of the {len(parents)} parents"))
            continue
        levels: list[Level] = []
        for position, (parent, text) in enumerate(zip(parents, cell.levels, strict=True)):
            level, fault = _level(f"{path}[{position}]", parent, text)
            levels.append(level)
            faults += fault
        read.append(tuple(levels))
    yield from faults
    if not faults:
        yield from _coverage_faults(read, parents)


def _level(path: str, parent: Variable, text: str) -> tuple[Level, list[Fault]]:
    if parent.type in CODED_TYPES:
        if text in parent.codes:
            return text, []
        allowed = f"the codes are {listed(parent.codes)}{did_you_mean(text, parent.codes)}"
        return text, [(path, f"{shown(text)} is no code of {shown(parent.name)}", allowed)]
    try:
        return parse_interval(text), []
    except SpecificationError as err:
        return text, [(path, f"{v.path}: {v.found}", v.allowed) for v in err.violations]


def _coverage_faults(cells: list[tuple[Level, ...]], parents: list[Variable]) -> Iterator[Fault]:
    levels: list[list[Level]] = []
    tiled = True
    for position, parent in enumerate(parents):
        if parent.type in CODED_TYPES:
            levels.append(list(parent.codes))
            continue
        bounds = (cell[position] for cell in cells)
        intervals = sorted({pair for pair in bounds if not isinstance(pair, str)})
        for found in _tiling_faults(intervals):
            tiled = False
            allowed = "the intervals cover all numbers without gap or overlap"
            yield "marginal.cells", f"{found} for {shown(parent.name)}", allowed
        levels.append(list(intervals))
    for place in repeats(cells):
        path = f"marginal.cells[{place}].levels"
        yield path, f"{_words(cells[place])} stands twice", "one cell for each combination"
    if tiled:
        present = set(cells)
        absent = (combination for combination in product(*levels) if combination not in present)
        missing = ", ".join(map(_words, islice(absent, _NAMED)))
        if missing:
            found = f"there is no cell for {missing}"
            yield "marginal.cells", found, "one cell for each combination of levels"


def _tiling_faults(intervals: list[tuple[float, float]]) -> Iterator[str]:
    if not intervals:
        yield "nothing covers any number"
        return
    if intervals[0][0] > -math.inf:
        yield f"nothing covers numbers below {figure(intervals[0][0])}"
    for (_, end), (start, _) in pairwise(intervals):
        if start > end:
            yield f"nothing covers {figure(end)} to {figure(start)}"
        elif start < end:
            yield f"two intervals cover {figure(start)}"
    if intervals[-1][1] < math.inf:
        yield f"nothing covers numbers from {figure(intervals[-1][1])}"


def _words(levels: tuple[Level, ...]) -> str:
    texts = (level if isinstance(level, str) else interval_text(*level) for level in levels)
    return " and ".join(shown(text) for text in texts)
