"""The page of a variable: what it is, its distribution, and what moves with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synth_magic.catalogue.entries import CatalogueAssociation, Entry, Figures, Unit
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.figures import (
    STATISTICS,
    bars,
    cited,
    compared,
    sources,
    spreads,
    statistics,
    told,
)
from synth_magic.catalogue.pages.page import (
    Block,
    Cell,
    Facts,
    Grid,
    Page,
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
OPEN = 10
"""So many rows of a long table are seen at once."""


def variable_page(entry: Entry) -> Page:
    """Return what the catalogue knows of a variable."""
    pairs, conditions = associations_of(entry.name), conditions_with(entry.name)
    used = [
        entry.source,
        *([entry.usual.source.id] if entry.usual else []),
        *(pair.source for pair in pairs),
        *(line.source for lines in conditions.values() for line in lines),
        *(formula.source for formula in formulas_with(entry.name)),
        *(rule.source for rule in rules_with(entry.name)),
        *(trend.source for trend in trends_of(entry.name)),
    ]
    return Page(
        f"{entry.label} (variable {entry.name})",
        (
            Facts(list(_facts(entry))),
            _distribution(entry),
            Facts(_rests_on(entry)),
            *associations_grid("Associations", pairs, of=entry.name).in_two(OPEN),
            *_in_conditions(entry, conditions).in_two(OPEN),
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
    """Return the marginal: numbers with a row for each group, codes with a column for each."""
    groups = _groups(entry)
    shares = [bars(marginal) for marginal in groups.values() if isinstance(marginal, Shares)]
    if shares:
        rows = [(code, *(column.get(code, "") for column in shares)) for code in entry.codes]
        return Grid("Distribution", ("", *groups), rows, figures=True)
    numbers = [statistics(marginal) for marginal in groups.values()]
    heads = [name for name in STATISTICS if any(name in own for own in numbers)]
    lines = [
        (group, *(own.get(name, "") for name in heads), picture)
        for group, own, picture in zip(groups, numbers, spreads(groups.values()), strict=True)
    ]
    title = ", ".join(filter(None, ["Distribution", entry.unit]))
    return Grid(title, ("", *heads, "Quartiles"), lines, figures=True)


def _groups(entry: Entry) -> Mapping[str, SimpleMarginal]:
    if isinstance(entry.marginal, By):
        return {", ".join(cell.levels): cell.marginal for cell in entry.marginal.cells}
    return {"all": entry.marginal}


def _rests_on(entry: Entry) -> Sequence[tuple[str, Cell]]:
    return [
        ("Population", entry.population),
        ("Source", cited(entry.source)),
        ("How sure", entry.sure),
        ("Note", entry.note),
    ]


def associations_grid(title: str, pairs: Sequence[CatalogueAssociation], of: str = "") -> Grid:
    """Return associations as a table: the other variable of each, or both without `of`."""
    known = catalogue().entries
    rows = [
        (
            *((pair.b if pair.a == of else pair.a,) if of else (pair.a, pair.b)),
            f"{pair.spearman:+.2f}",
            pair.population,
            cited(pair.source),
            pair.note,
        )
        for pair in pairs
    ]
    if of:
        rows = [(name, known[name].label, *rest) for name, *rest in rows]
    return Grid(
        f"{title} ({len(pairs):,}, Spearman, the largest first)",
        ("With" if of else "", "Label" if of else "", "Spearman", "Population", "Source", "Note"),
        rows,
    )


def _in_conditions(entry: Entry, conditions: Mapping[str, Sequence[Figures]]) -> Grid:
    """Return the figures of conditions as a table, those with a source first."""
    known = catalogue()
    rows = [
        (name, known.conditions[name].label, told(entry, lines), lines[0].population,
         cited(lines[0].source), lines[0].sure, lines[0].note)
        for name, lines in sorted(
            conditions.items(), key=lambda item: (item[1][0].source not in known.sources, item[0])
        )
    ]  # fmt: skip
    return Grid(
        f"Conditions with figures of their own ({len(rows):,})",
        ("Condition", "Label", "Figures", "Population", "Source", "How sure", "Note"),
        rows,
        note=compared(line for lines in conditions.values() for line in lines),
    )


def _relations(name: str) -> Iterator[Block]:
    """Yield formulas, rules and trends that name a variable."""
    yield Grid(
        "Formulas",
        ("Variable", "Computed as", "In words", "Source"),
        [(f.variable, f.expression, f.label, cited(f.source)) for f in formulas_with(name)],
    )
    yield Grid(
        "Rules",
        ("Holds in every patient", "Reason", "Source"),
        [(rule.expression, rule.reason, cited(rule.source)) for rule in rules_with(name)],
    )
    for trend in trends_of(name):
        written = percent if trend.statistic == "share" else number
        what = " ".join(filter(None, [trend.statistic, trend.code and f"of {trend.code}"]))
        years = [(str(year), written(value)) for year, value in trend.values]
        title = f"Over the years: {what}; {trend.population}"
        yield Grid(title, ("Year", what.capitalize()), years, note=trend.note, folded=True)
