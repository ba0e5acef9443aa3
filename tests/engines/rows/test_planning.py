"""What having patients written would take, before anything is asked; and from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import synth_magic as sm
from synth_magic.cli import main
from synth_magic.engines.rows.job import LONGEST
from tests.engines.rows.builders import (
    FEW,
    generate,
    good,
    prompts,
    recorded,
)
from tests.messages_api import Fails, MessagesApi

pytestmark = pytest.mark.usefixtures("asking")


def test_a_plan_tells_what_would_be_sent_and_sends_nothing(messages_api: MessagesApi) -> None:
    planned = sm.plan(FEW, rows=95, method="rows", requests_at_once=1)
    assert planned.asks
    assert planned.who == "claude-opus-5-5 would be asked."
    assert planned.estimate.calls == 10
    assert planned.settings.max_tokens == LONGEST
    more = sm.plan(FEW, rows=95, method="rows", rows_per_request=20)
    assert more.settings.max_tokens == 2 * LONGEST
    shown = str(planned)
    assert "in 10 requests, the first of which is below" in shown
    assert messages_api.requests == []
    messages_api.script(*good(10))
    taken = generate(95, requests_at_once=1)
    assert prompts(messages_api)[0] == planned.first.messages[0].text
    text = sum(len(json.dumps(one["answer"])) for one in recorded()[0]["exchanges"]) / 3.5
    assert planned.estimate.output_tokens == pytest.approx(text, rel=0.25)
    assert len(taken) == 95


def test_a_plan_knows_what_is_recorded(messages_api: MessagesApi) -> None:
    messages_api.script(*good(2))
    generate(20)
    whole = sm.plan(FEW, rows=20, method="rows")
    assert "would be replayed, which takes no tokens" in whole.who
    assert not whole.asks
    more = sm.plan(FEW, rows=50, method="rows")
    assert more.who == "claude-opus-5-5 would be asked for the 30 patients that are lacking."
    assert more.estimate.calls == 3
    assert more.first.stage == "request 3"


def test_a_plan_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    planned = sm.plan(FEW, rows=20, method="rows")
    assert planned.who.startswith("Nobody would answer: there is no key")
    assert not planned.asks
    assert planned.estimate.calls == 2


def test_from_the_command_line(
    messages_api: MessagesApi, capsys: pytest.CaptureFixture[str]
) -> None:
    messages_api.script(*good(2))
    Path("register.md").write_text(FEW)
    asked = ["generate", "--file", "register.md", "--method", "rows", "--rows", "12"]
    assert main([*asked, "--dry-run"]) == 0
    assert "in 2 requests, the first of which is below" in capsys.readouterr().out
    assert messages_api.requests == []
    assert main([*asked, "--database", "LRR", "--without", "name", "--out", "them.csv"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(
        "12 synthetic patients in them.csv, what made them in them.csv.synth"
    )
    assert main(["sample", "them.csv.synthetic.json"]) == 0
    assert capsys.readouterr().out == Path("them.csv").read_text()
    assert len(messages_api.requests) == 2


def test_what_fails_is_said_in_one_line(
    messages_api: MessagesApi, capsys: pytest.CaptureFixture[str]
) -> None:
    messages_api.script(*good(1), Fails(404, "no such model", "not_found_error"))
    asked = ["generate", FEW, "--method", "rows", "--requests-at-once", "1", "--rows", "20"]
    assert main(asked) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("synthpatients: 127.0.0.1")
    assert "10 patients of 20 had come: run this again" in said.err
    assert said.err.count("\n") == 1
