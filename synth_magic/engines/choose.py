"""Who answers: a recorded answer, Claude, or the offline engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from synth_magic.engines.answer import Answer, Question, Watch, unwatched
from synth_magic.engines.settings import Settings, checked
from synth_magic.errors import (
    CredentialsError,
    EngineError,
    RecordingError,
    SettingError,
    SynthMagicError,
)

Engine: TypeAlias = Callable[[Question, Watch], Answer]

_OFFLINE = "The offline engine would answer, without any model."


def engine(settings: Settings) -> Engine:
    """Return the engine of these settings. Raises SettingError for settings that contradict."""
    name = checked("engine", settings.engine, "engine")
    if settings.fresh and name == "recorded":
        raise SettingError(
            "fresh asks anew, but the engine 'recorded' only replays; use 'auto', 'claude' or "
            "'offline'"
        )
    if name == "recorded" and not settings.recordings:
        raise SettingError("the engine 'recorded' needs a folder: set recordings")

    def answer(question: Question, watch: Watch) -> Answer:
        if settings.writes_rows:
            from synth_magic.engines.rows.engine import write

            return write(question, settings, watch)
        case = _Case(asked_as(question, settings), settings, watch)
        for offer in case.offers():
            if answer := offer.take():
                return case.settled(answer)
        raise case.nobody()

    return answer


def asked_as(question: Question, settings: Settings) -> Question:
    """Return the question that is asked under these settings: afresh, nothing was before.

    A refinement always changes what was before; afresh, it is only asked again.
    """
    return question.from_scratch if settings.fresh and not question.refinement else question


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who would answer, in a sentence; `asks` says whether a model would be asked."""

    sentence: str
    asks: bool


def prospect(question: Question, settings: Settings) -> Prospect:
    """Return who would answer now. Nothing is asked, and nothing is replayed."""
    checked("engine", settings.engine, "engine")
    case = _Case(asked_as(question, settings), settings, unwatched)
    for offer in case.offers():
        return Prospect(offer.sentence, offer.asks)
    return Prospect(f"Nobody would answer: {case.nobody()}", asks=False)


@dataclass(frozen=True, slots=True)
class _Offer:
    """Who would answer, and the answer when it is taken; None for a recording beyond use."""

    sentence: str
    take: Callable[[], Answer | None]
    asks: bool = False


@dataclass(slots=True)
class _Case:
    """One question on its way to an answer; `remarks` gather what was met on it."""

    question: Question
    settings: Settings
    watch: Watch
    remarks: list[str] = field(default_factory=list)

    def offers(self) -> Iterator[_Offer]:
        """Yield who may answer, the best first: a recording, the model, other recordings."""
        name, fresh = self.settings.engine, self.settings.fresh
        if name == "offline":
            yield _Offer(_OFFLINE, self._offline)
            return
        if not fresh:
            yield from self._recorded(any_model=False)
        if name != "recorded" and self._may_ask():
            yield _Offer(f"{self.settings.model} would be asked.", self._asked, asks=True)
            return
        if name != "claude" and not fresh:
            yield from self._recorded(any_model=True)
        if name == "auto":
            yield _Offer(_OFFLINE, self._instead)

    def nobody(self) -> EngineError:
        """Return the error that says why nobody answers."""
        if self.settings.engine == "recorded":
            nothing = (
                f"no answer to this description is recorded in {self.settings.recordings!r}. To "
                "record one, ask once with the engine 'claude' or 'auto' and a key."
            )
            return RecordingError(" ".join([nothing, *dict.fromkeys(self.remarks)]))
        from synth_magic.engines.claude.credentials import NO_KEY

        return CredentialsError(". ".join([NO_KEY, *dict.fromkeys(self.remarks)]))

    def settled(self, answer: Answer) -> Answer:
        """Return the answer drawn in its parent's order, with what was met on the way to it."""
        from synth_magic.engines.plausibility import implausible

        doubts = implausible(answer.spec, self.question.description)
        own = answer.origin.remarks
        remarks = dict.fromkeys((*self.remarks, *self.question.remarks, *doubts, *own))
        origin = replace(answer.origin, remarks=tuple(remarks))
        if self.question.parent is None:
            return replace(answer, origin=origin)
        from synth_magic.engines.carrying import in_order

        return replace(answer, spec=in_order(answer.spec, self.question.parent), origin=origin)

    def _edited(self, answer: Answer) -> Answer:
        """Return an answer that was made without the parent, with the user's edits of it."""
        if self.question.parent is None:
            return answer
        from synth_magic.engines.carrying import with_edits

        return with_edits(answer, self.question)

    def _recorded(self, *, any_model: bool) -> Iterator[_Offer]:
        """Yield the recorded answers of the model that would be asked, or of any."""
        from synth_magic.engines.recorded.key import Key
        from synth_magic.engines.recorded.recording import Recording
        from synth_magic.engines.recorded.replay import is_about_yours, replay
        from synth_magic.engines.recorded.store import Store, passed_over

        wanted = Key.of(self.question, self.settings)
        store = Store(self.settings.recordings)
        found = store.find_any(wanted) if any_model else store.find(wanted)
        self.remarks += found.remarks

        def replayed(name: str, recording: Recording) -> Answer | None:
            try:
                answer = replay(self.question, wanted, recording, name)
            except SynthMagicError as err:
                self.remarks.append(passed_over(name, err))
                return None
            return answer if is_about_yours(recording, self.question) else self._edited(answer)

        def changes_another(name: str) -> bool:
            recording = found.recordings[name]
            return recording.is_change and not recording.changes_the_same(self.question)

        for name in sorted(found.recordings, key=changes_another):  # the newest of each kind first
            recording = found.recordings[name]
            sentence = f"The recorded answer {name} would be replayed, which takes no tokens."
            yield _Offer(sentence, partial(replayed, name, recording))

    def _may_ask(self) -> bool:
        from synth_magic.engines.claude.credentials import found

        return found(self.settings)

    def _asked(self) -> Answer:
        from synth_magic.engines.recorded.record import ask

        answer = ask(self.question, self.settings, self.watch)
        return answer if self.question.is_change else self._edited(answer)

    def _offline(self, *, keeping: bool = False) -> Answer:
        """Answer offline; `keeping` what was before even where the words are the same."""
        if self.question.refinement and self.question.parent:
            from synth_magic.engines.offline.refine import refine

            return refine(self.question, self.question.parent)
        from synth_magic.engines.offline.elicit import elicit

        changed = self._changed() if self.question.is_change or keeping else None
        return changed or self._edited(elicit(self.question.description))

    def _changed(self) -> Answer | None:
        """Return the parent changed as the words do; None where it is better made anew."""
        question, parent = self.question, self.question.parent
        from synth_magic.engines.offline.change import change, made_offline

        if parent is None or made_offline(parent, question.parent_text):
            return None
        return change(question, parent)

    def _instead(self) -> Answer:
        """Answer offline for want of a key and a recording, and say so."""
        from synth_magic.engines.claude.credentials import REMEDY

        answer = self._offline(keeping=True)
        recorded = "what is recorded is left aside" if self.settings.fresh else "no recorded answer"
        why = f"There is no key for one, and {recorded}. To ask Claude, {REMEDY}."
        origin = replace(answer.origin, summary=f"{answer.origin.summary} {why}")
        return replace(answer, origin=origin)
