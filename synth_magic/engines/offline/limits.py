"""Whom a variable cannot concern: the other sex, and those who are too young."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from synth_magic.engines.offline import curves
from synth_magic.engines.offline.known import Demographics
from synth_magic.engines.offline.subjects import Subject
from synth_magic.engines.writing import named, quoted
from synth_magic.sampling.grid import NODES
from synth_magic.spec.model import By, Cell, Marginal, MissingGroup, Shares, SimpleMarginal

_YOUNGEST = int(len(NODES) * 0.25)
"""The node of the normal score -3: one patient in 700 is younger."""


def limited(marginal: Marginal, subject: Subject, demographics: Demographics) -> Marginal:
    """Return a marginal of codes that gives those whom it cannot concern the lowest code."""
    entry = subject.entry
    if entry is None or not isinstance(marginal, Shares):
        return marginal
    lowest = _lowest(subject)
    if not lowest:
        return marginal
    nobody = curves.with_shares(marginal, [float(s.code == lowest) for s in marginal.shares])
    sex, age = (demographics.subjects.get(name) for name in ("sex", "age"))
    if entry.sex and sex is not None and _has_none(subject):
        levels = {code: entry.sex in sex.meanings.get(code, ()) for code in sex.codes}
        return _by(sex.name, {code: marginal if own else nobody for code, own in levels.items()})
    if entry.from_age and age is not None and _youngest(demographics) < entry.from_age:
        unit = age.entry_unit
        at = entry.from_age * (unit.factor if unit else 1)
        return _by(age.name, {f"<{at:g}": nobody, f">={at:g}": marginal})
    return marginal


def _lowest(subject: Subject) -> str:
    """Return the code that says the least of what the entry asks for; empty if there is none."""
    if subject.threshold is not None:
        return subject.codes[0]
    lowest = subject.entry.codes[:1] if subject.entry else ()
    return next((code for code in subject.codes if subject.meanings.get(code) == lowest), "")


def _has_none(subject: Subject) -> bool:
    """Tell whether the lowest code of a subject says that a patient does not have it."""
    codes = subject.entry.codes if subject.entry else ()
    return subject.threshold is not None or codes[:1] == ("no",)


def _by(parent: str, cells: Mapping[str, SimpleMarginal]) -> By:
    return By((parent,), tuple(Cell((level,), cell) for level, cell in cells.items()))


def _youngest(demographics: Demographics) -> float:
    """Return the age in years that hardly anybody is below."""
    return float(curves.curve(demographics.marginals["age"])[_YOUNGEST])


def without_values(
    subjects: Iterable[Subject], demographics: Demographics
) -> Iterator[MissingGroup]:
    """Yield the missing values of what the other sex does not have, where no code says so."""
    sex = demographics.subjects.get("sex")
    for subject in subjects:
        entry = subject.entry
        if entry is None or not entry.sex or _has_none(subject) or sex is None:
            continue
        others = [code for code in sex.codes if entry.sex not in sex.meanings.get(code, ())]
        if others and len(others) < len(sex.codes):
            reason = " or ".join(f"{named(sex.name)} == {quoted(code)}" for code in others)
            yield MissingGroup(f"no_{subject.name}", (subject.name,), 1.0, reason)
