"""The page of a source: where it was read, and what rests on it."""

from __future__ import annotations

from synth_magic.catalogue.entries import Source
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.figures import told
from synth_magic.catalogue.pages.page import Facts, Grid, Link, Page
from synth_magic.catalogue.pages.variable import OPEN, associations_grid
from synth_magic.catalogue.relations import resting_on


def source_page(source: Source) -> Page:
    """Return the citation and all that rests on it."""
    known, resting = catalogue(), resting_on(source.id)
    entries = [(entry.name, entry.label, entry.population) for entry in resting.entries]
    limits = [(e.name, e.label, e.usual.meaning) for e in resting.limits if e.usual]
    figures = [
        (name, line.variable, told(known.entries[line.variable], [line]))
        for name, lines in resting.figures.items()
        for line in lines
    ]
    formulas = [(formula.variable, formula.expression) for formula in resting.formulas]
    rules = [(rule.expression, rule.reason) for rule in resting.rules]
    trends = [(t.variable, t.statistic, t.population) for t in resting.trends]
    read_at = Link(source.address, source.address)
    return Page(
        f"Source: {source.id}",
        (
            Facts([("Citation", source.citation), ("Read at", read_at)]),
            *Grid(f"Variables ({len(entries):,})", ("Name", "Label", "Population"), entries).in_two(
                OPEN
            ),
            Grid(f"Usual limits ({len(limits):,})", ("Variable", "Label", "Meaning"), limits),
            *Grid(
                f"Figures of conditions ({len(figures):,})",
                ("Condition", "Variable", "Figures"),
                figures,
            ).in_two(OPEN),
            *associations_grid("Associations", resting.associations).in_two(OPEN),
            Grid("Formulas", ("Variable", "Computed as"), formulas),
            Grid("Rules", ("Holds in every patient", "Reason"), rules),
            Grid("Trends", ("Variable", "Statistic", "Population"), trends),
        ),
    )
