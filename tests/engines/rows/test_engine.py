"""Patients whom a model writes, by the real SDK and a server that writes what it is asked for."""

from __future__ import annotations

from threading import Barrier, Event
from typing import Any

import pytest

from synth_magic.engines.answer import Progress
from synth_magic.engines.rows.job import LONGEST
from synth_magic.errors import (
    BudgetError,
    EngineError,
)
from tests.engines.rows.builders import (
    COLUMNS,
    EXAMPLE,
    FOLDER,
    REGISTER,
    Writes,
    columns_asked,
    generate,
    good,
    prompt_of,
    prompts,
    recorded,
)
from tests.messages_api import Fails, MessagesApi, Says

pytestmark = pytest.mark.usefixtures("asking")
GRAMMAR = "output_config.format.schema: The compiled grammar is too large"


def test_patients_come_as_they_were_written(messages_api: MessagesApi) -> None:
    messages_api.script(*good(3))
    frame = generate(25, REGISTER)
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 25
    assert len(messages_api.requests) == 3
    written = [one for document in recorded() for one in document["exchanges"]]
    answered = [patient for one in written for patient in one["answer"]["patients"]]
    assert [one["stage"] for one in written] == ["request 1", "request 2", "request 3"]
    for name in ("age", "sex", "stage", "visits"):
        assert frame[name].tolist() == [patient[name] for patient in answered[:25]]
    origin = frame.cohort.origin
    assert (origin.engine, origin.usage.calls) == ("claude", 3)
    assert origin.summary == (
        f"claude-opus-5-5 wrote these 25 patients on {origin.date[:10]}: 3 requests, 3,000 tokens "
        "in, 600 out."
    )
    assert origin.remarks == ("Identifiers are not asked for: id.",)


def test_requests_overlap_and_each_has_the_variables_in_an_order_of_its_own(
    messages_api: MessagesApi,
) -> None:
    messages_api.script(*[Writes(together=Barrier(4))] * 4)
    generate(40, REGISTER, requests_at_once=4)
    assert len({tuple(columns_asked(prompt)) for prompt in prompts(messages_api)}) == 4


def test_settings_reach_the_requests(messages_api: MessagesApi) -> None:
    messages_api.script(*good(4))
    generate(10, rows_per_request=3, database="Leeds Renal Register", effort="low", model="m")
    assert len(messages_api.requests) == 4
    for received in messages_api.requests:
        assert prompt_of(received.body).startswith(
            "Write 3 patients of this database: Leeds Renal Register."
        )
        assert (received.body["model"], received.body["max_tokens"]) == ("m", LONGEST)
        output = received.body["output_config"]
        assert output["effort"] == "low"
        patient = output["format"]["schema"]["properties"]["patients"]["items"]
        assert list(patient["properties"]) == columns_asked(prompt_of(received.body))


def test_a_grammar_that_is_refused_goes_into_the_prompt(messages_api: MessagesApi) -> None:
    messages_api.script(Fails(400, GRAMMAR), *good(2))
    assert len(generate(20, requests_at_once=1)) == 20
    refused, *asked = [received.body for received in messages_api.requests]
    assert "format" in refused["output_config"]
    assert all("format" not in body.get("output_config", {}) for body in asked)
    assert all('"patients"' in body["system"] for body in asked)


def test_a_frame_of_examples_is_shown_as_its_first_row(messages_api: MessagesApi) -> None:
    import pandas as pd

    messages_api.script(*good(1))
    given = pd.DataFrame([EXAMPLE | {"age": 40 + n} for n in range(7)])
    given["first_visit"] = pd.to_datetime(given["first_visit"])
    frame = generate(10, REGISTER, example=given)
    (prompt,) = prompts(messages_api)
    assert '"age": 40' in prompt
    assert '"first_visit": "2019-04-02"' in prompt
    assert '"age": 41' not in prompt
    remark = "Of the 7 example patients, only the first 5 are part of the question."
    assert remark in frame.cohort.origin.remarks


def test_rejected_rows_are_counted_with_their_reasons(messages_api: MessagesApi) -> None:
    def change(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lacking = {name: value for name, value in some[1].items() if name != "visits"}
        wrong = [some[0] | {"age": 12}, lacking, some[2] | {"stage": "<b>"}, EXAMPLE]
        return [*wrong, some[4] | {"age": 12}, *some[5:]]

    messages_api.script(Writes(change), *good(1))
    frame = generate(10, REGISTER, example=EXAMPLE)
    assert len(messages_api.requests) == 2
    _, rejected, more = frame.cohort.origin.remarks
    assert rejected == (
        "5 rows were rejected: 2 because age is below 18; 1 because it lacks visits; 1 because "
        "stage is '<b>', which is none of early, late, end; 1 because it repeats the example."
    )
    assert more == "2 requests were made for what 1 would have brought."


def test_patients_who_repeat_another_are_counted_and_kept(messages_api: MessagesApi) -> None:
    messages_api.script(Writes(lambda some: [*some[:8], some[0], some[0]]))
    frame = generate(10)
    assert len(frame) == 10
    assert "2 patients repeat another one to the digit." in frame.cohort.origin.remarks


def test_the_budget_holds_and_what_it_paid_for_is_kept(messages_api: MessagesApi) -> None:
    messages_api.script(*[Says('{"patients": []}', usage=(100, 30_000))], *good(9))
    with pytest.raises(BudgetError, match="raise the setting token_budget"):
        generate(100, token_budget=40_000, requests_at_once=4)
    spent = len(messages_api.requests)
    assert spent < 10
    (document,) = recorded(".unfinished-1")
    assert len(document["exchanges"]) == spent
    assert (
        document["unfinished"] == "The next call might have taken more tokens than the session may."
    )


def test_a_small_budget_is_used_up_to_its_end_by_one_request_after_the_other(
    messages_api: MessagesApi,
) -> None:
    messages_api.script(*good(10))
    assert len(generate(100, token_budget=25_000, requests_at_once=4)) == 100


def test_no_key_is_kept_or_said(messages_api: MessagesApi) -> None:
    key = "sk-test-0123456789"
    messages_api.script(*good(1), Fails(403, f"{key} may not", "permission_error"))
    with pytest.raises(EngineError) as caught:
        generate(20, requests_at_once=1)
    assert messages_api.requests[0].key == key
    assert key not in str(caught.value)
    assert all(key not in path.read_text() for path in FOLDER.iterdir())


def test_progress_tells_of_patients(messages_api: MessagesApi) -> None:
    from synth_magic.engines.watching import sentence

    seen: list[Progress] = []
    shown = Event()

    def watch(progress: Progress) -> None:
        seen.append(progress)
        if len(progress.rows) == 20:
            shown.set()

    messages_api.script(*good(2), Writes(until=shown))
    generate(30, requests_at_once=1, watch=watch)
    assert seen[-1].wanted == 30
    assert "of 30 patients" in sentence(seen[-1])
