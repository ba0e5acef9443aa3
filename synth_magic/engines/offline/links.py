"""What ties the variables together: the catalogue's associations, formulas and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from statistics import NormalDist

from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline.subjects import Subject
from synth_magic.engines.writing import named
from synth_magic.sampling.transfer import carried_over
from synth_magic.spec.model import (
    Association,
    By,
    Fact,
    Formula,
    MeanSD,
    MedianIQR,
    Provenance,
    Quantiles,
    Rule,
    Shares,
    SimpleMarginal,
    Variable,
)

Entries = Mapping[str, Subject]
"""The subjects that have a catalogue entry, by the name of the entry."""

_NAME = re.compile("[a-z]+")
_RARE = 0.01
"""A rule that more patients break would move the marginals, for those are drawn again."""


def body_mass_index(entries: Entries) -> str:
    """Return the formula of the BMI if weight and height are there and nothing is said of it."""
    bmi = entries.get("bmi")
    if bmi is None or bmi.entry is None or bmi.stated.distribution:
        return ""
    formula = bmi.entry.formula
    if not entries.keys() >= set(_NAME.findall(formula)):
        return ""
    return _NAME.sub(lambda name: _in_own_unit(entries[name[0]]), formula)


def _in_own_unit(subject: Subject) -> str:
    """Return the expression of a variable in the unit of its entry."""
    unit = subject.entry_unit
    assert unit is not None
    assert unit.offset == 0
    name = named(subject.name)
    return name if unit.factor == 1 else f"({name} / {unit.factor})"


def associations(
    entries: Entries, variables: Mapping[str, Variable], facts: Sequence[Fact]
) -> Iterator[Association]:
    """Yield the catalogue's associations of what is there, the stated correlations left out.

    They are carried over from the catalogue's populations: a rare diagnosis correlates less.
    """
    stated = {frozenset((f.variable, f.other_variable)) for f in facts if f.statistic == "spearman"}
    known = catalogue()
    found, seen, here = [], [], []
    for pair in known.associations:
        if pair.a not in entries or pair.b not in entries:
            continue
        a, b = entries[pair.a], entries[pair.b]
        sign = _direction(a) * _direction(b)
        ends = variables[a.name], variables[b.name]
        tied = _ties(*ends) or _ties(*reversed(ends))
        if sign and not tied and frozenset((a.name, b.name)) not in stated:
            seen.append((known.entries[pair.a].marginal, known.entries[pair.b].marginal))
            here.append((ends[0].marginal, ends[1].marginal))
            basis = known.basis(pair)
            provenance: Provenance = "catalogue" if pair.source in known.sources else "assumed"
            found.append(Association(a.name, b.name, sign * pair.spearman, basis, provenance))
    carried = carried_over([association.spearman for association in found], seen, here)
    for association, spearman in zip(found, carried, strict=True):
        yield replace(association, spearman=round(float(spearman), 3))


def _direction(subject: Subject) -> int:
    """Return 1 if a subject's codes rise as its entry's do, -1 if they fall, 0 if neither."""
    entry = subject.entry
    if entry is None or not isinstance(entry.marginal, Shares):
        return 1
    order = [share.code for share in entry.marginal.shares]
    places = [order.index(subject.meanings[code]) for code in subject.codes]
    if subject.type == "categorical" or len(places) < 2:
        return 0
    rising = sorted(places)
    return 1 if places == rising else -1 if places == rising[::-1] else 0


def _ties(child: Variable, parent: Variable) -> bool:
    """Tell whether a marginal already says how a variable depends on another."""
    if isinstance(child.marginal, Formula):
        return True
    return isinstance(child.marginal, By) and parent.name in child.marginal.parents


def pressure_rule(entries: Entries, variables: Mapping[str, Variable]) -> Rule | None:
    """Return the rule that diastolic pressure is the lower one, unless that would move figures."""
    systolic, diastolic = entries.get("systolic_bp"), entries.get("diastolic_bp")
    if systolic is None or diastolic is None or systolic.entry_unit != diastolic.entry_unit:
        return None
    spearman = next(
        pair.spearman
        for pair in catalogue().associations
        if {pair.a, pair.b} == {"systolic_bp", "diastolic_bp"}
    )
    highs, lows = (_moments(variables[s.name]) for s in (systolic, diastolic))
    for high, low in zip(highs, lows, strict=False):
        spread = sqrt(high.variance + low.variance - 2 * spearman * high.stdev * low.stdev)
        if NormalDist(high.mean - low.mean, spread or 1e-9).cdf(0) > _RARE:
            return None
    expression = f"{named(diastolic.name)} < {named(systolic.name)}"
    return Rule(expression, "the diastolic blood pressure is below the systolic one")


def _moments(variable: Variable) -> list[NormalDist]:
    """Return roughly the mean and SD of a number in each cell of its marginal."""
    marginal = variable.marginal
    if isinstance(marginal, By):
        return [_normal(cell.marginal) for cell in marginal.cells]
    return [_normal(marginal)] if isinstance(marginal, MeanSD | MedianIQR | Quantiles) else []


def _normal(marginal: SimpleMarginal) -> NormalDist:
    if isinstance(marginal, MeanSD):
        return NormalDist(marginal.mean, marginal.sd)
    assert isinstance(marginal, MedianIQR | Quantiles)
    return NormalDist(marginal.p50, (marginal.p75 - marginal.p25) / 1.349)
