"""Variables that prose names in words that only the catalogue knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from synth_magic.catalogue.matching import entry_named, find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.description.phrases import snake_case
from synth_magic.engines.offline.lists import items, measurements
from synth_magic.engines.offline.passages import Span, passages
from synth_magic.spec.model import NUMERIC_TYPES

_LONGEST = 60


def with_known_names(description: Description) -> Description:
    """Return a description with the items of its lists that the catalogue names: `MELD`.

    They leave what was not understood. A variable that is there already is not added again.
    """
    known = {
        entry.name
        for variable in description.variables
        if (entry := find(variable.name, variable.label, variable.unit).entry)
    }
    taken = [
        (fact.start, fact.start + len(fact.quote))
        for fact in description.facts
        if fact.start is not None
    ]
    added = {variable.name: variable for variable in _named(description, known, taken)}
    if not added:
        return description
    labels = {variable.label.casefold() for variable in added.values()}
    return replace(
        description,
        variables=(*description.variables, *added.values()),
        not_understood=tuple(
            quote for quote in description.not_understood if quote.text.casefold() not in labels
        ),
    )


def _named(
    description: Description, known: Collection[str], taken: Collection[Span]
) -> Iterator[DescribedVariable]:
    """Yield the variables that items of lists name whole, each entry once."""
    seen = set(known)
    names = {variable.name for variable in description.variables}
    for passage in passages(description):
        measured = measurements(passage.text)
        if not measured:
            continue
        for low, high in items(passage.text):
            text = passage.text[low:high].strip()
            start, end = passage.start + low, passage.start + high
            read = any(a < end and start < b for a, b in taken)
            if read or len(text) > _LONGEST or snake_case(text) in names:
                continue
            entry = entry_named(text)
            if entry is None or entry.name in seen:
                continue
            listed = len(measured) > 1 and measured[0][0] < low
            if listed or (
                entry.type in NUMERIC_TYPES and (len(measured) > 1 or ":" in passage.text)
            ):
                seen.add(entry.name)
                yield DescribedVariable(snake_case(text), text)
