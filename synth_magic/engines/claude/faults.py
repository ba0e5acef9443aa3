"""What went wrong with a call, in one sentence: what happened, and what to do."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from synth_magic.engines.claude.credentials import REMEDY, anthropics_own
from synth_magic.engines.claude.prices import near
from synth_magic.errors import AnswerError, CallError, CredentialsError, EngineError

if TYPE_CHECKING:
    from anthropic import Anthropic, APIStatusError

    from synth_magic.engines.claude.listening import Hearing
    from synth_magic.engines.settings import Settings

LONGEST_QUOTE = 300
"""Letters of what a server says of an error."""
WHOLE = ("end_turn", "stop_sequence")
"""The reasons for which an answer stops that has come to its end."""

_KEY = re.compile(r"\bsk-[\w-]+")
_LATER = "ask again in a few minutes"


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked, as a message may name it: host and port, never the whole address."""

    host: str
    own: bool
    secrets: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, client: Anthropic) -> Server:
        """Return the server that a client asks; `own` if it is Anthropic's."""
        url = client.base_url
        host = url.host if url.port is None else f"{url.host}:{url.port}"
        secrets = tuple(filter(None, (client.api_key, client.auth_token)))
        return cls(host, anthropics_own(url.host), secrets)

    def quote(self, words: object) -> str:
        """Return what a server said as `: "words"`, on one line, cut, with no key in it."""
        if not isinstance(words, str):
            return ""
        for secret in self.secrets:
            words = words.replace(secret, "…")
        line = " ".join(_KEY.sub("…", words).split())
        line = "".join(letter for letter in line if letter.isprintable())
        cut = line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + "…"
        return f': "{cut}"' if cut else ""


def explain(error: Exception, hearing: Hearing, settings: Settings, server: Server) -> EngineError:
    """Return our error for one of the SDK's, or of the connection below it."""
    import anthropic
    import httpx2

    tries = _tries(error)
    match error:
        case anthropic.APIStatusError():
            return _refused(error, hearing, settings, server)
        case anthropic.APITimeoutError() | httpx2.TimeoutException():
            what = f"{server.host} sent nothing for {settings.timeout:g} seconds{tries}"
            remedy = f"ask again, or raise the setting timeout (now {settings.timeout:g})"
        case anthropic.APIConnectionError() if _was_caused_by(error, ssl.SSLError):
            what = f"no secure connection to {server.host} could be made{tries}"
            remedy = "check the network and the setting base_url"
        case anthropic.APIConnectionError():
            what = f"{server.host} was not reached{tries}"
            remedy = "check the network and the setting base_url; --engine offline needs neither"
        case httpx2.HTTPError():
            what = "the connection was lost in the middle of the answer"
            remedy = "ask again"
        case anthropic.AnthropicError():  # not of the API, so of a profile or of a workload
            return CredentialsError(
                "the Anthropic profile of this computer gave no access"
                f"{server.quote(str(error))}; mend it, or {REMEDY}"
            )
        case _:
            what = f"{server.host} sent what cannot be read"
            remedy = "check that a server speaking the Messages API is at the setting base_url"
    return CallError(f"{what}; {remedy}", hearing.text)


def stopped(
    hearing: Hearing, longest: int, settings: Settings, server: Server
) -> EngineError | None:
    """Return the error of an answer that is not whole, or None for a good one."""
    match hearing.stop_reason:
        case reason if reason in WHOLE and hearing.text.strip():
            return None
        case reason if reason in WHOLE:
            what = "the model ended its answer without a word"
            remedy = "ask again"
        case None:
            what = "the connection was lost in the middle of the answer"
            return CallError(f"{what}; ask again", hearing.text)
        case "max_tokens" if longest < settings.max_tokens:
            what = f"the answer was cut off at {longest:,} tokens, all that the budget left"
            remedy = f"raise the setting token_budget (now {settings.token_budget})"
        case "max_tokens":
            what = f"the answer was cut off at {longest:,} tokens, thinking included"
            remedy = f"raise the setting max_tokens (now {settings.max_tokens}) or lower effort"
        case "refusal":
            what = f"the model refused to answer{_grounds(hearing, server)}"
            remedy = "describe the patients in other words, or change the setting model"
        case "model_context_window_exceeded":
            what = "request and answer together are longer than the model can hold"
            remedy = "describe fewer variables or give fewer examples"
        case reason:
            what = f"the model stopped before its answer was whole{server.quote(reason)}"
            remedy = "ask again"
    return AnswerError(f"{what}; {remedy}", hearing.text)


def _refused(
    error: APIStatusError, hearing: Hearing, settings: Settings, server: Server
) -> EngineError:
    """Return our error for an answer that is an error, or that has one in its middle."""
    host, model = server.host, settings.model
    code = str(error.status_code) if error.status_code >= 400 else ""
    details = f"{code}{_tries(error)}".removeprefix(", ")
    status = f" ({details})" if details else ""
    quote = server.quote(error.api_message)
    told = f"{status}{quote}"
    busy = False
    match error.status_code, error.type:
        case (401, _) | (_, "authentication_error"):
            return CredentialsError(f"{host} refused the key{status}; {REMEDY}")
        case (403, _) | (_, "permission_error"):
            return CredentialsError(
                f"{host} does not let this key ask {model!r}{told}; use another key or model"
            )
        case (404, _) | (_, "not_found_error"):
            what = f"{host} knows no model {model!r}{told}"
            remedy = f"change the setting model{near(model)}{'' if server.own else ', or base_url'}"
        case (413, _):
            what = f"the request is too large for {host}{told}"
            remedy = "describe fewer variables or give fewer examples"
        case (429, _) | (_, "rate_limit_error"):
            what = f"{host} allows no more requests for now{told}"
            remedy, busy = _when(error), True
        case (529, _) | (_, "overloaded_error"):
            what, remedy, busy = f"{host} is overloaded{told}", _LATER, True
        case (number, kind) if number >= 500 or kind in ("api_error", "timeout_error"):
            what, remedy = f"{host} failed{told}", _LATER
        case _:
            what = f"{host} refused the request{told}"
            remedy = "put that right and ask again" if quote else "check the settings"
    return CallError(f"{what}; {remedy}", hearing.text, busy=busy)


def _tries(error: object) -> str:
    """Return `, 3 tries` where the SDK has tried more than once."""
    headers = getattr(getattr(error, "request", None), "headers", {})
    retries = headers.get("x-stainless-retry-count", "0")
    return f", {int(retries) + 1} tries" if retries != "0" else ""


def _when(error: APIStatusError) -> str:
    wait = error.response.headers.get("retry-after", "")
    return f"ask again in {wait} seconds" if wait.isdecimal() and wait != "0" else _LATER


def _was_caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def _grounds(hearing: Hearing, server: Server) -> str:
    """Return why a model refused, if that is said."""
    explanation = getattr(hearing.stop_details, "explanation", None)
    return server.quote(explanation or getattr(hearing.stop_details, "category", None))
