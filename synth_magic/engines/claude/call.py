"""The call: one request to the model over the network, and its whole answer or a clear error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from synth_magic.engines.answer import Watch, unwatched
from synth_magic.engines.claude import credentials
from synth_magic.engines.claude.budget import SESSION, Ledger, prompt_tokens
from synth_magic.engines.claude.exchange import Ask, Reply, Request
from synth_magic.engines.claude.faults import Server, explain, stopped
from synth_magic.engines.claude.form import ACCEPTED, Form
from synth_magic.engines.claude.listening import Hearing

if TYPE_CHECKING:
    from anthropic import Anthropic

    from synth_magic.engines.settings import Settings


class Interrupted(KeyboardInterrupt):
    """The user stopped the call. `answer` is what had come by then."""

    def __init__(self, answer: str = "") -> None:
        super().__init__("the call was stopped")
        self.answer = answer


def asker(settings: Settings, watch: Watch = unwatched, ledger: Ledger | None = None) -> Ask:
    """Return what asks the model of the settings, and enters each call in the session's ledger.

    Stopped by the user, it raises Interrupted at once.
    """
    book = SESSION if ledger is None else ledger

    def ask(request: Request) -> Reply:
        import anthropic
        import httpx2

        prompt = prompt_tokens(request)
        with (
            book.reserve(prompt, settings) as longest,
            credentials.client(settings) as client,
        ):
            server = Server.of(client)
            hearing = Hearing(settings.model, prompt, request.stage, watch)
            try:
                _converse(client, settings, request, longest, hearing)
            except KeyboardInterrupt:
                raise Interrupted(hearing.text) from None
            except (anthropic.AnthropicError, httpx2.HTTPError, _UnreadableError) as error:
                # Not `from error`, which holds the request with its headers.
                raise explain(error, hearing, settings, server) from None
            finally:
                book.add(hearing.usage)
            if fault := stopped(hearing, longest, settings, server):
                raise fault
            return Reply(hearing.text, hearing.model, hearing.usage)

    return ask


def _converse(
    client: Anthropic, settings: Settings, request: Request, longest: int, hearing: Hearing
) -> None:
    """Put the request in the fullest form that the server takes, and hear the answer."""
    import anthropic

    trusted = Server.of(client).own
    place = str(client.base_url), settings.model
    form = ACCEPTED.get(place, Form())
    while True:
        body = form.body(request, settings, trusted) | {"max_tokens": longest}
        try:
            _listen(client, body, hearing)
        except (anthropic.BadRequestError, anthropic.UnprocessableEntityError) as error:
            lower = form.after(error.api_message or str(error.body), trusted)
            if lower is None:
                raise
            form = lower
        else:
            ACCEPTED[place] = form
            return


def _listen(client: Anthropic, body: dict[str, Any], hearing: Hearing) -> None:
    # The bare events, not the SDK's own gathering of them, which fails without counts of tokens.
    with client.messages.create(**body, stream=True) as stream:
        for event in _readable(stream):
            hearing.take(event)
    if not hearing.begun:
        raise _UnreadableError
    hearing.end()


def _readable(events: Iterable[object]) -> Iterator[object]:
    """Yield the events; whoever watches may raise what they like without blame for the server."""
    try:
        yield from events
    except ValueError:
        raise _UnreadableError from None


class _UnreadableError(Exception):
    """The server does not speak the Messages API."""
