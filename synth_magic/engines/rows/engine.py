"""The rows method as an engine: what is recorded is used, the rest is asked for and recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import ceil

from synth_magic.engines.answer import Answer, Origin, Question, Usage, Watch
from synth_magic.engines.claude.credentials import NO_KEY, found
from synth_magic.engines.claude.exchange import Request
from synth_magic.engines.recorded.keeping import add, kept, reason, saved, server
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, Recording
from synth_magic.engines.recorded.replay import unlike
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.rows.collect import Answered, Collection, counted_reasons
from synth_magic.engines.rows.form import Form
from synth_magic.engines.rows.method import Method
from synth_magic.engines.rows.prompt import request
from synth_magic.engines.rows.reading import read
from synth_magic.engines.rows.written import Written
from synth_magic.engines.settings import Settings
from synth_magic.engines.writing import counted
from synth_magic.errors import CredentialsError, RecordingError, SettingError, SynthMagicError

_NUMBER = re.compile(r"request (\d{1,6})")
LONGEST = 16_000
"""Tokens of an answer at most: ten patients of a hundred variables, and thought."""


@dataclass(frozen=True)
class Job:
    """Patients that are wanted, and how they are asked for."""

    question: Question
    settings: Settings

    def __post_init__(self) -> None:
        """Raise SettingError for what the rows method cannot do."""
        if self.question.refinement:
            raise SettingError(
                "the rows method writes patients anew and refines none: describe them otherwise, "
                "or refine with --method specification"
            )
        if self.settings.engine == "offline":
            raise SettingError(
                "the rows method needs a language model or a recorded answer: the engine 'offline' "
                "writes no patients; use 'auto', 'claude' or 'recorded'"
            )

    @cached_property
    def method(self) -> Method:
        """How rows are asked for."""
        return Method.of(self.settings)

    @cached_property
    def form(self) -> Form:
        """What is asked for."""
        return Form.of(self.question.description)

    @cached_property
    def key(self) -> Key:
        """What answers are looked up by."""
        return Key.of(self.question, self.settings)

    @property
    def store(self) -> Store:
        """Where answers are recorded."""
        return Store(self.settings.recordings)

    def request(self, number: int) -> Request:
        """Return the request of this number."""
        rows, examples = self.settings.rows_per_request, self.question.examples
        return request(self.form, self.method, number, rows, examples)

    def collection(self, recording: Recording | None = None) -> Collection:
        """Return the patients of a recording, to which others may be added."""
        reads = partial(read, columns=self.form.columns, examples=self.question.examples)
        collection = Collection(
            self.question.rows,
            self.settings.rows_per_request,
            self.request,
            lambda text, whole: reads(text, whole=whole),
        )
        for place, exchange in enumerate(recording.exchanges if recording else ()):
            stage = _NUMBER.match(exchange.request.stage)
            number = int(stage[1]) - 1 if stage else place
            whole = not (recording and recording.unfinished)
            collection.take(Answered(number, exchange.request, exchange.reply, whole))
        return collection

    def recorded(self, *, any_model: bool = False) -> dict[str, Recording]:
        """Return what is recorded of these patients, also what broke off, by name."""
        if self.settings.fresh:
            return {}
        if any_model:
            return dict(self.store.find_any(self.key).recordings)
        whole, broken = self.store.find(self.key), self.store.find_unfinished(self.key)
        return {**whole.recordings, **broken.recordings}

    def may_ask(self) -> bool:
        """Return whether a model can be asked."""
        return self.settings.engine != "recorded" and found(self.settings)


@dataclass(frozen=True)
class Found:
    """A recording, by the name of its file, with the patients in it."""

    name: str
    recording: Recording
    collection: Collection


def best(job: Job, recordings: Mapping[str, Recording]) -> Found | None:
    """Return the recording with the most patients, of several the newest."""
    all_found = [Found(name, one, job.collection(one)) for name, one in recordings.items()]
    return max(all_found, key=lambda f: (len(f.collection.rows), f.recording.date), default=None)


def write(question: Question, settings: Settings, watch: Watch) -> Answer:
    """Return patients that a model wrote, and the specification learnt from them.

    Raises SettingError for what the rows method cannot do, RecordingError where too few patients
    are recorded and no model is to be asked, CredentialsError where none can be, and what asking
    raises: what had come by then is recorded, and is used when the same is asked again.
    """
    job = Job(question, settings)
    mine = best(job, job.recorded())
    if mine and not mine.collection.lacking:
        return _replayed(job, mine)
    if job.may_ask():
        return _asked(job, mine, watch)
    other = best(job, job.recorded(any_model=True)) if settings.engine != "claude" else None
    if other and not other.collection.lacking:
        return _replayed(job, other)
    raise nobody(job, mine or other)


def nobody(job: Job, found: Found | None) -> SynthMagicError:
    """Return the error that says why there are no patients."""
    there = len(found.collection.rows) if found else 0
    if there:
        return RecordingError(
            f"{counted(there, 'patient is', 'patients are')} recorded, and {job.question.rows:,} "
            f"are wanted: ask for --rows {there}, or have the rest written with the engine "
            "'claude' or 'auto' and a key"
        )
    if job.settings.engine == "recorded":
        return RecordingError(
            "no patients are recorded that were asked for in this way in "
            f"{job.settings.recordings!r}. To record some, ask once with the engine 'claude' or "
            "'auto' and a key."
        )
    return CredentialsError(
        NO_KEY.replace("--engine offline needs none", "--method specification needs none")
    )


def _asked(job: Job, before: Found | None, watch: Watch) -> Answer:
    """Have the patients written who are not recorded yet."""
    from synth_magic.engines.rows.asking import ask

    collection = before.collection if before else job.collection()
    had, source = len(collection.rows), server(job.settings)
    known = dict(collection.answers)

    def recording(unfinished: str = "") -> Recording:
        return Recording.of(job.question, job.settings, collection.exchanges, source, unfinished)

    try:
        ask(job, collection, watch)
    except BaseException as err:
        if collection.answers != known:
            add(err, f"{_so_far(collection)} {kept(job.store, recording(reason(err)))}")
        raise
    made = recording()
    name, remarks = saved(job.store, made)
    usage = sum((a.reply.usage for n, a in collection.answers.items() if n not in known), Usage())
    origin = _origin(job, made, usage, name)
    if had and before:
        remarks = (*remarks, f"{had:,} of them were written before: {before.name} held them.")
    return _answer(job, collection, origin, remarks)


def _so_far(collection: Collection) -> str:
    there = len(collection.rows)
    if not there:
        return "No patient had come whole."
    return (
        f"{counted(there, 'patient', 'patients')} of {collection.wanted:,} had come: run this "
        f"again to go on from there, or with --rows {there} to have these alone."
    )


def _replayed(job: Job, found: Found) -> Answer:
    recording = found.recording
    replayed = (
        f"Replayed from the recorded answers of {recording.model} of {recording.day} (no model was "
        f"asked): {_patients(job)} as it wrote them"
    )
    told = replayed if recording.origin == API else f"{replayed}; {recording.origin}"
    origin = Origin(
        engine="recorded",
        summary=f"{told}.",
        description=job.question.description.text,
        model=recording.model,
        date=recording.date,
        prompt_version=recording.prompt_version,
        usage=recording.usage,
        recording=found.name,
    )
    return _answer(job, found.collection, origin, tuple(unlike(recording, job.key)))


def _patients(job: Job) -> str:
    return counted(job.question.rows, "patient", "patients")


def _origin(job: Job, recording: Recording, usage: Usage, name: str) -> Origin:
    from synth_magic.engines.claude.prices import cost

    half = job.settings.method == "batch"
    price = cost(recording.model, usage, half=half) if recording.origin == API else ""
    about = "about " if usage.estimated else ""
    tokens = f"{about}{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    took = ", ".join(filter(None, (counted(usage.calls, "request", "requests"), tokens, price)))
    return Origin(
        engine="claude",
        summary=f"{recording.model} wrote these {_patients(job)} on {recording.day}: {took}.",
        description=job.question.description.text,
        model=recording.model,
        date=recording.date,
        prompt_version=recording.prompt_version,
        usage=usage,
        cost=price,
        recording=name,
    )


def _answer(job: Job, collection: Collection, origin: Origin, remarks: tuple[str, ...]) -> Answer:
    from synth_magic.engines.rows.learnt import learnt

    written = Written.of((column.name for column in job.form.columns), collection.rows)
    spec, doubts = learnt(written, job.form, job.question.description)
    told = (*job.question.remarks, *_told(job, collection, written), *remarks, *doubts)
    return Answer(spec, replace(origin, remarks=(*told, *origin.remarks)), written=written)


def _told(job: Job, collection: Collection, written: Written) -> Iterator[str]:
    """Yield what was not as it should be of the patients that were written."""
    if left := job.form.left_out:
        yield f"Identifiers are not asked for: {', '.join(left)}."
    if rejected := collection.rejected:
        reasons = "; ".join(counted_reasons(rejected))
        yield f"{counted(len(rejected), 'row was', 'rows were')} rejected: {reasons}."
    if repeats := len(written.rows) - len(set(written.rows)):
        again = counted(repeats, "patient repeats", "patients repeat")
        yield f"{again} another one to the digit."
    most = ceil(job.question.rows / job.settings.rows_per_request)
    if (made := len(collection.answers)) > most:
        yield f"{made:,} requests were made for what {most:,} would have brought."
