"""Whom a description speaks of: conditions, settings, regions, years, length of follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from synth_magic.catalogue.entries import Condition
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find, plain_name
from synth_magic.description.model import Description
from synth_magic.engines.offline.picture import family
from synth_magic.engines.offline.setting import Setting

_ADULT = 18
_WORD = re.compile(r"[A-Za-z0-9β]+(?:['’]s\b)?")
_LONGEST = 7
_DENIED = re.compile(
    r"\b(?:without|excluding|except|no|not|free of|free from|never|neither|nor)\b[^.;:]*$", re.I
)
_WOMEN = re.compile(r"\b(?:wom[ae]n|females?|mothers?|girls?)\b", re.I)
_MEN = re.compile(r"\b(?:m[ae]n|males?|fathers?|boys?)\b", re.I)
_CHILDREN = re.compile(
    r"\b(?:child(?:ren)?|infants?|neonates?|newborns?|toddlers?|adolescents?|p(?:a)?ediatric)\b",
    re.IGNORECASE,
)
_GROWN = re.compile(r"\b(?:adults?|wom[ae]n|m[ae]n|mothers?|parents?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(19[5-9]\d|20[0-3]\d)\b")


def recognise(description: Description) -> Setting:
    """Return what a description says of its patients as a whole."""
    population = description.population or description.text
    children = _are_children(description)
    conditions = list({one.name: one for one in _mentioned(population)}.values())
    if children:
        conditions = list(_of_children(conditions))
    years = [int(year) for year in _YEAR.findall(population)]
    return Setting(
        tuple(conditions),
        year=sum(years) / len(years) if years else 0,
        only=_only(population) or _only_of(conditions),
        children=children,
    )


def _are_children(description: Description) -> bool:
    """Tell whether a description says that all patients are children."""
    population = description.population
    if _CHILDREN.search(population) and not _GROWN.search(population):
        return True
    ages = {
        variable.name
        for variable in description.variables
        if (entry := find(variable.name, variable.label, variable.unit).entry)
        and entry.name == "age"
    }
    centres = [
        fact.value
        for fact in description.facts
        if fact.variable in ages and fact.statistic in ("mean", "p50", "max")
    ]
    return bool(centres) and max(centres) < _ADULT


def _only(population: str) -> str:
    """Return the one sex that the words name, if they name just one."""
    women, men = bool(_WOMEN.search(population)), bool(_MEN.search(population))
    return {(True, False): "female", (False, True): "male"}.get((women, men), "")


def _only_of(conditions: Iterable[Condition]) -> str:
    """Return the one sex that has one of the conditions, if there is such a one."""
    for condition in conditions:
        for one in family(condition):
            for figures in one.figures:
                if figures.variable == "sex" and figures.numbers.get("share") in (0, 1):
                    return "male" if figures.numbers["share"] else "female"
    return ""


def _of_children(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Yield the conditions as children have them; of those of adults nothing but the name counts.

    What is known of children in general comes last.
    """
    known = catalogue().conditions
    for condition in conditions:
        own = known.get(f"paediatric_{condition.name}", condition)
        yield own if _is_of_children(own) else replace(own, figures=(), is_a="")
    if "children" in known:
        yield known["children"]


def _is_of_children(condition: Condition) -> bool:
    ages = [
        figures.numbers.get("mean", figures.numbers.get("p50", 0.0))
        for one in family(condition)
        for figures in one.figures
        if figures.variable == "age"
    ]
    return not ages or ages[0] < _ADULT


def _mentioned(text: str) -> Iterator[Condition]:
    """Yield the conditions that a text names and does not deny, the longest names first found."""
    names = _names()
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + length - 1].end()
            found = names.get(_singular(plain_name(text[start:end])))
            if found is not None:
                if not _DENIED.search(text[:start]):
                    yield found
                at += length - 1
                break
        at += 1


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and name not in _names() else name


@cache
def _names() -> Mapping[str, Condition]:
    return {
        plain_name(name): condition
        for condition in catalogue().conditions.values()
        for name in (condition.name, condition.label, *condition.synonyms)
    }
