"""What the prose around a table seems to name, and neither the table nor the catalogue knows."""

from __future__ import annotations

from dataclasses import replace

from synth_magic.catalogue.matching import find
from synth_magic.description.model import DescribedVariable, Description, Quote
from synth_magic.spec.model import Fact


def without_strangers(description: Description) -> tuple[Description, tuple[str, ...]]:
    """Return a description without such columns, and a remark that names them.

    `Followed for 2.5 years` is no column of a table that lists others. What was stated of them is
    not understood. Without a table, whatever prose names is a column.
    """
    if not description.listed:
        return description, ()
    strangers = {
        variable.name
        for variable in description.variables
        if variable.name not in description.listed and not _is_known(variable)
    }
    if not strangers:
        return description, ()

    def concerns(fact: Fact) -> bool:
        group = fact.within.variable if fact.within else ""
        return not strangers.isdisjoint((fact.variable, fact.other_variable, group))

    lost = (f for f in description.facts if concerns(f) and f.start is not None)
    unread = {Quote(fact.quote, fact.start or 0) for fact in lost} | {*description.not_understood}
    left = replace(
        description,
        variables=tuple(v for v in description.variables if v.name not in strangers),
        facts=tuple(fact for fact in description.facts if not concerns(fact)),
        not_understood=tuple(sorted(unread, key=lambda quote: quote.start)),
    )
    names = ", ".join(v.name for v in description.variables if v.name in strangers)
    return left, (f"Neither in the table nor in the catalogue, so no column: {names}.",)


def _is_known(variable: DescribedVariable) -> bool:
    match = find(variable.name, variable.label, variable.unit)
    return match.entry is not None and match.exact
