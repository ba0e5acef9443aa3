"""A description, with what its prose says in the names and units of its table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from synth_magic.catalogue.matching import find
from synth_magic.catalogue.units import plain_unit
from synth_magic.description.contradictions import check
from synth_magic.description.labels import is_unit
from synth_magic.description.layout import lay_out
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.description.parse import unchecked
from synth_magic.engines.renaming import Renaming
from synth_magic.engines.units import in_own_units
from synth_magic.spec.model import Fact

_IN_UNIT = re.compile(r"\bin (\S+)$")


def read(text: str) -> tuple[Description, tuple[str, ...]]:
    """Return what a text says, and remarks on figures that it states in another unit.

    What prose calls by another name than the table is the table's, where the catalogue knows both.
    Figures that cannot be converted are not understood. Raises what `parse` raises.
    """
    description = unchecked(text)
    if not description.listed:  # what prose alone names has the unit that prose gives it
        check(description)
        return description, ()
    columns = [_of_table(v) for v in description.variables if v.name in description.listed]
    beside = [v for v in description.variables if v.name not in description.listed]
    renaming = Renaming.to(columns, beside)
    columns = [_with_codes(column, beside, renaming) for column in columns]
    renamed = [f"{v.label} is {renaming.names[v.name]}" for v in beside if v.name in renaming.names]
    units = [(renaming.of(fact), unit) for fact, unit in description.units]
    named = [renaming.of(fact) for fact in description.facts]
    facts, unread, remarks = named, [*description.not_understood], list[str]()
    for prose in lay_out(description.text).prose:
        end = prose.start + len(prose.text)
        stated = [f for f in facts if f.start is not None and prose.start <= f.start < end]
        own = in_own_units(prose.text, prose.start, stated, columns, units)
        facts = [*(fact for fact in facts if fact not in stated), *own.facts]
        unread += own.foreign
        remarks += own.remarks
    described = replace(
        description,
        variables=(
            *(_bounded(column, named, facts) for column in columns),
            *(variable for variable in beside if variable.name not in renaming.names),
        ),
        facts=tuple(sorted(facts, key=lambda fact: fact.start or 0)),
        not_understood=tuple(sorted(unread, key=lambda quote: quote.start)),
        units=(),
    )
    check(described)
    if renamed:
        remarks.insert(0, f"Of the table's columns, {'; '.join(renamed)}.")
    return described, tuple(remarks)


def _with_codes(
    column: DescribedVariable, beside: Iterable[DescribedVariable], renaming: Renaming
) -> DescribedVariable:
    """Return a column with the codes that prose gives it, if its row has none."""
    codes = (v.codes for v in beside if renaming.names.get(v.name) == column.name)
    return column if column.codes else replace(column, codes=next(codes, ()))


def _bounded(
    column: DescribedVariable, read: Iterable[Fact], facts: Iterable[Fact]
) -> DescribedVariable:
    """Return a column whose bounds that were read are those that the facts now have."""
    was, now = (
        {f.statistic: f.value for f in some if f.variable == column.name and f.within is None}
        for some in (read, facts)
    )
    low = now.get("min") if "min" in was else column.low
    high = now.get("max") if "max" in was else column.high
    return replace(column, low=low, high=high)


def _of_table(variable: DescribedVariable) -> DescribedVariable:
    """Return a column with the unit that its name or label says, else with that of its row."""
    match = find(variable.name, variable.label)
    in_label = _IN_UNIT.search(variable.label)
    unit = match.spelt.strip() or (in_label[1] if in_label and is_unit(in_label[1]) else "")
    if not unit and match.unit is not None:
        words = map(plain_unit, re.split(r"[\W_]+", variable.name))
        unit = match.unit.unit if plain_unit(match.unit.unit) in words else ""
    same = plain_unit(unit) == plain_unit(variable.unit)
    return variable if same or not unit else replace(variable, unit=unit)
