from __future__ import annotations

import json
from pathlib import Path

import pytest

from synth_magic import Cohort, generate
from synth_magic.errors import RecordingError, SettingError
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.commands.prompt import prompt, system
from tests.engines.claude.builders import TABLE, answer, changed
from tests.messages_api import MessagesApi, Says
from tests.notebook.commands.conftest import older


@pytest.fixture
def settings(messages_api: MessagesApi, tmp_path: Path, no_credentials: None) -> dict[str, str]:
    return {"base_url": messages_api.url, "recordings": str(tmp_path)}


def asked(settings: dict[str, str]) -> Binding:
    """A name whose patients a model has described."""
    frame = generate(TABLE, **settings)  # type: ignore[arg-type]
    return Bindings({}).add("d", frame, "described", settings=settings)


def test_it_is_what_the_model_was_sent(messages_api: MessagesApi, settings: dict[str, str]) -> None:
    messages_api.script(Says(json.dumps(answer())))
    binding = asked(settings)
    body = messages_api.requests[0].body
    shown = prompt(binding)
    assert shown.startswith(f"What made version 1 of d, from {binding.cohort.origin.recording}.")
    assert system() in shown
    assert body["messages"][0]["content"] in shown


def test_a_correction_shows_what_is_new_in_it(
    messages_api: MessagesApi, settings: dict[str, str]
) -> None:
    messages_api.script(Says(json.dumps(changed("age", type="number"))), Says(json.dumps(answer())))
    shown = prompt(asked(settings))
    assert "=== request 1 of 2 ===" in shown
    assert "=== request 2 of 2 (correcting) ===" in shown
    assert "variables[1].type ('age')" in shown
    assert shown.count(system()) == 1


def test_what_was_edited_by_hand_shows_the_request_before(
    messages_api: MessagesApi, settings: dict[str, str]
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    binding = asked(settings)
    before = prompt(binding)
    binding.change(older(binding.cohort, 50), "edited", "age: mean 50")
    assert prompt(binding) == before


def test_a_recording_that_is_gone(
    messages_api: MessagesApi, settings: dict[str, str], tmp_path: Path
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    binding = asked(settings)
    for file in tmp_path.glob("*.json"):
        file.unlink()
    with pytest.raises(RecordingError, match=binding.cohort.origin.recording):
        prompt(binding)


def test_without_a_model_it_is_what_would_be_sent(no_credentials: None) -> None:
    offline = {"engine": "offline"}
    binding = Bindings({}, lambda _: offline).add("d", generate(TABLE, **offline), "described")
    shown = prompt(binding)
    assert shown.startswith("No request of version 1 of d is recorded.\nNothing was asked.")
    assert "Patients of a renal clinic in Leeds" in shown


def test_what_was_made_of_a_specification_has_no_request(cohort: Cohort) -> None:
    binding = Bindings({}).add("d", cohort.frame())
    with pytest.raises(SettingError, match="was made from a specification: no request made it"):
        prompt(binding)
