"""Ask a model, and keep what it answers, whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from synth_magic.engines.answer import Answer, Origin, Question, Usage, Watch
from synth_magic.engines.claude.budget import estimate, prompt_tokens
from synth_magic.engines.claude.exchange import Ask, Exchange, Reply, Request
from synth_magic.engines.recorded.keeping import add, kept, reason, saved, server
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, Recording
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.settings import Settings


def ask(question: Question, settings: Settings, watch: Watch) -> Answer:
    """Return the answer of the model of these settings, recorded.

    Of an answer that cannot be used, what came is kept; the error then says where. Raises what
    asking raises.
    """
    from synth_magic.engines.claude.call import asker
    from synth_magic.engines.claude.elicit import elicit

    store = Store(settings.recordings)
    source = server(settings)
    earlier, file = _answered_before(question, settings, store)
    listener = _Listener(asker(settings, watch), settings.model, list(earlier))
    try:
        elicited = elicit(question, listener, earlier)
        recording = Recording.of(question, settings, elicited.exchanges, source)
        name, remarks = saved(store, recording)
    except BaseException as err:
        if listener.heard[len(earlier) :]:
            heard = tuple(listener.heard)
            unfinished = Recording.of(question, settings, heard, source, reason(err))
            add(err, kept(store, unfinished))
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


def _origin(
    question: Question, recording: Recording, name: str, remarks: tuple[str, ...]
) -> Origin:
    from synth_magic.engines.claude.prices import cost

    usage = recording.usage
    price = cost(recording.model, usage) if recording.origin == API else ""
    did = "changed" if recording.is_change else "wrote"
    summary = f"{recording.model} {did} the specification on {recording.day}: " + ", ".join(
        filter(None, (usage.in_words, price))
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
