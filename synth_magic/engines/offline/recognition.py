"""Whom a description speaks of: conditions, settings, regions, sex, age, years, follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from synth_magic.catalogue.entries import Condition
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find
from synth_magic.description.model import Description
from synth_magic.engines.offline.contexts import EVERYWHERE, speaks_of_all
from synth_magic.engines.offline.mentions import Words, mentions, named
from synth_magic.engines.offline.passages import Passage, Span, figures_of_some, passages
from synth_magic.engines.offline.periods import period
from synth_magic.engines.offline.picture import family
from synth_magic.engines.offline.setting import Setting
from synth_magic.engines.offline.whom import (
    age_group,
    are_children,
    has_others,
    only_sex,
)

_ADULT = 18
_MOST = 4
_ORDER = {"disease": 0, "procedure": 0, "population": 1, "setting": 2, "region": 3}
_ALL_CHILDREN = ("newborn", "infants", "children")
_YOUNG = (*_ALL_CHILDREN, "adolescents")
_IN_CHILDREN = ("paediatric {}", "childhood {}", "{} in children", "children with {}")
_LIMITS = (
    ("hfref", "ejection_fraction", "max", 45.0),
    ("hfpef", "ejection_fraction", "min", 45.0),
    ("severe_copd", "fev1_predicted", "max", 50.0),
    ("severe_obesity", "bmi", "min", 35.0),
    ("obesity", "bmi", "min", 30.0),
    ("very_old", "age", "min", 80.0),
    ("older_people", "age", "min", 60.0),
)
"""What a stated limit says that the patients are, or which kind of what they have."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A condition that all patients have, and by which words it was recognised."""

    condition: Condition
    words: Words


def recognise(description: Description) -> Setting:
    """Return what a description says of its patients as a whole."""
    prose = passages(description)
    taken = figures_of_some(description)
    children = are_children(description, prose)
    found = _by_limits(_without_repeats(_found(prose, taken)), description)
    found = _foremost(sorted(found, key=lambda one: _ORDER[one.condition.kind]))
    conditions = [one.condition for one in found]
    if children:
        general = catalogue().conditions[age_group(description, prose)]
        conditions = sorted(_in_children(found, general), key=lambda one: _ORDER[one.kind])
    else:
        conditions = [condition for condition in conditions if not _is_just_young(condition)]
    sex = only_sex(prose, taken, children)
    only = "" if has_others(description, sex) else sex
    seen = period(" ".join(passage.text for passage in prose))
    return Setting(
        tuple(conditions),
        year=seen.year,
        followup_years=seen.followup_years,
        only=_only_of(conditions) or only,
        children=children,
    )


def _found(prose: Sequence[Passage], taken: Sequence[Span]) -> Iterator[_Found]:
    """Yield the conditions that all patients have, in the order in which they are named.

    Later sentences name a disease only if they speak of all patients, or no earlier one did.
    """
    any_disease = False
    for passage in prose:
        here = [one for one in mentions(passage.text) if speaks_of_all(one, passage, taken)]
        for mention in here:
            everywhere = mention.condition.kind in EVERYWHERE
            if everywhere or passage.of_all or not any_disease:
                yield _Found(mention.condition, mention.words)
        any_disease = any_disease or any(one.condition.kind not in EVERYWHERE for one in here)


def _without_repeats(found: Iterable[_Found]) -> list[_Found]:
    """Return each condition once, and of one and its kinds or longer names only the latter."""
    kept: list[_Found] = []
    for one in found:
        if any(one.condition == other.condition or _says_more(other, one) for other in kept):
            continue
        places = [place for place, other in enumerate(kept) if _says_more(one, other)]
        if not places:
            kept.append(one)
            continue
        kept[places[0]] = one
        kept = [other for other in kept if other is one or not _says_more(one, other)]
    return kept


def _says_more(one: _Found, other: _Found) -> bool:
    """Tell whether one condition is a kind of the other, or its name the other's with more."""
    return other.condition in family(one.condition)[1:] or set(other.words) < set(one.words)


def _by_limits(found: Sequence[_Found], description: Description) -> list[_Found]:
    """Return the conditions with what stated limits say: an ejection fraction of at most 40 %."""
    known = catalogue().conditions
    kept = list(found)
    limits = list(_limits(description))
    for name, entry, statistic, limit in _LIMITS:
        if name not in known or not any(
            (e, s) == (entry, statistic) and (value >= limit if s == "min" else value <= limit)
            for e, s, value in limits
        ):
            continue
        above = family(known[name])[1:]
        names = [one.condition for one in kept]
        if any(condition in names for condition in above):
            kept = [
                _Found(known[name], one.words) if one.condition in above else one for one in kept
            ]
        elif not any(_ORDER[one.condition.kind] < _ORDER["setting"] for one in kept):
            kept += [_Found(known[name], (name,))]
    return kept


def _limits(description: Description) -> Iterator[tuple[str, str, float]]:
    """Yield the limits that hold for all patients: the entry, min or max, and the value."""
    matches = {v.name: find(v.name, v.label, v.unit) for v in description.variables}
    for fact in description.facts:
        if fact.statistic in ("min", "max") and not fact.within and fact.variable in matches:
            match = matches[fact.variable]
            if match.entry is not None and match.unit is not None:
                own = (fact.value - match.unit.offset) / match.unit.factor
                yield match.entry.name, fact.statistic, own


def _foremost(found: Sequence[_Found]) -> list[_Found]:
    """Return the first few conditions, the first region among them."""
    regions = [one for one in found if one.condition.kind == "region"][:1]
    others = [one for one in found if one.condition.kind != "region"]
    return [*others[: _MOST - len(regions)], *regions]


def _in_children(found: Sequence[_Found], general: Condition) -> Iterator[Condition]:
    """Yield the conditions as children have them, and what is known of all of their age.

    What only women have is their mothers'.
    """
    seen: list[Condition] = []
    for one in found:
        condition = _of_children(one)
        mothers = _only_of([condition]) == "female" and not _is_of_children(one.condition)
        if not mothers and condition.name not in _ALL_CHILDREN and condition not in seen:
            seen.append(condition)
    yield from seen
    if not any(general in family(condition) for condition in seen):
        yield general


def _of_children(found: _Found) -> Condition:
    """Return a condition as children have it; of that of adults nothing but the name counts.

    Of a region, what sets its adults apart from others does not count either.
    """
    condition, name = found.condition, " ".join(found.words)
    if condition.kind == "region":
        figures = tuple(line for line in condition.figures if not line.is_relative)
        return replace(condition, figures=figures)
    if _is_of_children(condition):
        return condition
    called = [words.format(name) for words in _IN_CHILDREN] + [f"paediatric {condition.label}"]
    own = next(filter(None, map(named, called)), None)
    if own is not None:
        return own
    return replace(condition, figures=(), associations=(), is_a="")


def _is_just_young(condition: Condition) -> bool:
    """Tell whether a condition is no more than to be a child."""
    return condition.kind == "population" and any(one.name in _YOUNG for one in family(condition))


def _is_of_children(condition: Condition) -> bool:
    ages = [
        line.numbers.get("mean", line.numbers.get("p50", 0.0))
        for one in family(condition)
        for line in one.figures
        if line.variable == "age"
    ]
    return not ages or ages[0] < _ADULT


def _only_of(conditions: Iterable[Condition]) -> str:
    """Return the one sex that has one of the conditions, if there is such a one."""
    for condition in conditions:
        for one in family(condition):
            if "sex" in one.has:
                return one.has["sex"]
            for line in one.figures:
                if line.variable == "sex" and line.numbers.get("share") in (0, 1):
                    return "male" if line.numbers["share"] else "female"
    return ""
