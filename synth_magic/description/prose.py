"""What prose says: who the patients are, how many, and every figure stated about them.

Each kind of statement has a reader of its own, a small function with a few patterns. The readers
go over a sentence one after another, the most particular first; each crosses out what it has read,
so that nothing is read twice. Whatever figure or variable is left is listed as not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from synth_magic.description.model import DescribedVariable, Quote
from synth_magic.description.prose_absences import read_absences, read_everyone
from synth_magic.description.prose_correlations import read_correlations
from synth_magic.description.prose_figures import read_figures
from synth_magic.description.prose_levels import read_levels
from synth_magic.description.prose_listing import read_names
from synth_magic.description.prose_missing import read_missing
from synth_magic.description.prose_names import Names
from synth_magic.description.prose_population import (
    first_of_population,
    read_adults,
    read_beyond,
    read_headings,
    read_rest,
    read_rows,
    speaks_of_people,
)
from synth_magic.description.prose_pressure import read_pressures
from synth_magic.description.prose_reading import Reading
from synth_magic.description.prose_shares import read_equal_shares, read_shares
from synth_magic.description.prose_thresholds import read_definitions, read_thresholds
from synth_magic.description.prose_variables import Settler
from synth_magic.description.sentences import Sentence, split_sentences
from synth_magic.spec.model import Fact

_READERS: tuple[Callable[[Sentence, Reading], None], ...] = (
    read_beyond,
    read_correlations,
    read_rows,
    read_headings,
    read_definitions,
    read_equal_shares,
    read_levels,
    read_missing,
    read_thresholds,
    read_pressures,
    read_figures,
    read_shares,
    read_everyone,
    read_absences,
)
_LONGEST_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Prose:
    """Prose, read.

    `population` is the sentences that say who the patients are; `variables` are those named, in
    order of appearance, a table's own among them where the prose adds to them; `not_understood`
    are the clauses with a figure or a variable's name that led to nothing; `units` are those of the
    facts that were stated in one.
    """

    population: str = ""
    rows: int | None = None
    variables: tuple[DescribedVariable, ...] = ()
    facts: tuple[Fact, ...] = ()
    not_understood: tuple[Quote, ...] = ()
    units: tuple[tuple[Fact, str], ...] = ()


def read_prose(
    text: str,
    start: int,
    variables: Sequence[DescribedVariable] = (),
    known: Collection[str] = (),
) -> Prose:
    """Read the prose of a cell.

    `start` is its position in the cell body, to which all positions refer. `variables` are those
    of the table that follows; `known` are more names (lower case) to recognise without a figure.
    """
    reading = Reading(Names(variables, known), text)
    sentences = list(split_sentences(text, start))
    people: list[Sentence] = []
    for sentence in sentences:
        if len(sentence.text) > _LONGEST_SENTENCE:
            reading.unread.append(sentence.quote(0, len(sentence.text)))
            continue
        for read in _READERS:
            read(sentence, reading)
        of_people = speaks_of_people(sentence)
        if of_people:
            people.append(sentence)
        read_names(sentence, reading, of_people)
        read_rest(sentence, reading, of_people)
    if not people:
        people = first_of_population(sentences, reading)
    read_adults(people, reading)
    settler = Settler(reading)
    settler.settle(variables)
    unread = {quote.start: quote for quote in (*reading.unread, *settler.unread)}
    return Prose(
        population=" ".join(_folded(sentence) for sentence in people),
        rows=reading.rows,
        variables=tuple(settler.variables.values()),
        facts=tuple(sorted(settler.facts, key=lambda fact: fact.start or 0)),
        not_understood=tuple(unread[at] for at in sorted(unread)),
        units=tuple(settler.units),
    )


def _folded(sentence: Sentence) -> str:
    return " ".join(sentence.text.split()) + sentence.stop
