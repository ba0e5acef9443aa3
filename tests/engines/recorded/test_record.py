"""Whatever comes of asking a model, what it wrote is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from synth_magic.engines.answer import Answer, Question, Usage, unwatched
from synth_magic.engines.claude import call, prices, prompt
from synth_magic.engines.claude.call import Interrupted
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.record import ask
from synth_magic.engines.recorded.recording import API, OTHER_SERVER
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from synth_magic.errors import AnswerError, BudgetError, CallError, CredentialsError
from tests.engines.claude.builders import TABLE, Model, answer, question, wide
from tests.messages_api import BreaksOff, MessagesApi, Says

KEY_OF_TESTS = "sk-of-nobody"

Asking = Callable[..., Answer]


@pytest.fixture
def asking(
    no_credentials: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Answer]:
    """Ask a model that gives these answers, with the key of the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY_OF_TESTS)

    def put(*answers: Any, to: Question | None = None, **settings: Any) -> Answer:
        monkeypatch.setattr(call, "asker", lambda *_: Model(*answers))
        return ask(to or question(), Settings(**settings), unwatched)

    return put


def kept(number: int = 1, of: Question | None = None) -> dict[str, Any]:
    """What the file of an answer that could not be used holds."""
    name = f"{Key.of(of or question(), Settings()).stem}.unfinished-{number}.json"
    text = Path(".synthpatients", name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


UNFINISHED = f".synthpatients/{Key.of(question(), Settings()).stem}.unfinished-1.json"


def test_an_answer_is_recorded_and_says_what_it_took(asking: Asking) -> None:
    before = datetime.now(UTC).strftime("%Y-%m-%d")
    origin = asking(answer()).origin
    found = Store(".synthpatients").find(Key.of(question(), Settings()))
    [(name, recording)] = found.recordings.items()
    assert origin.engine == "claude"
    assert origin.recording == name
    assert origin.usage == recording.usage == Usage(100, 50, 1)
    assert origin.model == recording.model == "claude-test"
    assert origin.prompt_version == recording.prompt_version == prompt.VERSION
    assert origin.date == recording.date >= before
    assert origin.remarks == ()
    assert recording.origin == API
    assert recording.parent is None
    assert origin.summary == (
        f"claude-test wrote the specification on {origin.date[:10]}: 100 tokens in, 50 out."
    )


CHANGE = {"variables": [], "removed": ["stage"]}


def test_a_change_is_recorded_with_what_it_changes_and_says_so(asking: Asking) -> None:
    before = asking(answer()).spec
    tweak = question("Adults with gout and their age.", parent=before, parent_text=TABLE)
    origin = asking(CHANGE, to=tweak).origin
    assert origin.summary == (
        f"claude-test changed the specification on {origin.date[:10]}: 100 tokens in, 50 out."
    )
    [recording] = Store(".synthpatients").find(Key.of(tweak, Settings())).recordings.values()
    assert recording.parent == before.to_dict()
    assert (recording.parent_text, recording.refinement) == (TABLE, "")


def test_a_refinement_is_recorded_with_its_words(asking: Asking) -> None:
    asked = refinement(asking(answer()).spec, TABLE, "without stages")
    spec = asking(CHANGE, to=asked).spec
    assert [variable.name for variable in spec.variables] == ["sex", "age", "creatinine"]
    [recording] = Store(".synthpatients").find(Key.of(asked, Settings())).recordings.values()
    assert recording.refinement == "without stages"
    assert recording.key.description == f"{TABLE.strip()}\n\nRefined: without stages"


def test_what_comes_of_a_broken_change_is_kept_and_no_part_of_another_question(
    asking: Asking,
) -> None:
    before = asking(answer()).spec
    tweak = question(wide(100), parent=before, parent_text=TABLE)
    with pytest.raises(AnswerError, match=r"kept in .*unfinished-1\.json"):
        asking("no", "no", "no", to=tweak)
    assert Store(".synthpatients").find_unfinished(Key.of(tweak, Settings())).recordings
    with pytest.raises(CallError):
        asking(CallError("down"), to=question(wide(100)))


def test_the_price_is_told_where_it_is_known(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices, "cost", lambda *_: "about $0.27 (prices of 2026-10-07)")
    origin = asking(answer()).origin
    assert origin.cost == "about $0.27 (prices of 2026-10-07)"
    assert origin.summary.endswith("100 tokens in, 50 out, about $0.27 (prices of 2026-10-07).")


def test_another_servers_answer_has_no_price_and_leaves_no_address(
    no_credentials: None,
    messages_api: MessagesApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY_OF_TESTS)
    monkeypatch.setattr(prices, "cost", lambda *_: "about $0.27")
    messages_api.script(Says(json.dumps(answer())))
    settings = Settings(base_url=messages_api.url, recordings=str(tmp_path / "kept"))
    origin = ask(question(), settings, unwatched).origin
    assert origin.cost == ""
    assert origin.usage == Usage(1000, 200, 1)
    [file] = (tmp_path / "kept").iterdir()
    text = file.read_text(encoding="utf-8")
    assert json.loads(text)["origin"] == OTHER_SERVER
    for secret in (KEY_OF_TESTS, "127.0.0.1", str(messages_api.server_port), str(tmp_path)):
        assert secret not in text


def test_estimated_tokens_are_told_as_such(
    no_credentials: None, messages_api: MessagesApi, tmp_path: Path
) -> None:
    messages_api.script(Says(json.dumps(answer()), usage=None))
    settings = Settings(base_url=messages_api.url, recordings=str(tmp_path))
    origin = ask(question(), settings, unwatched).origin
    assert origin.usage.estimated
    assert f": about {origin.usage.input_tokens:,} tokens in, " in origin.summary


def test_a_connection_lost_in_the_middle(
    no_credentials: None,
    messages_api: MessagesApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    messages_api.script(BreaksOff('{"title": "Renal', "quietly"))
    with pytest.raises(CallError, match="the connection was lost") as lost:
        ask(question(), Settings(base_url=messages_api.url), unwatched)
    assert str(lost.value).endswith(f". What the model wrote is kept in {UNFINISHED}.")
    document = kept()
    assert document["unfinished"] == "A call failed before the answer was whole."
    [exchange] = document["exchanges"]
    assert exchange["answer"] == '{"title": "Renal'
    assert exchange["accepted"] is False
    assert exchange["usage"]["estimated"] is True
    assert exchange["usage"]["input_tokens"] > 1000
    assert "127.0.0.1" not in json.dumps(document)


def test_an_interruption(asking: Asking) -> None:
    with pytest.raises(KeyboardInterrupt) as stopped:
        asking(Interrupted('{"title": "Ren'))
    assert str(stopped.value) == (
        f"the call was stopped. What the model wrote is kept in {UNFINISHED}."
    )
    assert kept()["unfinished"] == "It was interrupted."
    assert kept()["exchanges"][0]["answer"] == '{"title": "Ren'


def test_an_interruption_while_an_answer_is_read(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("synth_magic.engines.claude.elicit.read", stop)
    with pytest.raises(KeyboardInterrupt, match=r"^What the model wrote is kept in .*-1\.json\.$"):
        asking(answer())
    assert kept()["exchanges"][0]["answer"] == answer()


def test_an_answer_unusable_after_two_corrections(asking: Asking) -> None:
    with pytest.raises(AnswerError, match="nor its 2 corrections") as unusable:
        asking("Sorry.", "I cannot.", "No.")
    assert unusable.value.answer == "No."
    assert str(unusable.value).endswith(f"What the model wrote is kept in {UNFINISHED}.")
    document = kept()
    assert [exchange["answer"] for exchange in document["exchanges"]] == [
        "Sorry.", "I cannot.", "No."
    ]  # fmt: skip
    assert "cannot be used, nor its 2 corrections" in "\n".join(document["unfinished"])


def test_the_parts_that_came_before_a_failure(asking: Asking) -> None:
    long = question(wide(60))
    columns = [f"lab_{number}" for number in range(30)]
    like = answer()["variables"][2]
    part = answer(variables=[like | {"name": name} for name in columns], associations=[])
    stop = BudgetError("the next call may take 80,000 tokens: nothing was asked")
    with pytest.raises(BudgetError, match=r"nothing was asked\. What the model wrote is kept in"):
        asking(part, stop, to=long)
    document = kept(of=long)
    assert document["unfinished"].startswith("The next call might have taken more tokens")
    [exchange] = document["exchanges"]
    assert exchange["stage"] == "part 1 of 2"
    assert exchange["answer"] == part


def test_parts_that_were_paid_for_are_not_asked_for_again(asking: Asking) -> None:
    long = question(wide(60))
    like = answer()["variables"][2]
    first, second = (
        answer(
            variables=[like | {"name": f"lab_{number}"} for number in range(start, start + 30)],
            associations=[],
        )
        for start in (0, 30)
    )
    for broken in (CallError("lost", '{"variables": ['), CallError("lost again", "{")):
        answers = [first, broken] if "again" not in str(broken) else [broken]
        with pytest.raises(CallError):
            asking(*answers, to=long)
    made = asking(second, to=long)
    assert len(made.spec.variables) == 60
    assert "The first parts were not asked for again: " in made.origin.remarks[0]
    assert made.origin.usage.calls == 2


@pytest.mark.parametrize("error", [CallError("it failed"), CredentialsError("the key is refused")])
def test_where_nothing_came_nothing_is_kept(asking: Asking, error: Exception) -> None:
    with pytest.raises(type(error)) as failed:
        asking(error)
    assert str(failed.value) in ("it failed", "the key is refused")
    assert not Path(".synthpatients").exists()


def test_an_error_of_our_own_keeps_the_answer_too(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("synth_magic.engines.claude.elicit.read", fail)
    with pytest.raises(ZeroDivisionError) as failed:
        asking(answer())
    assert failed.value.__notes__ == [f"What the model wrote is kept in {UNFINISHED}."]
    assert kept()["unfinished"] == "ZeroDivisionError."


def test_without_a_folder_nothing_is_kept_and_that_is_said(asking: Asking, tmp_path: Path) -> None:
    assert asking(answer(), recordings="").origin.recording == ""
    with pytest.raises(CallError, match=r"not kept, for no folder of recordings is set\.$"):
        asking(CallError("it failed", "half"), recordings="")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_a_remark_and_not_the_answer(
    asking: Asking, tmp_path: Path
) -> None:
    (tmp_path / "taken").touch()
    made = asking(answer(), recordings="taken")
    assert made.spec.title == "Renal clinic"
    assert made.origin.recording == ""
    assert made.origin.remarks == (
        "Running this again asks the model again: the recording cannot be written: file exists.",
    )
    with pytest.raises(CallError) as failed:
        asking(CallError("it failed", "half"), recordings="taken")
    assert str(failed.value) == (
        "it failed. What the model wrote is not kept: the recording cannot be written: file exists."
    )
