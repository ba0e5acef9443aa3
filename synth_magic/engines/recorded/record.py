"""Ask a model, and keep what it answers, whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from synth_magic.engines.answer import Answer, Origin, Question, Usage, Watch
from synth_magic.engines.claude.budget import estimate, prompt_tokens
from synth_magic.engines.claude.exchange import Ask, Exchange, Reply, Request
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, OTHER_SERVER, Recording
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.settings import Settings
from synth_magic.errors import (
    AnswerError,
    BudgetError,
    CallError,
    CredentialsError,
    FileError,
    SynthMagicError,
)

_REASONS: dict[type[BaseException], str] = {
    KeyboardInterrupt: "It was interrupted.",
    BudgetError: "The next call might have taken more tokens than the session may.",
    CallError: "A call failed before the answer was whole.",
    CredentialsError: "The key was refused.",
}
"""Not the words of the error: they may name a server."""


def ask(question: Question, settings: Settings, watch: Watch) -> Answer:
    """Return the answer of the model of these settings, recorded.

    Of an answer that cannot be used, what came is kept; the error then says where. Raises what
    asking raises.
    """
    from synth_magic.engines.claude.call import asker
    from synth_magic.engines.claude.elicit import elicit

    store = Store(settings.recordings)
    server = _server(settings)
    earlier, file = _answered_before(question, settings, store)
    listener = _Listener(asker(settings, watch), settings.model, list(earlier))
    try:
        elicited = elicit(question, listener, earlier)
        recording = Recording.of(question, settings, elicited.exchanges, server)
        name, remarks = _saved(store, recording)
    except BaseException as err:
        if listener.heard[len(earlier) :]:
            heard = tuple(listener.heard)
            unfinished = Recording.of(question, settings, heard, server, _reason(err))
            _add(err, _kept(store, unfinished))
        raise
    if earlier:
        remarks = (*remarks, f"The first parts were not asked for again: {file} holds them.")
    origin = _origin(question, recording, name, (*remarks, *elicited.remarks))
    return Answer(elicited.spec, origin)


def _answered_before(
    question: Question, settings: Settings, store: Store
) -> tuple[tuple[Exchange, ...], str]:
    """Return the parts that were answered before an attempt broke off, and the file with them."""
    from synth_magic.engines.claude.elicit import answered

    if not (settings.fresh or question.is_change):
        found = store.find_unfinished(Key.of(question, settings)).recordings
        for name, recording in found.items():
            if not recording.is_change and (parts := answered(question, recording.exchanges)):
                return parts, name
    return (), ""


@dataclass(slots=True)
class _Listener:
    """Hears all that a model says, also what nobody could use in the end."""

    ask: Ask
    model: str
    heard: list[Exchange] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        try:
            reply = self.ask(request)
        except BaseException as err:
            if half := getattr(err, "answer", ""):
                taken = Usage(prompt_tokens(request), estimate(half), calls=1, estimated=True)
                reply = Reply(half, self.model, taken)
                self.heard.append(Exchange(request, reply, accepted=False))
            raise
        self.heard.append(Exchange(request, reply, accepted=False))
        return reply


def _saved(store: Store, recording: Recording) -> tuple[str, tuple[str, ...]]:
    """Return the name of the recording's file, and a remark where none could be written."""
    try:
        return store.save(recording), ()
    except FileError as err:
        return "", (f"Running this again asks the model again: {err}.",)


def _kept(store: Store, unfinished: Recording) -> str:
    """Keep what cannot be used, and return the sentence that says where."""
    if not store.folder:
        return "What the model wrote is not kept, for no folder of recordings is set."
    try:
        name = store.keep(unfinished)
    except FileError as err:
        return f"What the model wrote is not kept: {err}."
    return f"What the model wrote is kept in {Path(store.folder) / name}."


def _add(err: BaseException, sentence: str) -> None:
    """Add a sentence to what an error says."""
    if isinstance(err, SynthMagicError | KeyboardInterrupt):
        said = str(err)
        if said and not said.endswith("."):
            said += "."
        err.args = (f"{said} {sentence}".lstrip(), *err.args[1:])
    else:
        err.add_note(sentence)


def _reason(err: BaseException) -> str:
    """Return why an answer is unfinished, without the words of an error that may name a server."""
    if isinstance(err, AnswerError):
        return str(err)
    known = (reason for kind, reason in _REASONS.items() if isinstance(err, kind))
    return next(known, f"{type(err).__name__}.")


def _server(settings: Settings) -> str:
    """Return who is asked, in words: the address is nobody's business but the user's."""
    from synth_magic.engines.claude.credentials import asks_anthropic

    return API if asks_anthropic(settings) else OTHER_SERVER


def _origin(
    question: Question, recording: Recording, name: str, remarks: tuple[str, ...]
) -> Origin:
    from synth_magic.engines.claude.prices import cost

    usage = recording.usage
    price = cost(recording.model, usage) if recording.origin == API else ""
    about = "about " if usage.estimated else ""
    tokens = f"{about}{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    did = "changed" if recording.is_change else "wrote"
    summary = f"{recording.model} {did} the specification on {recording.day}: " + ", ".join(
        filter(None, (tokens, price))
    )
    return Origin(
        engine="claude",
        summary=f"{summary}.",
        description=question.description.text,
        remarks=remarks,
        model=recording.model,
        date=recording.date,
        prompt_version=recording.prompt_version,
        usage=usage,
        cost=price,
        recording=name,
    )
