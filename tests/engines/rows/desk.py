"""Where patients are waited for that are written in batches, two in each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from synth_magic.engines.answer import Progress
from synth_magic.engines.claude.batches import Wait
from synth_magic.engines.claude.budget import Ledger
from synth_magic.engines.rows.batch import collect_batch
from synth_magic.engines.rows.collect import Collection
from synth_magic.engines.rows.job import Job
from synth_magic.engines.rows.receipt import Receipt
from synth_magic.engines.settings import Settings
from tests.engines.rows.builders import Patient, answer, form, patients, question
from tests.messages_api import Batch, MessagesApi, succeeded
from tests.messages_api.steps import Body

TAKEN, SECOND = Batch(), Batch(id="msgbatch_02")
ENDED = Batch(answered=1, status="ended")
SENT, ASKED, READ = (
    "/v1/messages/batches",
    "/v1/messages/batches/msgbatch_01",
    "/v1/messages/batches/msgbatch_01/results",
)

register = cache(form)  # which takes a while to read


def job_of(rows: int, settings: Settings) -> Job:
    job = Job(question(rows), settings)
    vars(job)["form"] = register()
    return job


@dataclass
class Desk:
    """Where patients are waited for, two in each request; `pauses` are what was waited."""

    api: MessagesApi
    folder: Path
    rows: int = 4
    given: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    told: list[Progress] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    @property
    def job(self) -> Job:
        settings: dict[str, Any] = {
            "method": "batch",
            "base_url": self.api.url,
            "recordings": str(self.folder),
            "rows_per_request": 2,
            "max_tokens": 8_000,
        }
        return job_of(self.rows, Settings(**settings | self.given))

    @property
    def receipt(self) -> Receipt:
        return Receipt.of(self.job)

    def collect(self, into: Collection | None = None, wait: Wait | None = None) -> Collection:
        """Do what asking does, without waiting."""
        collection, job = into or self.job.collection(), self.job
        collect_batch(
            collection,
            job.settings,
            self.receipt,
            self.told.append,
            wait=wait or self.pauses.append,
            ledger=self.ledger,
        )
        return collection

    def wrote(
        self, number: int, change: Callable[[list[Patient]], list[Patient]] = list, **others: Any
    ) -> Body:
        """The line of a request that was answered, by its number from 1."""
        prompt = self.job.request(number - 1).messages[0].text
        return succeeded(number, answer(change(patients(prompt))), **others)

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.api.requests]

    @property
    def sent(self) -> list[list[str]]:
        """The requests of each batch."""
        bodies = [request.body for request in self.api.requests if request.path == SENT]
        return [[item["custom_id"] for item in body["requests"]] for body in bodies]
