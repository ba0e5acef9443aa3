"""Read a recorded answer again, and say whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from synth_magic.engines.answer import Answer, Origin, Question
from synth_magic.engines.carrying import anew, holding
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, Recording, prompt_version
from synth_magic.errors import RecordingError
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit, told


def replay(question: Question, wanted: Key, recording: Recording, name: str) -> Answer:
    """Return the answer of the recording in the file `name`; `wanted` is what would be asked today.

    A change of another version than the user's is put into the user's. Raises SynthMagicError for
    one from which no specification can be read, or none that keeps what the user has.
    """
    from synth_magic.engines.claude.elicit import replay as read_again

    elicited = read_again(_as_asked(question, recording), recording.exchanges)
    if _goes_into_yours(recording, question):
        _check_edits(question, elicited.spec)
    origin = Origin(
        engine="recorded",
        summary=_summary(recording),
        description=question.description.text,
        remarks=(*unlike(recording, wanted), *_changed(recording, question), *elicited.remarks),
        model=recording.model,
        date=recording.date,
        prompt_version=recording.prompt_version,
        usage=recording.usage,
        recording=name,
    )
    return Answer(elicited.spec, origin)


def _as_asked(question: Question, recording: Recording) -> Question:
    """Return the question to read a recording as the answer of.

    A change is read on top of the user's version where both change the same words, and else on top
    of its own parent: it then is an answer to the whole description.
    """
    if not recording.is_change:
        return question.from_scratch
    if _goes_into_yours(recording, question):
        return question
    if question.refinement and not recording.changes_the_same(question):
        raise RecordingError("it changed patients that were described otherwise than yours")
    from synth_magic.engines.refinement import refinement

    parent, before = CohortSpec.from_dict(dict(recording.parent or {})), recording.parent_text or ""
    if recording.refinement:
        return refinement(parent, before, recording.refinement, question.examples)
    return replace(question, parent=parent, parent_text=before, refinement="")


def is_about_yours(recording: Recording, question: Question) -> bool:
    """Return whether an answer is a change of the user's own version, or goes into it."""
    return recording.changes_the_same(question) or _goes_into_yours(recording, question)


def _goes_into_yours(recording: Recording, question: Question) -> bool:
    """Return whether an answer changed another version of what the same words described."""
    if not (recording.is_change and question.is_change) or recording.changes_the_same(question):
        return False
    words = (recording.parent_text or "").split()
    return bool(words) and words == question.parent_text.split()


def _check_edits(question: Question, spec: CohortSpec) -> None:
    """Raise RecordingError where a change would undo what the user stated by hand."""
    facts = question.parent.facts if question.parent else ()
    edits = filter(is_edit, holding(facts, anew(question)))
    if lost := [told(fact) for fact in edits if fact not in spec.facts]:
        raise RecordingError(f"it changed another version, and would undo {', '.join(lost)}")


def _changed(recording: Recording, question: Question) -> Iterator[str]:
    """Yield that an answer changed another specification than the user's."""
    if recording.is_change and not recording.changes_the_same(question):
        if _goes_into_yours(recording, question):
            yield (
                "The recorded answer changed another version than yours; its change was put into "
                "yours."
            )
        elif question.is_change:
            yield "The recorded answer changed another earlier specification than yours."
        else:
            yield "The recorded answer was made as a change of an earlier version."


def _summary(recording: Recording) -> str:
    replayed = (
        f"Replayed from the recorded answer of {recording.model} of {recording.day} "
        "(no model was asked)"
    )
    return f"{replayed}." if recording.origin == API else f"{replayed}; {recording.origin}."


def unlike(recording: Recording, wanted: Key) -> Iterator[str]:
    """Yield where the answer is not what would be asked for today."""
    if recording.key != wanted:
        yield (
            f"No answer of {_asked(wanted)} is recorded for this description; this is one of "
            f"{_asked(recording.key)}."
        )
    today = prompt_version(wanted)
    if recording.prompt_version != today:
        yield (
            f"The answer was recorded with prompt version {recording.prompt_version}; today's is "
            f"{today}."
        )


def _asked(key: Key) -> str:
    return f"{key.model} (effort {key.effort})" if key.effort else key.model
