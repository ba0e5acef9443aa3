"""Recordings of small answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from synth_magic.engines.answer import Usage
from synth_magic.engines.claude.exchange import Exchange, Message, Reply, Request
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, Recording
from tests.engines.claude.builders import TABLE, answer

KEY = Key(TABLE.strip(), (), "claude-opus-5-5", "high")


def exchange(text: str | dict[str, Any] | None = None, **others: Any) -> Exchange:
    """A request and its answer: the good one unless another is given."""
    said = text if isinstance(text, str) else json.dumps(answer() if text is None else text)
    request = Request("You know\nmany cohorts.", (Message("user", TABLE),), {"type": "object"})
    reply = Reply(said, "claude-opus-5-5", Usage(4512, 9876, 1))
    return replace(Exchange(request, reply, accepted=True), **others)


def recording(*exchanges: Exchange, key: Key = KEY, **others: Any) -> Recording:
    made = Recording(
        key, exchanges or (exchange(),), API, "claude-opus-5-5", "2026-11-23T10:00:00Z", 1
    )
    return replace(made, **others)
