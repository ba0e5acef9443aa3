from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import synth_magic as sm
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.panel import Panel
from tests.engines.claude.builders import TABLE, answer, quantiles, variable
from tests.messages_api import Fails, MessagesApi, Says

CHANGE = "make them ten years older"
OLDER = Says(
    json.dumps(
        answer(
            variables=[variable("age", "integer", quantiles(28, 31, 41, 60, 73, 84, 92, 96, 99))],
            associations=[],
            removed=[],
        )
    )
)


def panel_of(namespace: dict[str, Any], **settings: Any) -> Panel:
    frame = sm.generate(TABLE, engine="offline")
    return Panel(Bindings(namespace).add("patients", frame, settings=settings), frame)


@pytest.mark.usefixtures("no_credentials")
def test_the_button_says_that_no_model_is_asked_and_the_figure_is_imposed() -> None:
    namespace: dict[str, Any] = {}
    panel = panel_of(namespace, engine="offline")
    assert panel.refining.button.disabled
    panel.refining.words.value = "mean age 71"
    assert panel.refining.button.description == "Refine (no model is asked)"
    panel.refining.button.click()
    assert not panel.notice.box.children
    assert panel.binding.version.title == "2: refined, mean age 71"
    stated = [fact.value for fact in namespace["patients"].cohort.spec.facts]
    assert 71 in stated
    assert panel.refining.words.value == ""


@pytest.mark.usefixtures("no_credentials")
def test_an_old_error_does_not_stand_beside_new_words() -> None:
    panel = panel_of({}, engine="offline")
    panel.refining.words.value = CHANGE
    panel.refining.button.click()
    assert panel.notice.text in panel.notice.box.children
    panel.refining.words.value = "mean age 71"
    assert not panel.notice.box.children


@pytest.mark.usefixtures("no_credentials")
@pytest.mark.parametrize("words", ["", "  ", "\x07\x00", "\u200b"])
def test_words_of_no_letters_are_no_words(words: str) -> None:
    panel = panel_of({}, engine="offline")
    panel.refining.words.value = words
    assert panel.refining.button.disabled
    panel.refining.button.click()
    assert not panel.notice.box.children
    assert len(panel.binding.history) == 1


@pytest.mark.usefixtures("no_credentials")
def test_words_that_are_no_figures_leave_everything_as_it_was() -> None:
    namespace: dict[str, Any] = {}
    panel = panel_of(namespace, engine="offline")
    kept = namespace["patients"]
    panel.refining.words.value = CHANGE
    panel.refining.button.click()
    assert "The offline engine understands figures only" in panel.notice.text.value
    assert namespace["patients"] is kept
    assert panel.binding.version.number == 1
    assert panel.refining.words.value == CHANGE


@pytest.fixture
def asking(messages_api: MessagesApi, tmp_path: Path, no_credentials: None) -> Panel:
    """A panel of patients that the local server described."""
    settings = {"engine": "claude", "base_url": messages_api.url, "recordings": str(tmp_path)}
    messages_api.script(Says(json.dumps(answer())))
    frame = sm.generate(TABLE, **settings)
    return Panel(Bindings({}).add("patients", frame, settings=settings), frame)


def test_the_button_says_what_asking_takes_and_a_click_asks(
    asking: Panel, messages_api: MessagesApi
) -> None:
    asking.refining.words.value = CHANGE
    face = asking.refining.button.description
    assert face.startswith("Ask claude-")
    assert "tokens" in face
    assert len(messages_api.requests) == 1
    messages_api.script(OLDER)
    asking.refining.button.click()
    assert len(messages_api.requests) == 2
    assert asking.binding.version.words == CHANGE
    assert "age" in asking.changes.value
    assert "63 → 73" in asking.changes.value or "50 → 60" in asking.changes.value


def test_what_is_recorded_is_replayed_and_the_button_says_so(
    asking: Panel, messages_api: MessagesApi
) -> None:
    messages_api.script(OLDER)
    for _ in range(2):
        asking.refining.words.value = CHANGE
        asking.refining.button.click()
        asking.versions.undo.click()
    asking.refining.words.value = CHANGE
    assert asking.refining.button.description == "Refine (no model is asked)"
    assert len(messages_api.requests) == 2


def test_a_model_that_fails_leaves_the_old_version_and_the_words(
    asking: Panel, messages_api: MessagesApi
) -> None:
    messages_api.script(*[Fails(529, "Overloaded", "overloaded_error")] * 3)
    asking.refining.words.value = CHANGE
    asking.refining.button.click()
    assert "is overloaded" in asking.notice.text.value
    assert asking.binding.version.number == 1
    assert asking.refining.words.value == CHANGE
    assert not asking.refining.button.disabled


def replayable(panel: Panel, messages_api: MessagesApi) -> None:
    """Refine once, go back, and write the same words: the answer is recorded."""
    messages_api.script(OLDER)
    panel.refining.words.value = CHANGE
    panel.refining.button.click()
    panel.versions.undo.click()
    panel.refining.words.value = CHANGE
    assert panel.refining.button.description == "Refine (no model is asked)"
    assert len(messages_api.requests) == 2


def test_the_button_says_anew_what_it_takes_when_the_version_is_another(
    asking: Panel, messages_api: MessagesApi
) -> None:
    replayable(asking, messages_api)
    asking.versions.choice.value = 2
    assert asking.refining.button.description.startswith("Ask claude-")
    assert asking.refining.words.value == CHANGE
    asking.versions.choice.value = 1
    assert asking.refining.button.description == "Refine (no model is asked)"


@pytest.mark.parametrize("setting", ["recordings", "model"])
def test_nothing_is_asked_that_the_button_did_not_say(
    messages_api: MessagesApi, tmp_path: Path, no_credentials: None, setting: str
) -> None:
    session = {"engine": "auto", "base_url": messages_api.url, "recordings": str(tmp_path)}
    messages_api.script(Says(json.dumps(answer())))
    frame = sm.generate(TABLE, **session)  # type: ignore[arg-type]
    bindings = Bindings({}, lambda options: session | dict(options))
    panel = Panel(bindings.add("patients", frame, "described"), frame)
    replayable(panel, messages_api)
    session |= {"engine": "claude", setting: {"recordings": "", "model": "other-model"}[setting]}
    panel.refining.button.click()
    assert len(messages_api.requests) == 2
    assert "Nothing was asked" in panel.notice.text.value
    assert panel.refining.button.description.startswith("Ask ")
    assert panel.binding.version.number == 1
    messages_api.script(OLDER)
    panel.refining.button.click()
    assert len(messages_api.requests) == 3
    assert not panel.notice.box.children
