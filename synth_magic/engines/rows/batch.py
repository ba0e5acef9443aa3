"""Collect patients by the Message Batches API: sent at once, answered later, at half the price."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from synth_magic.engines.answer import Progress, Watch
from synth_magic.engines.claude import credentials
from synth_magic.engines.claude.batches import Batches, GoneError, Result, Wait, may_pass
from synth_magic.engines.claude.budget import SESSION, Ledger, prompt_tokens
from synth_magic.engines.claude.exchange import Reply
from synth_magic.engines.claude.faults import stopped
from synth_magic.engines.recorded.keeping import add
from synth_magic.engines.rows.collect import FRUITLESS, Answered, Collection, too_few
from synth_magic.engines.rows.receipt import Receipt
from synth_magic.errors import BudgetError, EngineError

if TYPE_CHECKING:
    from synth_magic.engines.settings import Settings

LARGEST = 10_000
"""Requests in a batch, so that it stays well below the API's 256 MB."""
TRIES = 3
"""So many times a request is sent that the server did not come to."""


def collect_batch(
    collection: Collection,
    settings: Settings,
    receipt: Receipt,
    watch: Watch,
    *,
    wait: Wait = time.sleep,
    ledger: Ledger | None = None,
) -> None:
    """Have the patients written that a collection lacks: in one batch, if the budget holds it.

    What was sent before and is on the receipt is fetched first. Another batch is sent where too few
    answers can be used. Whatever happens, what came is in the collection. Raises what asking
    raises, AnswerError if too few answers can be used, and KeyboardInterrupt at once.
    """
    book = SESSION if ledger is None else ledger
    with credentials.client(settings) as client:
        batches = Batches(client, settings, wait)
        _Run(collection, settings, receipt, watch, book, batches).run()


@dataclass(slots=True)
class _Run:
    collection: Collection
    settings: Settings
    receipt: Receipt
    watch: Watch
    book: Ledger
    batches: Batches
    next: int = 0
    end: int = 0
    again: set[int] = field(default_factory=set)
    tries: Counter[int] = field(default_factory=Counter)
    fruitless: int = 0
    problem: EngineError | None = None
    under_way: str = ""

    def run(self) -> None:
        """Fetch what was sent before, then have written what is lacking."""
        try:
            for batch in self.receipt.batches:
                self._fetch(batch)
            self.next = max(self.next, self.collection.next)
            self.end = self.next + self.collection.most
            self.fruitless = 0
            while self.collection.lacking and (numbers := self._due()):
                self._ask(numbers)
        except GoneError as err:
            self.receipt.remove(self.under_way)
            add(err, "It is forgotten here: ask again to have its patients written anew.")
            raise
        except BaseException as err:
            if self.under_way:
                add(err, self._where())
            raise
        if self.collection.lacking:
            useless = self.fruitless >= FRUITLESS and self.problem
            raise useless or too_few(self.collection)

    def _due(self) -> list[int]:
        """Return the numbers of the requests that would bring all who are lacking."""
        if self.fruitless >= FRUITLESS:
            return []
        due = [*sorted(self.again), *range(self.next, self.end)]
        wanted = ceil(self.collection.lacking / self.collection.per_request)
        return due[: min(wanted, LARGEST)]

    def _ask(self, numbers: list[int]) -> None:
        """Send these requests, or as many as the budget holds, and fetch the answers."""
        requests = {number: self.collection.request(number) for number in numbers}
        longest: dict[int, int] = {}
        with ExitStack() as reserved:
            for number, request in requests.items():
                reserve = self.book.reserve(prompt_tokens(request), self.settings)
                try:
                    longest[number] = reserved.enter_context(reserve)
                except BudgetError:
                    if longest:
                        break
                    raise
            sent = {number: requests[number] for number in longest}
            self.under_way = self.batches.send(sent, longest)
            self.receipt.add(self.under_way)
            self.again -= sent.keys()
            self._fetch(self.under_way, longest)

    def _fetch(self, batch: str, longest: Mapping[int, int] | None = None) -> None:
        """Wait for a batch, and put its answers into the collection.

        `longest` tells how long the answers may be, by the numbers of the requests that were sent.
        None: they were sent before; what failed then is sent again, whatever the reason.
        """
        self.under_way = batch
        self.batches.wait_for(batch, self._report)
        results = self.batches.results(batch)
        self.under_way = ""
        numbers = sorted((longest or results).keys() - self.collection.answers.keys())
        self.next = max(self.next, *(number + 1 for number in numbers), 0)
        failed = self._take({number: results.get(number, {}) for number in numbers}, longest or {})
        if self.collection.lacking:
            self._send_again(failed, anyway=longest is None)

    def _take(self, results: Mapping[int, Result], longest: Mapping[int, int]) -> dict[int, Result]:
        """Put answers into the collection, and return what brought none."""
        failed: dict[int, Result] = {}
        found = 0
        for number, result in results.items():
            request = self.collection.request(number)
            hearing = self.batches.heard(request, result)
            if hearing is None:
                failed[number] = result
                continue
            self.book.add(hearing.usage)
            most = longest.get(number, self.settings.max_tokens)
            fault = stopped(hearing, most, self.settings, self.batches.server)
            self.problem = fault or self.problem
            if hearing.text:
                reply = Reply(hearing.text, hearing.model, hearing.usage)
                found += self.collection.take(Answered(number, request, reply))
        self.fruitless = 0 if found else self.fruitless + len(results) - len(failed)
        return failed

    def _send_again(self, failed: Mapping[int, Result], *, anyway: bool) -> None:
        """Note what to send again. Raises the error of a request for which that is of no use."""
        refused = self.batches.lower(failed)
        self.tries.update(failed.keys() - refused)
        useless = [
            result
            for number, result in failed.items()
            if number not in refused and not (may_pass(result) and self.tries[number] < TRIES)
        ]
        if useless and not anyway:
            raise self.batches.failure(useless[0])
        self.again |= failed.keys()

    def _report(self, answered: int, requests: int) -> None:
        replies = [answered.reply for answered in self.collection.answers.values()]
        self.watch(
            Progress(
                self.settings.model,
                f"batch: {answered:,} of {requests:,} requests answered",
                tokens=sum(reply.usage.output_tokens for reply in replies),
                rows=self.collection.rows,
                wanted=self.collection.wanted,
            )
        )

    def _where(self) -> str:
        """Return the sentence on the batch that is not waited for any more."""
        batch = self.under_way
        again = "asking the same again has all written anew, for its id is not kept here"
        if batch in self.receipt.batches:
            anew = ", but not afresh," if self.settings.fresh else ""
            again = f"asking the same again{anew} fetches its answers"
        return (
            f"The batch {batch} goes on at the server: {again}; "
            f"anthropic.Anthropic().messages.batches.cancel({batch!r}) cancels it."
        )
