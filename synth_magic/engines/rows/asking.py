"""How the patients who are lacking are asked for: several requests at a time, or in a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from synth_magic.engines.answer import Watch
from synth_magic.engines.claude.exchange import Ask
from synth_magic.engines.rows.receipt import Receipt

if TYPE_CHECKING:
    from synth_magic.engines.rows.collect import Collection
    from synth_magic.engines.rows.job import Job
    from synth_magic.engines.settings import Settings


def ask(job: Job, collection: Collection, watch: Watch) -> None:
    """Have the patients written that a collection lacks. Raises what asking raises."""
    from synth_magic.engines.rows.job import LONGEST

    settings = job.settings
    short = replace(settings, max_tokens=min(settings.max_tokens, LONGEST))
    if settings.method == "batch":
        _ask_batch(job, short, collection, watch)
    else:
        _ask_requests(short, collection, watch)


def forget_batches(job: Job) -> None:
    """Forget the batches in which patients were asked for who are recorded by now."""
    if job.settings.method == "batch":
        Receipt.of(job).clear()


def _ask_batch(job: Job, short: Settings, collection: Collection, watch: Watch) -> None:
    from synth_magic.engines.rows.batch import collect_batch

    receipt = Receipt.of(job)
    if short.fresh:
        receipt.clear()
    collect_batch(collection, short, receipt, watch)


def _ask_requests(short: Settings, collection: Collection, watch: Watch) -> None:
    from synth_magic.engines.claude.call import asker
    from synth_magic.engines.rows.collect import collect

    def asking(tell: Watch) -> Ask:
        return asker(short, tell)

    collect(collection, asking, short.requests_at_once, watch)
