"""A cell that asks a model: the real SDK, a real shell, and a local server that answers by script.

For everything that can go wrong: what the user reads, that the earlier variable survives, and that
no key is shown.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from synth_magic import PatientFrame
from synth_magic.engines.claude.budget import Ledger
from synth_magic.errors import (
    AnswerError,
    BudgetError,
    CallError,
    CredentialsError,
    EngineError,
    RecordingError,
    SynthMagicError,
)
from tests.engines.claude.builders import TABLE, answer, quantiles, variable
from tests.messages_api import BreaksOff, Fails, MessagesApi, Says
from tests.messages_api.steps import Step

GOOD = Says(json.dumps(answer()))
KEY = "sk-test-0123456789"
HALF = GOOD.text[:2000]


@pytest.fixture
def asking(
    shell: InteractiveShell,
    messages_api: MessagesApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> InteractiveShell:
    """A shell whose model is the local server, in an empty folder, at the start of a session."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setattr("synth_magic.engines.claude.call.SESSION", ledger := Ledger())
    monkeypatch.setattr("synth_magic.engines.claude.budget.SESSION", ledger)
    return shell


def run(shell: InteractiveShell, line: str, body: str = TABLE) -> str:
    """Run a cell that must go well; return what it shows."""
    with capture_output(display=False) as shown:
        result = shell.run_cell(f"%%synthpatients {line}\n{body}")
    result.raise_error()
    return str(shown.stdout)


def refusal(shell: InteractiveShell, line: str, *steps: Step, api: MessagesApi) -> Exception:
    """Run a cell that must fail, in one line and without a key; return its error."""
    api.script(*steps)
    shell.user_ns["d"] = earlier = object()
    with capture_output() as shown:
        result = shell.run_cell(f"%%synthpatients d {line}\n{TABLE}")
    error = result.error_in_exec
    assert isinstance(error, SynthMagicError)
    assert shown.stdout.strip() == f"{type(error).__name__}: {error}"
    assert str(error).endswith("\nd is as it was before.")
    assert KEY not in shown.stdout + shown.stderr
    assert shell.user_ns["d"] is earlier
    return error


def recordings() -> list[Path]:
    return sorted(Path(".synthpatients").glob("*.json"))


def test_an_answer_becomes_patients_and_says_what_it_took(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    shown = run(asking, "renal --rows 50 --engine claude")
    renal = asking.user_ns["renal"]
    assert list(renal.columns) == ["sex", "age", "creatinine", "stage"]
    assert len(renal) == 50
    origin = renal.cohort.origin
    assert (origin.engine, origin.model) == ("claude", "claude-opus-5-5")
    assert (origin.usage.input_tokens, origin.usage.output_tokens) == (1000, 200)
    assert origin.summary.rstrip(".") in shown
    assert messages_api.requests[0].key == KEY


def test_the_same_description_is_answered_once(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD, GOOD)
    run(asking, "first --rows 50")
    run(asking, "again --rows 50 --model claude-opus-5-5")
    assert len(messages_api.requests) == 1
    assert asking.user_ns["again"].equals(asking.user_ns["first"])
    assert asking.user_ns["again"].cohort.origin.engine == "recorded"
    run(asking, "anew --rows 50 --fresh")
    assert len(messages_api.requests) == 2
    assert asking.user_ns["anew"].cohort.origin.engine == "claude"


def test_settings_reach_the_request(asking: InteractiveShell, messages_api: MessagesApi) -> None:
    messages_api.script(GOOD)
    asking.user_ns["ann"] = [{"sex": "female", "age": 61 + n} for n in range(7)]
    asking.run_line_magic("config", "SynthPatients.max_tokens = '9_000'")
    run(asking, "d --model some-model --effort low --example ann")
    body = messages_api.requests[0].body
    assert (body["model"], body["max_tokens"]) == ("some-model", 9000)
    assert body["output_config"]["effort"] == "low"
    sent = json.dumps(body["messages"])
    assert '\\"age\\": 65' in sent
    assert '\\"age\\": 66' not in sent
    remark = "Of the 7 example patients, only the first 5 are part of the question."
    assert remark in asking.user_ns["d"].cohort.origin.remarks


def test_a_dry_run_shows_the_request_and_sends_nothing(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    shown = run(asking, "d --dry-run")
    assert "claude-opus-5-5 would be asked" in shown
    assert "Patients of a renal clinic in Leeds" in shown
    assert messages_api.requests == []
    assert "d" not in asking.user_ns
    assert not Path(".synthpatients").exists()


def test_a_refused_key(asking: InteractiveShell, messages_api: MessagesApi) -> None:
    error = refusal(
        asking, "", Fails(401, f"invalid {KEY}", "authentication_error"), api=messages_api
    )
    assert isinstance(error, CredentialsError)
    assert "refused the key (401); run %synthpatients login in a notebook" in str(error)


def test_no_key_at_all(
    asking: InteractiveShell, messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    error = refusal(asking, "--engine claude", api=messages_api)
    assert str(error).startswith(
        "there is no key for the Anthropic API: run %synthpatients login in a notebook"
    )
    run(asking, "d")
    origin = asking.user_ns["d"].cohort.origin
    assert origin.engine == "offline"
    assert "%synthpatients login" in origin.summary


@pytest.mark.parametrize("how", ["quietly", "abruptly"])
def test_a_dropped_connection_keeps_what_came(
    asking: InteractiveShell, messages_api: MessagesApi, how: str
) -> None:
    error = refusal(asking, "", BreaksOff(HALF, how), api=messages_api)  # type: ignore[arg-type]
    assert isinstance(error, CallError)
    (kept,) = recordings()
    assert str(error) == (
        "the connection was lost in the middle of the answer; ask "
        f"again. What the model wrote is kept in {kept}.\nd is as it was before."
    )
    assert '"Renal clinic' in kept.read_text(encoding="utf-8").replace("\\", "")
    assert KEY not in kept.read_text(encoding="utf-8")


def test_an_answer_that_stays_unusable_is_kept(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    error = refusal(asking, "", *[Says("I would rather not.")] * 3, api=messages_api)
    assert isinstance(error, AnswerError)
    assert len(messages_api.requests) == 3
    assert f"What the model wrote is kept in {recordings()[0]}." in str(error)


def test_the_budget_stops_a_call_before_it_is_made(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    error = refusal(asking, "--token-budget 5000", GOOD, api=messages_api)
    assert isinstance(error, BudgetError)
    assert "raise the setting token_budget (now 5000)" in str(error)
    assert messages_api.requests == []


def test_nothing_recorded(asking: InteractiveShell, messages_api: MessagesApi) -> None:
    error = refusal(asking, "--engine recorded", api=messages_api)
    assert isinstance(error, RecordingError)
    assert "no answer to this description is recorded in '.synthpatients'" in str(error)


@pytest.mark.parametrize(
    "line",
    ["--rows 0", "--seed x", "--rows 100000000", "--effort some", "--example nobody"],
)
def test_what_fails_for_free_fails_before_anything_is_asked(
    asking: InteractiveShell, messages_api: MessagesApi, line: str
) -> None:
    refusal(asking, line, GOOD, api=messages_api)
    assert messages_api.requests == []


def test_what_a_model_says_is_escaped(asking: InteractiveShell, messages_api: MessagesApi) -> None:
    from synth_magic.notebook.pages.notes import notes
    from synth_magic.notebook.pages.view import View

    evil = answer()
    evil["variables"][1] |= {"basis": "<script>alert(1)</script>", "certainty": "high"}
    messages_api.script(Says(json.dumps(evil), model="<b>model</b>"))
    run(asking, "d")
    frame = asking.user_ns["d"]
    html = notes(View.of(frame.cohort, frame))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (high certainty)" in html
    assert "&lt;b&gt;model&lt;/b&gt;" in html
    assert "<script>" not in html


# --- changes ---------------------------------------------------------------------------------

OLDER = Says(
    json.dumps(
        answer(
            variables=[variable("age", "integer", quantiles(28, 31, 41, 60, 73, 84, 95, 99, 109))],
            associations=[],
            removed=[],
        )
    )
)


def refine(shell: InteractiveShell, words: str, *steps: Step, api: MessagesApi) -> PatientFrame:
    api.script(*steps)
    frame = shell.run_line_magic("synthpatients", f'renal --refine "{words}"')
    assert isinstance(frame, PatientFrame)
    return frame


def test_a_refinement_shows_the_model_what_there_is_and_changes_what_it_answers(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    run(asking, "renal --rows 50 --seed 3")
    before = asking.user_ns["renal"]
    after = refine(asking, "make them ten years older", OLDER, api=messages_api)
    sent = messages_api.requests[1].body["messages"][0]["content"]
    assert "make them ten years older" in sent
    assert "Patients of a renal clinic in Leeds" in sent
    assert after["age"].median() == pytest.approx(before["age"].median() + 10, abs=2)
    assert after["creatinine"].equals(before["creatinine"])
    assert (after.cohort.rows, after.cohort.seed) == (50, 3)


def test_a_notebook_run_again_costs_nothing(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    run(asking, "renal --rows 50")
    after = refine(asking, "make them older", OLDER, api=messages_api)
    for _ in range(2):
        del asking.user_ns["renal"]
        asking.run_line_magic("reload_ext", "synth_magic")  # as a restart does
        run(asking, "renal --rows 50")
        again = refine(asking, "make them older", api=messages_api)
        assert again.equals(after)
        assert "version 2 of 2" in said(asking, "history renal")
    assert len(messages_api.requests) == 2


def test_another_text_is_a_change_and_a_fresh_one_is_none(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    run(asking, "renal --rows 50")
    other = TABLE.replace("18 or older", "28 or older")
    messages_api.script(OLDER)
    run(asking, "renal --rows 50", other)
    assert "18 or older" in str(messages_api.requests[1].body["messages"])
    assert "described from 1" in said(asking, "history renal")
    messages_api.script(GOOD)
    run(asking, "renal --rows 50 --fresh", other)
    assert "18 or older" not in str(messages_api.requests[2].body["messages"])
    assert "→ 3  described  " in said(asking, "history renal")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([Fails(401, f"invalid {KEY}", "authentication_error")], "refused the key"),
        ([Fails(529, "Overloaded", "overloaded_error")] * 3, "is overloaded"),
        ([BreaksOff(OLDER.text[:300], "abruptly")], "the connection was lost"),
        ([Says("I would rather not.")] * 3, "cannot be used"),
    ],
    ids=["key", "overloaded", "broken off", "unusable"],
)
def test_a_refinement_that_fails_keeps_the_old_version(
    asking: InteractiveShell, messages_api: MessagesApi, steps: list[Step], message: str
) -> None:
    messages_api.script(GOOD)
    run(asking, "renal --rows 50")
    before = asking.user_ns["renal"]
    messages_api.script(*steps)
    with capture_output() as shown:
        result = asking.run_cell('%synthpatients renal --refine "make them older"')
    assert isinstance(result.error_in_exec, EngineError)
    assert message in shown.stdout
    assert shown.stdout.strip().endswith("\nrenal is as it was before.")
    assert KEY not in shown.stdout + shown.stderr
    assert asking.user_ns["renal"] is before
    assert "version 1 of 1" in said(asking, "history renal")


def test_the_request_of_a_refinement_is_shown(
    asking: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    run(asking, "renal --rows 50")
    refine(asking, "make them older", OLDER, api=messages_api)
    assert messages_api.requests[1].body["messages"][0]["content"] in said(asking, "prompt renal")
    asking.run_line_magic("synthpatients", "restore renal 1")
    assert messages_api.requests[0].body["messages"][0]["content"] in said(asking, "prompt renal")
    assert "make them older" not in said(asking, "prompt renal")


def said(shell: InteractiveShell, line: str) -> str:
    with capture_output() as shown:
        shell.run_line_magic("synthpatients", line)
    return "".join(output.data["text/plain"] for output in shown.outputs)
