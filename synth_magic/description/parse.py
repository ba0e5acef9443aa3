"""The text of a cell, parsed into a Description."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from synth_magic.description.columns import has_rows, total_in
from synth_magic.description.contradictions import check
from synth_magic.description.conventions import conventions_in
from synth_magic.description.gathering import Gathering
from synth_magic.description.layout import Layout, lay_out, line_number
from synth_magic.description.model import DescribedVariable, Description, Quote
from synth_magic.description.prose import read_prose
from synth_magic.description.table_one import read_table_one
from synth_magic.description.text import admitted
from synth_magic.description.variable_table import is_variable_table, read_variable_table
from synth_magic.errors import DescriptionError
from synth_magic.spec.model import Fact

_CAPTION = re.compile(r"\s*\**\s*(?:e?table|tab\.)\s*S?[0-9]+\s*[.:|–—-]?\s*\**\s*[.:]?\s*", re.I)
_NOTE = re.compile(
    r"\s*(?:\\?[*†‡§¶‖#^]|[\u1D43-\u1DBF⁰¹²³⁴-⁹]|<sup>|[a-h]\s+(?=[A-Z])"
    r"|(?:abbreviations?|notes?|data|values?|plus[-–]minus|continuous|categorical|percentages?"
    r"|sources?|missing)\b|(?:SD|IQR|BMI|CI)\b\s*[,:=]|.*\bdenotes\b)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Words:
    """The text around the tables: what is prose, and what are notes to a table."""

    prose: list[Quote] = field(default_factory=list)
    notes: list[Quote] = field(default_factory=list)


def parse(text: str) -> Description:
    """Read a description: prose, a table of variables, a published Table 1, or prose and tables.

    Raises DescriptionError for an empty text or a ragged table, ContradictionError for statements
    that cannot all be true. What is not understood is listed in the Description.
    """
    description = unchecked(text)
    check(description)
    return description


def unchecked(text: str) -> Description:
    """Read a description as `parse` does, whether or not all of it can be true."""
    text = admitted(text)
    layout = lay_out(text)
    words = _part(layout)
    gathering = Gathering(text)
    around = "\n".join(quote.text for quote in layout.prose)
    stated = total_in(around)
    patients = int(stated) if stated and stated >= 1 else None
    for table in layout.tables:
        if not has_rows(table):
            raise DescriptionError(_lone_heading(text, table.rows[0].line))
        if is_variable_table(table):
            read_variable_table(table, gathering)
        else:
            read_table_one(table, conventions_in(around), patients, gathering)
    unread = [note for note in words.notes if not conventions_in(note.text)]
    return _with_prose(gathering, words.prose, [*gathering.not_understood, *unread])


def _lone_heading(text: str, line: Quote) -> str:
    return (
        f"line {line_number(text, line.start)} of the description is the heading of a table "
        f"without rows: {line.text[:80]!r}; add a row for each variable"
    )


def _part(layout: Layout) -> _Words:
    """Tell the footnotes below a table from prose; a caption is prose without its `Table 1.`"""
    words = _Words()
    first_table = min((table.rows[0].line.start for table in layout.tables), default=None)
    for stretch in layout.prose:
        text, start = stretch.text, stretch.start
        if first_table is not None and start > first_table:
            while text and _NOTE.match(text):
                line = text.partition("\n")[0]
                words.notes.append(Quote(line.strip(), start + len(line) - len(line.lstrip())))
                start += len(line) + 1
                text = text[len(line) + 1 :]
        caption = _CAPTION.match(text)
        skip = caption.end() if caption else 0
        if text[skip:].strip():
            words.prose.append(Quote(text[skip:], start + skip))
    return words


def _implied(bound: Fact, facts: list[Fact]) -> bool:
    """Tell whether a table states a narrower bound (`Range 40-95` after "adults")."""
    return any(
        fact.statistic == bound.statistic
        and (fact.variable, fact.within) == (bound.variable, bound.within)
        and (
            (bound.statistic == "min" and fact.value >= bound.value)
            or (bound.statistic == "max" and fact.value <= bound.value)
        )
        for fact in facts
    )


def _with_prose(gathering: Gathering, stretches: list[Quote], unread: list[Quote]) -> Description:
    """Add what the prose says to what the tables say; the prose's number of patients wins."""
    variables = dict(gathering.variables)
    facts = list(gathering.facts)
    population: list[str] = []
    rows: int | None = None
    units: list[tuple[Fact, str]] = []
    for stretch in stretches:
        known: tuple[DescribedVariable, ...] = tuple(variables.values())
        prose = read_prose(stretch.text, stretch.start, known)
        variables.update((variable.name, variable) for variable in prose.variables)
        facts += (fact for fact in prose.facts if not _implied(fact, gathering.facts))
        population += [prose.population] if prose.population else []
        rows = rows or prose.rows
        units += prose.units
        unread += [quote for quote in prose.not_understood if not conventions_in(quote.text)]
    return Description(
        gathering.text,
        " ".join(population),
        rows or gathering.rows,
        tuple(variables.values()),
        tuple(facts),
        tuple(sorted(unread, key=lambda quote: quote.start)),
        tuple(gathering.variables),
        tuple(units),
    )
