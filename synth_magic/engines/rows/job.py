"""Patients that are wanted: how they are asked for, and which of them are recorded already."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal

from synth_magic.engines.answer import Question
from synth_magic.engines.claude.credentials import NO_KEY, found
from synth_magic.engines.claude.exchange import Request
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import Recording
from synth_magic.engines.recorded.store import Found as Recordings
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.rows.collect import Answered, Collection
from synth_magic.engines.rows.form import Form
from synth_magic.engines.rows.method import Method
from synth_magic.engines.rows.prompt import request
from synth_magic.engines.rows.reading import read
from synth_magic.engines.settings import Settings
from synth_magic.engines.writing import counted
from synth_magic.errors import CredentialsError, RecordingError, SettingError, SynthMagicError

_NUMBER = re.compile(r"request (\d{1,6})")
LONGEST, LONGEST_PATIENT = 16_000, 1_600
"""Tokens of an answer and of each patient in it at most: a hundred variables, and thought."""


@dataclass(frozen=True)
class Job:
    """Patients that are wanted, and how they are asked for."""

    question: Question
    settings: Settings

    @classmethod
    def of(cls, question: Question, settings: Settings) -> Job:
        """Return the job of a question, whatever there was before.

        Raises SettingError for what the rows method cannot do.
        """
        if question.refinement:
            raise SettingError(
                "the rows method writes patients anew and refines none: describe them otherwise, "
                "or refine with --method specification"
            )
        if settings.engine == "offline":
            raise SettingError(
                "the rows method needs a language model or a recorded answer: the engine 'offline' "
                "writes no patients; use 'auto', 'claude' or 'recorded'"
            )
        return cls(question.from_scratch, settings)

    @property
    def request_settings(self) -> Settings:
        """The settings of one request, whose answer is as long as its patients may be."""
        longest = max(LONGEST, LONGEST_PATIENT * self.settings.rows_per_request)
        return replace(self.settings, max_tokens=min(self.settings.max_tokens, longest))

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
        per_request = self.settings.rows_per_request
        collection = Collection(self.question.rows, per_request, self.request, reads)
        for place, exchange in enumerate(recording.exchanges if recording else ()):
            stage = _NUMBER.fullmatch(exchange.request.stage)
            number = int(stage[1]) - 1 if stage else place
            collection.take(Answered(number, exchange.request, exchange.reply))
        collection.allow()
        return collection

    def recorded(self, *, any_model: bool = False) -> Recordings:
        """Return what is recorded of these patients, also what broke off, by name."""
        if self.settings.fresh:
            return Recordings({}, ())
        if any_model:
            return self.store.find_any(self.key)
        whole, broken = self.store.find(self.key), self.store.find_unfinished(self.key)
        recordings = {**whole.recordings, **broken.recordings}
        return Recordings(recordings, (*whole.remarks, *broken.remarks))

    def may_ask(self) -> bool:
        """Return whether a model can be asked."""
        return self.settings.engine != "recorded" and found(self.settings)


@dataclass(frozen=True)
class Found:
    """A recording, by the name of its file, with the patients in it."""

    name: str
    recording: Recording
    collection: Collection

    @property
    def is_whole(self) -> bool:
        """Whether it has all patients that are wanted."""
        return not self.collection.lacking


def _best(job: Job, recordings: Recordings) -> Found | None:
    """Return the recording with the most patients, of several the newest."""
    named = recordings.recordings.items()
    all_found = [Found(name, one, job.collection(one)) for name, one in named]
    return max(all_found, key=lambda f: (len(f.collection.rows), f.recording.date), default=None)


@dataclass(frozen=True)
class Prospect:
    """Where patients would come from: recorded answers whole, a model, or nowhere.

    `found` is the recording that has most of them, `passed_over` what was wrong with others.
    """

    way: Literal["replay", "ask", "nowhere"]
    found: Found | None
    passed_over: tuple[str, ...]


def prospect(job: Job) -> Prospect:
    """Return where the patients of a job would come from now; nothing is asked."""
    recorded = job.recorded()
    mine = _best(job, recorded)
    if mine and mine.is_whole:
        return Prospect("replay", mine, recorded.remarks)
    if job.may_ask():
        return Prospect("ask", mine, recorded.remarks)
    if job.settings.engine != "claude":
        recorded = job.recorded(any_model=True)
        other = _best(job, recorded)
        if other and other.is_whole:
            return Prospect("replay", other, recorded.remarks)
        mine = mine or other
    return Prospect("nowhere", mine, recorded.remarks)


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
