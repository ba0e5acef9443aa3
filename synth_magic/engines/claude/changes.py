"""A change of an earlier specification: what a model is shown of it, and how its answer enters.

What the answer does not name stays to the digit, and so does each property of a variable that comes
back as it was shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from synth_magic.engines.answer import Question
from synth_magic.engines.carrying import anew, holding, with_facts
from synth_magic.engines.claude import quotes
from synth_magic.engines.claude.documents import REMOVED, Document, identity, items
from synth_magic.engines.claude.drafts import Draft
from synth_magic.engines.claude.mending import mended
from synth_magic.engines.claude.projection import completed, shown
from synth_magic.engines.refinement import figures
from synth_magic.sampling import compiled
from synth_magic.spec.codec import to_dict
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import Fact
from synth_magic.spec.text import listed

Known = Mapping[str, tuple[Any, Any]]
"""Items of the earlier specification by what makes them the same: as they are, and as shown."""

_PARTS = ("variables", "missing_groups", "associations", "rules")
_ABOUT_FIGURES = {"basis", "certainty", "provenance"}
_OF_VALUES = ("type", "unit", "marginal", "spikes")


def earlier(question: Question) -> CohortSpec:
    """Return the specification that is to be changed, with the facts that still hold.

    What was read from the earlier description is read anew. What the user stated by hand, and what
    a model found in words that still stand, holds unless the words now say otherwise.
    """
    assert question.parent is not None
    parent = compiled(question.parent).spec
    facts = holding(parent.facts, anew(question))
    if not question.refinement:
        facts = tuple(_standing(facts, question))
    return with_facts(parent, facts, question.description.facts)


def _standing(facts: Iterable[Fact], question: Question) -> Iterator[Fact]:
    text = question.description.text
    read_then = figures(question.parent_text)
    for fact in facts:
        if is_edit(fact):
            yield fact
        elif fact.figure not in read_then and (found := quotes.place(fact.quote, text)):
            yield replace(fact, start=found[1])


def draft(question: Question, answer: Document) -> Draft:
    """Return the whole specification that an answer, which holds only what changes, leads to."""
    before = earlier(question)
    was, seen = before.to_dict(), shown(before)
    told = {"variables": []} | {part: answer[part] for part in answer if part != REMOVED}
    own, unasked = completed(mended(told))
    own, remarks = quotes.checked(own, question)
    remarks = [*unasked, *remarks]
    none = {_pair(pair) for pair in items(own, "associations") if _is_none(pair)}
    left, unknown = _less(before, _names(answer.get(REMOVED)) | none)
    if unknown := unknown - none:
        remarks.append(f"The answer takes away what was not there: {listed(sorted(unknown))}.")
    whole: Document = left.to_dict() | {"draw_order": []}
    whole |= {part: own[part] for part in ("title", "population") if own.get(part)}
    places = {}
    for part in _PARTS:
        if isinstance(own[part], list):
            known = {
                identity(part, item): (item, as_shown)
                for item, as_shown in zip(was[part], seen[part], strict=True)
            }
            pairs = zip(items(told, part), own[part], strict=True)
            given = [_restored(part, as_told, item, known) for as_told, item in pairs]
            whole[part], places[part] = _entered(part, whole[part], given)
        else:
            whole[part] = own[part]  # the validator tells what is wrong
    if isinstance(own["facts"], list):
        kept = [f for f in left.facts if not (question.refinement and _moved(f, was, whole))]
        whole["facts"], places["facts"] = _facts(kept, own["facts"], question.parent_text)
    else:
        whole["facts"] = own["facts"]
    return Draft(whole, tuple(remarks), places)


def _names(removed: Any) -> set[str]:
    """Return what an answer takes away, in single spaces."""
    names = removed if isinstance(removed, list) else [removed]
    return {" ".join(name.split()) for name in names if isinstance(name, str)}


def _is_none(pair: Any) -> bool:
    return isinstance(pair, dict) and pair.get("spearman") == 0


def _pair(pair: Mapping[str, Any]) -> str:
    return f"{pair.get('a')} - {pair.get('b')}"


def _less(spec: CohortSpec, removed: Collection[str]) -> tuple[CohortSpec, set[str]]:
    """Return a specification without what is taken away, and the names that it does not know.

    With a variable go its pairs, its place in missing groups, the rules and facts that name it.
    """
    known: set[str] = set()

    def goes(*names: str) -> bool:
        found = {" ".join(name.split()) for name in names} & set(removed)
        known.update(found)
        return bool(found)

    gone = {v.name for v in spec.variables if goes(v.name)}
    groups = [
        replace(group, variables=members)
        for group in spec.missing_groups
        if not goes(group.name) and (members := tuple(v for v in group.variables if v not in gone))
    ]
    lost = gone | {g.name for g in spec.missing_groups} - {group.name for group in groups}
    left = replace(
        spec,
        variables=tuple(v for v in spec.variables if v.name not in gone),
        missing_groups=tuple(groups),
        associations=tuple(
            p
            for p in spec.associations
            if not goes(f"{p.a} - {p.b}", f"{p.b} - {p.a}") and lost.isdisjoint((p.a, p.b))
        ),
        rules=tuple(
            rule
            for rule in spec.rules
            if not goes(rule.expression)
            and gone.isdisjoint(Expression.parse(rule.expression).names)
        ),
        facts=tuple(fact for fact in spec.facts if gone.isdisjoint(quotes.about(fact))),
    )
    return left, set(removed) - known


def _restored(part: str, told: Any, item: Any, known: Known) -> Any:
    """Return an item of an answer; what came back as it was shown is as it was, to the digit."""
    was, seen = known.get(identity(part, item), (None, None))
    if was is None or not isinstance(told, dict):
        return item
    if part == "associations":
        return was if item.get("spearman") == seen["spearman"] else item
    same = {name: was[name] for name, value in told.items() if seen.get(name, ...) == value}
    item = item | same
    if part == "variables" and {"type", "marginal"} <= same.keys():
        item |= {"provenance": was["provenance"]}
    changed = {name for name in was if item.get(name) != was[name]}
    return item if changed - _ABOUT_FIGURES else was


def _entered(
    part: str, before: Sequence[Any], given: Sequence[Any]
) -> tuple[list[Any], tuple[int | None, ...]]:
    """Return a list with the items of an answer in place of the same ones, and where they stood."""
    entries: dict[str, tuple[Any, int | None]] = {identity(part, i): (i, None) for i in before}
    for place, item in enumerate(given):
        if not (part == "associations" and _is_none(item)):
            entries[identity(part, item)] = item, place
    return [item for item, _ in entries.values()], tuple(place for _, place in entries.values())


def _moved(fact: Fact, was: Document, whole: Document) -> bool:
    """Tell whether an answer changes what a fact is a figure of."""
    pair = fact.statistic in ("spearman", "direction")
    part = "associations" if pair else "variables"
    names = {"a": fact.variable, "b": fact.other_variable} if pair else {"name": fact.variable}
    wanted = identity(part, names)
    old, new = (
        [
            _figures_of(fact, item)
            for item in items(of, part)
            if isinstance(item, dict) and identity(part, item) == wanted
        ]
        for of in (was, whole)
    )
    return old != new


def _figures_of(fact: Fact, item: Document) -> list[Any]:
    """Return what decides whether a fact is true."""
    match fact.statistic:
        case "missing":
            return [item.get("missing")]
        case "spearman":
            return [item.get("spearman")]
        case "direction":
            spearman = item.get("spearman")
            return [isinstance(spearman, int | float) and spearman * fact.value > 0]
        case _:
            return [item.get(field) for field in _OF_VALUES]


def _facts(
    inherited: Iterable[Fact], own: Sequence[Any], parent_text: str
) -> tuple[list[Any], tuple[int | None, ...]]:
    """Return the facts that stay and those of an answer.

    What the user stated by hand goes before what already stood in the earlier words.
    """
    edited = {_figure(to_dict(fact)) for fact in inherited if is_edit(fact)}
    found = [
        (fact, place)
        for place, fact in enumerate(own)
        if not (_figure(fact) in edited and quotes.place(str(fact.get("quote")), parent_text))
    ]
    stated = {_figure(fact) for fact, _ in found}
    kept = [fact for fact in map(to_dict, inherited) if _figure(fact) not in stated]
    places = (*(None for _ in kept), *(place for _, place in found))
    return [*kept, *(fact for fact, _ in found)], places


def _figure(fact: Any) -> str:
    """Return what a fact of a document is a figure of, as text."""
    if not isinstance(fact, dict):
        return repr(fact)
    pair = sorted((str(fact.get("variable")), str(fact.get("other_variable"))))
    return repr((pair, *(fact.get(name) for name in ("statistic", "code", "within"))))
