"""A batch over the network: what is sent, how long it is waited for, and what a server may do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synth_magic.engines.answer import Progress
from synth_magic.engines.claude.batches import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE
from synth_magic.engines.rows.batch import TRIES
from synth_magic.errors import CallError, CredentialsError
from tests.engines.rows.desk import ENDED, READ, SECOND, SENT, TAKEN, Desk
from tests.messages_api import Batch, Fails, MessagesApi, Sends, errored, results
from tests.messages_api.steps import Step

pytestmark = pytest.mark.usefixtures("no_credentials")

GRAMMAR = "output_config.format.schema: Invalid schema: The compiled grammar is too large."


@pytest.fixture
def desk(messages_api: MessagesApi, tmp_path: Path) -> Desk:
    return Desk(messages_api, tmp_path / "recordings")


def test_a_request_of_a_batch_is_that_of_a_call_but_for_the_stream(desk: Desk) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    desk.collect()
    first = desk.api.requests[0].body["requests"][0]["params"]
    assert (first["model"], first["max_tokens"]) == ("claude-opus-5-5", 8_000)
    assert first["messages"][0]["content"] == desk.job.request(0).messages[0].text
    assert first["output_config"]["format"]["type"] == "json_schema"
    assert "stream" not in first


def test_it_waits_ever_longer_and_tells_how_far_the_batch_is(desk: Desk) -> None:
    waiting = [Batch(answered, of=2) for answered in (0, 1, 1, 1, 1, 1, 1, 1, 1)]
    desk.api.script(TAKEN, *waiting, ENDED, results(desk.wrote(1), desk.wrote(2)))
    desk.collect()
    assert desk.pauses[0] == FIRST_PAUSE
    assert desk.pauses == sorted(desk.pauses)
    assert desk.pauses[-1] == LONGEST_PAUSE
    assert desk.told[1] == Progress(
        "claude-opus-5-5", "batch: 1 of 2 requests answered", tokens=0, wanted=4
    )


def test_the_key_goes_to_no_address_that_the_server_names(desk: Desk) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    desk.collect()
    assert [request.path for request in desk.api.requests][-1] == READ
    assert desk.api.requests[-1].key


def test_a_schema_that_is_refused_for_the_batch_goes_into_the_prompt(desk: Desk) -> None:
    desk.api.script(Fails(400, GRAMMAR), TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    bodies = [r.body["requests"][0]["params"] for r in desk.api.requests if r.path == SENT]
    assert ["format" in body["output_config"] for body in bodies] == [True, False]


def test_so_does_one_that_is_refused_with_the_answers_and_it_is_remembered(desk: Desk) -> None:
    refused = [errored(number, "invalid_request_error", GRAMMAR) for number in (1, 2)]
    desk.api.script(TAKEN, ENDED, results(*refused))
    desk.api.script(SECOND, ENDED, results(desk.wrote(1), desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    later = Desk(desk.api, desk.folder / "later")
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    later.collect()
    bodies = [r.body["requests"][0]["params"] for r in desk.api.requests if r.path == SENT]
    assert ["format" in body["output_config"] for body in bodies] == [True, False, False]
    assert all("thinking" in body for body in bodies)


def test_a_request_that_is_refused_in_every_form_is_an_error(desk: Desk) -> None:
    refused = errored(2, "invalid_request_error", "Too long")
    desk.api.script(*[TAKEN, ENDED, results(desk.wrote(1), refused)] * 3)
    with pytest.raises(CallError, match='refused the request: "Too long"; put that right'):
        desk.collect()
    bodies = [r.body["requests"][0]["params"] for r in desk.api.requests if r.path == SENT]
    assert ["thinking" in body for body in bodies] == [True, True, False]


@pytest.mark.parametrize(
    ("step", "kind", "told"),
    [
        (Fails(401), CredentialsError, "refused the key"),
        (Fails(404), CallError, r"knows no batches of requests \(404\): use --method rows"),
        (Fails(405), CallError, "use --method rows"),
        (Sends(b"<html>", "text/html"), CallError, "sent what cannot be read"),
        (Sends(b"{", "application/json"), CallError, "sent what cannot be read"),
        (Sends(b'{"id": "../../x"}', "application/json"), CallError, "sent what cannot be read"),
    ],
)
def test_a_batch_that_is_not_taken(
    desk: Desk, step: Step, kind: type[Exception], told: str
) -> None:
    desk.api.script(step)
    with pytest.raises(kind, match=told) as caught:
        desk.collect()
    assert "goes on" not in str(caught.value)
    assert desk.receipt.batches == ()


def test_a_server_that_is_away_for_a_while_is_waited_for(desk: Desk) -> None:
    away = [Fails(529)] * 3 + [Sends(b"<html>", "text/html")]  # the SDK tries the first again
    desk.api.script(TAKEN, *away, ENDED, results(desk.wrote(1), desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    assert len(desk.pauses) == 2


def test_one_that_stays_away_is_an_error_that_says_where_the_batch_is(desk: Desk) -> None:
    desk.api.script(TAKEN, *[Sends(b"", "text/html")] * (PATIENCE + 1))
    with pytest.raises(CallError, match=r"cannot be read.* The batch msgbatch_01 goes on"):
        desk.collect()


def test_a_key_that_is_refused_later_on_loses_nothing(desk: Desk) -> None:
    desk.api.script(TAKEN, Fails(401))
    with pytest.raises(CredentialsError, match=r"refused the key.* The batch msgbatch_01 goes on"):
        desk.collect()
    assert (desk.pauses, desk.receipt.batches) == ([], ("msgbatch_01",))


def test_a_line_of_the_results_that_cannot_be_read_costs_no_other(desk: Desk) -> None:
    """Its request is sent again."""
    read = [json.dumps(line).encode() for line in (desk.wrote(1), desk.wrote(2))]
    again = results(desk.wrote(3))
    strange = json.dumps(desk.wrote(3)).replace('"content": [', '"content": 5, "_": [').encode()
    for nothing in (b"[" * 100_000, b"{", b"9" * 5_000, strange):
        lines = Sends(b"\n".join([read[0], nothing, read[1]]), "application/x-jsonl")
        desk.api.script(TAKEN, ENDED, lines, SECOND, ENDED, again)
        assert len(Desk(desk.api, desk.folder, rows=6).collect().rows) == 6
        desk.receipt.clear()


def test_a_server_that_counts_in_its_own_way_is_put_up_with(desk: Desk) -> None:
    odd = json.dumps({"id": "msgbatch_01", "request_counts": {"succeeded": "1", "processing": -1}})
    answer = desk.wrote(1, usage=(-1, True))
    answer["result"]["message"] |= {"model": 5}
    desk.api.script(TAKEN, Sends(odd.encode(), "application/json"), ENDED)
    desk.api.script(results(answer, desk.wrote(2)))
    collection = desk.collect()
    assert len(collection.rows) == 4
    reply = collection.answers[0].reply
    assert (reply.model, reply.usage.estimated) == ("claude-opus-5-5", True)
    assert min(reply.usage.input_tokens, reply.usage.output_tokens) > 1


@pytest.mark.parametrize("line", [b"{", b'"text"\n[]\n{"custom_id": 1}\n{"custom_id": "other"}\n'])
def test_results_that_mean_nothing(desk: Desk, line: bytes) -> None:
    desk.api.script(*[TAKEN, ENDED, Sends(line, "application/x-jsonl")] * TRIES)
    with pytest.raises(CallError, match=r"cannot be read|left requests of the batch"):
        desk.collect()
