"""What the server says of batches of requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from tests.messages_api.steps import Body, Sends, Wire, error_of


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands; its answers are at an address that nobody must follow."""

    answered: int = 0
    of: int = 1
    status: Literal["in_progress", "canceling", "ended"] = "in_progress"
    id: str = "msgbatch_01"

    def answer(self, wire: Wire, asked: Body) -> None:
        ended = self.status == "ended"
        counts = dict.fromkeys(("canceled", "errored", "expired"), 0)
        described = {
            "id": self.id,
            "type": "message_batch",
            "processing_status": self.status,
            "request_counts": counts
            | {"processing": self.of - self.answered, "succeeded": self.answered},
            "created_at": "2026-11-23T10:00:00Z",
            "expires_at": "2026-11-24T10:00:00Z",
            "ended_at": "2026-11-23T10:30:00Z" if ended else None,
            "results_url": "http://192.0.2.1/results" if ended else None,
        }
        Sends(json.dumps(described).encode(), "application/json").answer(wire, asked)


def results(*lines: Body) -> Sends:
    """What became of the requests of a batch, in any order."""
    body = "".join(json.dumps(line) + "\n" for line in lines)
    return Sends(body.encode(), "application/x-jsonl")


def succeeded(
    number: int, text: str, stop_reason: str = "end_turn", usage: tuple[int, int] = (1_000, 200)
) -> Body:
    """The answer to a request, counted from 1."""
    message = {
        "id": "msg_test",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5-5",
        "content": [{"type": "thinking", "thinking": "Ages first.", "signature": ""}]
        + [{"type": "text", "text": text}] * bool(text),
        "stop_reason": stop_reason,
        "usage": {"input_tokens": usage[0], "output_tokens": usage[1]},
    }
    return _line(number, {"type": "succeeded", "message": message})


def errored(number: int, kind: str = "api_error", message: str = "no reason is given") -> Body:
    """A request that failed."""
    return _line(number, {"type": "errored", "error": error_of(kind, message)})


def left(number: int, how: Literal["canceled", "expired"]) -> Body:
    """A request that the server did not come to."""
    return _line(number, {"type": how})


def _line(number: int, result: dict[str, Any]) -> Body:
    return {"custom_id": f"request-{number}", "result": result}
