"""The catalogue's figures of a condition as marginals: absolute ones, and changes of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import exp

from synth_magic.catalogue.entries import Entry, Figures
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.numbers import between
from synth_magic.spec.model import By, Cell, MedianIQR, Quantiles, Share, Shares, SimpleMarginal

SEXES = ("female", "male")


def absolute(entry: Entry, lines: Sequence[Figures], years: float) -> Marginal | None:
    """Return the marginal that the figures of one variable give it; None if they leave gaps.

    A rate becomes the share of patients with the event within so many `years`.
    """
    cells = {(line.sex, line.ages): _cell(entry, line, years) for line in lines}
    if ("", "") in cells:
        return cells["", ""]
    sexes = SEXES if any(sex for sex, _ in cells) else ("",)
    ages = tuple(dict.fromkeys(age for _, age in cells))
    if any((sex, age) not in cells for sex, age in product(sexes, ages)):
        return None
    parents = tuple(name for name, used in (("sex", sexes[0]), ("age", ages[0])) if used)
    return By(
        parents,
        tuple(
            Cell(tuple(level for level in (sex, age) if level), cells[sex, age])
            for sex, age in product(sexes, ages)
        ),
    )


def _cell(entry: Entry, line: Figures, years: float) -> SimpleMarginal:
    numbers = line.numbers
    if line.shares:
        total = sum(line.shares)
        pairs = zip(entry.codes, line.shares, strict=True)
        return Shares(tuple(Share(code, share / total) for code, share in pairs))
    if "share" in numbers or "rate" in numbers:
        share = numbers.get("share", 1 - exp(-numbers.get("rate", 0.0) * years))
        first, last = entry.codes
        return Shares((Share(first, 1 - share), Share(last, share)))
    stated = numbers.get("low"), numbers.get("high")
    ends = zip(stated, _bounds(entry), strict=True)
    low, high = (bound if own is None else own for own, bound in ends)
    if "p50" in numbers:
        return MedianIQR(numbers["p25"], numbers["p50"], numbers["p75"], low, high)
    mean, sd = numbers["mean"], numbers["sd"]
    if stated == (None, None) and isinstance(curves.simple(entry.marginal)[0], Quantiles):
        like = curves.with_moments(entry.marginal, mean, sd, (low, high))
        if like is not None:
            return like
    return between(mean, sd, stated, (low, high))


def inverse(line: Figures) -> Figures:
    """Return relative figures that undo others."""
    numbers = {
        name: -value if name == "shift" else 1 / value for name, value in line.numbers.items()
    }
    return replace(line, numbers=numbers)


def changed(entry: Entry, marginal: Marginal, lines: Sequence[Figures]) -> Marginal:
    """Return a marginal as figures that are relative to all adults change it."""
    by_sex = {line.sex: line for line in lines}
    if isinstance(marginal, By) and "sex" in marginal.parents:
        at = marginal.parents.index("sex")
        cells = (
            Cell(
                cell.levels,
                _one(entry, cell.marginal, by_sex.get(cell.levels[at]) or by_sex.get("")),
            )
            for cell in marginal.cells
        )
        return By(marginal.parents, tuple(cells))
    line = by_sex.get("") or lines[0]
    return curves.each(lambda cell: _one(entry, cell, line), marginal)


def _one(entry: Entry, cell: SimpleMarginal, line: Figures | None) -> SimpleMarginal:
    if line is None:
        return cell
    numbers = line.numbers
    if isinstance(cell, Shares):
        ratio = numbers.get("odds", numbers.get("times", 1.0))
        new = curves.with_odds(cell, ratio)
    else:
        new = curves.added(
            cell, numbers.get("shift", 0.0), numbers.get("times", 1.0), *_bounds(entry)
        )
    assert not isinstance(new, By)
    return new


def _bounds(entry: Entry) -> tuple[float, float]:
    assert entry.bounds is not None
    return entry.bounds
