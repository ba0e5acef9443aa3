"""What hangs together in the catalogue: found in the text of its tables, then parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from synth_magic.catalogue.entries import (
    CatalogueAssociation,
    CatalogueFormula,
    CatalogueRule,
    Condition,
    Entry,
    Figures,
    Trend,
)
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.tables import Tables

T = TypeVar("T")


def associations_of(name: str) -> Sequence[CatalogueAssociation]:
    """Return the general associations of a variable, the largest first."""
    pairs = catalogue().associations
    own = {pair: line for pair, line in pairs.lines.items() if name in pair}
    return largest_first(replace(pairs, lines=own).all())


def largest_first(pairs: Iterable[CatalogueAssociation]) -> Sequence[CatalogueAssociation]:
    """Return associations by their size, whatever their sign."""
    return sorted(pairs, key=lambda pair: (-abs(pair.spearman), pair.a, pair.b))


def conditions_with(name: str) -> Mapping[str, Sequence[Figures]]:
    """Return the figures of a variable by the conditions that give it some of their own."""
    found = {
        condition.name: [figures for figures in condition.figures if figures.variable == name]
        for condition in _mentioning(catalogue().conditions, f'variable = "{name}"')
    }
    return {condition: figures for condition, figures in found.items() if figures}


def kinds_of(name: str) -> Sequence[Condition]:
    """Return the conditions that are kinds of this one."""
    mentioned = _mentioning(catalogue().conditions, f'is_a = "{name}"')
    return [condition for condition in mentioned if condition.is_a == name]


def general_kinds(condition: Condition) -> Iterator[Condition]:
    """Yield the conditions of which one is a kind, the nearest first."""
    seen = {condition.name}
    while condition.is_a and condition.is_a not in seen:
        condition = catalogue().conditions[condition.is_a]
        seen.add(condition.name)
        yield condition


def formulas_with(name: str) -> Sequence[CatalogueFormula]:
    """Return the formulas that compute a variable or are computed from it."""
    return [
        formula
        for formula in catalogue().formulas
        if formula.variable == name or _has_word(formula.expression, name)
    ]


def rules_with(name: str) -> Sequence[CatalogueRule]:
    """Return the rules that name a variable."""
    return [rule for rule in catalogue().rules if _has_word(rule.expression, name)]


def trends_of(name: str) -> Sequence[Trend]:
    """Return how a variable has changed over the years."""
    return [trend for trend in catalogue().trends if trend.variable == name]


@dataclass(frozen=True, slots=True)
class Resting:
    """All that rests on one source; `limits` are variables whose usual limits do."""

    entries: Sequence[Entry]
    limits: Sequence[Entry]
    figures: Mapping[str, Sequence[Figures]]
    associations: Sequence[CatalogueAssociation]
    trends: Sequence[Trend]
    formulas: Sequence[CatalogueFormula]
    rules: Sequence[CatalogueRule]


def resting_on(source: str) -> Resting:
    """Return what rests on the source of this id; `associations` are general and conditions'."""
    store, quoted = catalogue(), f'"{source}"'
    entries = _mentioning(store.entries, quoted)
    conditions = _mentioning(store.conditions, quoted)
    figures = {
        condition.name: [own for own in condition.figures if own.source == source]
        for condition in conditions
    }
    lines = {pair: line for pair, line in store.associations.lines.items() if quoted in line}
    general = replace(store.associations, lines=lines).all()
    pairs = [*general, *(pair for condition in conditions for pair in condition.associations)]
    return Resting(
        [entry for entry in entries if entry.source == source],
        [entry for entry in entries if entry.usual and entry.usual.source.id == source],
        {name: own for name, own in figures.items() if own},
        largest_first(pair for pair in pairs if pair.source == source),
        [trend for trend in store.trends if trend.source == source],
        [formula for formula in store.formulas if formula.source == source],
        [rule for rule in store.rules if rule.source == source],
    )


def _mentioning(tables: Tables[T], text: str) -> Sequence[T]:
    """Return the tables whose text holds this; the others are not parsed."""
    return [tables[name] for name, (_, table) in tables.texts.items() if text in table]


def _has_word(expression: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", expression) is not None
