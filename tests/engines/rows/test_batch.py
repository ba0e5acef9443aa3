"""Patients by the Message Batches API: sent at once, waited for, fetched, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from synth_magic.engines.answer import Usage, unwatched
from synth_magic.engines.claude.budget import prompt_tokens
from synth_magic.engines.claude.prices import cost
from synth_magic.engines.recorded.recording import API
from synth_magic.engines.rows.asking import ask
from synth_magic.engines.rows.batch import TRIES
from synth_magic.engines.rows.engine import write
from synth_magic.engines.rows.planning import plan_rows
from synth_magic.errors import AnswerError, BudgetError, CallError, CredentialsError
from tests.engines.rows.builders import answer, each, patients
from tests.engines.rows.desk import ASKED, ENDED, READ, SECOND, SENT, TAKEN, Desk
from tests.messages_api import Batch, Fails, MessagesApi, errored, left, results, succeeded
from tests.messages_api.steps import Body

pytestmark = pytest.mark.usefixtures("no_credentials")


@pytest.fixture
def desk(messages_api: MessagesApi, tmp_path: Path) -> Desk:
    return Desk(messages_api, tmp_path / "recordings")


def test_all_requests_go_in_one_batch_and_the_answers_come_in_any_order(desk: Desk) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(2), desk.wrote(1)))
    collection = desk.collect()
    assert desk.asked == [SENT, ASKED, READ]
    assert desk.sent == [["request-1", "request-2"]]
    assert [len(collection.rows), collection.rejected] == [4, ()]
    assert [exchange.request.stage for exchange in collection.exchanges] == [
        "request 1",
        "request 2",
    ]
    assert desk.ledger.spent == Usage(2_000, 400, calls=2)
    assert desk.pauses == []


# ------------------------------------------------------------------------------- coming back to it


def interrupt(_: float) -> None:
    raise KeyboardInterrupt


def test_an_interrupt_leaves_the_batch_to_be_fetched_by_asking_again(desk: Desk) -> None:
    desk.api.script(TAKEN, Batch())
    with pytest.raises(KeyboardInterrupt) as caught:
        desk.collect(wait=interrupt)
    assert str(caught.value) == (
        "The batch msgbatch_01 goes on at the server: asking the same again fetches its answers; "
        "anthropic.Anthropic().messages.batches.cancel('msgbatch_01') cancels it."
    )
    desk.api.script(ENDED, results(desk.wrote(1), desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    assert desk.asked == [SENT, ASKED, ASKED, READ]


def test_nothing_is_lost_until_it_is_recorded(desk: Desk) -> None:
    """As when the kernel dies while the second batch is under way: nothing is left but the file."""
    rejected = desk.wrote(2, each(stage="middle"))
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), rejected), SECOND, SECOND)
    with pytest.raises(KeyboardInterrupt):
        desk.collect(wait=interrupt)
    assert desk.receipt.batches == ("msgbatch_01", "msgbatch_02")
    desk.api.script(ENDED, results(desk.wrote(1), rejected), ENDED, results(desk.wrote(3)))
    collection = desk.collect()
    assert sorted(collection.answers) == [0, 1, 2]
    assert desk.sent == [["request-1", "request-2"], ["request-3"]]


def test_answers_that_are_there_already_are_not_taken_twice(desk: Desk) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    collection = desk.collect()
    desk.api.script(ENDED, results(desk.wrote(1), desk.wrote(2)))
    desk.collect(collection)
    assert desk.ledger.spent.calls == 2


def test_what_failed_in_an_earlier_run_is_sent_again(desk: Desk) -> None:
    desk.receipt.add("msgbatch_01")
    desk.api.script(ENDED, results(desk.wrote(1), left(2, "canceled")))
    desk.api.script(SECOND, ENDED, results(desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    assert desk.sent == [["request-2"]]


def test_a_batch_that_the_server_forgot_is_forgotten_here(desk: Desk) -> None:
    desk.receipt.add("msgbatch_01")
    desk.api.script(Fails(404, kind="not_found_error"))
    with pytest.raises(
        CallError, match=r"knows no batch msgbatch_01 .* ask again to have"
    ) as caught:
        desk.collect()
    assert "goes on" not in str(caught.value)
    assert desk.receipt.batches == ()


def test_without_a_folder_it_says_that_the_id_is_not_kept(desk: Desk) -> None:
    desk.given = {"recordings": ""}
    desk.api.script(TAKEN, Batch())
    with pytest.raises(KeyboardInterrupt, match="its id is not kept here"):
        desk.collect(wait=interrupt)


# ------------------------------------------------------------------------------------ asking again


def test_patients_are_sent_for_again_in_place_of_those_rejected(desk: Desk) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2, each(stage="middle"))))
    desk.api.script(SECOND, ENDED, results(desk.wrote(3)))
    collection = desk.collect()
    assert desk.sent == [["request-1", "request-2"], ["request-3"]]
    assert len(collection.rows) == 4
    assert collection.rejected == ("stage is 'middle', which is none of early, late, end",) * 2


def test_it_stops_when_no_patient_can_be_used(desk: Desk) -> None:
    wrong = each(stage="middle")
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1, wrong), desk.wrote(2, wrong)))
    desk.api.script(SECOND, ENDED, results(desk.wrote(3, wrong), desk.wrote(4, wrong)))
    with pytest.raises(AnswerError, match="4 answers held only 0 of 4 patients"):
        desk.collect()


@pytest.mark.parametrize(
    "failed",
    [errored(2), errored(2, "overloaded_error"), left(2, "expired"), None],
    ids=["failed", "overloaded", "expired", "not told"],
)
def test_what_the_server_did_not_come_to_is_sent_again(desk: Desk, failed: Body | None) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), *filter(None, [failed])))
    desk.api.script(SECOND, ENDED, results(desk.wrote(2)))
    assert len(desk.collect().rows) == 4
    assert desk.sent == [["request-1", "request-2"], ["request-2"]]


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        (left(1, "expired"), "did not come to all requests of the batch in its time; ask again"),
        (errored(1, message="Ouch"), r'failed: "Ouch"; ask again in a few minutes'),
    ],
)
def test_it_is_sent_so_many_times_and_no_more(desk: Desk, failed: Body, told: str) -> None:
    desk.api.script(*[TAKEN, ENDED, results(failed)] * TRIES)
    desk.rows = 2
    with pytest.raises(CallError, match=told):
        desk.collect()
    assert desk.sent == [["request-1"]] * TRIES


@pytest.mark.parametrize(
    ("failed", "kind", "told"),
    [
        (left(2, "canceled"), CallError, "canceled before all .* to have the rest written"),
        (errored(2, "authentication_error"), CredentialsError, "refused the key"),
        (errored(2, "not_found_error", "model: x"), CallError, "knows no model"),
    ],
)
def test_what_would_fail_again_is_an_error_and_the_rest_is_kept(
    desk: Desk, failed: Body, kind: type[Exception], told: str
) -> None:
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), failed))
    collection = desk.job.collection()
    with pytest.raises(kind, match=told):
        desk.collect(collection)
    assert len(collection.rows) == 2


def test_of_an_answer_that_was_cut_off_the_whole_patients_are_used(desk: Desk) -> None:
    two = answer(patients(desk.job.request(0).messages[0].text))
    cut = succeeded(1, two[:-20], "max_tokens")
    desk.api.script(TAKEN, ENDED, results(cut, desk.wrote(2)), SECOND, ENDED)
    desk.api.script(results(desk.wrote(3)))
    assert len(desk.collect().rows) == 4
    assert desk.sent[1:] == [["request-3"]]


def test_a_model_that_refuses_is_not_asked_for_ever(desk: Desk) -> None:
    desk.rows = 6
    refusals = [succeeded(number, "", "refusal") for number in (1, 2, 3)]
    desk.api.script(TAKEN, ENDED, results(*refusals))
    with pytest.raises(AnswerError, match="refused to answer; describe the patients in other"):
        desk.collect()
    assert desk.ledger.spent.calls == 3


# ---------------------------------------------------------------------------------------- the cost


def test_a_batch_is_only_as_large_as_the_budget_holds(desk: Desk) -> None:
    prompt = prompt_tokens(desk.job.request(0))
    desk.given = {"token_budget": int(1.9 * (8_000 + prompt)), "max_tokens": 8_000}
    desk.rows = 6
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    desk.api.script(SECOND, ENDED, results(desk.wrote(3)))
    desk.collect()
    assert desk.sent == [["request-1", "request-2"], ["request-3"]]
    first, second = (i["params"]["max_tokens"] for i in desk.api.requests[0].body["requests"])
    assert first == 8_000 > second


def test_a_spent_budget_sends_nothing(desk: Desk) -> None:
    desk.given = {"token_budget": 1_000}
    with pytest.raises(BudgetError, match="token_budget"):
        desk.collect()
    assert desk.asked == []


def test_asking_by_batch_records_the_answers_at_half_the_price_and_forgets_the_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synth_magic.engines.rows.engine.server", lambda _: API)
    monkeypatch.setattr("synth_magic.engines.rows.learnt.learnt", lambda *_: (None, ()))
    many = (100_000, 10_000)
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1, usage=many), desk.wrote(2, usage=many)))
    made = write(desk.job.question, desk.job.settings, unwatched)
    assert made.written
    assert len(made.written.rows) == 4
    assert made.origin.usage == Usage(200_000, 20_000, calls=2)
    assert made.origin.cost == cost("claude-opus-5-5", made.origin.usage, half=True)
    assert [file.name for file in desk.folder.iterdir()] == [made.origin.recording]


def test_asked_afresh_it_does_not_fetch_what_was_sent_before(desk: Desk) -> None:
    desk.receipt.add("msgbatch_00")
    desk.given = {"fresh": True}
    desk.api.script(TAKEN, ENDED, results(desk.wrote(1), desk.wrote(2)))
    ask(desk.job, desk.job.collection(), unwatched)
    assert desk.asked == [SENT, ASKED, READ]


def test_the_plan_tells_half_the_price(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-none")
    desk.given = {"base_url": ""}
    plan = plan_rows(desk.job.question, desk.job.settings)
    assert plan.who == "claude-opus-5-5 would be asked in a batch, at half the price."
    assert plan.cost == cost("claude-opus-5-5", plan.estimate, half=True)


def test_the_plan_tells_of_a_batch_that_is_under_way(desk: Desk) -> None:
    desk.receipt.add("msgbatch_01")
    assert plan_rows(desk.job.question, desk.job.settings).who == (
        "claude-opus-5-5 would be asked in a batch, at half the price; what was sent before would "
        "be fetched first."
    )
