"""Batches of requests over the network: sent at once, answered later, at half the price.

The Message Batches API looks at a request only when its turn comes: what it refuses is told with
the answers. These are read at the server's own address, so that a key goes to no other that it may
name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import anthropic
import httpx2
from anthropic.types import Message
from anthropic.types.messages import MessageBatch

from synth_magic.engines.answer import unwatched
from synth_magic.engines.claude.budget import prompt_tokens
from synth_magic.engines.claude.exchange import Request, is_batch_id
from synth_magic.engines.claude.faults import Server, explain
from synth_magic.engines.claude.form import ACCEPTED, Form
from synth_magic.engines.claude.listening import Hearing, count
from synth_magic.errors import CallError, EngineError

if TYPE_CHECKING:
    from synth_magic.engines.settings import Settings

PATIENCE = 5
"""So many times on end it is not told how far a batch is before that is taken for a failure."""
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 3.0, 60.0, 1.5

_NUMBER = re.compile(r"request-(\d{1,6})")
_TOLD = ("content", "model", "stop_reason", "stop_details", "usage")
_FAULTS = (anthropic.AnthropicError, httpx2.HTTPError, ValueError)
_NO_BATCHES = (404, 405, 501)
_PASSING = ("api_error", "overloaded_error", "rate_limit_error", "timeout_error")

Wait: TypeAlias = Callable[[float], None]
"""Waits for so many seconds, unless it is interrupted."""
HowFar: TypeAlias = Callable[[int, int], None]
"""Is told how many requests of how many are answered."""
Result: TypeAlias = Mapping[str, Any]
"""What became of one request, as the API tells it; empty: nothing is told of it."""


class GoneError(CallError):
    """The server does not know a batch, or does not any more."""


class Batches:
    """The batches of a server, which are sent in the fullest form that it takes."""

    def __init__(self, client: anthropic.Anthropic, settings: Settings, wait: Wait) -> None:
        self.server = Server.of(client)
        self._client = client
        self._settings = settings
        self._wait = wait
        self._place = str(client.base_url), settings.model
        self._form = ACCEPTED.get(self._place, Form())

    def send(self, requests: Mapping[int, Request], longest: Mapping[int, int]) -> str:
        """Send numbered requests whose answers may be so long; return the id of their batch.

        Raises CallError, also for a server that takes none, and CredentialsError.
        """
        while True:
            items: list[Any] = [
                {
                    "custom_id": f"request-{number + 1}",
                    "params": self._form.body(request, self._settings, self.server.own)
                    | {"max_tokens": longest[number]},
                }
                for number, request in requests.items()
            ]
            try:
                return _described(self._client.messages.batches.create(requests=items)).id
            except (anthropic.BadRequestError, anthropic.UnprocessableEntityError) as error:
                lower = self._form.after(error.api_message or str(error.body), self.server.own)
                if lower is None:
                    raise self._explained(error) from None
                self._form = lower
            except _FAULTS as error:
                raise self._not_taken(error) from None

    def wait_for(self, batch: str, tell: HowFar) -> None:
        """Wait until a batch has ended. Raises GoneError, CallError and CredentialsError."""
        pause, failures = FIRST_PAUSE, 0
        while True:
            try:
                described = _described(self._client.messages.batches.retrieve(batch))
            except anthropic.NotFoundError:
                raise self._gone(batch) from None
            except _FAULTS as error:
                failures += 1
                if failures > PATIENCE or _is_final(error):
                    raise self._explained(error) from None
            else:
                failures = 0
                tell(*_how_far(described))
                if described.processing_status == "ended":
                    return
            self._wait(pause)
            pause = min(pause * GROWTH, LONGEST_PAUSE)

    def results(self, batch: str) -> dict[int, Result]:
        """Return what became of the requests of a batch, by their numbers.

        A line that cannot be read tells nothing of its request. Raises GoneError, CallError, also
        where no line can be read, and CredentialsError.
        """
        path = f"/v1/messages/batches/{batch}/results"
        try:
            answer = self._client.get(path, cast_to=httpx2.Response)
            lines = _lines(answer.content)
        except anthropic.NotFoundError:
            raise self._gone(batch) from None
        except _FAULTS as error:
            raise self._explained(error) from None
        found: dict[int, Result] = {}
        for line in lines:
            match line:
                case {"custom_id": str(name), "result": dict(result)} if (
                    number := _NUMBER.fullmatch(name)
                ):
                    found.setdefault(int(number[1]) - 1, result)
        return found

    def heard(self, request: Request, result: Result) -> Hearing | None:
        """Return what was answered to a request, None if nothing was."""
        match result:
            case {"type": "succeeded", "message": {"content": list()} as message}:
                ACCEPTED[self._place] = self._form
                hearing = Hearing(self._settings.model, prompt_tokens(request), "", unwatched)
                told = {name: message[name] for name in _TOLD if name in message}
                hearing.take_whole(Message.construct(**told))
                return hearing
        return None

    def lower(self, failed: Mapping[int, Result]) -> set[int]:
        """Return the numbers of those that failed for their form; it is another from now on."""
        form = self._form
        refused = set()
        for number, result in failed.items():
            match result:
                case {"error": {"error": {"type": "invalid_request_error", "message": str(words)}}}:
                    if lower := form.after(words, self.server.own):
                        self._form = lower
                        refused.add(number)
        return refused

    def failure(self, result: Result) -> EngineError:
        """Return the error of a request without an answer."""
        match result:
            case {"type": "errored", "error": {"error": dict()} as body}:
                address = httpx2.Request("GET", self._client.base_url)
                told = httpx2.Response(200, request=address)
                return self._explained(anthropic.APIStatusError("", response=told, body=body))
            case {"type": "canceled"}:
                what = "the batch was canceled before all of its requests were answered"
                return CallError(f"{what}; ask again to have the rest written")
            case {"type": "expired"}:
                what = f"{self.server.host} did not come to all requests of the batch in its time"
            case _:
                what = f"{self.server.host} left requests of the batch unanswered"
        return CallError(f"{what}; ask again")

    def _explained(self, error: Exception) -> EngineError:
        silence = Hearing(self._settings.model, 0, "", unwatched)
        return explain(error, silence, self._settings, self.server)

    def _not_taken(self, error: Exception) -> EngineError:
        status = _status(error)
        if status in _NO_BATCHES and not self.server.own:
            return CallError(
                f"{self.server.host} knows no batches of requests ({status}): use --method rows, "
                "which asks for the same patients at the full price"
            )
        return self._explained(error)

    def _gone(self, batch: str) -> GoneError:
        return GoneError(
            f"{self.server.host} knows no batch {batch} (404): it is too old, or of another key"
        )


def may_pass(result: Result) -> bool:
    """Return whether a request that failed may be answered when it is sent again."""
    match result:
        case {"type": "errored", "error": {"error": {"type": kind}}}:
            return kind in _PASSING
        case {"type": "canceled"}:
            return False
    return True


def _described(batch: object) -> MessageBatch:
    """Return a batch as the server describes it. Raises ValueError for anything else."""
    if isinstance(batch, MessageBatch) and is_batch_id(batch.id):
        return batch
    raise ValueError("this is no batch")


def _lines(content: bytes) -> list[Any]:
    """Return the JSON of the lines that can be read. Raises ValueError where there is none."""
    found = []
    for line in content.split(b"\n"):
        with suppress(ValueError, RecursionError):
            found.append(json.loads(line))
    if content.strip() and not found:
        raise ValueError("these are no lines of JSON")
    return found


def _how_far(batch: MessageBatch) -> tuple[int, int]:
    """Return how many requests are answered, and how many there are."""
    kinds = ("canceled", "errored", "expired", "succeeded")
    answered = sum(count(batch.request_counts, kind) for kind in kinds)
    return answered, answered + count(batch.request_counts, "processing")


def _status(error: Exception) -> int:
    return error.status_code if isinstance(error, anthropic.APIStatusError) else 0


def _is_final(error: Exception) -> bool:
    """Return whether a failure will not pass by itself."""
    return 400 <= _status(error) < 500 and _status(error) != 429
