"""A description read with the variables of an earlier specification in mind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import find
from synth_magic.description import parse
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.description.prose import read_prose
from synth_magic.engines.carrying import holding
from synth_magic.engines.offline.codes import meanings
from synth_magic.engines.refinement import MARKER, described, read_words
from synth_magic.engines.units import in_own_units
from synth_magic.errors import DescriptionError
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Fact, Variable, Within


def read_for(parent: CohortSpec, text: str) -> Description:
    """Return what a text says, in the names, codes and units of a specification where it has them.

    Raises what `parse` raises.
    """
    return read_with_remarks(parent, text)[0]


def read_with_remarks(parent: CohortSpec, text: str) -> tuple[Description, tuple[str, ...]]:
    """Return what `read_for` does, and remarks on the units in which the text states figures."""
    description = parse(text)
    remarks: tuple[str, ...] = ()
    if not description.listed:
        variables = [described(variable) for variable in parent.variables]
        prose = read_prose(text, 0, variables)
        own = in_own_units(text, 0, prose.facts, variables)
        remarks = own.remarks
        description = replace(
            description,
            variables=prose.variables,
            facts=own.facts,
            not_understood=(*prose.not_understood, *own.foreign),
        )
    return _Renaming.to(parent, description).of_all(description), remarks


def read_before(parent: CohortSpec, text: str) -> tuple[Description, tuple[Fact, ...]]:
    """Return what the text of a specification said, and the figures after its refinements.

    Of a text that cannot be read, and where there is none, the specification's own facts are what
    was said, and no variable was named.
    """
    first, *changes = text.split(MARKER)
    try:
        description = read_for(parent, first)
        facts = description.facts
        for words in changes:
            stated = read_words(words, 0, parent.variables).facts
            facts = (*holding(facts, stated), *stated)
    except DescriptionError:
        return Description(""), parent.facts
    return description, facts


@dataclass(frozen=True, slots=True)
class _Renaming:
    """Which variables go by another name in a specification, and by which other codes."""

    names: Mapping[str, str]
    codes: Mapping[tuple[str, str], str]

    @classmethod
    def to(cls, parent: CohortSpec, description: Description) -> _Renaming:
        own = {variable.name: variable for variable in parent.variables}
        said = {variable.name for variable in description.variables}
        free = {e.name: v for v in own.values() if v.name not in said and (e := entry_of(v))}
        names: dict[str, str] = {}
        codes: dict[tuple[str, str], str] = {}
        for one in description.variables:
            known = find(one.name, one.label, one.unit).entry
            if one.name not in own and known is not None and known.name in free:
                variable = free.pop(known.name)
                names[one.name] = variable.name
                codes.update(_codes(one, variable, known))
        return cls(names, codes)

    def of_all(self, description: Description) -> Description:
        return replace(
            description,
            variables=tuple(
                replace(v, name=self.names.get(v.name, v.name)) for v in description.variables
            ),
            facts=tuple(map(self._of, description.facts)),
            listed=tuple(self.names.get(name, name) for name in description.listed),
        )

    def _of(self, fact: Fact) -> Fact:
        within = fact.within and Within(
            self.names.get(fact.within.variable, fact.within.variable),
            self.codes.get((fact.within.variable, fact.within.code), fact.within.code),
        )
        return replace(
            fact,
            variable=self.names.get(fact.variable, fact.variable),
            other_variable=self.names.get(fact.other_variable, fact.other_variable),
            code=self.codes.get((fact.variable, fact.code), fact.code),
            within=within,
        )


def _codes(
    one: DescribedVariable, variable: Variable, entry: Entry
) -> Mapping[tuple[str, str], str]:
    """Return the codes of a variable by those that a description gives it, where both are known."""
    said = meanings(one, entry) or {}
    own = meanings(described(variable), entry) or {}
    by_meaning = {meaning: code for code, meaning in own.items()}
    return {
        (one.name, code): by_meaning[meaning]
        for code, meaning in said.items()
        if meaning in by_meaning
    }


def entry_of(variable: Variable) -> Entry | None:
    """Return the catalogue's entry of a variable: what its name says, if its label is no help."""
    known = find(variable.name, variable.label, variable.unit).entry
    return known or find(variable.name, "", variable.unit).entry


def other_words(before: Description, now: Description) -> bool:
    """Tell whether two descriptions differ in more than figures and the names of variables."""
    names = {
        word
        for variable in (*before.variables, *now.variables)
        for words in (variable.name.replace("_", " "), variable.label)
        for word in _words(words)
    }
    return _rest(before, names) != _rest(now, names)


def _rest(description: Description, names: Collection[str]) -> Sequence[str]:
    """Return the words of a description that state no figure and name no variable."""
    text = description.text
    for fact in description.facts:
        if fact.start is not None and description.text.startswith(fact.quote, fact.start):
            end = fact.start + len(fact.quote)
            text = text[: fact.start] + " " * len(fact.quote) + text[end:]
    ignored = {*names, "and", "or", str(description.rows or "")}
    return [word for word in _words(text) if word not in ignored]


def _words(text: str) -> list[str]:
    return [word for part in text.casefold().split() if (word := part.strip(".,;:()|–-"))]
