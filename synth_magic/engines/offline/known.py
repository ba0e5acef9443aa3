"""The marginal that the catalogue gives a variable, in the user's unit and codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from synth_magic.catalogue.units import converted
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.figures import SEXES
from synth_magic.engines.offline.shares import scaled
from synth_magic.engines.offline.subjects import Subject
from synth_magic.sampling.grid import NODES, probability
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import By, Cell, Shares, SimpleMarginal


@dataclass(frozen=True, slots=True)
class Demographics:
    """Sex and age of the cohort: its variables where it has them, and their marginals.

    The marginals are in the catalogue's unit and codes.
    """

    subjects: Mapping[str, Subject]
    marginals: Mapping[str, Marginal]

    def weights(self, parent: str, levels: tuple[str, ...]) -> list[float]:
        """Return the share of patients in whom sex or age is at each level."""
        marginal = self.marginals[parent]
        if parent == "sex":
            shares = np.mean([curves.shares_of(cell) for cell in curves.simple(marginal)], axis=0)
            return [float(shares[SEXES.index(level)]) for level in levels]
        lows, highs = zip(*map(parse_interval, levels), strict=True)
        return self.shares_between(lows, highs)

    def shares_between(self, lows: Sequence[float], highs: Sequence[float]) -> list[float]:
        """Return the share of patients whose age in years lies in each interval."""
        ranks, values = probability(NODES), curves.curve(self.marginals["age"])
        below = np.interp(lows, values, ranks, left=0, right=1)
        masses = np.interp(highs, values, ranks, left=0, right=1) - below
        return list(masses / masses.sum()) if masses.sum() > 0 else [1 / len(masses)] * len(masses)


def in_own_terms(marginal: Marginal, subject: Subject, demographics: Demographics) -> Marginal:
    """Return a marginal of a subject's entry in the unit and codes of the subject."""
    if isinstance(marginal, By):
        marginal = _of_cohort(marginal, subject, demographics)
    if subject.threshold is not None:
        return curves.each(lambda cell: _beyond(cell, subject), marginal)
    if subject.entry is not None and subject.entry.codes:
        return curves.each(lambda cell: _in_codes(cell, subject), marginal)
    assert subject.entry_unit is not None
    own = converted(marginal, subject.entry_unit)
    return curves.each(curves.whole, own) if subject.type == "integer" else own


def _beyond(cell: SimpleMarginal, subject: Subject) -> Shares:
    limit = subject.threshold
    assert limit is not None
    values = curves.curve(cell)
    reached = values > limit.edge if limit.above != limit.included else values >= limit.edge
    below = float(probability(NODES)[int(np.argmax(reached))]) if reached.any() else 1.0
    share = 1 - below if limit.above else below
    return scaled(subject.codes, dict(zip(subject.codes, (1 - share, share), strict=True)))


def _in_codes(cell: SimpleMarginal, subject: Subject) -> Shares:
    assert isinstance(cell, Shares)
    shares = {share.code: share.share for share in cell.shares}
    claimed = [code for own in subject.codes for code in subject.meanings.get(own, ())]
    weights = {
        own: sum(shares[code] / claimed.count(code) for code in subject.meanings.get(own, ()))
        for own in subject.codes
    }
    if not sum(weights.values()):
        weights = dict.fromkeys(subject.codes, 1.0)
    return scaled(subject.codes, weights)


def _of_cohort(marginal: By, subject: Subject, demographics: Demographics) -> Marginal:
    """Return a `by` of sex or age with the parents that the cohort has, the others mixed."""
    cells = _Cells.of(marginal)
    several = len({group.variable for group in subject.stated.within}) > 1
    kept = [
        parent
        for parent in marginal.parents
        if not several and demographics.subjects.get(parent, subject) is not subject
    ]
    if not kept:
        return cells.mixed({}, demographics)
    names = tuple(demographics.subjects[parent].name for parent in kept)
    own = [
        _own_levels(cells.levels[parent], parent, demographics.subjects[parent]) for parent in kept
    ]
    return By(
        names,
        tuple(
            Cell(
                tuple(name for _, name in at),
                cells.mixed(
                    {p: level for p, (level, _) in zip(kept, at, strict=True)}, demographics
                ),
            )
            for at in product(*own)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a `by` and the levels of its parents; those of age leave nobody out."""

    levels: Mapping[str, tuple[str, ...]]
    marginals: Mapping[tuple[str, ...], SimpleMarginal]

    @classmethod
    def of(cls, marginal: By) -> _Cells:
        columns = zip(*(cell.levels for cell in marginal.cells), strict=True)
        stated = [tuple(dict.fromkeys(column)) for column in columns]
        open_ = [
            _open(levels) if parent == "age" else levels
            for parent, levels in zip(marginal.parents, stated, strict=True)
        ]
        renamed = [dict(zip(a, b, strict=True)) for a, b in zip(stated, open_, strict=True)]
        return cls(
            dict(zip(marginal.parents, open_, strict=True)),
            {
                tuple(new[x] for new, x in zip(renamed, cell.levels, strict=True)): cell.marginal
                for cell in marginal.cells
            },
        )

    def mixed(self, fixed: Mapping[str, str], demographics: Demographics) -> SimpleMarginal:
        """Return the mixture of the cells at the fixed levels; an empty one fixes nothing."""
        fixed = {parent: level for parent, level in fixed.items() if level}
        at = {place: dict(zip(self.levels, place, strict=True)) for place in self.marginals}
        chosen = [place for place, own in at.items() if fixed.items() <= own.items()]
        parts = np.ones(len(chosen))
        for parent in self.levels.keys() - fixed.keys():
            levels = self.levels[parent]
            weights = dict(zip(levels, demographics.weights(parent, levels), strict=True))
            parts *= [weights[at[place][parent]] for place in chosen]
        if len(chosen) == 1:
            return self.marginals[chosen[0]]
        weights_of = parts if parts.sum() else np.ones(len(chosen))
        return curves.mixed([self.marginals[place] for place in chosen], list(weights_of))


def _open(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Return intervals of age that leave nobody out at either end."""
    bounds = [parse_interval(level) for level in levels]
    if len(levels) < 2:
        return levels
    return (f"<{bounds[0][1]:g}", *levels[1:-1], f">={bounds[-1][0]:g}")


def _own_levels(levels: tuple[str, ...], parent: str, subject: Subject) -> list[tuple[str, str]]:
    """Return each level with what the cohort's variable calls it; empty for a code for unknown."""
    if parent == "sex":
        meant = {code: subject.meanings.get(code, ()) for code in subject.codes}
        return [
            (next((level for level in levels if level in own), ""), code)
            for code, own in meant.items()
        ]
    assert subject.entry_unit is not None
    factor = subject.entry_unit.factor
    return [(level, _scaled(level, factor)) for level in levels]


def _scaled(level: str, factor: float) -> str:
    low, high = (end * factor for end in parse_interval(level))
    if not np.isfinite(low):
        return f"<{high:g}"
    return f">={low:g}" if not np.isfinite(high) else f"[{low:g}, {high:g})"
