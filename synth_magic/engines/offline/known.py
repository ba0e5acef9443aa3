"""The marginal that the catalogue gives a variable, in the user's unit and codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.units import converted
from synth_magic.engines.offline.shares import scaled
from synth_magic.engines.offline.subjects import Subject
from synth_magic.sampling.curves import EXTREME, through
from synth_magic.sampling.grid import NODES, probability, score
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    By,
    Cell,
    Quantiles,
    Shares,
    SimpleMarginal,
)

_WOMEN = re.compile(r"\b(?:wom[ae]n|females?|mothers?|girls?)\b", re.I)
_MEN = re.compile(r"\b(?:m[ae]n|males?|fathers?|boys?)\b", re.I)
_KNOTS = ("min", *QUANTILE_LEVELS, "max")


@dataclass(frozen=True, slots=True)
class Sexes:
    """What the cohort says of sex: its variable, or the one sex that the population names."""

    subject: Subject | None
    only: str = ""

    @classmethod
    def of(cls, subject: Subject | None, population: str) -> Sexes:
        """Read the sexes of a cohort; `subject` is its variable of sex, if it has one."""
        women, men = bool(_WOMEN.search(population)), bool(_MEN.search(population))
        only = {(True, False): "female", (False, True): "male"}.get((women, men), "")
        if subject is not None:
            found = set(subject.meanings.values())
            only = found.pop() if len(found) == 1 else ""
        return cls(subject, only)


def from_catalogue(subject: Subject, sexes: Sexes) -> SimpleMarginal | By:
    """Return the marginal of the subject's entry, in its own unit and codes."""
    entry, unit = subject.entry, subject.entry_unit
    assert entry is not None
    assert unit is not None
    marginal = entry.marginal
    if isinstance(marginal, Shares):
        weights = {share.code: share.share for share in marginal.shares}
        of_codes = {code: weights[subject.meanings[code]] for code in subject.codes}
        return scaled(subject.codes, of_codes)
    marginal = converted(marginal, unit)
    return _by_sex(marginal, subject, sexes) if isinstance(marginal, By) else marginal


def _by_sex(marginal: By, subject: Subject, sexes: Sexes) -> SimpleMarginal | By:
    cells = {cell.levels[0]: cell.marginal for cell in marginal.cells}
    if sexes.only:
        return cells[sexes.only]
    other_parents = {group.variable for group in subject.stated.within}
    if sexes.subject is None or len(other_parents) > 1:
        return _half_and_half(cells)
    meaning = sexes.subject.meanings
    return By(
        (sexes.subject.name,),
        tuple(Cell((code,), cells[meaning[code]]) for code in sexes.subject.codes),
    )


def _half_and_half(cells: dict[str, SimpleMarginal]) -> Quantiles:
    """Return the quantiles of an even mixture."""
    scores = np.concatenate([[-EXTREME], score(list(QUANTILE_LEVELS.values())), [EXTREME]])
    curves = []
    for cell in cells.values():
        assert isinstance(cell, Quantiles)
        knots = np.array([getattr(cell, knot) for knot in _KNOTS])
        curves.append(through(scores, knots)(NODES))
    values = np.sort(np.concatenate(curves))
    below = np.mean([np.interp(values, curve, probability(NODES)) for curve in curves], axis=0)
    mixed = np.interp(probability(scores), below, values)
    return Quantiles(**{knot: round(float(x), 4) for knot, x in zip(_KNOTS, mixed, strict=True)})


def basis(subject: Subject) -> str:
    """Return whom the entry's figures describe, and what they rest on."""
    assert subject.entry is not None
    return f"{subject.entry.label}: {catalogue().basis(subject.entry)}"
