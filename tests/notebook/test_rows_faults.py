"""Patients that a model writes, in a notebook: what goes wrong, and what the user then meets.

Each row is one script of the server, one step a request, and all that the user reads of it. Of
every row holds: the test ends by itself, all that a model wrote is on the disk, an error leaves the
earlier variable alone, patients come again without another request, and the key is nowhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO

from tests.engines.rows.builders import FEW, Patient, Writes, answer, each
from tests.messages_api import BreaksOff, Fails, Hangs, MessagesApi, Says
from tests.messages_api.steps import Step
from tests.notebook.asked import KEY, kept, page, read, recordings, run_cell

SCRIPT = "<script>alert(1)</script>"

PATIENTS: list[Patient] = [
    {"age": 40 + n, "sex": "male" if n % 3 else "female", "creatinine": 80.5 + n} for n in range(10)
]
GOOD = Says(answer(PATIENTS))
HALF = GOOD.text[: GOOD.text.index('"age": 44')]
NO_JSON = Says("I would rather not.")
WRONG = Says(answer(each(sex=SCRIPT)(PATIENTS)))
WAIT = {"retry-after-ms": "1", "retry-after": "30"}
BUSY = Fails(429, "Too many tokens a minute.", "rate_limit_error", WAIT)
OVERLOADED = Fails(529, "Overloaded", "overloaded_error")
CREDIT = "Your credit balance is too low to access the Anthropic API."
GRAMMAR = "output_config.format.schema: The compiled grammar is too large"

FILE = "What the model wrote is kept in FILE."
LATER = "ask again in a few minutes"
LOST = "CallError: the connection was lost in the middle of the answer; ask again"
AGAIN = "Ask again, change the setting model, or describe the variables more plainly"
NOBODY = f"No patient had come whole. {FILE}"


def had(patients: int) -> str:
    return (
        f"{patients} patients of 20 had come: run this again to go on from there, or with --rows "
        f"{patients} to have these alone. {FILE}"
    )


class Fault(NamedTuple):
    """What the server does, what the user reads (HOST and FILE in it), and the cell's options."""

    script: list[Step]
    reads: str
    options: str = ""


FAILS = {
    "429 to the end, made again three times": Fault(
        [BUSY] * 12,
        "CallError: HOST allows no more requests for now (429, 3 tries): "
        '"Too many tokens a minute."; ask again in 30 seconds',
    ),
    "529 to the end": Fault(
        [OVERLOADED] * 12, f'CallError: HOST is overloaded (529, 3 tries): "Overloaded"; {LATER}'
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
    "403 after the first request": Fault(
        [GOOD, Fails(403, f"{KEY} may not use this model.", "permission_error")],
        "CredentialsError: HOST does not let this key ask 'claude-opus-5-5' (403): "
        f'"… may not use this model."; use another key or model. {had(10)}',
    ),
    "400 for credit after the first request": Fault(
        [GOOD, Fails(400, CREDIT)],
        f'CallError: HOST refused the request (400): "{CREDIT}"; put that right and ask again. '
        f"{had(10)}",
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
        [BreaksOff(HALF, "silently")] * 3,
        "CallError: HOST sent nothing for 0.2 seconds; ask again, or raise the "
        f"setting timeout (now 0.2). {had(12)}",
        "--timeout 0.2",
    ),
    "the connection is cut": Fault([BreaksOff(HALF, "abruptly")] * 3, f"{LOST}. {had(12)}"),
    "the stream ends": Fault([BreaksOff(HALF, "quietly")] * 3, f"{LOST}. {had(12)}"),
    "an error in the middle": Fault(
        [BreaksOff(HALF, "with_error")] * 3,
        f'CallError: HOST is overloaded: "Overloaded"; ask again in a few minutes. {had(12)}',
    ),
    "cut before the first patient is whole": Fault(
        [BreaksOff(HALF[:40], "abruptly")] * 3, f"{LOST}. {NOBODY}"
    ),
    "max_tokens": Fault(
        [Says(HALF[:40], stop_reason="max_tokens")] * 3,
        "AnswerError: the answer was cut off at 16,000 tokens, thinking included; "
        f"raise the setting max_tokens (now 16000) or lower effort. {NOBODY}",
    ),
    "refusal": Fault(
        [Says("I", stop_reason="refusal", stop_details={"explanation": "This may harm."})] * 3,
        'AnswerError: the model refused to answer: "This may harm."; describe the '
        f"patients in other words, or change the setting model. {NOBODY}",
    ),
    "an empty answer": Fault(
        [Says("", thinking="Hm.")] * 3,
        "AnswerError: the model ended its answer without a word; ask again",
    ),
    "no JSON three times": Fault(
        [NO_JSON] * 3,
        "AnswerError: 3 answers held only 0 of 20 patients that can be used: 3 because the answer "
        f"holds no list of patients. {AGAIN}. {NOBODY}",
    ),
    "a hostile code three times": Fault(
        [WRONG] * 3,
        "AnswerError: 3 answers held only 0 of 20 patients that can be used: 30 because sex is "
        f"'{SCRIPT}', which is none of female, male. {AGAIN}. {NOBODY}",
    ),
    "the budget spent after the first request": Fault(
        [Says(GOOD.text, usage=(400_000, 99_000))],
        "BudgetError: the next call may take N tokens (about N in, up to 16,000 out), and this "
        "session has taken 499,000 of the 500,000 that it may: it was not made; raise the "
        f"setting token_budget (now 500000). {had(10)}",
    ),
}

GOES_WELL = {
    "good answers": Fault([GOOD, GOOD], ""),
    "in single bytes": Fault([Says(GOOD.text, thinking="Größe…", in_bytes=True), GOOD], ""),
    "429 once": Fault([BUSY, GOOD, GOOD], ""),
    "429 longer than one request tries": Fault([*[BUSY] * 4, GOOD, GOOD], ""),
    "400 for the grammar": Fault([Fails(400, GRAMMAR), GOOD, GOOD], ""),
    "a connection that is cut": Fault(
        [BreaksOff(HALF, "abruptly"), GOOD, GOOD],
        "3 requests were made for what 2 would have brought.",
    ),
    "max_tokens once": Fault(
        [GOOD, Says(HALF, stop_reason="max_tokens"), GOOD],
        "3 requests were made for what 2 would have brought.",
    ),
    "no JSON once": Fault(
        [GOOD, NO_JSON, GOOD], "1 row was rejected: 1 because the answer holds no list of patients."
    ),
    "hostile codes once": Fault(
        [WRONG, GOOD, GOOD],
        f"10 rows were rejected: 10 because sex is '{SCRIPT}', which is none of female, male.",
    ),
}


def run(shell: InteractiveShell, options: str = "", text: str = FEW) -> CapturedIO:
    rows = "" if "--rows" in options else "--rows 20"
    line = f"%%synthpatients patients --method rows --requests-at-once 1 {rows} {options}"
    return run_cell(shell, f"{line}\n{text}")


def written(script: list[Step]) -> list[Any]:
    """What the model wrote, as it is kept."""
    texts = [step.text for step in script if isinstance(step, Says | BreaksOff) and step.text]
    return [json.loads(text) if text.endswith("]}") else text for text in texts]


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
    assert SCRIPT not in page(shown)
    assert shown.stderr == ""


@pytest.mark.parametrize("fault", GOES_WELL.values(), ids=GOES_WELL)
def test_patients_come_with_a_remark_and_come_again_for_nothing(
    notebook: InteractiveShell, messages_api: MessagesApi, fault: Fault
) -> None:
    messages_api.script(*fault.script)
    run(notebook, f"--quiet {fault.options}")
    patients = notebook.user_ns["patients"]
    assert len(patients) == 20
    assert len(messages_api.requests) == len(fault.script)
    assert kept("") == written(fault.script)
    origin = patients.cohort.origin
    assert origin.summary.startswith("claude-opus-5-5 wrote these 20 patients on ")
    assert origin.cost.startswith("about $")
    assert fault.reads in (*origin.remarks, "")

    run(notebook, "--quiet")
    assert len(messages_api.requests) == len(fault.script)
    assert notebook.user_ns["patients"].equals(patients)


def test_what_came_before_an_error_is_gone_on_from(
    notebook: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(Writes(), Fails(500), Fails(500), Fails(500))
    run(notebook, "--quiet")
    run(notebook, "--quiet --rows 10")
    assert len(notebook.user_ns["patients"]) == 10
    assert len(messages_api.requests) == 4
    messages_api.script(Writes())
    run(notebook, "--quiet")
    assert len(notebook.user_ns["patients"]) == 20
    assert len(messages_api.requests) == 5


def test_a_server_that_is_not_there(
    notebook: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MessagesApi() as closed:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", closed.url)
    assert read(run(notebook), closed) == (
        "CallError: HOST was not reached, 3 tries; check the network "
        "and the setting base_url; --engine offline needs neither\npatients is as it was before."
    )
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
    messages_api.script(*[BreaksOff(HALF[:40], "abruptly")] * 3)
    assert read(run(notebook, f"--recordings {folder}"), messages_api) == (
        f"{LOST}. No patient had come whole. What the model wrote is not kept{reason}.\n"
        "patients is as it was before."
    )
