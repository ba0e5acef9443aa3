"""How the patients who are lacking are asked for: several requests at a time, or in a batch."""

from __future__ import annotations

from synth_magic.engines.answer import Watch
from synth_magic.engines.claude.exchange import Ask
from synth_magic.engines.rows.collect import Collection, collect
from synth_magic.engines.rows.job import Job
from synth_magic.engines.rows.receipt import Receipt


def ask(job: Job, collection: Collection, watch: Watch) -> None:
    """Have the patients written that a collection lacks. Raises what asking raises."""
    if job.settings.method == "batch":
        _ask_batch(job, collection, watch)
    else:
        _ask_requests(job, collection, watch)


def forget_batches(job: Job) -> None:
    """Forget the batches in which patients were asked for who are recorded by now."""
    if job.settings.method == "batch":
        Receipt.of(job).clear()


def _ask_batch(job: Job, collection: Collection, watch: Watch) -> None:
    from synth_magic.engines.rows.batch import collect_batch

    receipt = Receipt.of(job)
    if job.settings.fresh:
        receipt.clear()
    collect_batch(collection, job.request_settings, receipt, watch)


def _ask_requests(job: Job, collection: Collection, watch: Watch) -> None:
    from synth_magic.engines.claude.call import asker

    def asking(tell: Watch) -> Ask:
        return asker(job.request_settings, tell)

    collect(collection, asking, job.settings.requests_at_once, watch)
