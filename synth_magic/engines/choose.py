"""Who answers: a recorded answer, Claude, or the offline engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from synth_magic.engines.answer import Answer, Question, Watch, unwatched
from synth_magic.engines.settings import Settings, checked
from synth_magic.errors import CredentialsError, RecordingError, SettingError, SynthMagicError

Engine: TypeAlias = Callable[[Question, Watch], Answer]


def engine(settings: Settings) -> Engine:
    """Return the engine of these settings. Raises SettingError for settings that contradict."""
    name = checked("engine", settings.engine, "engine")
    if settings.fresh and name in ("recorded", "offline"):
        raise SettingError(
            f"fresh asks a model anew, but the engine {name!r} asks none; use 'auto' or 'claude'"
        )
    if name == "recorded" and not settings.recordings:
        raise SettingError("the engine 'recorded' needs a folder: set recordings")

    def answer(question: Question, watch: Watch) -> Answer:
        case = _Case(question, settings, watch)
        return case.remarked(_WAYS[name](case))

    return answer


def prospect(question: Question, settings: Settings) -> str:
    """Return who would answer now, in a sentence. Nothing is asked, and nothing is replayed."""
    from synth_magic.engines.recorded.key import Key
    from synth_magic.engines.recorded.store import Store

    name = checked("engine", settings.engine, "engine")
    offline = "The offline engine would answer, without any model."
    if name == "offline":
        return offline
    wanted, store = Key.of(question, settings), Store(settings.recordings)
    exact = () if settings.fresh else tuple(store.find(wanted).recordings)
    case = _Case(question, settings, unwatched)
    if not exact and name != "recorded" and case.may_ask():
        return f"{settings.model} would be asked."
    others = () if settings.fresh or name == "claude" else store.find_any(wanted).recordings
    if found := next(iter((*exact, *others)), ""):
        return f"The recorded answer {found} would be replayed, which takes no tokens."
    if name == "recorded":
        return "Nobody would answer: nothing is recorded for this description."
    return (
        offline if name == "auto" and not settings.fresh else f"Nobody would answer: {_no_key()}."
    )


@dataclass(slots=True)
class _Case:
    """One question on its way to an answer; `remarks` gather what was met on it."""

    question: Question
    settings: Settings
    watch: Watch
    remarks: list[str] = field(default_factory=list)

    def recorded(self, *, any_model: bool = False) -> Answer | None:
        """Return the recorded answer of the model that would be asked, or of any; none if fresh."""
        if self.settings.fresh:
            return None
        from synth_magic.engines.recorded.key import Key
        from synth_magic.engines.recorded.replay import replay
        from synth_magic.engines.recorded.store import Store, passed_over

        wanted = Key.of(self.question, self.settings)
        store = Store(self.settings.recordings)
        found = store.find_any(wanted) if any_model else store.find(wanted)
        self.remarks += found.remarks
        for name, recording in found.recordings.items():
            try:
                return replay(self.question, wanted, recording, name)
            except SynthMagicError as err:
                self.remarks.append(passed_over(name, err))
        return None

    def asked(self) -> Answer:
        from synth_magic.engines.recorded.record import ask

        return ask(self.question, self.settings, self.watch)

    def may_ask(self) -> bool:
        from synth_magic.engines.claude.credentials import found

        return found(self.settings)

    def offline(self) -> Answer:
        from synth_magic.engines.offline.elicit import elicit

        return elicit(self.question.description)

    def remarked(self, answer: Answer) -> Answer:
        """Return the answer with what was met on the way to it."""
        remarks = dict.fromkeys((*self.remarks, *answer.origin.remarks))
        return replace(answer, origin=replace(answer.origin, remarks=tuple(remarks)))


def _auto(case: _Case) -> Answer:
    if answer := case.recorded():
        return answer
    if case.may_ask():
        return case.asked()
    if case.settings.fresh:
        raise CredentialsError(_no_key())
    if answer := case.recorded(any_model=True):
        return answer
    from synth_magic.engines.claude.credentials import REMEDY

    answer = case.offline()
    why = f"There is no key for one, and no recorded answer. To ask Claude, {REMEDY}."
    origin = replace(answer.origin, summary=f"{answer.origin.summary} {why}")
    return replace(answer, origin=origin)


def _claude(case: _Case) -> Answer:
    if answer := case.recorded():
        return answer
    if not case.may_ask():
        raise CredentialsError(". ".join([_no_key(), *case.remarks]))
    return case.asked()


def _recorded(case: _Case) -> Answer:
    if answer := case.recorded() or case.recorded(any_model=True):
        return answer
    folder = case.settings.recordings
    nothing = (
        f"no answer to this description is recorded in {folder!r}. To record one, ask once with "
        "the engine 'claude' or 'auto' and a key."
    )
    raise RecordingError(" ".join([nothing, *dict.fromkeys(case.remarks)]))


def _no_key() -> str:
    from synth_magic.engines.claude.credentials import NO_KEY

    return NO_KEY


_WAYS: Mapping[str, Callable[[_Case], Answer]] = {
    "auto": _auto,
    "claude": _claude,
    "recorded": _recorded,
    "offline": _Case.offline,
}
