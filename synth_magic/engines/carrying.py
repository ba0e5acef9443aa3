"""What of the specification before stays when patients are described anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from synth_magic.engines.answer import Answer, Question
from synth_magic.engines.refinement import figures
from synth_magic.errors import SamplingError, SettingError
from synth_magic.sampling.edits import edited
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit, told
from synth_magic.spec.model import QUANTILE_LEVELS, Fact

_PLACES = ("mean", *QUANTILE_LEVELS)
_CENTRES = ("mean", "p50")
_OF_PAIRS = ("spearman", "direction")


def anew(question: Question) -> tuple[Fact, ...]:
    """Return the figures that the new words state and the earlier ones did not, or not so."""
    stated = question.description.facts
    if question.refinement or question.parent is None:
        return stated
    if question.parent_text:
        before = figures(question.parent_text)
    else:
        before = {fact.figure: fact.value for fact in question.parent.facts}
    return tuple(fact for fact in stated if before.get(fact.figure) != fact.value)


def holding(facts: Iterable[Fact], new: Collection[Fact]) -> tuple[Fact, ...]:
    """Return the facts that still hold beside new ones."""
    return tuple(fact for fact in facts if not any(_displaces(other, fact) for other in new))


def _displaces(new: Fact, old: Fact) -> bool:
    """Tell whether a figure takes the place of another: the same one, or one that it settles.

    A new mean or median settles where all values lie, a new share those of the other codes, and a
    correlation its direction.
    """
    if new.figure == old.figure:
        return True
    if new.within != old.within:
        return False
    if new.statistic in _OF_PAIRS and old.statistic in _OF_PAIRS:
        pairs = [{fact.variable, fact.other_variable} for fact in (new, old)]
        return pairs[0] == pairs[1]
    if new.variable != old.variable:
        return False
    same_shares = new.statistic == old.statistic == "share"
    return same_shares or (new.statistic in _CENTRES and old.statistic in _PLACES)


def with_facts(spec: CohortSpec, facts: Sequence[Fact], imposed: Iterable[Fact] = ()) -> CohortSpec:
    """Return a specification with these facts; no variable rests on the words of others any more.

    `imposed` are facts that will be put in beside them.
    """
    said = {fact.quote for fact in (*facts, *imposed)}
    stale = [fact for fact in spec.facts if fact.quote not in said]
    variables = tuple(
        replace(v, basis=_without(v.basis, [f.quote for f in stale if f.variable == v.name]))
        for v in spec.variables
    )
    return replace(spec, variables=variables, facts=tuple(facts))


def _without(basis: str, quotes: Sequence[str]) -> str:
    for quote in quotes:
        for words in (quote, " ".join(quote.split())):
            quoted = f"“{re.escape(words)}”"
            basis = re.sub(rf", {quoted}|{quoted}(?:, |; |$)", "", basis)
    return basis.removesuffix("; ")


def in_order(spec: CohortSpec, parent: CohortSpec) -> CohortSpec:
    """Return a specification whose patients are drawn in the order of its parent's.

    What is new is drawn last, so that the draws of all else are as they were.
    """
    here, before = _drawn(spec), _drawn(parent)
    order = [name for name in before if name in here]
    return replace(spec, draw_order=tuple(dict.fromkeys((*order, *here))))


def _drawn(spec: CohortSpec) -> dict[str, None]:
    """Return the names of variables and missing groups in the order in which they are drawn."""
    variables = (variable.name for variable in spec.variables)
    groups = (group.name for group in spec.missing_groups)
    return dict.fromkeys((*spec.draw_order, *variables, *groups))


def with_edits(answer: Answer, question: Question) -> Answer:
    """Return an answer that was made without its parent, with what the user had stated by hand.

    The new words win where they state a figure differently than the earlier ones.
    """
    if question.parent is None:
        return answer
    edits = [fact for fact in question.parent.facts if is_edit(fact)]
    spec, kept = _edited(answer.spec, holding(edits, anew(question)))
    gone = [fact for fact in edits if fact not in kept]
    remarks = [
        f"{what} {', '.join(map(told, facts))}."
        for what, facts in (("Kept from your edits:", kept), ("Gone of your edits:", gone))
        if facts
    ]
    origin = replace(answer.origin, remarks=(*answer.origin.remarks, *remarks))
    return replace(answer, spec=spec, origin=origin)


def _edited(spec: CohortSpec, facts: Sequence[Fact]) -> tuple[CohortSpec, Sequence[Fact]]:
    """Return a specification with the facts that can hold in it: all together, or one by one."""
    if not facts:
        return spec, ()
    with suppress(SettingError, SamplingError):
        return edited(spec, *facts), facts
    kept = []
    for fact in facts:
        with suppress(SettingError, SamplingError):
            spec = edited(spec, fact)
            kept.append(fact)
    return spec, kept
