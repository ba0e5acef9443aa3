"""What is computed, and what must hold: the catalogue's formulas and rules in the user's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

import numpy as np

from synth_magic.catalogue.entries import CatalogueFormula
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.marginals import Made
from synth_magic.engines.offline.subjects import Subject
from synth_magic.engines.writing import named, quoted
from synth_magic.sampling.grid import NODES, Floats, probability
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import Formula, Identifier, Provenance, Rule, Shares, Variable

Entries = Mapping[str, Subject]
"""The subjects that have a catalogue entry, by the name of the entry."""

_COMPARED = re.compile(r'(?P<name>[a-z]\w*) == "(?P<code>[^"]+)"')
_NAME = re.compile(r"`[^`]*`|\"[^\"]*\"|[a-z]\w*")
_LESS = re.compile(r"(?P<low>[a-z]\w*) <=? (?P<high>[a-z]\w*)")
_RARE = 0.01
"""A rule that more patients break would move the marginals, for those are drawn again."""

_SMALLEST_CHILD = 0.7
"""Part of an adult's lowest possible value that a child's may be."""

_HALF = 0.5
_POINTS = 1024


def formulas(cohort: Cohort) -> Mapping[str, Made]:
    """Return what is computed from variables that are there, by the name of the entry.

    What the description gives figures of is not computed, nor what others are computed from, nor
    what must lie within limits that shut most patients out.
    """
    entries = cohort.entries
    made: dict[str, Made] = {}
    inputs: set[str] = set()
    for formula in catalogue().formulas:
        needed = _names_in(formula.expression)
        target = entries.get(formula.variable)
        if target is None or formula.variable in made or _is_given(target, cohort):
            continue
        if needed <= entries.keys() - made.keys() and formula.variable not in inputs:
            expression = _in_own_terms(formula.expression, entries)
            if expression:
                inputs |= needed
                made[formula.variable] = _made(formula, _in_unit(expression, target))
    return made


def _is_given(target: Subject, cohort: Cohort) -> bool:
    """Tell whether figures of a number are stated, or limits beyond which most patients lie."""
    known = cohort.picture.known.get(target.entry.name) if target.entry else None
    unit = target.entry_unit
    if target.stated.figures or known is None or unit is None or target.coded:
        return bool(target.stated.figures)
    low, high = target.stated_bounds
    values = curves.curve(known.marginal)
    ends = [-np.inf if low is None else low, np.inf if high is None else high]
    below = np.interp((np.array(ends) - unit.offset) / unit.factor, values, probability(NODES),
                      left=0, right=1)  # fmt: skip
    return bool(below[1] - below[0] < _HALF)


@cache
def _names_in(expression: str) -> frozenset[str]:
    return Expression.parse(expression).names


def _made(formula: CatalogueFormula, expression: str) -> Made:
    source = catalogue().sources.get(formula.source)
    basis = f"computed: {formula.label}" + (f" ({source.short})" if source else "")
    return Made(Formula(expression), "catalogue", basis)


def beyond(subject: Subject, entries: Entries) -> Made | None:
    """Return what tells whether another column is beyond a limit, if that column is there.

    The limit is that of its description, or the one that defines it.
    """
    if subject.stated.distribution or subject.entry is None:
        return None
    limit, defined = subject.threshold, catalogue().limits.get(subject.entry.name)
    if limit is not None:
        no, yes = subject.codes
        name, sign, value = limit.entry.name, limit.sign, limit.limit
        basis, provenance = "as its description says", "stated"
    elif defined is not None and len(subject.codes) == 2:
        no, yes = (_code_for(subject, answer) for answer in ("no", "yes"))
        name, sign, value = defined.of, defined.sign, defined.value
        basis, provenance = f"by definition: {defined.label}", "catalogue"
    else:
        return None
    whole = entries.get(name)
    if whole is None or whole is subject or whole.threshold is not None or not (no and yes):
        return None
    assert whole.entry_unit is not None
    own = f"{round(whole.entry_unit.convert(value), 6):g}"
    expression = f"{quoted(yes)} if {named(whole.name)} {sign} {own} else {quoted(no)}"
    side = "above" if sign.startswith(">") else "below"
    formula = Formula(expression, subject.codes)
    return Made(formula, cast(Provenance, provenance), f"{whole.name} {side} {own}, {basis}")


def _code_for(subject: Subject, answer: str) -> str:
    return next((code for code in subject.codes if subject.meanings.get(code) == (answer,)), "")


def _in_unit(expression: str, target: Subject) -> str:
    unit = target.entry_unit
    if unit is None or unit.keeps_figures:
        return expression
    offset = f" + {unit.offset:g}" if unit.offset else ""
    return f"({expression}) * {unit.factor}{offset}"


def _in_own_terms(expression: str, entries: Entries) -> str:
    """Return an expression of entries in the names, units and codes of the subjects.

    Empty where a code has no single counterpart.
    """
    for match in _COMPARED.finditer(expression):
        subject = entries[match["name"]]
        own = [c for c in subject.codes if subject.meanings.get(c) == (match["code"],)]
        if len(own) != 1:
            return ""
        expression = expression.replace(match[0], f"`{subject.name}` == {quoted(own[0])}")
    return _NAME.sub(lambda found: _one(found[0], entries), expression)


def _one(word: str, entries: Entries) -> str:
    if word.startswith("`"):
        return named(word.strip("`"))
    if word not in entries:
        return word
    subject = entries[word]
    unit, name = subject.entry_unit, named(subject.name)
    if unit is None or unit.keeps_figures:
        return name
    less = f"({name} - {unit.offset:g})" if unit.offset else name
    return f"({less} / {unit.factor})"


def rules(cohort: Cohort, variables: Mapping[str, Variable]) -> Iterator[Rule]:
    """Yield the rules between variables that are there, but those that would move figures."""
    entries = cohort.entries
    for rule in catalogue().rules:
        pair = _LESS.fullmatch(rule.expression)
        if pair is None or not {pair["low"], pair["high"]} <= entries.keys():
            continue
        low, high = entries[pair["low"]], entries[pair["high"]]
        r = cohort.picture.latent(pair["low"], pair["high"])
        if _broken(low, high, r, variables) < _RARE:
            yield Rule(_in_own_terms(rule.expression, entries), rule.reason)
    for subject in entries.values():
        marginal = variables[subject.name].marginal
        if isinstance(marginal, Formula) and not marginal.codes:
            yield from _possible(subject)


def _possible(subject: Subject) -> Iterator[Rule]:
    """Yield the rule that keeps what is computed within what patients may have."""
    entry, unit = subject.entry, subject.entry_unit
    if entry is None or unit is None or entry.bounds is None:
        return
    low, high = map(unit.convert, entry.bounds)
    low *= _SMALLEST_CHILD if subject.children else 1
    least, most = subject.stated_bounds
    low, high = max(low, least or low), min(high, most or high)
    name = named(subject.name)
    expression = f"{low:g} <= {name} and {name} <= {high:g}"
    yield Rule(expression, f"no patient has {entry.label} beyond that")


def _broken(low: Subject, high: Subject, r: float, variables: Mapping[str, Variable]) -> float:
    """Return about which share of the patients would break a rule if nothing held it."""
    below, above = (_cells(subject, variables) for subject in (low, high))
    first, second = curves.normal_scores(_POINTS, r)
    shares = [
        float(np.mean(np.interp(first, NODES, one) >= np.interp(second, NODES, other)))
        for one, other in zip(below, above, strict=False)
    ]
    return max(shares, default=1.0)


def _cells(subject: Subject, variables: Mapping[str, Variable]) -> Sequence[Floats]:
    """Return the curve of a number in each cell, in its entry's unit."""
    marginal, unit = variables[subject.name].marginal, subject.entry_unit
    if unit is None or isinstance(marginal, Identifier | Formula | Shares):
        return []
    return [(curves.curve(cell) - unit.offset) / unit.factor for cell in curves.simple(marginal)]
