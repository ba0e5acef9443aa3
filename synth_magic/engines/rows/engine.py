"""The rows method as an engine: what is recorded is used, the rest is asked for and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from synth_magic.engines.answer import Answer, Origin, Question, Usage, Watch
from synth_magic.engines.recorded.keeping import add, kept, reason, saved, server
from synth_magic.engines.recorded.recording import API, Recording
from synth_magic.engines.recorded.replay import unlike
from synth_magic.engines.rows.asking import ask, forget_batches
from synth_magic.engines.rows.collect import Collection, counted_reasons
from synth_magic.engines.rows.job import Found, Job, nobody, prospect
from synth_magic.engines.rows.written import Written
from synth_magic.engines.settings import Settings
from synth_magic.engines.writing import counted


def write(question: Question, settings: Settings, watch: Watch) -> Answer:
    """Return patients that a model wrote, and the specification learnt from them.

    Raises SettingError for what the rows method cannot do, RecordingError where too few patients
    are recorded and no model is to be asked, CredentialsError where none can be, and what asking
    raises: what had come by then is recorded, and is used when the same is asked again.
    """
    job = Job.of(question, settings)
    seen = prospect(job)
    if seen.way == "ask":
        return _asked(job, seen.found, seen.passed_over, watch)
    if seen.found and seen.way == "replay":
        return _replayed(job, seen.found)
    error = nobody(job, seen.found)
    for remark in seen.passed_over:
        add(error, remark)
    raise error


def _asked(job: Job, before: Found | None, passed_over: tuple[str, ...], watch: Watch) -> Answer:
    """Have the patients written who are not recorded yet."""
    collection = before.collection if before else job.collection()
    had, source = len(collection.rows), server(job.settings)
    known = dict(collection.answers)

    def recording(unfinished: str = "") -> Recording:
        return Recording.of(job.question, job.settings, collection.exchanges, source, unfinished)

    try:
        ask(job, collection, watch)
        made = recording()
        name, remarks = saved(job.store, made)
    except BaseException as err:
        if collection.answers != known:
            add(err, f"{_so_far(collection)} {kept(job.store, recording(reason(err)))}")
        raise
    if name:
        forget_batches(job)
    usage = sum((a.reply.usage for n, a in collection.answers.items() if n not in known), Usage())
    origin = _origin(job, made, usage, name)
    if had and before:
        remarks = (*remarks, f"{had:,} of them were written before: {before.name} held them.")
    return _answer(job, collection, origin, (*passed_over, *remarks))


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
    requests = counted(usage.calls, "request", "requests")
    took = ", ".join(filter(None, (requests, usage.in_words, price)))
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
    if (made := collection.made) > most:
        yield f"{made:,} requests were made for what {most:,} would have brought."
