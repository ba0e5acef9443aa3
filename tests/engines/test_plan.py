"""What a dry run shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from synth_magic.engines.claude.elicit import elicit
from synth_magic.engines.plan import TOKENS_PER_VARIABLE, plan
from synth_magic.engines.recorded.recording import Recording
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from tests.engines.claude.builders import TABLE, Model, answer, question, wide

SETTINGS = Settings(model="model-of-the-house", recordings="")
pytestmark = pytest.mark.usefixtures("no_credentials")


def test_it_shows_the_exact_request_and_the_schema() -> None:
    found = plan(question(), SETTINGS)
    text = str(found)
    assert TABLE.strip() in text
    assert found.first.system in text
    assert json.dumps(found.first.schema, indent=1, ensure_ascii=False) in text


def test_it_tells_who_would_answer_the_tokens_and_that_no_price_is_known() -> None:
    found = plan(question(), SETTINGS)
    assert found.estimate.output_tokens == 4 * TOKENS_PER_VARIABLE
    first, second, third = str(found).splitlines()[:3]
    assert first == "Nothing was asked. The offline engine would answer, without any model."
    assert second == (
        "Asking model-of-the-house (effort high) takes about "
        f"{found.estimate.input_tokens:,} tokens in and 1,800 out, and what it thinks; "
        "no price is known."
    )
    assert third == "An answer may have 64,000 tokens at most (max_tokens), thinking included."


def test_a_text_that_names_little_is_answered_with_more() -> None:
    assert plan(question("Adults with gout."), SETTINGS).estimate.output_tokens == 6_750


def test_a_price_that_is_known_is_told_with_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    found = plan(question(), Settings(recordings=""))
    assert found.who == "claude-opus-5-5 would be asked."
    second, third = str(found).splitlines()[1:3]
    assert second.endswith(f"and what it thinks; {found.cost}.")
    assert third.endswith(f"thinking included; {found.most} if every one is that long.")
    assert "(prices of " in found.cost
    assert "about $1.3" in found.most


def test_another_server_has_no_price_that_we_know() -> None:
    found = plan(question(), Settings(recordings="", base_url="http://127.0.0.1:1"))
    assert found.who == "claude-opus-5-5 would be asked."
    assert found.cost == ""


def test_a_recording_is_named_that_would_be_replayed(tmp_path: Path) -> None:
    settings = Settings(recordings=str(tmp_path))
    exchanges = elicit(question(), Model(answer())).exchanges
    name = Store(str(tmp_path)).save(Recording.of(question(), settings, exchanges, "a test"))
    for engine in ("auto", "claude", "recorded"):
        found = plan(question(), replace(settings, engine=engine))
        assert found.who == f"The recorded answer {name} would be replayed, which takes no tokens."
    other = replace(settings, model="another-model")
    assert name in plan(question(), other).who
    assert plan(question(), replace(other, engine="claude")).who.startswith("Nobody")
    assert plan(question(), replace(settings, engine="offline")).who.startswith("The offline")
    assert plan(question(), replace(settings, fresh=True)).who.startswith("The offline")
    fresh = replace(settings, fresh=True, engine="claude")
    assert plan(question(), fresh).who.startswith("Nobody")


def test_a_long_table_takes_several_requests() -> None:
    found = plan(question(wide(100)), SETTINGS)
    assert found.estimate.calls == 3
    assert "in 3 requests, the first of which is below" in str(found)
    assert found.estimate.input_tokens > 2 * plan(question(), SETTINGS).estimate.input_tokens


def test_a_change_is_one_short_answer_whatever_the_number_of_columns() -> None:
    before = elicit(question(), Model(answer())).spec
    found = plan(question(wide(100), parent=before, parent_text=TABLE), SETTINGS)
    assert found.estimate.calls == 1
    assert found.estimate.output_tokens == 4 * TOKENS_PER_VARIABLE // 3
    assert "<earlier_specification>" in found.first.messages[0].text
    refined = plan(refinement(before, TABLE, "make them older"), SETTINGS)
    assert "<change>\nmake them older\n</change>" in str(refined)
    assert refined.estimate.input_tokens > plan(question(), SETTINGS).estimate.input_tokens


def test_afresh_there_is_no_change() -> None:
    before = elicit(question(), Model(answer())).spec
    asked = question(parent=before, parent_text="Adults.")
    assert plan(asked, replace(SETTINGS, fresh=True)).first == plan(question(), SETTINGS).first
