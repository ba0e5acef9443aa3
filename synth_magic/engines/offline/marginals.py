"""The marginal of each variable: as stated, else from the catalogue, else assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synth_magic.engines.offline import curves, numbers, shares
from synth_magic.engines.offline.stated import Figures
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.model import (
    By,
    Cell,
    Formula,
    Identifier,
    Marginal,
    Provenance,
    Quantiles,
    SimpleMarginal,
    Within,
)

_YEARS_OF_DATES = 5
_ENDS = ("min", "max")
_FAR = 2.0


@dataclass(frozen=True, slots=True)
class Made:
    """A marginal, where it comes from, and what it rests on."""

    marginal: Marginal
    provenance: Provenance
    basis: str


def stated(subject: Subject, others: Mapping[str, Subject]) -> SimpleMarginal | By | None:
    """Return the marginal that the description states; None if it states too little."""
    return _by_groups(subject, others) or _from_figures(subject.stated.overall, subject)


def make(subject: Subject, others: Mapping[str, Subject], known: Made | None) -> Made:
    """Make the marginal of a variable: as stated, else as `known`, else a guess.

    `others` are all subjects by name.
    """
    own = stated(subject, others)
    if own is not None:
        return Made(own, "stated", subject.stated.basis())
    if subject.type == "identifier":
        return Made(Identifier(), "stated", "numbered by row")
    if known is not None:
        return _of_stated_size(known, subject)
    pooled = _pooled(subject, others)
    if pooled is not None:
        return Made(pooled, "stated", subject.stated.basis())
    if subject.type == "date" and not subject.stated.values:
        return Made(_dates(), "assumed", "a guess: any day of five years, all alike")
    guess = shares.guess(subject) if subject.coded else numbers.guess(subject)
    return Made(guess[0], "assumed", guess[1])


def _of_stated_size(known: Made, subject: Subject) -> Made:
    """Multiply what is known where the mean or median alone is stated, and is far from it.

    A mean ALT of 800 is no shift of a healthy one. The fact itself is imposed when it is drawn.
    """
    numbers = {name: v for name, v in subject.stated.overall.numbers.items() if name not in _ENDS}
    bounds = subject.entry_bounds
    if subject.coded or len(numbers) != 1 or bounds is None or bounds[0] < 0:
        return known
    [(statistic, stated)] = numbers.items()
    if statistic not in ("mean", "p50") or isinstance(known.marginal, Formula | Identifier):
        return known
    here = curves.centre(known.marginal, statistic)
    if not 0 < stated <= bounds[1] or here <= 0 or 1 / _FAR < stated / here < _FAR:
        return known
    low, high = subject.stated_bounds
    low, high = bounds[0] if low is None else low, bounds[1] if high is None else high
    scaled = curves.added(known.marginal, 0.0, stated / here, low, high)
    return Made(scaled, "stated", subject.stated.basis())


def _from_figures(figures: Figures, subject: Subject) -> SimpleMarginal | None:
    if subject.coded:
        return shares.from_figures(figures, subject.codes)
    return numbers.from_figures(figures, subject)


def _by_groups(subject: Subject, others: Mapping[str, Subject]) -> By | None:
    """Return a marginal for each group of patients, if each states enough, and in the same way."""
    for parent in _parents(subject, others):
        groups = subject.stated.groups_of(parent.name)
        cells = {
            code: _from_figures(groups[code], subject) for code in parent.codes if code in groups
        }
        made = {code: cell for code, cell in cells.items() if cell is not None}
        if len(made) == len(parent.codes) and len({cell.kind for cell in made.values()}) == 1:
            return By((parent.name,), tuple(Cell((code,), made[code]) for code in parent.codes))
    return None


def _parents(subject: Subject, others: Mapping[str, Subject]) -> Sequence[Subject]:
    """Return the coded variables by whose codes figures of a subject are stated."""
    names = dict.fromkeys(group.variable for group in subject.stated.within)
    return [others[name] for name in names if name in others and others[name].coded]


def _pooled(subject: Subject, others: Mapping[str, Subject]) -> SimpleMarginal | None:
    """Return the marginal of all patients from those of the groups that have figures."""
    for parent in _parents(subject, others):
        weights = {
            code: parent.stated.overall.shares.get(code, 1 / len(parent.codes))
            for code in subject.stated.groups_of(parent.name)
        }
        figures = _mixture(subject.stated.groups_of(parent.name), weights)
        pooled = _from_figures(figures, subject)
        if pooled is not None:
            return pooled
    return None


def _mixture(groups: Mapping[str, Figures], weights: Mapping[str, float]) -> Figures:
    """Return the figures of a mixture: exact for means, SDs and shares, rough for quantiles."""

    def mean(values: Mapping[str, float]) -> float:
        total = sum(weights[code] for code in values)
        return sum(weights[code] * value for code, value in values.items()) / total

    def common(kind: str) -> list[str]:
        kinds = [getattr(figures, kind) for figures in groups.values()]
        return [name for name in kinds[0] if all(name in others for others in kinds)]

    pooled = {
        name: mean({code: figures.numbers[name] for code, figures in groups.items()})
        for name in common("numbers")
    }
    if {"mean", "sd"} <= pooled.keys():
        moments = {code: (f.numbers["mean"], f.numbers["sd"]) for code, f in groups.items()}
        square = mean({code: m**2 + sd**2 for code, (m, sd) in moments.items()})
        pooled["sd"] = max(0.0, square - pooled["mean"] ** 2) ** 0.5
    in_shares = {
        name: mean({code: figures.shares[name] for code, figures in groups.items()})
        for name in common("shares")
    }
    return Figures(pooled, in_shares)


def missing_share(subject: Subject, others: Mapping[str, Subject]) -> float:
    """Return the share of all patients without a value, pooled where it is stated by groups."""
    stated = subject.stated.missing(None)
    if stated is not None:
        return stated
    for parent in _parents(subject, others):
        shares = parent.stated.overall.shares
        return sum(
            shares.get(code, 1 / len(parent.codes))
            * (subject.stated.missing(Within(parent.name, code)) or 0.0)
            for code in parent.codes
        )
    return 0.0


def _dates() -> Quantiles:
    days = 365.0 * _YEARS_OF_DATES
    levels = (0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1)
    return Quantiles(*(round(level * days) for level in levels))
