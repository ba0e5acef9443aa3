"""What this session has taken of its budget of tokens, and what the next call may still take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from synth_magic.engines.answer import Usage
from synth_magic.errors import BudgetError

if TYPE_CHECKING:
    from synth_magic.engines.claude.exchange import Request
    from synth_magic.engines.settings import Settings

BYTES_PER_TOKEN = 3.5
"""Of English and JSON. No tokenizer is public, so what is counted by it is an estimate."""
SHORTEST_ANSWER = 4_000
"""Tokens without which an answer is not worth asking for: about a dozen variables in JSON."""


def estimate(text: str) -> int:
    """Return about how many tokens a text takes."""
    return ceil(len(text.encode(errors="replace")) / BYTES_PER_TOKEN)


def prompt_tokens(request: Request) -> int:
    """Return about how many tokens a request takes, its JSON Schema included."""
    spoken = [request.system, *(message.text for message in request.messages)]
    return estimate("".join([*spoken, json.dumps(request.schema, ensure_ascii=False)]))


class Ledger:
    """The tokens taken so far, and those set aside for the calls that are under way."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spent = Usage()
        self._reserved = 0

    @property
    def spent(self) -> Usage:
        """What all calls took, those included that failed after the answer had begun."""
        return self._spent

    def add(self, usage: Usage) -> None:
        """Enter what a call took."""
        with self._lock:
            self._spent += usage

    @contextmanager
    def reserve(self, prompt: int, settings: Settings) -> Iterator[int]:
        """Set tokens aside for a call, and yield how long its answer may be.

        The answer may be as long as `max_tokens` allows and the budget leaves. Raises BudgetError
        where the budget leaves too little for an answer.
        """
        with self._lock:
            taken = self._spent.tokens + self._reserved
            longest = min(settings.max_tokens, settings.token_budget - taken - prompt)
            if longest < min(settings.max_tokens, SHORTEST_ANSWER):
                raise BudgetError(
                    f"the next call may take {prompt + settings.max_tokens:,} tokens (about "
                    f"{prompt:,} in, up to {settings.max_tokens:,} out), and this session has "
                    f"taken {taken:,} of the {settings.token_budget:,} that it may: it was not "
                    f"made; raise the setting token_budget (now {settings.token_budget})"
                )
            self._reserved += prompt + longest
        try:
            yield longest
        finally:
            with self._lock:
                self._reserved -= prompt + longest


SESSION = Ledger()
"""Of this process: a kernel, or one run of the command line."""
