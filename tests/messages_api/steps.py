from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

Body: TypeAlias = dict[str, Any]

STREAM = {"content-type": "text/event-stream", "request-id": "req_test"}
AT_ONCE = {"retry-after-ms": "1"}


class Wire(Protocol):
    """What a step may do with the connection."""

    def begin(self, status: int, headers: dict[str, str]) -> None: ...
    def chunk(self, content: bytes) -> None: ...
    def wait(self) -> None: ...


class Step(Protocol):
    """What the server does with one request."""

    def answer(self, wire: Wire, asked: Body) -> None: ...


@dataclass(frozen=True, slots=True)
class Says:
    """A whole answer, streamed.

    `usage` None: the server counts no tokens. `in_bytes`: each byte comes alone, so that lines and
    letters arrive in pieces. `extra` are fields that no client knows, in each event.
    """

    text: str
    thinking: str = ""
    stop_reason: str | None = "end_turn"
    stop_details: Body | None = None
    usage: tuple[int, int] | None = (1_000, 200)
    model: str = ""
    in_bytes: bool = False
    extra: Body = field(default_factory=dict)

    def answer(self, wire: Wire, asked: Body) -> None:
        wire.begin(200, STREAM)
        for event in [*self.said(asked), *self._ended()]:
            content = sse(event | self.extra)
            for piece in [bytes([b]) for b in content] if self.in_bytes else [content]:
                wire.chunk(piece)
        wire.chunk(b"")

    def said(self, asked: Body) -> Iterator[Body]:
        """Yield the events before the end."""
        message = {"id": "msg_test", "type": "message", "role": "assistant", "content": []}
        message |= {"model": self.model or asked["model"], "stop_reason": None}
        if self.usage:
            message["usage"] = {"input_tokens": self.usage[0], "output_tokens": 1}
        yield {"type": "message_start", "message": message}
        yield {"type": "ping"}
        if self.thinking:
            yield from block(0, "thinking", self.thinking)
        yield from block(1 if self.thinking else 0, "text", self.text)

    def _ended(self) -> Iterator[Body]:
        delta = {"stop_reason": self.stop_reason, "stop_details": self.stop_details}
        usage = {"usage": {"output_tokens": self.usage[1]}} if self.usage else {}
        yield {"type": "message_delta", "delta": delta, **usage}
        yield {"type": "message_stop"}


@dataclass(frozen=True, slots=True)
class BreaksOff:
    """An answer that begins like any other and does not come to its end.

    `quietly`: the stream ends as if all had been said. `abruptly`: the connection is cut.
    `silently`: nothing more comes. `with_error`: an error comes instead of the rest.
    """

    text: str
    how: Literal["quietly", "abruptly", "silently", "with_error"]
    error: Body = field(default_factory=lambda: error_of("overloaded_error", "Overloaded"))

    def answer(self, wire: Wire, asked: Body) -> None:
        wire.begin(200, STREAM)
        for event in list(Says(self.text).said(asked))[:-1]:  # the block of text stays open
            wire.chunk(sse(event))
        if self.how == "with_error":
            wire.chunk(sse(self.error))
        if self.how == "silently":
            wire.wait()
        elif self.how != "abruptly":
            wire.chunk(b"")


@dataclass(frozen=True, slots=True)
class Fails:
    """An error of the API; of those that the SDK tries again, at once."""

    status: int
    message: str = "no reason is given"
    kind: str = "invalid_request_error"
    headers: dict[str, str] = field(default_factory=lambda: AT_ONCE)

    def answer(self, wire: Wire, asked: Body) -> None:
        content = json.dumps(error_of(self.kind, self.message)).encode()
        Sends(content, "application/json", self.status, self.headers).answer(wire, asked)


@dataclass(frozen=True, slots=True)
class Sends:
    """Any bytes at all."""

    body: bytes
    content_type: str = "text/event-stream"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, wire: Wire, asked: Body) -> None:
        wire.begin(self.status, {"content-type": self.content_type} | self.headers)
        if self.body:
            wire.chunk(self.body)
        wire.chunk(b"")


@dataclass(frozen=True, slots=True)
class Hangs:
    """No answer at all until the test is over."""

    def answer(self, wire: Wire, asked: Body) -> None:
        wire.wait()


def block(index: int, kind: str, text: str, pieces: int = 4) -> Iterator[Body]:
    """Return the events of one block of content, its text in a few pieces."""
    at = {"index": index}
    yield {"type": "content_block_start", **at, "content_block": {"type": kind, kind: ""}}
    size = max(1, -(-len(text) // pieces))
    for start in range(0, len(text), size):
        delta = {"type": f"{kind}_delta", kind: text[start : start + size]}
        yield {"type": "content_block_delta", **at, "delta": delta}
    yield {"type": "content_block_stop", **at}


def error_of(kind: str, message: str) -> Body:
    """Return the body of an error."""
    return {"type": "error", "error": {"type": kind, "message": message}}


def sse(event: Body) -> bytes:
    """Return an event as it goes over the wire; half a letter goes as JSON escapes it."""
    text = f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
    return text.encode(errors="backslashreplace")
