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
from synth_magic.engines.rows.job import Found, Job, best, nobody
from synth_magic.engines.rows.receipt import Receipt
from synth_magic.engines.settings import Settings

_NUMBER = "123.4"
"""A number of the usual length."""


def plan_rows(question: Question, settings: Settings) -> Plan:
    """Return what asking a model for patients would send; nothing is sent.

    Raises SettingError for what the rows method cannot do.
    """
    job = Job.of(question, settings)
    mine = best(job, job.recorded())
    who, asks = _who(job, mine)
    had = mine.collection if mine and asks else job.collection()
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
    return Plan(who, asks, job.request_settings, first, usage, *prices)


def _tokens_of_patient(form: Form) -> int:
    """Return about how many tokens one patient takes in JSON."""
    patient = {c.name: c.codes[0].code if c.codes else _NUMBER for c in form.columns}
    return estimate(json.dumps(patient))


def _who(job: Job, mine: Found | None) -> tuple[str, bool]:
    if mine and not mine.collection.lacking:
        return f"The recorded answers {mine.name} would be replayed, which takes no tokens.", False
    if job.may_ask():
        there = len(mine.collection.rows) if mine else 0
        rest = f" for the {job.question.rows - there:,} patients that are lacking" if there else ""
        return f"{job.settings.model} would be asked{rest}{_how(job)}.", True
    other = best(job, job.recorded(any_model=True)) if job.settings.engine != "claude" else None
    if other and not other.collection.lacking:
        return f"The recorded answers {other.name} would be replayed, which takes no tokens.", False
    return f"Nobody would answer: {nobody(job, mine or other)}", False


def _how(job: Job) -> str:
    if job.settings.method != "batch":
        return ""
    sent = not job.settings.fresh and Receipt.of(job).batches
    first = "; what was sent before would be fetched first" if sent else ""
    return f" in a batch, at half the price{first}"
