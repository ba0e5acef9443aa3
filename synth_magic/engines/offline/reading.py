"""A description read with the variables of an earlier specification in mind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from synth_magic.description.model import Description
from synth_magic.description.prose import read_prose
from synth_magic.engines.carrying import holding
from synth_magic.engines.reading import read
from synth_magic.engines.refinement import MARKER, described, read_words
from synth_magic.engines.renaming import Renaming
from synth_magic.engines.units import in_own_units
from synth_magic.errors import DescriptionError
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Fact


def read_for(parent: CohortSpec, text: str) -> Description:
    """Return what a text says, in the names, codes and units of a specification where it has them.

    Raises what `read` raises.
    """
    return read_with_remarks(parent, text)[0]


def read_with_remarks(parent: CohortSpec, text: str) -> tuple[Description, tuple[str, ...]]:
    """Return what `read_for` does, and remarks on the units in which the text states figures."""
    description, remarks = read(text)
    if not description.listed:
        variables = [described(variable) for variable in parent.variables]
        prose = read_prose(text, 0, variables)
        own = in_own_units(text, 0, prose.facts, variables, prose.units)
        remarks = own.remarks
        description = replace(
            description,
            variables=prose.variables,
            facts=own.facts,
            not_understood=(*prose.not_understood, *own.foreign),
        )
    columns = [described(variable) for variable in parent.variables]
    return Renaming.to(columns, description.variables).of_all(description), remarks


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
