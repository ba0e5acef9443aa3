"""The page of a variable: what it is, its distribution, and what moves with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synth_magic.catalogue.entries import CatalogueAssociation, Entry, Figures, Unit
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.figures import bars, cited, sources, spreads, statistics, told
from synth_magic.catalogue.pages.page import (
    Block,
    Cell,
    Facts,
    Grid,
    Page,
    Spread,
    listed,
    number,
    percent,
)
from synth_magic.catalogue.relations import (
    associations_of,
    conditions_with,
    formulas_with,
    rules_with,
    trends_of,
)
from synth_magic.spec.model import By, Shares, SimpleMarginal

_MOST_SYNONYMS = 15
_MOST_PAIRS = 40
_OPEN = 12


def variable_page(entry: Entry) -> Page:
    """Return what the catalogue knows of a variable."""
    pairs, conditions = associations_of(entry.name), conditions_with(entry.name)
    used = [
        entry.source,
        *([entry.usual.source.id] if entry.usual else []),
        *(pair.source for pair in pairs[:_MOST_PAIRS]),
        *(line.source for lines in conditions.values() for line in lines),
        *(item.source for item in (*formulas_with(entry.name), *rules_with(entry.name))),
        *(trend.source for trend in trends_of(entry.name)),
    ]
    return Page(
        f"{entry.label}: {entry.name}",
        (
            Facts(list(_facts(entry))),
            _distribution(entry),
            Facts(_rests_on(entry)),
            associations_with(entry.name, pairs),
            _in_conditions(entry, conditions),
            *_relations(entry.name),
            sources(used),
        ),
    )


def _facts(entry: Entry) -> Iterator[tuple[str, Cell]]:
    unit = f" {entry.unit}" if entry.unit else ""
    yield "Also called", listed(entry.synonyms, _MOST_SYNONYMS)
    yield "Code", entry.code
    yield "Type", f"{entry.type}: {', '.join(entry.codes)}" if entry.codes else entry.type
    yield "Unit", entry.unit
    yield "Other units", "; ".join(_conversion(entry.unit, other) for other in entry.other_units)
    if entry.bounds:
        low, high = map(number, entry.bounds)
        yield "Possible", f"{low} to {high}{unit}"
    if entry.usual:
        low, high = ("" if v is None else number(v) for v in (entry.usual.low, entry.usual.high))
        ends = f"{low} to {high}" if low and high else f"{low} or more" if low else f"up to {high}"
        yield "Usual", f"{ends}{unit}: {entry.usual.basis}"
    yield "Adverse", {"high": "high values", "low": "low values"}.get(entry.worse, "")
    yield "Who has it", ", ".join(_whose(entry))
    yield "Codes that count as yes", ", ".join(entry.yes_codes)
    yield "Topic", entry.topic.replace("_", " ")


def _conversion(unit: str, other: Unit) -> str:
    plus = f" {'+' if other.offset > 0 else '−'} {number(abs(other.offset))}"
    times = f" × {other.factor:.6g}" if other.factor != 1 else ""
    return f"{other.unit} = {unit or 'value'}{times}{plus if other.offset else ''}"


def _whose(entry: Entry) -> Iterator[str]:
    if entry.sex:
        yield f"{entry.sex} patients"
    if entry.from_age:
        yield f"from {number(entry.from_age)} years of age"
    if entry.years_from:
        yield f"since {entry.years_from}"


def _distribution(entry: Entry) -> Grid:
    """Return the marginal as a table: of numbers a row for each group, of codes a column."""
    groups = _groups(entry)
    title = "Distribution" + (f", {entry.unit}" if entry.unit else "")
    if all(isinstance(marginal, Shares) for marginal in groups.values()):
        shares = [bars(marginal) for marginal in groups.values() if isinstance(marginal, Shares)]
        rows = [(code, *(column.get(code, "") for column in shares)) for code in entry.codes]
        heads = [name or "Share" for name in groups]
        return Grid("Distribution", ("", *heads), rows, figures=True)
    numbers = [statistics(marginal) for marginal in groups.values()]
    pictures = spreads(list(groups.values()))
    names = [name for name in _in_order(numbers) if any(name in own for own in numbers)]
    lines = [
        (group, *(own.get(name, "") for name in names), picture)
        for group, own, picture in zip(groups, numbers, pictures, strict=True)
    ]
    return Grid(title, ("", *names, "Quartiles"), lines, figures=True)
