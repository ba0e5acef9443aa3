"""Everything that can go wrong with an answer, and what the user of a notebook then meets.

Each row is one script of the server, one step a request, and all that the user reads of it. Of
every row holds: the test ends by itself, all that a model wrote is on the disk, an error leaves the
earlier variable alone, patients come again without another request, and the key is nowhere.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO

from tests.engines.claude.builders import TABLE, answer, changed, variable
from tests.messages_api import BreaksOff, Fails, Hangs, MessagesApi, Says
from tests.messages_api.steps import Step
from tests.notebook.asked import KEY, kept, page, read, recordings, run_cell

PROSE = TABLE.partition("\n")[0]
SCRIPT = '"><script>alert(1)</script>'

GOOD = Says(json.dumps(answer()))
HALF = GOOD.text[: len(GOOD.text) // 2]
UNKNOWN_TYPE = Says(json.dumps(changed("age", type="number")))
NO_JSON = Says("I would rather not.")
HOSTILE_FORMULA = Says(
    json.dumps(
        changed(
            "age",
            marginal={"kind": "formula", "expression": "open('hacked', 'w')", "codes": []},
        )
    )
)
HOSTILE_RULE = Says(
    json.dumps(answer(rules=[{"expression": "sex.__class__.mro() == 1", "reason": SCRIPT}]))
)
INVENTED = {
    "quote": "12% with diabetes", "variable": "stage", "statistic": "share", "value": 0.9,
    "code": "late", "other_variable": "", "within": None,
}  # fmt: skip
STRANGE = answer(mood="good", variables=[v | {"colour": "red"} for v in answer()["variables"]])
MARKUP = answer(
    title=SCRIPT,
    variables=[v | {"label": SCRIPT, "basis": SCRIPT} for v in answer()["variables"]],
)
WAIT = {"retry-after-ms": "1", "retry-after": "30"}
GRAMMAR = "output_config.format.schema: The compiled grammar is too large"
CREDIT = "Your credit balance is too low to access the Anthropic API."

FILE = "What the model wrote is kept in FILE."
UNUSABLE = "AnswerError: the answer of claude-opus-5-5 cannot be used"
AGAIN = "Ask again, or change the setting model."
LATER = "ask again in a few minutes"


class Fault(NamedTuple):
    """What the server does, what the user reads (HOST and FILE in it), and the cell's options."""

    script: list[Step]
    reads: str
    options: str = ""


FAILS = {
    "429 to the end": Fault(
        [Fails(429, "Too many tokens a minute.", "rate_limit_error", WAIT)] * 3,
        "CallError: HOST allows no more requests for now (429, 3 tries): "
        '"Too many tokens a minute."; ask again in 30 seconds',
    ),
    "529": Fault(
        [Fails(529, "Overloaded", "overloaded_error")] * 3,
        f'CallError: HOST is overloaded (529, 3 tries): "Overloaded"; {LATER}',
    ),
    "500": Fault(
        [Fails(500, "Internal server error", "api_error")] * 3,
        f'CallError: HOST failed (500, 3 tries): "Internal server error"; {LATER}',
    ),
    "401": Fault(
        [Fails(401, f"invalid x-api-key {KEY}", "authentication_error")],
        "CredentialsError: HOST refused the key (401); run %synthpatients login in a notebook, or "
        "set the environment variable ANTHROPIC_API_KEY before Python or Jupyter starts",
    ),
    "403": Fault(
        [Fails(403, f"{KEY} may not use this model.", "permission_error")],
        "CredentialsError: HOST does not let this key ask 'claude-opus-5-5' (403): "
        '"… may not use this model."; use another key or model',
    ),
    "400 for credit": Fault(
        [Fails(400, CREDIT)],
        f'CallError: HOST refused the request (400): "{CREDIT}"; put that right and ask again',
    ),
    "404": Fault(
        [Fails(404, "model: claude-opus-5-5", "not_found_error")],
        "CallError: HOST knows no model 'claude-opus-5-5' (404): \"model: claude-opus-5-5\"; "
        "change the setting model",
    ),
    "markup and a key in an error": Fault(
        [Fails(400, f"<script>alert('{KEY}')</script>\x1b[31m\nno")],
        "CallError: HOST refused the request (400): \"<script>alert('…')</script>[31m no\"; "
        "put that right and ask again",
    ),
    "silence": Fault(
        [Hangs()] * 3,
        "CallError: HOST sent nothing for 0.1 seconds, 3 tries; ask "
        "again, or raise the setting timeout (now 0.1)",
        "--timeout 0.1",
    ),
    "silence in the middle": Fault(
        [BreaksOff(HALF, "silently")],
        f"CallError: HOST sent nothing for 0.5 seconds; ask again, or raise the "
        f"setting timeout (now 0.5). {FILE}",
        "--timeout 0.5",
    ),
    "the connection is cut": Fault(
        [BreaksOff(HALF, "abruptly")],
        f"CallError: the connection was lost in the middle of the answer; ask again. {FILE}",
    ),
    "the stream ends": Fault(
        [BreaksOff(HALF, "quietly")],
        f"CallError: the connection was lost in the middle of the answer; ask again. {FILE}",
    ),
    "an error in the middle": Fault(
        [BreaksOff(HALF, "with_error")],
        f'CallError: HOST is overloaded: "Overloaded"; ask again in a few minutes. {FILE}',
    ),
    "max_tokens": Fault(
        [Says(HALF, stop_reason="max_tokens")],
        f"AnswerError: the answer was cut off at 64,000 tokens, thinking included; "
        f"raise the setting max_tokens (now 64000) or lower effort. {FILE}",
    ),
    "refusal": Fault(
        [Says("I", stop_reason="refusal", stop_details={"explanation": "This may harm."})],
        f'AnswerError: the model refused to answer: "This may harm."; describe the '
        f"patients in other words, or change the setting model. {FILE}",
    ),
    "an empty answer": Fault(
        [Says("", thinking="Hm.")],
        "AnswerError: the model ended its answer without a word; ask again",
    ),
    "no JSON three times": Fault(
        [NO_JSON] * 3,
        f"{UNUSABLE}, nor its 2 corrections:\n  the answer: it is no JSON (line 1, column 1: "
        f"Expecting value); one JSON object is wanted\n{AGAIN} {FILE}",
    ),
    "the schema broken three times": Fault(
        [UNKNOWN_TYPE] * 3,
        f"{UNUSABLE}, nor its 2 corrections:\n  variables[1].type ('age'): 'number' is unknown; "
        "allowed: continuous, integer, binary, ordinal, categorical, date, identifier\n"
        f"{AGAIN} {FILE}",
    ),
    "a hostile formula three times": Fault(
        [HOSTILE_FORMULA] * 3,
        f"{UNUSABLE}, nor its 2 corrections:\n  variables[1].marginal.expression ('age'): column 1 "
        "of \"open('hacked', 'w')\": \"open('hacked', 'w')\" calls no known function; the "
        f"functions are min, max, abs, sqrt, log, exp, round, floor\n{AGAIN} {FILE}",
    ),
    "10,000 variables, which no correction can take away": Fault(
        [Says(json.dumps(answer(variables=[{"name": f"v{n}"} for n in range(10_000)])))],
        f"{UNUSABLE}:\n  variables: there are 10,000; there may be 200 at most\n{AGAIN} {FILE}",
    ),
    "the budget spent before the second correction": Fault(
        [UNKNOWN_TYPE, Says(UNKNOWN_TYPE.text, usage=(400_000, 95_000))],
        "BudgetError: the next call may take N tokens (about N in, up to 64,000 out), and this "
        "session has taken 496,200 of the 500,000 that it may: it was not made; raise the "
        f"setting token_budget (now 500000). {FILE}",
    ),
    "a correction that is cut": Fault(
        [UNKNOWN_TYPE, BreaksOff(HALF, "abruptly")],
        f"CallError: the connection was lost in the middle of the answer; ask again. {FILE}",
    ),
}

GOES_WELL = {
    "a good answer": Fault([GOOD], ""),
    "in single bytes": Fault([Says(GOOD.text, thinking="Größe…", in_bytes=True)], ""),
    "429, then good": Fault([Fails(429, "Wait.", "rate_limit_error", WAIT), GOOD], ""),
    "400 for the grammar, then good": Fault([Fails(400, GRAMMAR), GOOD], ""),
    "no JSON once": Fault([NO_JSON, GOOD], ""),
    "no JSON for a correction": Fault([UNKNOWN_TYPE, NO_JSON, GOOD], ""),
    "the schema broken once": Fault([UNKNOWN_TYPE, GOOD], ""),
    "the title broken once": Fault([Says(json.dumps(answer(title=3))), GOOD], ""),
    "a hostile rule twice": Fault(
        [HOSTILE_RULE] * 2,
        "The model's rule 'sex.__class__.mro() == 1' was left out: column 1 of "
        "'sex.__class__.mro() == 1': 'sex.__class__.mro()' calls no known function.",
    ),
    "a quote that nobody wrote": Fault(
        [Says(json.dumps(answer(facts=[INVENTED])))],
        "The model quoted '12% with diabetes', which does not stand in the description; the figure "
        "was left out.",
    ),
    "unknown fields": Fault(
        [Says(json.dumps(STRANGE), extra={"phase_of_the_moon": {"full": True}})],
        "The answer held what was not asked for, left out: 'mood', 'variables.colour'.",
    ),
    "markup in label, basis and title": Fault([Says(json.dumps(MARKUP))], ""),
}


def run(shell: InteractiveShell, options: str = "") -> CapturedIO:
    return run_cell(shell, f"%%synthpatients patients {options}\n{PROSE}")


def written(script: list[Step]) -> list[Any]:
    """What the model wrote, as it is kept."""
    texts = (step.text for step in script if isinstance(step, Says | BreaksOff))
    return [opened(text) for text in texts if text]


def opened(text: str) -> Any:
    """JSON where it is JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize("fault", FAILS.values(), ids=FAILS)
def test_an_error_says_what_happened_and_loses_nothing(
    notebook: InteractiveShell, messages_api: MessagesApi, fault: Fault
) -> None:
    messages_api.script(*fault.script)
    earlier = notebook.user_ns["patients"]
    shown = run(notebook, fault.options)
    assert read(shown, messages_api) == f"{fault.reads}\npatients is as it was before."
    assert notebook.user_ns["patients"] is earlier
    assert len(messages_api.requests) == len(fault.script)
    assert kept(r"\.unfinished-1") == written(fault.script)
    assert not Path("hacked").exists()
    assert shown.stderr == ""


@pytest.mark.parametrize("fault", GOES_WELL.values(), ids=GOES_WELL)
def test_patients_come_with_a_remark_and_come_again_for_nothing(
    notebook: InteractiveShell, messages_api: MessagesApi, fault: Fault
) -> None:
    messages_api.script(*fault.script)
    shown = run(notebook, fault.options)
    answers = written(fault.script)
    patients = notebook.user_ns["patients"]
    origin = patients.cohort.origin
    assert origin.remarks == ((fault.reads,) if fault.reads else ())
    assert origin.summary.startswith(
        f"claude-opus-5-5 wrote the specification on {origin.date[:10]}: {len(answers)},000 tokens "
        f"in, {200 * len(answers)} out, about $"
    )
    stage = patients.cohort.spec.variable("stage")
    rests = f"stage: {stage.basis} (moderate certainty)"
    for words in (origin.summary, *origin.remarks, stage.label, rests):
        assert escape(words) in page(shown)
    assert SCRIPT not in page(shown)
    assert kept("") == answers
    assert shown.stderr == ""

    run(notebook, "--quiet")
    assert len(messages_api.requests) == len(fault.script)
    assert notebook.user_ns["patients"].equals(patients)
    assert notebook.user_ns["patients"].cohort.origin.remarks == origin.remarks


def test_a_server_that_is_not_there(
    notebook: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MessagesApi() as closed:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", closed.url)
    earlier = notebook.user_ns["patients"]
    assert read(run(notebook), closed) == (
        "CallError: HOST was not reached, 3 tries; check the network "
        "and the setting base_url; --engine offline needs neither\npatients is as it was before."
    )
    assert notebook.user_ns["patients"] is earlier
    assert recordings() == []


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("''", ", for no folder of recordings is set"),
        ("file", ": the recording cannot be written: file exists"),
    ],
)
def test_where_nothing_can_be_kept_nothing_else_is_said(
    notebook: InteractiveShell, messages_api: MessagesApi, folder: str, reason: str
) -> None:
    Path("file").touch()
    messages_api.script(BreaksOff(HALF, "abruptly"))
    assert read(run(notebook, f"--recordings {folder}"), messages_api) == (
        "CallError: the connection was lost in the middle of the answer; ask again. What the model "
        f"wrote is not kept{reason}.\npatients is as it was before."
    )
    assert recordings() == []


def test_however_much_is_wrong_the_error_can_be_read(
    notebook: InteractiveShell, messages_api: MessagesApi
) -> None:
    wrong = answer(variables=[variable(f"v{n}", "number", {"kind": "odd"}) for n in range(90)])
    messages_api.script(*[Says(json.dumps(wrong))] * 3)
    lines = read(run(notebook), messages_api).splitlines()
    assert lines[0] == f"{UNUSABLE}, nor its 2 corrections:"
    assert "  and 175 more" in lines
    assert "variables[0].type ('v0'): 'number' is unknown" in "\n".join(lines)
    assert lines[-1] == "patients is as it was before."
    assert lines[-2].endswith(FILE)
    assert len(lines) <= 12


def test_half_a_letter_in_an_answer_keeps_no_correction_from_being_asked_for(
    notebook: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(Says("No JSON \ud83d"), GOOD)
    shown = run(notebook)
    assert len(messages_api.requests) == 2
    assert "synthetic patients" in page(shown)
