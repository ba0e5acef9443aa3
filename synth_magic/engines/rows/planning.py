"""What having patients written would send and take, told before anything is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from math import ceil

from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude.budget import estimate, prompt_tokens
from synth_magic.engines.claude.credentials import asks_anthropic
from synth_magic.engines.claude.prices import cost
from synth_magic.engines.plan import Plan
from synth_magic.engines.rows.form import Form
from synth_magic.engines.rows.job import Job, Prospect, nobody, prospect
from synth_magic.engines.rows.receipt import Receipt
from synth_magic.engines.settings import Settings

_NUMBER = "123.4"
"""A number of the usual length."""


def plan_rows(question: Question, settings: Settings) -> Plan:
    """Return what asking a model for patients would send; nothing is sent.

    Raises SettingError for what the rows method cannot do.
    """
    job = Job.of(question, settings)
    seen = prospect(job)
    asks = seen.way == "ask"
    had = seen.found.collection if seen.found and asks else job.collection()
    calls = ceil((had.lacking or question.rows) / settings.rows_per_request)
    first = job.request(had.next)
    usage = Usage(
        calls * prompt_tokens(first),
        calls * settings.rows_per_request * _tokens_of_patient(job.form),
        calls,
        estimated=True,
    )
    most = replace(usage, output_tokens=calls * job.request_settings.max_tokens)
    half = settings.method == "batch"
    priced = asks_anthropic(settings)
    prices = [cost(settings.model, each, half=half) if priced else "" for each in (usage, most)]
    return Plan(_who(job, seen), asks, job.request_settings, first, usage, *prices)


def _tokens_of_patient(form: Form) -> int:
    """Return about how many tokens one patient takes in JSON."""
    patient = {c.name: c.codes[0].code if c.codes else _NUMBER for c in form.columns}
    return estimate(json.dumps(patient))


def _who(job: Job, seen: Prospect) -> str:
    if seen.way == "ask":
        there = len(seen.found.collection.rows) if seen.found else 0
        rest = f" for the {job.question.rows - there:,} patients that are lacking" if there else ""
        return f"{job.settings.model} would be asked{rest}{_how(job)}."
    if seen.found and seen.way == "replay":
        return f"The recorded answers {seen.found.name} would be replayed, which takes no tokens."
    return f"Nobody would answer: {nobody(job, seen.found)}"


def _how(job: Job) -> str:
    if job.settings.method != "batch":
        return ""
    sent = not job.settings.fresh and Receipt.of(job).batches
    first = "; what was sent before would be fetched first" if sent else ""
    return f" in a batch, at half the price{first}"
