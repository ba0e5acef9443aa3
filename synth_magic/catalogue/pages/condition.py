"""The page of a condition: who has it, and what it does to variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synth_magic.catalogue.entries import Condition, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.figures import cited, compared, sources, told
from synth_magic.catalogue.pages.page import Cell, Facts, Grid, Page, listed
from synth_magic.catalogue.pages.variable import OPEN, associations_grid
from synth_magic.catalogue.relations import general_kinds, kinds_of, largest_first

_MOST_SYNONYMS = 15
_MOST_KINDS = 40
_FIRST = ("age", "sex")

Lines = Mapping[str, Sequence[Figures]]


def condition_page(condition: Condition) -> Page:
    """Return what the catalogue knows of a condition."""
    own = _by_variable(condition)
    figures = dict(own)
    inherited = []
    for general in general_kinds(condition):
        given = _by_variable(general)
        lines = {name: these for name, these in given.items() if name not in figures}
        figures |= lines
        title = f"Taken over from {general.name}"
        inherited.append(_figures(title, general, lines, folded=True))
    lineage = reversed([condition, *general_kinds(condition)])
    within = {frozenset((pair.a, pair.b)): pair for one in lineage for pair in one.associations}
    pairs = largest_first(within.values())
    used = [condition.source, *(f.source for lines in figures.values() for f in lines)]
    return Page(
        f"{condition.label} (condition {condition.name})",
        (
            Facts(list(_facts(condition, figures))),
            _figures("Figures", condition, own),
            *inherited,
            *associations_grid("Associations within", pairs).in_two(OPEN),
            sources([*used, *(pair.source for pair in pairs)]),
        ),
    )


def _facts(condition: Condition, figures: Lines) -> Iterator[tuple[str, Cell]]:
    known = catalogue().entries
    yield "Kind", condition.kind
    yield "Also called", listed(condition.synonyms, _MOST_SYNONYMS)
    yield "Code", condition.code
    yield "Who", condition.population
    for name in _FIRST:
        if name in figures:
            yield known[name].label, told(known[name], figures[name])
    yield "Settles", ", ".join(f"{name} {code}" for name, code in condition.has.items())
    yield "Such databases hold", ", ".join(condition.holds)
    yield "Seen about", str(condition.years or "")
    yield "Source", cited(condition.source)
    yield "A kind of", ", ".join(general.name for general in general_kinds(condition))
    yield "Its kinds", listed([kind.name for kind in kinds_of(condition.name)], _MOST_KINDS)
    yield "Topic", condition.topic.replace("_", " ")


def _by_variable(condition: Condition) -> Lines:
    """Return the condition's own figures by variable, age and sex first."""
    lines: dict[str, list[Figures]] = {name: [] for name in _FIRST}
    for figures in condition.figures:
        lines.setdefault(figures.variable, []).append(figures)
    return {name: these for name, these in lines.items() if these}


def _figures(title: str, condition: Condition, own: Lines, *, folded: bool = False) -> Grid:
    """Return figures as a table; a population is said where it is not the condition's."""
    known = catalogue().entries
    rows = [
        (
            name,
            known[name].label,
            told(known[name], lines),
            known[name].unit,
            ", ".join({f.population: None for f in lines if f.population != condition.population}),
            cited(lines[0].source),
            lines[0].sure,
            " ".join({f.note: None for f in lines if f.note}),
        )
        for name, lines in own.items()
    ]
    heads = ("Variable", "Label", "Figures", "Unit", "Population", "Source", "How sure", "Note")
    against = compared(figures for lines in own.values() for figures in lines)
    return Grid(f"{title} ({len(rows):,})", heads, rows, note=against, folded=folded)
