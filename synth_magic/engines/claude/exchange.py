"""One request to the model and its reply, as data: what goes over the network and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from synth_magic.engines.answer import Usage


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the system prompt, the conversation, and the JSON Schema of the answer.

    `stage` tells the user what it is for (empty, "part 2 of 3", "correcting").
    """

    system: str
    messages: tuple[Message, ...]
    schema: dict[str, Any]
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole text of an answer that the model ended by itself, who wrote it, and its tokens."""

    text: str
    model: str
    usage: Usage


Ask: TypeAlias = Callable[[Request], Reply]
"""The seam before the network. Raises CallError, AnswerError, CredentialsError, BudgetError."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, its reply, and whether the answer was used; one that was not led to a repair."""

    request: Request
    reply: Reply
    accepted: bool


def is_batch_id(value: object) -> bool:
    """Return whether a value can be the id that a server gave to a batch of requests."""
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z0-9_-]{1,128}", value))
