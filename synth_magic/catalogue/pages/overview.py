"""The overview: how much the catalogue holds, and how much of it has a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from synth_magic.catalogue.entries import CatalogueAssociation, Condition, Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.page import Bar, Cell, Facts, Grid, Page

_Sourced = Entry | Figures | CatalogueAssociation

_ASSUMED = "assumed"


@cache
def overview() -> Page:
    """Return how many things there are of each kind, and the shares that are sourced."""
    store = catalogue()
    entries, conditions = list(store.entries.values()), list(store.conditions.values())
    pairs = list(store.associations.all())
    figures = [f for condition in conditions for f in condition.figures]
    within = [pair for condition in conditions for pair in condition.associations]
    held = (
        f"{len(entries):,} variables, {len(conditions):,} conditions, {len(pairs):,} general "
        f"associations, {len(store.formulas):,} formulas, {len(store.rules):,} rules, "
        f"{len(store.trends):,} trends, {len(store.sources):,} sources. Words after “catalogue” "
        "find what fits them, such as “heart failure”; a name shows all of it, such as systolic_bp."
    )
    sourced = Grid(
        "How much has a source",
        ("", "In all", "Sourced", "Assumed", "Share sourced"),
        [
            ("variables", *_sourced(entries)),
            ("figures of conditions", *_sourced(figures)),
            ("general associations", *_sourced(pairs)),
            ("associations within conditions", *_sourced(within)),
            ("all of these", *_sourced([*entries, *figures, *pairs, *within])),
        ],
        note="Assumed: clinical judgement, read nowhere.",
        figures=True,
    )
    topics = Grid(
        "By topic",
        ("", "Variables", "Sourced", "Conditions", "Figures", "Sourced"),
        [_topic(topic, entries, conditions) for topic in sorted({e.topic for e in entries})],
        figures=True,
    )
    return Page("The clinical catalogue", (held, sourced, topics, _kinds(conditions)))


def _topic(topic: str, entries: Iterable[Entry], conditions: Iterable[Condition]) -> Sequence[Cell]:
    """Return a row: variables, conditions and their figures."""
    own = [entry for entry in entries if entry.topic == topic]
    those = [condition for condition in conditions if condition.topic == topic]
    figures = [f for condition in those for f in condition.figures]
    name = topic.replace("_", " ")
    return (
        name, f"{len(own):,}", _share(own), f"{len(those):,}", f"{len(figures):,}", _share(figures)
    )  # fmt: skip


def _kinds(conditions: Iterable[Condition]) -> Facts:
    """Return the names of conditions by their kind."""
    names: dict[str, list[str]] = {}
    for condition in conditions:
        names.setdefault(condition.kind, []).append(condition.name)
    rows = [(f"{kind} ({len(own):,})", ", ".join(sorted(own))) for kind, own in names.items()]
    return Facts(rows, "Conditions by kind")


def _sourced(items: Sequence[_Sourced]) -> Sequence[Cell]:
    """Return how many there are, how many have a source, how many none, and the share that has."""
    total, assumed = len(items), sum(item.source == _ASSUMED for item in items)
    return f"{total:,}", f"{total - assumed:,}", f"{assumed:,}", _share(items)


def _share(items: Sequence[_Sourced]) -> Cell:
    return Bar(sum(item.source != _ASSUMED for item in items) / len(items)) if items else ""
