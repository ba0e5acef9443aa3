"""Ask for a specification part by part, with at most two corrections each, and read the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth_magic.engines.answer import Question
from synth_magic.engines.carrying import anew
from synth_magic.engines.claude import changes, prompt, reading
from synth_magic.engines.claude.documents import Document, conversations, corrected, outcome, read
from synth_magic.engines.claude.exchange import Ask, Exchange, Request
from synth_magic.engines.claude.parts import Part, parts
from synth_magic.errors import AnswerError, SpecificationError
from synth_magic.spec.cohort import CohortSpec

REPAIRS = 2
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Elicited:
    """A specification, what was asked and answered on the way, and what the user should know."""

    spec: CohortSpec
    exchanges: tuple[Exchange, ...]
    remarks: tuple[str, ...]


def elicit(question: Question, ask: Ask, earlier: Sequence[Exchange] = ()) -> Elicited:
    """Ask a model for the specification of what is described.

    `earlier` are exchanges that `answered` returned: their parts are not asked for again. Raises
    what `ask` raises, and AnswerError for an answer that is still unusable after two corrections.
    """
    exchanges = list(earlier)
    done = [outcome(conversation) for conversation in conversations(earlier)]
    for part in pieces(question)[len(done) :]:
        done.append(_part(question, part, done, ask, exchanges))
    return _elicited(question, done, exchanges)


def answered(question: Question, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Return the exchanges of an attempt that broke off which answer whole parts, from the first.

    A question of a single part has none.
    """
    done: list[Document] = []
    whole: list[Exchange] = []
    all_but_last = pieces(question)[:-1]
    for part, conversation in zip(all_but_last, conversations(exchanges), strict=False):
        try:
            document = outcome(conversation)
            reading.read_leniently(question, [*done, document], (*part.earlier, *part.names))
        except SpecificationError:
            break
        done.append(document)
        whole += conversation
    return tuple(whole)


def pieces(question: Question) -> tuple[Part, ...]:
    """Return what is asked for, in order: a change at once, for its answer is short."""
    return (Part(),) if question.is_change else parts(question.description)


def first_request(question: Question) -> Request:
    """Return what a model is sent first."""
    if question.is_change:
        return prompt.change(question, changes.earlier(question), anew(question))
    return prompt.request(question, pieces(question)[0], None)


def replay(question: Question, exchanges: Sequence[Exchange]) -> Elicited:
    """Read the answers of recorded exchanges again, without asking.

    Raises AnswerError for answers from which no specification can be read.
    """
    try:
        documents = [outcome(conversation) for conversation in conversations(exchanges)]
        return _elicited(question, documents, exchanges)
    except SpecificationError as error:
        raise _unusable(error, exchanges) from None


def _elicited(
    question: Question, documents: Sequence[Document], exchanges: Sequence[Exchange]
) -> Elicited:
    found = reading.read_leniently(question, documents)
    return Elicited(found.spec, tuple(exchanges), found.remarks)


def _part(
    question: Question, part: Part, done: Sequence[Document], ask: Ask, exchanges: list[Exchange]
) -> Document:
    """Return the document of one part, corrected if need be."""
    names = (*part.earlier, *part.names)
    if done:
        earlier = reading.read_leniently(question, done, part.earlier).spec
        request = prompt.request(question, part, earlier)
    else:
        request = first_request(question)
    document: Document | None = None
    for attempt in range(REPAIRS + 1):
        reply = ask(request)
        look = reading.read_leniently if attempt else reading.read
        try:
            answered = read(reply.text)
            document = answered if document is None else corrected(document, answered)
            look(question, [*done, document], names)
        except SpecificationError as error:
            exchanges.append(Exchange(request, reply, accepted=False))
            if attempt == REPAIRS or isinstance(error, reading.TooManyVariablesError):
                raise _unusable(error, exchanges) from None
            request = prompt.repair(request, reply.text, error.violations)
        else:
            exchanges.append(Exchange(request, reply, accepted=True))
            return document
    raise AssertionError("unreachable")


def _unusable(error: SpecificationError, exchanges: Sequence[Exchange]) -> AnswerError:
    last = exchanges[-1]
    repairs = len(last.request.messages) // 2
    corrections = {0: "", 1: ", nor its correction"}.get(
        repairs, f", nor its {repairs} corrections"
    )
    found = [f"  {violation}" for violation in dict.fromkeys(error.violations)]
    more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    lines = [
        f"the answer of {last.reply.model} cannot be used{corrections}:",
        *found[:_SHOWN],
        *more,
        "Ask again, or change the setting model.",
    ]
    return AnswerError("\n".join(lines), last.reply.text)
