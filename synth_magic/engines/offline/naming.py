"""What prose says in words that only the catalogue knows: more variables, and less not read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from synth_magic.catalogue.matching import entry_named, find
from synth_magic.catalogue.names import names as names_of_entries
from synth_magic.catalogue.spelling import plain_name
from synth_magic.description.model import DescribedVariable, Description, Quote
from synth_magic.description.phrases import snake_case
from synth_magic.engines.offline.contexts import speaks_of_all
from synth_magic.engines.offline.lists import items, measurements
from synth_magic.engines.offline.mentions import mentions
from synth_magic.engines.offline.passages import Span, figures_of_some, passages
from synth_magic.engines.offline.periods import period
from synth_magic.spec.model import NUMERIC_TYPES

_LONGEST = 60
_MEASURED = (*NUMERIC_TYPES, "ordinal")
_FIGURE = re.compile(r"(?<![\w-])[0-9]+(?:[.,][0-9]+)*(?![\w-])")
_YEARS = re.compile(r"\b(?:19|20)[0-9]{2}(?:-[0-9]{2})?\b")


def with_known_names(description: Description) -> Description:
    """Return a description with the items of its lists that the catalogue names: `MELD`.

    They leave what was not understood, as do words that only say who the patients are. A variable
    that is there already is not added again.
    """
    known = {
        entry.name
        for variable in description.variables
        if (entry := find(variable.name, variable.label, variable.unit).entry)
    }
    added = {variable.name: variable for variable in _named(description, known)}
    labels = {variable.label.casefold() for variable in added.values()}
    left = tuple(
        quote
        for quote in description.not_understood
        if quote.text.casefold() not in labels and not _says_who(quote, description)
    )
    if not added and left == description.not_understood:
        return description
    variables = (*description.variables, *added.values())
    return replace(description, variables=variables, not_understood=left)


def _says_who(quote: Quote, description: Description) -> bool:
    """Tell whether words say no more than who the patients are, when, or for how long."""
    if re.search(r"[0-9]", _YEARS.sub("", quote.text)):
        return False
    seen = period(quote.text)
    if seen.year or seen.followup_years:
        return True
    some = figures_of_some(description)
    return any(
        quote.start <= passage.start + mention.start < quote.start + len(quote.text)
        and speaks_of_all(mention, passage, some)
        for passage in passages(description)
        if passage.start <= quote.start < passage.start + len(passage.text)
        for mention in mentions(passage.text)
    )


def _named(description: Description, known: Collection[str]) -> Iterator[DescribedVariable]:
    """Yield the variables that items of lists, or words not understood, name whole, each once."""
    seen = set(known)
    names = {variable.name for variable in description.variables}
    for text, listed in _candidates(description):
        entry = entry_named(text) if len(text) <= _LONGEST else None
        if entry is None or entry.name in seen or snake_case(text) in names:
            continue
        if _FIGURE.search(text) and names_of_entries().named(plain_name(text)) is None:
            continue  # `Gleason 7` states a figure
        if listed or entry.type in _MEASURED:
            seen.add(entry.name)
            yield DescribedVariable(snake_case(text), text)


def _candidates(description: Description) -> Iterator[tuple[str, bool]]:
    """Yield words that may be a name, and whether measurements are listed before them."""
    taken = list(_figures(description))
    unread = [(quote.start, quote.start + len(quote.text)) for quote in description.not_understood]
    for passage in passages(description):
        start, end = passage.start, passage.start + len(passage.text)
        items_ = [(start + low, start + high) for low, high in items(passage.text)]
        measured = [(start + low, start + high) for low, high in measurements(passage.text)]
        measured = sorted([*measured, *(span for span in taken if start <= span[0] < end)])
        inside = [span for span in unread if start <= span[0] < end]
        for low, high in [*items_, *inside]:
            read = any(a < high and low < b for a, b in taken)
            listed = len(measured) > 1 and measured[0][0] < low
            in_list = listed or (len(measured) > 0 and ":" in passage.text)
            if not read and (in_list or (low, high) in inside):
                yield passage.text[low - start : high - start].strip(), listed


def _figures(description: Description) -> Iterator[Span]:
    """Yield where figures of patients stand, not criteria."""
    for fact in description.facts:
        if fact.start is not None and fact.statistic not in ("min", "max"):
            yield fact.start, fact.start + len(fact.quote)
