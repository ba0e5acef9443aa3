"""What is recorded is not asked for again, what came is never lost, and who is to answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import synth_magic as sm
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.settings import Settings
from synth_magic.errors import (
    AnswerError,
    CallError,
    CredentialsError,
    RecordingError,
    SettingError,
)
from tests.engines.rows.builders import (
    EXAMPLE,
    FEW,
    FOLDER,
    Writes,
    generate,
    good,
    prompts,
    question,
    recorded,
)
from tests.messages_api import BreaksOff, Fails, MessagesApi, Says

pytestmark = pytest.mark.usefixtures("asking")


def test_what_is_recorded_is_replayed_and_only_the_rest_is_asked_for(
    messages_api: MessagesApi,
) -> None:
    messages_api.script(*good(15))
    first = generate(100, requests_at_once=4)
    fewer = generate(30)
    assert len(messages_api.requests) == 10
    assert fewer.equals(first.head(30))
    assert fewer.cohort.origin.summary.startswith("Replayed from the recorded answers of claude")
    assert "30 patients as it wrote them" in fewer.cohort.origin.summary
    assert "requests were made" not in str(fewer.cohort.origin.remarks)

    more = generate(150, requests_at_once=4)
    assert len(messages_api.requests) == 15
    assert more.head(100).equals(first)
    assert more.cohort.origin.usage.calls == 5
    assert "100 of them were written before: " in more.cohort.origin.remarks[-1]
    (document,) = recorded()
    assert [one["stage"] for one in document["exchanges"]] == [f"request {n}" for n in range(1, 16)]
    assert len(recorded(".earlier-1")) == 1

    assert generate(150).equals(more)
    assert len(messages_api.requests) == 15


def test_the_same_model_writes_the_same_patients_however_many_are_asked_at_once(
    messages_api: MessagesApi,
) -> None:
    messages_api.script(*good(8))
    one = generate(40, requests_at_once=1, recordings="one")
    four = generate(40, requests_at_once=4, recordings="four")
    assert one.equals(four)


def test_what_is_asked_otherwise_is_another_recording() -> None:
    def stem(examples: tuple[dict[str, Any], ...] = (), **others: Any) -> str:
        settings = Settings.of(**{"method": "rows", "database": "LRR"} | others)
        return Key.of(question(10, FEW, examples=examples), settings).stem

    otherwise = [
        stem(),
        stem(method="specification"),
        stem(database="Leeds"),
        stem(rows_per_request=20),
        stem(without="name"),
        stem(without=["name", "labels"]),
        stem((EXAMPLE,)),
        stem(effort="low"),
    ]
    assert len(set(otherwise)) == len(otherwise)
    assert stem(without="labels, name") == stem(without=["name", "labels"])
    assert stem(method="batch") == stem(requests_at_once=1) == stem(token_budget=9) == stem()


def test_an_answer_to_the_same_words_by_the_other_method_is_not_taken(
    messages_api: MessagesApi,
) -> None:
    messages_api.script(*good(1))
    generate(10)
    with pytest.raises(RecordingError):
        sm.generate(FEW, rows=10, engine="recorded")


def test_after_a_break_nothing_is_asked_twice(messages_api: MessagesApi) -> None:
    messages_api.script(*good(4), Fails(404, "no such model", "not_found_error"))
    with pytest.raises(CallError) as caught:
        generate(100, requests_at_once=1)
    (kept,) = FOLDER.iterdir()
    assert str(caught.value).endswith(
        "40 patients of 100 had come: run this again to go on from there, or with --rows 40 to "
        f"have these alone. What the model wrote is kept in {kept}."
    )
    assert len(generate(40)) == 40
    assert len(messages_api.requests) == 5
    messages_api.script(*good(6))
    frame = generate(100, requests_at_once=1)
    assert len(messages_api.requests) == 11
    asked = prompts(messages_api)
    assert asked.pop(4) == asked[4]  # the one that had failed
    (document,) = recorded()
    assert [one["stage"] for one in document["exchanges"]] == [f"request {n}" for n in range(1, 11)]
    assert [one["messages"][0]["text"] for one in document["exchanges"]] == [
        prompt.split("\n") for prompt in asked
    ]
    assert generate(100).equals(frame)


def test_answers_that_cannot_be_read_again_are_told_of(messages_api: MessagesApi) -> None:
    messages_api.script(*good(1))
    name = generate(10).cohort.origin.recording
    (FOLDER / name).write_text("{]")
    told = f"The recording {name} was passed over: it is no JSON that can be read."
    with pytest.raises(RecordingError, match=re.escape(told)):
        generate(10, engine="recorded")
    messages_api.script(*good(1))
    assert told in generate(10).cohort.origin.remarks


def test_an_interrupt_while_the_answers_are_recorded_loses_none(
    messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    messages_api.script(*good(2))
    with monkeypatch.context() as here:
        here.setattr("synth_magic.engines.rows.engine.saved", interrupt)
        with pytest.raises(KeyboardInterrupt, match="20 patients of 20 had come"):
            generate(20)
    assert len(generate(20)) == 20
    assert len(messages_api.requests) == 2


def test_after_the_bound_asking_again_goes_on(messages_api: MessagesApi) -> None:
    messages_api.script(*[Writes(change=lambda some: some[:1])] * 4)
    with pytest.raises(AnswerError, match=r"^4 answers held only 4 of 10 patients"):
        generate(10)
    messages_api.script(*good(1))
    assert len(generate(10)) == 10
    assert len(messages_api.requests) == 5


def test_half_an_answer_counts_for_what_is_whole_in_it_also_when_it_is_read_again(
    messages_api: MessagesApi,
) -> None:
    several = [{"age": 30 + n, "sex": "male", "creatinine": 80.5} for n in range(8)]
    text = json.dumps({"patients": several}, indent=1)
    half = BreaksOff(text[: text.index('"age": 36')], "abruptly")
    messages_api.script(Says(f"```\n{text}\n```"), *[half] * 3)
    with pytest.raises(CallError, match="26 patients of 40 had come"):
        generate(40, requests_at_once=1)
    assert generate(26)["age"].tolist() == [*range(30, 38), *[*range(30, 36)] * 3]
    messages_api.script(*good(2))
    assert len(generate(40)) == 40
    assert len(messages_api.requests) == 6


def test_nothing_is_recorded_where_no_folder_is(messages_api: MessagesApi) -> None:
    messages_api.script(*good(1), BreaksOff('{"patients": [', "abruptly"))
    generate(10, recordings="")
    assert not FOLDER.exists()


def test_a_folder_that_cannot_be_written_costs_a_remark_and_no_patients(
    messages_api: MessagesApi,
) -> None:
    Path("file").touch()
    messages_api.script(*good(1))
    frame = generate(10, recordings="file")
    assert frame.cohort.origin.remarks[-1] == (
        "Running this again asks the model again: the recording cannot be written: file exists."
    )


@pytest.mark.parametrize("settings", [{"engine": "recorded"}, {"engine": "auto"}])
def test_a_recording_of_another_model_does_where_none_can_be_asked(
    messages_api: MessagesApi, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages_api.script(*good(1))
    frame = generate(10, model="some-model")
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    replayed = generate(10, **settings)
    assert replayed.equals(frame)
    assert (
        "No answer of claude-opus-5-5 (effort high) is recorded for this description; this is one "
        "of some-model (effort high)." in replayed.cohort.origin.remarks
    )


def test_without_a_key_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    with pytest.raises(CredentialsError) as caught:
        generate(10)
    assert str(caught.value).startswith("there is no key for the Anthropic API: ")
    assert "--method specification needs none" in str(caught.value)


def test_fewer_recorded_patients_than_are_wanted_are_counted(messages_api: MessagesApi) -> None:
    messages_api.script(*good(1))
    generate(10)
    with pytest.raises(RecordingError) as caught:
        generate(20, engine="recorded")
    assert str(caught.value) == (
        "10 patients are recorded, and 20 are wanted: ask for --rows 10, or have the rest written "
        "with the engine 'claude' or 'auto' and a key"
    )


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "offline": ({"engine": "offline"}, SettingError, "the engine 'offline' writes no patients"),
    "nothing recorded": ({"engine": "recorded"}, RecordingError, "no patients are recorded"),
    "fresh from a recording": ({"engine": "recorded", "fresh": True}, SettingError, "only replays"),
    "no name": ({"without": "name"}, SettingError, "no name of the database to leave out"),
    "no part": ({"without": "lables"}, SettingError, "did you mean 'labels'"),
    "no rows in a request": ({"rows_per_request": 0}, SettingError, "rows_per_request"),
    "too many in one": ({"rows_per_request": 101}, SettingError, "a whole number from 1 to 100"),
    "no requests": ({"requests_at_once": 0}, SettingError, "requests_at_once"),
    "too many at once": ({"requests_at_once": 21}, SettingError, "a whole number from 1 to 20"),
}


@pytest.mark.parametrize(("settings", "kind", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_done_is_said_before_anything_is_asked(
    messages_api: MessagesApi, settings: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        generate(10, **settings)
    assert messages_api.requests == []


def test_patients_are_not_refined(messages_api: MessagesApi) -> None:
    frame = sm.generate(FEW, rows=10, engine="offline")
    with pytest.raises(SettingError, match="refines none: describe them otherwise"):
        sm.refine(frame, "make them older", method="rows")
    with pytest.raises(SettingError, match="refines none"):
        sm.plan("make them older", refine=frame, method="rows")
    assert messages_api.requests == []


def test_written_patients_are_refined_by_the_other_method(messages_api: MessagesApi) -> None:
    messages_api.script(*good(4))
    older = sm.refine(generate(40), "mean age 70", engine="offline")
    assert older["age"].mean() == pytest.approx(70, abs=4)
    assert older.cohort.written is None


def test_fresh_asks_anew(messages_api: MessagesApi) -> None:
    messages_api.script(*good(2))
    generate(10)
    generate(10, fresh=True)
    assert len(messages_api.requests) == 2
