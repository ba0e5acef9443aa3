"""A new description without any language model: what it says otherwise changes, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from synth_magic.description.contradictions import check
from synth_magic.engines.answer import Answer, Origin, Question
from synth_magic.engines.carrying import holding, with_facts
from synth_magic.engines.offline.additions import Additions, additions
from synth_magic.engines.offline.comparison import Comparison
from synth_magic.engines.offline.elicit import elicit, on_sources, title
from synth_magic.engines.offline.imposing import can_be, why_fixed
from synth_magic.engines.offline.removals import without
from synth_magic.engines.reading import read
from synth_magic.engines.writing import counted, one_line
from synth_magic.errors import SynthMagicError
from synth_magic.sampling import compiled
from synth_magic.sampling.edits import edited
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit, named, told
from synth_magic.spec.model import Fact, Provenance, Variable

_MADE: dict[Provenance, str] = {
    "catalogue": " from the catalogue", "stated": " as stated", "assumed": " guessed"
}  # fmt: skip
_COMPARED = (
    "Only figures and variables were compared: without a language model, other words of the new "
    "description change nothing."
)


def made_offline(parent: CohortSpec, text: str) -> bool:
    """Tell whether a specification is what the offline engine makes of a text.

    What was edited by hand is not compared.
    """
    try:
        own = compiled(elicit(read(text)[0]).spec).spec
    except SynthMagicError:
        return False
    edits = [fact for fact in parent.facts if is_edit(fact)]
    return _but_for(edits, own) == _but_for(edits, compiled(parent).spec)


def _but_for(edits: Sequence[Fact], spec: CohortSpec) -> object:
    names = {fact.variable for fact in edits if not fact.other_variable}
    pairs = [{fact.variable, fact.other_variable} for fact in edits]
    return (
        [variable.name if variable.name in names else variable for variable in spec.variables],
        [pair for pair in spec.associations if {pair.a, pair.b} not in pairs],
    )


def change(question: Question, parent: CohortSpec) -> Answer | None:
    """Return the parent, changed by what differs between its description and the new one.

    None where the new one names none of its variables. Raises ContradictionError, SettingError or
    SamplingError for figures that cannot be had.
    """
    parent = compiled(parent).spec
    differing = Comparison.of(question, parent)
    if not differing.in_common:
        return None
    now = differing.now
    left, hidden = without(parent, differing.removed)
    more = additions(left, now, differing.added)
    spec = _arranged(more.to(left), differing)
    wanted = tuple(dict.fromkeys((*differing.figures, *differing.of_added)))
    stated = [fact for fact in wanted if can_be(fact, spec)]
    held = differing.kept(left.facts)
    facts = tuple(dict.fromkeys((*held, *stated)))
    check(replace(now, facts=facts))
    of_new = [fact for fact in stated if fact.variable in differing.added]
    of_old = [fact for fact in stated if fact not in of_new]
    spec = with_facts(spec, [fact for fact in facts if fact not in of_old], imposed=of_old)
    understood = {fact.quote for fact in facts}  # by a model, perhaps
    unread = [quote.text for quote in now.not_understood if one_line(quote.text) not in understood]
    unknown = [fact.quote for fact in wanted if fact not in stated]
    origin = Origin(
        engine="offline",
        summary=_summary(stated, more, len(parent.variables) - len(left.variables), len(hidden)),
        description=question.description.text,
        not_understood=tuple(dict.fromkeys(map(one_line, (*unread, *unknown)))),
        remarks=(
            *_on_variables(more.variables, hidden, differing.added if more.is_less else ()),
            *differing.units,
            *why_fixed(wanted, spec),
            *_on_facts(differing, left.facts),
            *([_COMPARED] if differing.words else []),
        ),
    )
    names = (
        *map(named, of_old),
        *(f"{name} added" for name in differing.added),
        *(f"{name} removed" for name in differing.removed),
    )
    return Answer(edited(spec, *of_old) if of_old else spec, origin, tuple(dict.fromkeys(names)))


def _arranged(spec: CohortSpec, differing: Comparison) -> CohortSpec:
    """Return a specification with its variables shown, in place, and its patients named, as now."""
    variables = {
        v.name: replace(v, hidden=v.hidden and v.name not in differing.named)
        for v in spec.variables
    }
    order = [name for name in variables if name not in differing.added]
    listed = differing.now.listed
    for name in differing.added:
        before = listed[: listed.index(name)] if name in listed else order
        places = [order.index(other) for other in before if other in order]
        order.insert(max(places) + 1 if places else 0, name)
    spec = replace(spec, variables=tuple(variables[name] for name in order))
    if not differing.population:
        return spec
    population = one_line(differing.now.population)
    return replace(spec, title=title(differing.now), population=population)


def _summary(stated: Sequence[Fact], more: Additions, removed: int, hidden: int) -> str:
    new = {variable.name for variable in more.variables}
    made = [variable.provenance for variable in more.variables]
    counts = [
        (sum(fact.variable not in new for fact in stated), "figure", "figures"),
        *((made.count(p), f"new variable{how}", f"new variables{how}") for p, how in _MADE.items()),
        (removed, "variable removed", "variables removed"),
        (hidden, "variable hidden", "variables hidden"),
    ]  # fmt: skip
    parts = ", ".join(counted(*each) for each in counts if each[0])
    if not parts:
        return (
            "Unchanged, no language model was asked: the description states no other figures and "
            "names no other variables."
        )
    return (
        f"Changed offline, no language model was asked: {parts}; "
        "the rest is the earlier specification."
    )


def _on_variables(
    new: Sequence[Variable], hidden: Mapping[str, str], freed: Collection[str]
) -> Iterator[str]:
    for name, child in hidden.items():
        yield f"{name} is named no more, but {child} depends on it: it stays, hidden."
    if freed:
        yield (
            f"Not every correlation of {', '.join(freed)} that the catalogue knows is used: the "
            "others would move what stays."
        )
    yield from on_sources(new)


def _on_facts(differing: Comparison, before: Sequence[Fact]) -> Iterator[str]:
    gone = [fact for fact in before if is_edit(fact) and not holding([fact], differing.figures)]
    if gone:
        yield f"Gone of your edits: {', '.join(map(told, gone))}."
    if unsaid := differing.gone(before):
        yield f"No longer stated, so left as before: {', '.join(map(told, unsaid))}."
