"""Patients that a model writes, in a notebook: how they are shown, and what may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output

from synth_magic.engines.answer import Progress
from synth_magic.notebook.progress import watching
from tests.engines.rows.builders import FEW, REGISTER, Patient, Writes, answer, each
from tests.messages_api import MessagesApi, Says
from tests.messages_api.steps import STREAM, Body, Wire, block, sse
from tests.notebook.asked import page, read, recordings, run_cell
from tests.notebook.kernels import Kernel, texts

SCRIPT = "<script>alert(1)</script>"

PATIENTS: list[Patient] = [
    {"age": 40 + n, "sex": "male" if n % 3 else "female", "creatinine": 80.5 + n} for n in range(10)
]
GOOD = Says(answer(PATIENTS))
HALF = GOOD.text[: GOOD.text.index('"age": 44')]


@dataclass(frozen=True)
class Halts:
    """An answer that comes in one piece so far, and then no more of it."""

    text: str

    def answer(self, wire: Wire, asked: Body) -> None:
        wire.begin(200, STREAM)
        begun = list(Says("").said(asked))[:2]
        for event in (*begun, *list(block(0, "text", self.text, pieces=1))[:-1]):
            wire.chunk(sse(event))
        wire.wait()


def run(shell: InteractiveShell, options: str = "", text: str = FEW) -> CapturedIO:
    rows = "" if "--rows" in options else "--rows 20"
    line = f"%%synthpatients patients --method rows --requests-at-once 1 {rows} {options}"
    return run_cell(shell, f"{line}\n{text}")


REFUSED = {
    "--engine offline": "SettingError: the rows method needs a language model",
    "--engine recorded": "RecordingError: no patients are recorded that were asked for in this way",
    "--without name": "SettingError: there is no name of the database to leave out",
    "--rows 0": "RowsError: rows must be a whole number of at least 1",
    "--requests-at-once x": "SettingError: --requests-at-once must be",
    "--method row": "SettingError: --method must be",
    "--example nobody": "SettingError: --example",
}


@pytest.mark.parametrize(("options", "says"), REFUSED.items(), ids=REFUSED)
def test_what_fails_for_free_fails_before_anything_is_asked(
    notebook: InteractiveShell, messages_api: MessagesApi, options: str, says: str
) -> None:
    shown = read(run(notebook, options), messages_api)
    assert shown.startswith(says)
    assert shown.endswith("patients is as it was before.")
    assert messages_api.requests == []


def test_without_a_key_it_says_so(
    notebook: InteractiveShell, messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    shown = read(run(notebook), messages_api)
    assert shown.startswith("CredentialsError: there is no key for the Anthropic API: run %synth")
    assert "--method specification needs none" in shown


def test_a_dry_run_shows_the_request_and_sends_nothing(
    notebook: InteractiveShell, messages_api: MessagesApi
) -> None:
    earlier = notebook.user_ns["patients"]
    (said,) = [output.data["text/plain"] for output in run(notebook, "--dry-run").outputs]
    assert said.startswith("Nothing was asked. claude-opus-5-5 would be asked.\nAsking claude")
    assert "in 2 requests, the first of which is below" in said
    assert "Write 10 patients of this database." in said
    assert notebook.user_ns["patients"] is earlier
    assert messages_api.requests == []
    assert recordings() == []


def test_patients_are_shown_with_a_panel_and_others_can_be_drawn(
    notebook: InteractiveShell, messages_api: MessagesApi
) -> None:
    messages_api.script(
        Writes(
            each(age=17),
        ),
        Writes(),
        Writes(),
    )
    shown = run(notebook, text=REGISTER)
    first = notebook.user_ns["patients"]
    for words in (first.cohort.origin.summary, *first.cohort.origin.remarks):
        assert escape(words) in page(shown)
    assert "10 rows were rejected: 10 because age is below 18." in first.cohort.origin.remarks
    assert any("widget-view" in str(output.data) for output in shown.outputs)

    binding = notebook.magics_manager.registry["SynthPatients"].bindings["patients"]
    assert binding.version.line(binding.cohort).endswith("--requests-at-once 1 --rows 20 --seed 0")
    binding.draw(50, 3)
    drawn = notebook.user_ns["patients"]
    assert len(drawn) == 50
    assert drawn.cohort.origin.summary.startswith("Drawn from a specification learnt from")
    assert binding.version.line(binding.cohort) == ""

    with capture_output():
        notebook.run_line_magic("synthpatients", "restore patients 1")
    assert notebook.user_ns["patients"].equals(first)
    for command, words in {
        "prompt": "Write 10 patients of this database.",
        "spec": '"provenance": "model"',
        "history": "patients: version 1 of 1",
    }.items():
        with capture_output() as said:
            notebook.run_line_magic("synthpatients", f"{command} patients")
        assert words in said.outputs[0].data["text/plain"]
    assert len(messages_api.requests) == 3


def test_what_a_model_or_a_description_says_is_escaped(notebook: InteractiveShell) -> None:
    row = {SCRIPT: SCRIPT, "b": None, "c": 3}
    with capture_output() as shown, watching(notebook) as watch:
        watch(Progress(SCRIPT, SCRIPT, rows=tuple([row] * 25), wanted=30))
    first, last = shown.outputs
    assert SCRIPT not in first.data["text/html"]
    assert first.data["text/html"].count(escape(SCRIPT)) == 11 + 2
    assert "25 of 30 patients" in first.data["text/plain"]
    assert last.data == {"text/html": "", "text/plain": ""}


@pytest.mark.once
def test_patients_are_shown_as_they_come_and_an_interrupt_keeps_them(
    kernel: Kernel, messages_api: MessagesApi
) -> None:
    cell = "%%synthpatients renal --method rows --requests-at-once 2"
    kernel.run("renal = 'earlier'")
    messages_api.script(GOOD, Halts(HALF), Halts(HALF))
    request = kernel.start(f"{cell} --rows 40\n{FEW}")
    while "18 of 40 patients" not in str(kernel.next_output()["content"].get("data")):
        pass
    progress = kernel.said[-1]["content"]["data"]
    assert progress["text/plain"].startswith("Asking claude-opus-5-5: writing, 2 at once, 18 of 40")
    assert progress["text/html"].count("<tr>") == 1 + 10
    kernel.manager.interrupt_kernel()
    outputs = kernel.until_idle(request)
    (error,) = [o["content"] for o in outputs if o["msg_type"] == "error"]
    (file,) = (kernel.folder / ".synthpatients").iterdir()
    (line,) = error["traceback"]
    assert line == (
        "KeyboardInterrupt: 18 patients of 40 had come: run this again to go on from there, or "
        "with --rows 18 to have these alone. What the model wrote is kept in "
        f".synthpatients/{file.name}.\nrenal is as it was before."
    )
    assert texts(outputs, "update_display_data")[-1] == ""
    assert texts(kernel.run("renal"), "execute_result") == ["'earlier'"]

    asked = len(messages_api.requests)
    kernel.run(f"{cell} --rows 18\n{FEW}")
    assert len(messages_api.requests) == asked
    messages_api.script(GOOD, GOOD, GOOD)
    kernel.run(f"{cell} --rows 40\n{FEW}")
    assert texts(kernel.run("len(renal)"), "execute_result") == ["40"]
    assert len(messages_api.requests) == asked + 3
