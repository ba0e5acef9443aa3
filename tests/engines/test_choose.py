"""Who answers: what is recorded, the model, or the catalogue; and it is always said."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth_magic.engines import engine
from synth_magic.engines.answer import Answer, Progress, unwatched
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.settings import ENGINES, Settings
from synth_magic.errors import (
    AnswerError,
    CallError,
    CredentialsError,
    RecordingError,
    SettingError,
)
from tests.engines.claude.builders import answer, question
from tests.engines.recorded.builders import exchange, recording
from tests.messages_api import Fails, MessagesApi, Says

pytestmark = pytest.mark.usefixtures("no_credentials")

GOOD = Says(json.dumps(answer()))
OTHER = Says(json.dumps(answer(title="Another")))
KEY = Key.of(question(), Settings())
NAME = f"{KEY.stem}.json"

LIGHT = """
import sys
import synth_magic.engines
assert not {"anthropic", "jsonschema", "numpy", "pandas", "scipy"} & set(sys.modules)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".synthpatients"


@pytest.fixture
def server(messages_api: MessagesApi) -> str:
    """A server that needs no key: where it is set, a model can be asked."""
    return messages_api.url


def put(name: str, **settings: Any) -> Answer:
    return engine(Settings(engine=name, **settings))(question(), unwatched)


def record(**others: Any) -> str:
    return Store(".synthpatients").save(recording(**{"key": KEY} | others))


# offline


def test_offline_asks_nothing_and_reads_no_recording(server: str) -> None:
    record()
    made = put("offline", base_url=server)
    assert made.origin.engine == "offline"
    assert "no language model was asked" in made.origin.summary


# recorded


def test_recorded_replays_and_never_asks(server: str, messages_api: MessagesApi) -> None:
    record()
    made = put("recorded", base_url=server)
    assert made.origin.engine == "recorded"
    assert made.origin.recording == NAME
    assert not messages_api.requests


def test_recorded_takes_any_models_answer_and_names_it() -> None:
    record(key=replace(KEY, model="local-7b"), model="local-7b")
    made = put("recorded")
    assert "recorded answer of local-7b of 2026-11-23" in made.origin.summary
    assert any("this is one of local-7b" in remark for remark in made.origin.remarks)


def test_nothing_recorded_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as missing:
        put("recorded", recordings="my recordings")
    assert str(missing.value) == (
        "no answer to this description is recorded in 'my recordings'. To record one, ask once "
        "with the engine 'claude' or 'auto' and a key."
    )
    assert not (tmp_path / "my recordings").exists()


def test_a_damaged_recording_is_told_where_nothing_else_is_found(folder: Path) -> None:
    record()
    (folder / NAME).write_text("{]")
    with pytest.raises(RecordingError) as missing:
        put("recorded")
    assert str(missing.value).endswith(
        f"a key. The recording {NAME} was passed over: it is no JSON that can be read."
    )


def test_a_recording_without_a_usable_answer_gives_way_to_the_next() -> None:
    record(exchanges=(exchange("Sorry."),), date="2026-11-24T10:00:00Z")
    other = record(key=replace(KEY, model="local-7b"))
    made = put("recorded")
    assert made.origin.recording == other
    [passed_over] = [each for each in made.origin.remarks if NAME in each]
    assert passed_over.startswith(f"The recording {NAME} was passed over: the answer of")


# claude


def test_claude_is_asked_once_and_then_replayed(server: str, messages_api: MessagesApi) -> None:
    messages_api.script(GOOD)
    live, again = put("claude", base_url=server), put("claude", base_url=server)
    assert (live.origin.engine, again.origin.engine) == ("claude", "recorded")
    assert live.origin.recording == again.origin.recording == NAME
    assert live.spec == again.spec
    assert len(messages_api.requests) == 1


def test_fresh_asks_again_and_keeps_the_earlier_answer(
    server: str, messages_api: MessagesApi, folder: Path
) -> None:
    messages_api.script(GOOD, OTHER)
    put("claude", base_url=server)
    made = put("claude", base_url=server, fresh=True)
    assert made.spec.title == "Another"
    assert put("claude").spec.title == "Another"
    assert {path.name for path in folder.iterdir()} == {NAME, f"{KEY.stem}.earlier-1.json"}


def test_claude_replays_without_a_key() -> None:
    record()
    assert put("claude").origin.engine == "recorded"


def test_without_a_key_claude_says_how_to_set_one() -> None:
    record(key=replace(KEY, model="local-7b"))
    with pytest.raises(CredentialsError) as missing:
        put("claude")
    assert str(missing.value) == (
        "there is no key for the Anthropic API: run %synthpatients login in a notebook, or set the "
        "environment variable ANTHROPIC_API_KEY before Python or Jupyter starts; never write a key "
        "in a cell. --engine offline needs none"
    )


def test_another_description_is_asked_anew(server: str, messages_api: MessagesApi) -> None:
    messages_api.script(GOOD)
    record(key=replace(KEY, description="Adults with gout."))
    assert put("claude", base_url=server).origin.engine == "claude"


def test_a_damaged_recording_is_asked_anew_and_told(
    server: str, messages_api: MessagesApi, folder: Path
) -> None:
    record()
    (folder / NAME).write_text("{]")
    messages_api.script(GOOD)
    made = put("claude", base_url=server)
    assert made.origin.engine == "claude"
    assert made.origin.remarks == (
        f"The recording {NAME} was passed over: it is no JSON that can be read.",
    )
    assert put("claude").origin.remarks == ()


# auto


def test_auto_asks_where_it_can_and_replays_what_it_has(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    assert put("auto", base_url=server).origin.engine == "claude"
    assert put("auto", base_url=server).origin.engine == "recorded"
    assert len(messages_api.requests) == 1


def test_auto_prefers_asking_to_another_models_recording(
    server: str, messages_api: MessagesApi
) -> None:
    record(key=replace(KEY, effort="low"))
    messages_api.script(GOOD)
    assert put("auto", base_url=server).origin.engine == "claude"


def test_auto_without_a_key_replays_any_models_answer_and_names_it() -> None:
    record(key=replace(KEY, effort="low"))
    made = put("auto")
    assert made.origin.engine == "recorded"
    assert made.origin.remarks[0] == (
        "No answer of claude-opus-5-5 (effort high) is recorded for this description; this is one "
        "of claude-opus-5-5 (effort low)."
    )


def test_auto_with_nothing_at_all_goes_offline_and_says_so(folder: Path) -> None:
    made = put("auto")
    assert made.origin.engine == "offline"
    assert made.origin.summary.startswith("Made offline, no language model was asked: ")
    assert made.origin.summary.endswith(
        ". There is no key for one, and no recorded answer. To ask Claude, run "
        "%synthpatients login in a notebook, or set the environment variable ANTHROPIC_API_KEY "
        "before Python or Jupyter starts."
    )
    assert not folder.exists()


def test_a_damaged_recording_is_told_once(folder: Path) -> None:
    record()
    (folder / NAME).write_text("{]")
    made = put("auto")
    assert made.origin.engine == "offline"
    assert sum(NAME in remark for remark in made.origin.remarks) == 1


def test_auto_goes_offline_for_no_failing_call(server: str, messages_api: MessagesApi) -> None:
    messages_api.script(Fails(404, "no"), Says("Sorry."), Says("No."), Says("Never."))
    with pytest.raises(CallError):
        put("auto", base_url=server)
    with pytest.raises(AnswerError, match="nor its 2 corrections"):
        put("auto", base_url=server)


def test_fresh_without_a_key_is_never_a_replay() -> None:
    record()
    with pytest.raises(CredentialsError, match="%synthpatients login"):
        put("claude", fresh=True)
    made = put("auto", fresh=True)
    assert made.origin.engine == "offline"
    assert "There is no key for one, and what is recorded is left aside." in made.origin.summary


# settings


def test_fresh_and_an_engine_that_only_replays_contradict() -> None:
    with pytest.raises(SettingError) as refused:
        put("recorded", fresh=True)
    assert str(refused.value) == (
        "fresh asks anew, but the engine 'recorded' only replays; use 'auto', 'claude' or 'offline'"
    )


def test_recorded_needs_a_folder() -> None:
    with pytest.raises(SettingError, match="'recorded' needs a folder"):
        put("recorded", recordings="")


def test_an_unknown_engine_has_a_near_name_and_the_list() -> None:
    with pytest.raises(SettingError, match=r"did you mean 'offline'") as unknown:
        put("ofline")
    assert all(repr(name) in str(unknown.value) for name in ENGINES)


# on the way


def test_whoever_watches_is_told_how_far_the_model_is(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    seen: list[Progress] = []
    engine(Settings(engine="claude", base_url=server))(question(), seen.append)
    assert {progress.model for progress in seen} == {"claude-opus-5-5"}
    assert seen[-1].variables == 4


def test_importing_the_engines_loads_none() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)
