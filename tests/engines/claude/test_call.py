"""A call to the model: what is sent, what comes back, and what the user is told while it lasts."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from synth_magic.engines.answer import Progress, Usage
from synth_magic.engines.claude.budget import Ledger, prompt_tokens
from synth_magic.engines.claude.call import Interrupted, asker
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.claude.listening import Hearing
from synth_magic.engines.settings import Settings
from synth_magic.errors import AnswerError, BudgetError, CallError, CredentialsError
from tests.messages_api import BreaksOff, Fails, MessagesApi, Says

pytestmark = pytest.mark.usefixtures("no_credentials")

SCHEMA = {
    "type": "object",
    "properties": {"variables": {"type": "array", "items": {"type": "string", "minLength": 1}}},
}
REQUEST = Request("You know cohorts.", (Message("user", "Adults, 40% smokers."),), SCHEMA)
ANSWER = '{"variables": [{"name": "age"}, {"name": "größe"}, {"name": "性別 😀"}], "rules": []}'
GRAMMAR = (
    "output_config.format.schema: Invalid schema: The compiled grammar is too large, which would "
    "cause performance issues. Simplify your tool schemas or reduce the number of strict tools."
)


def set_for(api: MessagesApi, **given: Any) -> Settings:
    return Settings(**{"base_url": api.url} | given)


def test_what_is_sent_and_what_comes_back(messages_api: MessagesApi) -> None:
    messages_api.script(Says(ANSWER, model="claude-opus-5-5-20260922", usage=(1_200, 300)))
    conversation = (*REQUEST.messages, Message("assistant", "{"), Message("user", "Go on."))
    request = Request(REQUEST.system, conversation, SCHEMA)
    reply = asker(set_for(messages_api, effort="low"), ledger=Ledger())(request)
    assert (reply.text, reply.model) == (ANSWER, "claude-opus-5-5-20260922")
    assert reply.usage == Usage(1_200, 300, calls=1)
    [sent] = messages_api.requests
    assert sent.path == "/v1/messages"
    assert sent.body.pop("system").startswith("You know cohorts.")
    assert sent.body == {
        "model": "claude-opus-5-5",
        "max_tokens": 64_000,
        "stream": True,
        "messages": [
            {"role": "user", "content": "Adults, 40% smokers."},
            {"role": "assistant", "content": "{"},
            {"role": "user", "content": "Go on."},
        ],
        "thinking": {"type": "adaptive"},
        "output_config": {
            "effort": "low",
            "format": {
                "type": "json_schema",
                "schema": {
                    "type": "object",
                    "properties": {
                        "variables": {
                            "type": "array",
                            "items": {"type": "string", "description": "{minLength: 1}"},
                        }
                    },
                    "additionalProperties": False,
                },
            },
        },
    }


def test_no_effort_is_sent_where_none_is_set(messages_api: MessagesApi) -> None:
    messages_api.script(Says(ANSWER))
    asker(set_for(messages_api, effort=""), ledger=Ledger())(REQUEST)
    assert set(messages_api.requests[0].body["output_config"]) == {"format"}


@pytest.mark.parametrize(
    "step",
    [
        Says(ANSWER, thinking="Ages first. Größe…", in_bytes=True),
        Says(ANSWER, extra={"phase_of_the_moon": {"full": True}}),
        Says("no JSON at all, which is for others to say"),
    ],
    ids=["in single bytes", "with unknown fields", "not JSON"],
)
def test_an_answer_arrives_as_it_was_written(messages_api: MessagesApi, step: Says) -> None:
    messages_api.script(step)
    assert asker(set_for(messages_api), ledger=Ledger())(REQUEST).text == step.text


def test_what_fails_in_passing_is_asked_again(messages_api: MessagesApi) -> None:
    messages_api.script(Fails(429, kind="rate_limit_error"), Fails(529), Says(ANSWER))
    assert asker(set_for(messages_api), ledger=Ledger())(REQUEST).text == ANSWER


# ---------------------------------------------------------------------------------- what is told


def test_progress_from_waiting_to_the_last_variable(messages_api: MessagesApi) -> None:
    messages_api.script(Says(ANSWER, thinking="Ages first.", usage=(900, 77)))
    told: list[Progress] = []
    request = Request("", REQUEST.messages, SCHEMA, stage="part 2 of 3")
    asker(set_for(messages_api), told.append, Ledger())(request)
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["part 2 of 3: waiting", "part 2 of 3: thinking", "part 2 of 3: writing"]
    assert told[0] == Progress("claude-opus-5-5", "part 2 of 3: waiting")
    assert told[-1] == Progress(
        "claude-opus-5-5", "part 2 of 3: writing", variables=3, tokens=77, text=ANSWER
    )


def heard(*texts: str) -> list[Progress]:
    """What is told of an answer that comes in these pieces, one a second."""
    told: list[Progress] = []
    hearing = Hearing("m", 10, "", told.append)
    for text in texts:
        hearing.take(Told(type="content_block_delta", delta=Told(type="text_delta", text=text)))
    return told


class Told:
    def __init__(self, **fields: object) -> None:
        vars(self).update(fields)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that pass between two looks at the clock; change them in place."""
    step, now = [1.0], [0.0]

    def monotonic() -> float:
        now[0] += step[0]
        return now[0]

    monkeypatch.setattr("synth_magic.engines.claude.listening.time", Told(monotonic=monotonic))
    return step


@pytest.mark.usefixtures("clock")
def test_only_variables_that_are_whole_are_counted() -> None:
    told = heard('Here: {"variables": [{"na', 'me": "a"}, {"name', '": "b"}], "rul', 'es": [')
    assert [progress.variables for progress in told][-4:] == [0, 1, 1, 2]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("text", ["", "[1, 2", '{"variables": 3}', '{"a": tru]]', "{{{{"])
def test_what_is_no_specification_has_no_variables(text: str) -> None:
    assert heard(text)[-1].variables == 0


def test_at_most_five_reports_a_second(clock: list[float]) -> None:
    clock[0] = 0.001
    told = heard(*["word "] * 1_000)  # about two looks at the clock for each: 1 to 2 seconds
    assert 5 <= len(told) <= 2 + 2 * 5


# ----------------------------------------------------------------------- what a server may refuse


def form_of(body: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Whether a grammar, the schema in the prompt, and thinking with its effort were sent."""
    output = body.get("output_config", {})
    assert ("thinking" in body) == ("effort" in output)
    return "format" in output, json.dumps(SCHEMA) in body["system"], "thinking" in body


def test_a_local_server_that_refuses_step_by_step(messages_api: MessagesApi) -> None:
    messages_api.script(Fails(400), Fails(422), Says(ANSWER), Says(ANSWER))
    ask = asker(set_for(messages_api, model="qwen3"), ledger=Ledger())
    assert ask(REQUEST).text == ask(REQUEST).text == ANSWER
    assert [form_of(request.body) for request in messages_api.requests] == [
        (True, True, True),
        (False, True, True),
        (False, True, False),
        (False, True, False),  # what it refused before is not met again
    ]
    assert messages_api.requests[1].body["system"] == (
        "You know cohorts.\n\nAnswer with one JSON object and nothing else, valid under this JSON "
        f"Schema:\n{json.dumps(SCHEMA)}"
    )


def test_what_one_model_refuses_another_is_asked_for(messages_api: MessagesApi) -> None:
    messages_api.script(Fails(400), Says(ANSWER), Says(ANSWER))
    for model in ("small", "large"):
        asker(set_for(messages_api, model=model), ledger=Ledger())(REQUEST)
    assert form_of(messages_api.requests[-1].body) == (True, True, True)


@pytest.fixture
def anthropic(messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch) -> MessagesApi:
    """The test server, taken for Anthropic's own."""
    monkeypatch.setattr("synth_magic.engines.claude.faults.anthropics_own", lambda _: True)
    return messages_api


@pytest.mark.parametrize(
    ("refusal", "form"),
    [
        (GRAMMAR, (False, True, True)),
        ("output_format: Extra inputs are not permitted", (False, True, True)),
        ("adaptive thinking is not supported on this model", (True, False, False)),
        ("This model does not support the effort parameter.", (True, False, False)),
        ("output_config: Extra inputs are not permitted", (False, True, False)),
    ],
)
def test_anthropic_says_what_it_refuses(
    anthropic: MessagesApi, refusal: str, form: tuple[bool, bool, bool]
) -> None:
    anthropic.script(Fails(400, refusal), Says(ANSWER))
    assert asker(set_for(anthropic), ledger=Ledger())(REQUEST).text == ANSWER
    first, second = (form_of(request.body) for request in anthropic.requests)
    assert (first, second) == ((True, False, True), form)


@pytest.mark.parametrize(
    "refusal",
    [
        "Your credit balance is too low to access the Anthropic API.",
        "prompt is too long: 1200000 tokens > 1000000 maximum",
        "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens",
    ],
)
def test_other_refusals_are_not_met_twice(anthropic: MessagesApi, refusal: str) -> None:
    anthropic.script(Fails(400, refusal))
    with pytest.raises(CallError, match="refused the request"):
        asker(set_for(anthropic), ledger=Ledger())(REQUEST)
    assert len(anthropic.requests) == 1


# ------------------------------------------------------------------------------------ what it takes


def test_tokens_that_no_server_counts_are_estimated(messages_api: MessagesApi) -> None:
    messages_api.script(Says("x" * 700, usage=None))
    usage = asker(set_for(messages_api), ledger=Ledger())(REQUEST).usage
    assert usage == Usage(prompt_tokens(REQUEST), 200, calls=1, estimated=True)


def test_cached_tokens_count_as_tokens_in() -> None:
    hearing = Hearing("m", 10, "", lambda _: None)
    cached = {"cache_creation_input_tokens": 30, "cache_read_input_tokens": 500}
    counts = Told(input_tokens=7, output_tokens=1, **cached)
    hearing.take(Told(type="message_start", message=Told(model="m", usage=counts)))
    end = Told(stop_reason="end_turn")
    hearing.take(Told(type="message_delta", delta=end, usage=Told(output_tokens=9)))
    assert hearing.usage == Usage(537, 9, calls=1)


def test_a_budget_shortens_the_answer(messages_api: MessagesApi) -> None:
    messages_api.script(Says('{"variables": [', stop_reason="max_tokens"))
    ledger = Ledger()
    ledger.add(Usage(80_000, 10_000, calls=2))
    ask = asker(set_for(messages_api, token_budget=100_000), ledger=ledger)
    with pytest.raises(AnswerError) as caught:
        ask(REQUEST)
    left = 10_000 - prompt_tokens(REQUEST)
    assert messages_api.requests[0].body["max_tokens"] == left
    assert str(caught.value) == (
        f"the answer was cut off at {left:,} tokens, all that the budget left; "
        "raise the setting token_budget (now 100000)"
    )
    assert caught.value.answer == '{"variables": ['


def test_a_spent_budget_stops_the_call_before_it_is_made(messages_api: MessagesApi) -> None:
    ledger = Ledger()
    ledger.add(Usage(80_000, 20_000, calls=2))
    with pytest.raises(BudgetError, match="token_budget"):
        asker(set_for(messages_api, token_budget=100_000), ledger=ledger)(REQUEST)
    assert messages_api.requests == []


def test_the_ledger_holds_what_failed_as_well(messages_api: MessagesApi) -> None:
    ledger = Ledger()
    ask = asker(set_for(messages_api), ledger=ledger)
    messages_api.script(Fails(401), BreaksOff("x" * 350, "quietly"), Says("", usage=(1_000, 30)))
    for error in (CredentialsError, CallError, AnswerError):
        with pytest.raises(error):
            ask(REQUEST)
    assert ledger.spent == Usage(2_000, 130, calls=2, estimated=True)


# -------------------------------------------------------------------------------------- being left


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt, as in a kernel."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_works_at_once_and_keeps_what_came(messages_api: MessagesApi) -> None:
    messages_api.script(BreaksOff('{"variables": [{"name": "age"}', "silently"))
    ledger = Ledger()
    main = threading.main_thread().ident
    ctrl_c = threading.Thread(target=signal.pthread_kill, args=(main, signal.SIGINT))

    def stop(progress: Progress) -> None:
        if progress.stage == "writing" and not ctrl_c.ident:
            ctrl_c.start()

    with pytest.raises(Interrupted) as caught:
        asker(set_for(messages_api), stop, ledger)(REQUEST)
    assert isinstance(caught.value, KeyboardInterrupt)
    assert '{"variables": [{"name": "age"}'.startswith(caught.value.answer)
    assert caught.value.answer
    assert ledger.spent.calls == 1


def test_who_watches_may_fail_without_blame_for_the_server(messages_api: MessagesApi) -> None:
    def fail(progress: Progress) -> None:
        if progress.stage == "writing":
            raise ValueError("a fault of the panel")

    messages_api.script(Says(ANSWER))
    with pytest.raises(ValueError, match="a fault of the panel"):
        asker(set_for(messages_api), fail, Ledger())(REQUEST)
