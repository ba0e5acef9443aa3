"""How the patients who are lacking are asked for: one request after the other, or as a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from synth_magic.engines.answer import Watch
from synth_magic.engines.claude.exchange import Ask

if TYPE_CHECKING:
    from synth_magic.engines.rows.collect import Collection
    from synth_magic.engines.rows.engine import Job


def ask(job: Job, collection: Collection, watch: Watch) -> None:
    """Have the patients written that a collection lacks. Raises what asking raises."""
    from synth_magic.engines.claude.call import asker
    from synth_magic.engines.rows.collect import collect
    from synth_magic.engines.rows.engine import LONGEST

    settings = job.settings
    short = replace(settings, max_tokens=min(settings.max_tokens, LONGEST))

    def asking(tell: Watch) -> Ask:
        return asker(short, tell)

    collect(collection, asking, settings.requests_at_once, watch)
