"""A change that is asked for in a few words, below the description of the patients it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from synth_magic.description.contradictions import check
from synth_magic.description.model import Code, DescribedVariable, Description
from synth_magic.description.prose import read_prose
from synth_magic.description.text import admitted
from synth_magic.engines.answer import Question
from synth_magic.engines.reading import read
from synth_magic.engines.units import in_own_units
from synth_magic.errors import DescriptionError
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Fact, Variable

MARKER = "\n\nRefined: "
"""Stands between a description and the words of a change."""

_NOTHING = """there are no words that say what to change; for example:

make them ten years older
mean age 71 (SD 9), 70% male"""


def refinement(
    parent: CohortSpec, before: str, words: str, examples: tuple[Mapping[str, Any], ...] = ()
) -> Question:
    """Return what is asked to change patients that were described `before` as `words` say.

    Only the words of the change are read, with the parent's variables in mind. Raises
    DescriptionError for words that cannot be read.
    """
    if isinstance(words, str) and not any(c.isprintable() and c != " " for c in words):
        raise DescriptionError(_NOTHING)
    words = admitted(words).strip()
    text = f"{before}{MARKER}{words}"
    shown = [variable for variable in parent.variables if not variable.hidden]
    variables = [described(variable) for variable in shown]
    description, remarks = _read(text, len(text) - len(words), variables)
    return Question(description, examples, parent, before, words, remarks)


def figures(text: str) -> dict[object, float]:
    """Return what a description states, by what it is a figure of: the last word on each."""
    first, *changes = text.split(MARKER)
    try:
        stated = read(first)[0]
        facts = list(stated.facts)
        for words in changes:
            facts += _read(words, 0, stated.variables)[0].facts
    except DescriptionError:
        return {}
    return {fact.figure: fact.value for fact in facts}


def read_words(text: str, start: int, variables: Sequence[Variable]) -> Description:
    """Read a text from `start` on as prose about patients with these variables."""
    return _read(text, start, [described(variable) for variable in variables])[0]


def _read(
    text: str, start: int, variables: Sequence[DescribedVariable]
) -> tuple[Description, tuple[str, ...]]:
    """Return what the words say, and remarks on their units."""
    prose = read_prose(text[start:], start, variables)
    own = in_own_units(text[start:], start, prose.facts, variables, prose.units)
    description = Description(
        text,
        variables=prose.variables,
        facts=own.facts,
        not_understood=(*prose.not_understood, *own.foreign),
    )
    check_together(description, own.facts)
    return description, own.remarks


def check_together(description: Description, facts: Iterable[Fact]) -> None:
    """Raise ContradictionError for facts that cannot all be true.

    No line is named: the words of a change stand in no text that the user has before them.
    """
    unplaced = tuple(replace(fact, start=None) for fact in facts)
    check(replace(description, facts=unplaced))


def described(variable: Variable) -> DescribedVariable:
    """Return a variable as a description names it."""
    codes = tuple(Code(code) for code in variable.codes)
    return DescribedVariable(
        variable.name, variable.label, variable.type, variable.unit, codes=codes
    )
