"""Every fault of a call: what the user is told, word for word, and what is kept."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from synth_magic.engines.claude.budget import Ledger
from synth_magic.engines.claude.call import asker
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.settings import Settings
from synth_magic.errors import AnswerError, CallError, CredentialsError, EngineError
from tests.messages_api import BreaksOff, Fails, Hangs, MessagesApi, Says, Sends
from tests.messages_api.steps import Step, error_of

pytestmark = pytest.mark.usefixtures("no_credentials", "quick_retries")

REQUEST = Request("You know cohorts.", (Message("user", "Adults."),), {"type": "object"})
HALF = '{"variables": [{"name": "age"'
KEY = "sk-test-Secret_of-the-user"

REMEDY = (
    "run %synthpatients login in a notebook, or set the environment variable "
    "ANTHROPIC_API_KEY before Python or Jupyter starts"
)
LATER = "ask again in a few minutes"


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries to connect the SDK waits half a second, which no test needs."""
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.001)


def fault(api: MessagesApi, *steps: Step, **given: Any) -> EngineError:
    """The error of a call that the server answers like this."""
    api.script(*steps)
    settings = Settings(**{"base_url": api.url, "model": "claude-opus-5-5"} | given)
    with pytest.raises(EngineError) as caught:
        asker(settings, ledger=Ledger())(REQUEST)
    return caught.value


def said(error: EngineError, api: MessagesApi) -> str:
    return str(error).replace(f"127.0.0.1:{api.server_port}", "HOST")


NO_API = "check that a server speaking the Messages API is at the setting base_url"
FAILS = {
    "unknown model": (
        [Fails(404, "model: claude-opus-5-5", "not_found_error")],
        "HOST knows no model 'claude-opus-5-5' (404): \"model: claude-opus-5-5\"",
        "change the setting model, or base_url",
    ),
    "too large": (
        [Fails(413, "Request exceeds the maximum size", "request_too_large")],
        'the request is too large for HOST (413): "Request exceeds the maximum size"',
        "describe fewer variables or give fewer examples",
    ),
    "rate limit": (
        [Fails(429, "Too many tokens a minute.", "rate_limit_error")] * 3,
        'HOST allows no more requests for now (429, 3 tries): "Too many tokens a minute."',
        LATER,
    ),
    "rate limit for half a minute": (
        [Fails(429, "Wait.", headers={"retry-after": "30", "x-should-retry": "false"})],
        'HOST allows no more requests for now (429): "Wait."',
        "ask again in 30 seconds",
    ),
    "overloaded": (
        [Fails(529, "Overloaded", "overloaded_error")] * 3,
        'HOST is overloaded (529, 3 tries): "Overloaded"',
        LATER,
    ),
    "broken": (
        [Fails(500, "Internal server error", "api_error")] * 3,
        'HOST failed (500, 3 tries): "Internal server error"',
        LATER,
    ),
    "broken gateway": (
        [Sends(b"<html>Bad gateway</html>", "text/html", 502, {"retry-after-ms": "1"})] * 3,
        "HOST failed (502, 3 tries)",
        LATER,
    ),
    "no credit": (
        [Fails(402, "Your credit balance is too low.", "billing_error")],
        'HOST refused the request (402): "Your credit balance is too low."',
        "put that right and ask again",
    ),
    "refused in every form": (
        [Fails(400, "prompt is too long")] * 3,
        'HOST refused the request (400): "prompt is too long"',
        "put that right and ask again",
    ),
    "refused without a reason": (
        [Sends(b"", status=405)],
        "HOST refused the request (405)",
        "check the settings",
    ),
    "a web site": (
        [Sends(b"<html>Welcome</html>", "text/html")],
        "HOST sent what cannot be read",
        NO_API,
    ),
    "a broken event": (
        [Sends(b"event: message_start\ndata: {oops\n\n")],
        "HOST sent what cannot be read",
        NO_API,
    ),
}


@pytest.mark.parametrize(("steps", "what", "remedy"), FAILS.values(), ids=FAILS)
def test_no_answer(messages_api: MessagesApi, steps: list[Step], what: str, remedy: str) -> None:
    error = fault(messages_api, *steps)
    assert isinstance(error, CallError)
    assert said(error, messages_api) == f"{what}; {remedy}"
    assert error.answer == ""
    assert len(messages_api.requests) == len(steps)


def test_a_key_that_is_refused(messages_api: MessagesApi) -> None:
    error = fault(messages_api, Fails(401, "invalid x-api-key", "authentication_error"))
    assert isinstance(error, CredentialsError)
    assert said(error, messages_api) == f"HOST refused the key (401); {REMEDY}"


def test_a_key_that_may_not(messages_api: MessagesApi) -> None:
    error = fault(messages_api, Fails(403, "Not in your region.", "permission_error"))
    assert isinstance(error, CredentialsError)
    assert said(error, messages_api) == (
        "HOST does not let this key ask 'claude-opus-5-5' (403): \"Not in your region.\"; use "
        "another key or model"
    )


LOST = ("the connection was lost in the middle of the answer", "ask again")
BREAKS_OFF = {
    "the stream ends": (BreaksOff(HALF, "quietly"), *LOST),
    "the connection is cut": (BreaksOff(HALF, "abruptly"), *LOST),
    "overloaded": (BreaksOff(HALF, "with_error"), 'HOST is overloaded: "Overloaded"', LATER),
    "broken": (
        BreaksOff(HALF, "with_error", error_of("api_error", "Internal server error")),
        'HOST failed: "Internal server error"',
        LATER,
    ),
    "silence": (
        BreaksOff(HALF, "silently"),
        "HOST sent nothing for 1 seconds",
        "ask again, or raise the setting timeout (now 1)",
    ),
}


@pytest.mark.parametrize(("step", "what", "remedy"), BREAKS_OFF.values(), ids=BREAKS_OFF)
def test_half_an_answer_is_kept(
    messages_api: MessagesApi, step: BreaksOff, what: str, remedy: str
) -> None:
    error = fault(messages_api, step, timeout=1.0)
    assert isinstance(error, CallError)
    assert said(error, messages_api) == f"{what}; {remedy}"
    assert error.answer == HALF


REPHRASE = "describe the patients in other words, or change the setting model"
STOPS = {
    "max_tokens": (
        Says(HALF, stop_reason="max_tokens"),
        "the answer was cut off at 64,000 tokens, thinking included",
        "raise the setting max_tokens (now 64000) or lower effort",
    ),
    "the model's limit": (
        Says(HALF, stop_reason="model_context_window_exceeded"),
        "request and answer together are longer than the model can hold",
        "describe fewer variables or give fewer examples",
    ),
    "refusal of a kind": (
        Says(HALF, stop_reason="refusal", stop_details={"type": "refusal", "category": "bio"}),
        'the model refused to answer: "bio"',
        REPHRASE,
    ),
    "refusal explained": (
        Says(HALF, stop_reason="refusal", stop_details={"explanation": "This may harm."}),
        'the model refused to answer: "This may harm."',
        REPHRASE,
    ),
    "refusal": (Says("", stop_reason="refusal"), "the model refused to answer", REPHRASE),
    "a reason of its own": (
        Says(HALF, stop_reason="pause_turn"),
        'the model stopped before its answer was whole: "pause_turn"',
        "ask again",
    ),
    "without a word": (
        Says("", thinking="Hm."),
        "the model ended its answer without a word",
        "ask again",
    ),
}


@pytest.mark.parametrize(("answer", "what", "remedy"), STOPS.values(), ids=STOPS)
def test_an_answer_that_is_not_whole(
    messages_api: MessagesApi, answer: Says, what: str, remedy: str
) -> None:
    error = fault(messages_api, answer)
    assert isinstance(error, AnswerError)
    assert str(error) == f"{what}; {remedy}"
    assert error.answer == answer.text


def test_a_server_that_says_nothing_at_all(messages_api: MessagesApi) -> None:
    error = fault(messages_api, *[Hangs()] * 3, timeout=0.1)
    assert isinstance(error, CallError)
    assert said(error, messages_api) == (
        "HOST sent nothing for 0.1 seconds, 3 tries; ask again, or raise the setting "
        "timeout (now 0.1)"
    )


def test_a_server_that_is_not_there() -> None:
    with MessagesApi() as closed:
        pass
    error = fault(closed)
    assert isinstance(error, CallError)
    assert said(error, closed) == (
        "HOST was not reached, 3 tries; check the network and the setting base_url; "
        "--engine offline needs neither"
    )


def test_a_server_without_a_secure_connection(messages_api: MessagesApi) -> None:
    error = fault(messages_api, base_url=messages_api.url.replace("http:", "https:"))
    assert isinstance(error, CallError)
    assert said(error, messages_api) == (
        "no secure connection to HOST could be made, 3 tries; check the network and "
        "the setting base_url"
    )


def test_what_a_server_says_is_cut_and_put_on_one_line(messages_api: MessagesApi) -> None:
    message = "no\n\x1b[31m\u202eway " + "z" * 400
    error = fault(messages_api, Fails(402, message))
    quote = "no [31mway " + "z" * 289 + "…"
    assert f': "{quote}"; ' in str(error)


ECHO = f"Received API Key = {KEY} in Authorization: Bearer {KEY} of sk-other-key"


STATUSES = (400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 529)
ECHOES: dict[str, list[Step]] = {
    **{str(status): [Fails(status, ECHO)] * 3 for status in STATUSES},
    "in the middle": [BreaksOff(HALF, "with_error", error_of("api_error", ECHO))],
    "cut": [BreaksOff(HALF, "abruptly")],
    "refusal": [Says(HALF, stop_reason="refusal", stop_details={"explanation": ECHO})],
    "silence": [Hangs()] * 3,
    "garbage": [Sends(ECHO.encode())],
}


@pytest.mark.parametrize("steps", ECHOES.values(), ids=ECHOES)
def test_no_key_is_ever_said(
    messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch, steps: list[Step]
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    error = fault(messages_api, *steps, base_url="", timeout=0.2)
    assert messages_api.requests[0].key == KEY
    shown = [str(error), repr(error), repr(error.args), repr(vars(error))]
    shown += traceback.format_exception(error)
    shown += error._render_traceback_()
    for secret in (KEY, "Secret_of", "sk-other", "Bearer sk"):
        assert not [text for text in shown if secret in text]


def test_a_token_that_is_refused_to_a_workload(
    messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("FEDERATION_RULE_ID", "ORGANIZATION_ID", "IDENTITY_TOKEN"):
        monkeypatch.setenv(f"ANTHROPIC_{variable}", "some")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    error = fault(messages_api, base_url="")
    assert isinstance(error, CredentialsError)
    assert str(error).startswith("the Anthropic profile of this computer gave no access: ")
    assert str(error).endswith(f"; mend it, or {REMEDY}")
