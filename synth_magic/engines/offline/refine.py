"""A refinement without any language model: the figures that its words state, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from synth_magic.engines.answer import Answer, Origin, Question
from synth_magic.engines.carrying import holding, with_facts
from synth_magic.engines.claude.credentials import REMEDY
from synth_magic.engines.offline.imposing import can_be, why_fixed
from synth_magic.engines.refinement import check_together
from synth_magic.engines.writing import counted, one_line
from synth_magic.errors import EngineError
from synth_magic.sampling.edits import edited
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import named
from synth_magic.spec.model import Fact
from synth_magic.spec.text import shown


def refine(question: Question, parent: CohortSpec) -> Answer:
    """Return the parent with the figures of a refinement imposed.

    Raises EngineError where the words state no figure of one of its variables, and
    ContradictionError, SettingError or SamplingError for figures that cannot be had.
    """
    stated = question.description.facts
    known = [fact for fact in stated if can_be(fact, parent)]
    if not known:
        raise EngineError(_nothing_understood(question, parent, stated))
    held = holding(parent.facts, known)
    check_together(question.description, (*held, *known))
    spec = edited(with_facts(parent, held, imposed=known), *known)
    unread = [quote.text for quote in question.description.not_understood]
    unknown = [fact.quote for fact in stated if fact not in known]
    figures = counted(len(known), "figure", "figures")
    origin = Origin(
        engine="offline",
        summary=f"Changed offline, no language model was asked: {figures} stated.",
        description=question.description.text,
        not_understood=tuple(dict.fromkeys(map(one_line, (*unread, *unknown)))),
        remarks=tuple(why_fixed(stated, parent)),
    )
    return Answer(spec, origin, tuple(dict.fromkeys(map(named, known))))


def _nothing_understood(question: Question, parent: CohortSpec, facts: Sequence[Fact]) -> str:
    strangers = dict.fromkeys(
        fact.variable for fact in facts if all(v.name != fact.variable for v in parent.variables)
    )
    why = [f"there is no variable {', '.join(strangers)}"] if strangers else []
    remarks = (*question.remarks, *why_fixed(facts, parent))
    why += [remark.removesuffix(".") for remark in remarks]
    because = f" ({'; '.join(why)})" if why else ""
    return (
        f"{shown(question.refinement)} states no figure of these patients' variables{because}. "
        "The offline engine understands figures only, for example: mean age 71 (SD 9), 70% male. "
        f"A language model understands words: {REMEDY}."
    )
