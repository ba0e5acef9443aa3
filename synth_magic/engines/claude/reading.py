"""From the model's documents to a specification that can be sampled, or what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from synth_magic.description.model import DescribedVariable
from synth_magic.engines.answer import Question
from synth_magic.engines.carrying import in_order
from synth_magic.engines.claude import changes, quotes
from synth_magic.engines.claude.documents import Document, items, joined
from synth_magic.engines.claude.drafts import Draft, optional
from synth_magic.engines.claude.mending import mended
from synth_magic.engines.claude.projection import completed
from synth_magic.errors import (
    RuleError,
    SamplingError,
    SpecificationError,
    Violation,
    did_you_mean,
)
from synth_magic.sampling import compiled
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit
from synth_magic.spec.model import CODED_TYPES, NUMERIC_TYPES, Fact, Variable
from synth_magic.spec.structure import structural_violations
from synth_magic.spec.text import listed, shown
from synth_magic.spec.validation import meaning_violations

MOST_UNASKED = 200
"""Variables of an answer to a text that lists no columns."""
MOST = {"rules": 100, "missing_groups": 100, "facts": 500, "spikes": 50, "cells": 200}
"""Items of a list: more would take minutes to check, and no answer needs them."""

_FACT = re.compile(r"facts\[(\d+)\]")


class TooManyVariablesError(SpecificationError):
    """An answer with more variables than any correction could take back."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A specification that can be sampled, and what the user should know of how it came about."""

    spec: CohortSpec
    remarks: tuple[str, ...] = ()


def read(question: Question, documents: Sequence[Document], names: Sequence[str] = ()) -> Reading:
    """Return the specification of an answer in one or more parts.

    `names` are the columns it must have (none: those that the description lists). Raises
    SpecificationError with everything that is wrong with it. What a change makes impossible of the
    earlier specification is left out, and told in the remarks.
    """
    return _settled(question, documents, names, leniently=False)


def read_leniently(
    question: Question, documents: Sequence[Document], names: Sequence[str] = ()
) -> Reading:
    """Like `read`, but leave out facts, associations, rules and missing groups that are wrong.

    Each is told in the remarks. Raises SpecificationError for what is wrong with the variables.
    """
    return _settled(question, documents, names, leniently=True)


def _settled(
    question: Question, documents: Sequence[Document], names: Sequence[str], *, leniently: bool
) -> Reading:
    draft = _draft(question, joined(documents))
    while True:
        try:
            return _read(question, draft, names)
        except SpecificationError as error:
            wrong = {
                item: violation
                for item, violation in optional(error).items()
                if leniently or draft.inherited(item)
            }
            if not wrong:
                raise draft.as_answered(error) from None
            draft = draft.without(wrong)


def _draft(question: Question, answer: Document) -> Draft:
    """Return the answer as the document of a specification, with remarks."""
    if question.is_change:
        return changes.draft(question, answer)
    document, unasked = completed(mended(answer))
    document, remarks = quotes.checked(document, question)
    return Draft(document, (*unasked, *remarks))


def _read(question: Question, draft: Draft, names: Sequence[str]) -> Reading:
    document, description = draft.document, question.description
    asked = {variable.name: variable for variable in description.variables}
    columns = names or description.listed
    before = len(question.parent.variables) if question.parent else 0
    most = max(MOST_UNASKED, 2 * len(columns), before + len(columns))
    if (count := len(items(document, "variables"))) > most:
        allowed = f"there may be {most} at most"
        raise TooManyVariablesError([Violation("variables", f"there are {count:,}", allowed)])
    if violations := (
        structural_violations(document)
        or (*_too_long(document),)
        or (*_unlike(document, asked, columns),)
    ):
        raise SpecificationError(violations)
    spec = CohortSpec.from_dict(document)
    spec = replace(spec, variables=tuple(_in_order(spec.variables, asked, columns)))
    known = {variable.name for variable in spec.variables}
    edited = {fact.figure for fact in spec.facts if is_edit(fact)}
    stated = [
        fact
        for fact in description.facts
        if quotes.about(fact) <= known and fact.figure not in edited
    ]
    if violations := (*_misfits(spec, stated),):
        raise SpecificationError(violations)
    spec = replace(spec, facts=quotes.together(stated, spec.facts))
    if question.is_change and question.parent:
        spec = in_order(spec, question.parent)
    _try_out(spec)
    remarks = draft.remarks
    if not names:
        remarks = (*remarks, *_left_out(description.facts, known))
    return Reading(spec, tuple(dict.fromkeys(remarks)))


def _misfits(spec: CohortSpec, stated: Sequence[Fact]) -> Iterator[Violation]:
    """Yield what keeps the user's facts from fitting the answer: a code it lacks, say."""
    for violation in meaning_violations(replace(spec, facts=tuple(stated))):
        place = _FACT.match(violation.path)
        assert place, "the rest was valid before"
        fact = stated[int(place[1])]
        yield Violation(
            f"the user's {shown(fact.quote)}",
            f"it is a figure of {shown(fact.variable)}; {violation.found}",
            f"{violation.allowed}; change the variable so that the figure fits",
        )


def _left_out(facts: Sequence[Fact], known: set[str]) -> Iterator[str]:
    for fact in facts:
        if unknown := sorted(quotes.about(fact) - known):
            about = ", ".join(unknown)
            yield f"“{fact.quote}” was read as a figure of {about}, which the model left out."


def _too_long(document: Document) -> Iterator[Violation]:
    """Yield the lists of a well-formed answer that are longer than any answer needs."""
    lists = [(name, name, document[name]) for name in ("rules", "missing_groups", "facts")]
    for place, variable in enumerate(document["variables"]):
        path = f"variables[{place}] ({shown(variable['name'])})"
        lists.append(("spikes", f"{path}.spikes", variable["spikes"]))
        lists.append(("cells", f"{path}.marginal.cells", variable["marginal"].get("cells", [])))
    for name, path, found in lists:
        if len(found) > MOST[name]:
            yield Violation(path, f"there are {len(found):,}", f"at most {MOST[name]} are allowed")


def _unlike(
    document: Document, asked: dict[str, DescribedVariable], columns: Sequence[str]
) -> Iterator[Violation]:
    """Yield where an answer departs from the columns and codes that the user listed."""
    variables = enumerate(document["variables"])
    found = {variable["name"]: (place, variable) for place, variable in variables}
    for name in columns:
        if name not in found:
            yield Violation("variables", f"{shown(name)} is missing", "answer with every column")
            continue
        place, variable = found[name]
        path = f"variables[{place}] ({shown(name)})"
        codes = [code.code for code in asked[name].codes]
        for code in dict.fromkeys(_codes(variable["marginal"])) if codes else ():
            if code not in codes:
                found_code = f"{shown(code)} is none of the user's codes"
                allowed = f"the codes are {listed(codes)}{did_you_mean(code, codes)}"
                yield Violation(f"{path}.marginal", found_code, allowed)
        given, kind = asked[name].type, variable["type"]
        if given and not _agree(given, kind):
            yield Violation(f"{path}.type", f"it is {kind}", f"the user says {given}")


def _agree(given: str, answered: str) -> bool:
    """Return whether a type is as given: numbers stay numbers and codes codes."""
    groups: Sequence[Sequence[str]] = (NUMERIC_TYPES[:2], CODED_TYPES)
    return given == answered or any(given in group and answered in group for group in groups)


def _codes(marginal: dict[str, Any]) -> Iterator[str]:
    for cell in marginal.get("cells", ()):
        yield from _codes(cell["marginal"])
    yield from (share["code"] for share in marginal.get("shares", ()))
    yield from marginal.get("codes", ())


def _in_order(
    variables: Sequence[Variable], asked: dict[str, DescribedVariable], columns: Sequence[str]
) -> Iterator[Variable]:
    """Yield the columns in the user's order and units; what was not asked for beside them hides."""
    if not columns:
        yield from variables
        return
    own = {variable.name: variable for variable in variables}
    for name in columns:
        yield _as_given(own.pop(name), asked[name])
    for variable in own.values():
        yield variable if variable.name in asked else replace(variable, hidden=True)


def _as_given(variable: Variable, given: DescribedVariable) -> Variable:
    """Return a variable with the label, unit and decimals that the user gave it, to be seen."""
    unit = given.unit if given.unit and variable.type != "date" else variable.unit
    decimals = variable.decimals
    if variable.type == "continuous" and given.decimals is not None:
        decimals = max(decimals, given.decimals)
    return replace(
        variable,
        label=" ".join(given.label.split()) or variable.label,
        unit=" ".join(unit.split()),
        decimals=decimals,
        hidden=False,
    )


def _try_out(spec: CohortSpec) -> None:
    """Compile a specification; what fails is told as a violation."""
    try:
        compiled(spec)
    except RuleError as error:
        place = [rule.expression for rule in spec.rules].index(error.expression)
        raise SpecificationError([Violation(f"rules[{place}]", str(error), "change it")]) from None
    except SamplingError as error:
        allowed = "state figures that one distribution can have"
        raise SpecificationError([Violation("the specification", str(error), allowed)]) from None
