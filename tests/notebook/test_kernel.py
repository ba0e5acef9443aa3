"""What only a real kernel does: progress while a model writes, interrupts, and masked input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.engines.claude.builders import TABLE, answer
from tests.messages_api import BreaksOff, MessagesApi, Says
from tests.messages_api.steps import Body, Wire
from tests.notebook.kernels import LIMIT, Kernel, environment, texts

pytestmark = pytest.mark.once

KEY = "sk-test-0123456789"
GOOD = json.dumps(answer())


def test_progress_is_shown_while_a_model_writes_and_gone_afterwards(
    kernel: Kernel, messages_api: MessagesApi
) -> None:
    messages_api.script(Says(GOOD, thinking="Let me see."))
    outputs = kernel.run(f"%%synthpatients renal --rows 20\n{TABLE}")
    ours = [
        o
        for o in outputs
        if "Asking" in str(o["content"]) or o["msg_type"] == "update_display_data"
    ]
    first, *later = ours
    assert first["msg_type"] == "display_data"
    assert first["content"]["data"]["text/plain"] == (
        "Asking claude-opus-5-5: waiting. Kernel > Interrupt stops it."
    )
    name = first["content"]["transient"]["display_id"]
    assert {o["content"]["transient"]["display_id"] for o in later} == {name}
    assert any("thinking" in text for text in texts(later, "update_display_data"))
    assert any("writing" in text for text in texts(later, "update_display_data"))
    assert later[-1]["content"]["data"] == {"text/html": "", "text/plain": ""}
    panel = outputs.index(next(o for o in outputs if "widget-view" in str(o["content"])))
    assert outputs.index(later[-1]) < panel


def replaced(outputs: list[dict[str, Any]]) -> list[bool]:
    """Tell of each page that is shown again whether it says what has become of its patients."""
    updates = [o["content"]["data"] for o in outputs if o["msg_type"] == "update_display_data"]
    return ["a cell that ran later has replaced them" in str(data) for data in updates]


def test_nothing_is_shown_where_nobody_is_asked(kernel: Kernel, messages_api: MessagesApi) -> None:
    messages_api.script(Says(GOOD))
    kernel.run(f"%%synthpatients renal --rows 20\n{TABLE}")
    for line in ("renal --rows 20", "renal --rows 20 --engine offline"):
        outputs = kernel.run(f"%%synthpatients {line}\n{TABLE}")
        assert "Asking" not in str(outputs)
        assert all(replaced(outputs))
    assert len(messages_api.requests) == 1


class Silence:
    """No answer at all; `begun` once the server has the request."""

    def __init__(self) -> None:
        self.begun = Event()

    def answer(self, wire: Wire, _: Body) -> None:
        self.begun.set()
        wire.wait()


def interrupted(kernel: Kernel, request: str) -> str:
    """Interrupt a cell; return what it fails with, in one line, while its name keeps its value."""
    kernel.manager.interrupt_kernel()
    outputs = kernel.until_idle(request)
    (error,) = [o["content"] for o in outputs if o["msg_type"] == "error"]
    (line,) = error["traceback"]
    assert texts(outputs, "update_display_data")[-1] == ""
    assert texts(kernel.run("renal"), "execute_result") == ["'earlier'"]
    return str(line)


def test_an_interrupt_works_at_once(kernel: Kernel, messages_api: MessagesApi) -> None:
    kernel.run("renal = 'earlier'")
    messages_api.script(silence := Silence())
    request = kernel.start(f"%%synthpatients renal\n{TABLE}")
    assert silence.begun.wait(LIMIT)
    line = interrupted(kernel, request)
    assert line == "KeyboardInterrupt: the call was stopped\nrenal is as it was before."
    assert not (kernel.folder / ".synthpatients").exists()


def test_an_interrupt_of_a_refinement_keeps_the_version(
    kernel: Kernel, messages_api: MessagesApi
) -> None:
    messages_api.script(Says(GOOD), silence := Silence())
    kernel.run(f"%%synthpatients renal --rows 20\n{TABLE}")
    request = kernel.start('%synthpatients renal --refine "make them older"')
    assert silence.begun.wait(LIMIT)
    kernel.manager.interrupt_kernel()
    (error,) = [o["content"] for o in kernel.until_idle(request) if o["msg_type"] == "error"]
    assert error["traceback"] == [
        "KeyboardInterrupt: the call was stopped\nrenal is as it was before."
    ]
    (table,) = texts(kernel.run("%synthpatients history renal"), "display_data")
    assert table.startswith("renal: version 1 of 1\n")


def test_a_refinement_is_shown_below_its_cell_and_the_earlier_page_stays(kernel: Kernel) -> None:
    def models(outputs: list[dict[str, Any]]) -> list[str]:
        kind = "application/vnd.jupyter.widget-view+json"
        data = [o["content"]["data"] for o in outputs if o["msg_type"] == "display_data"]
        return [each[kind]["model_id"] for each in data if kind in each]

    kernel.run("%config SynthPatients.engine = 'offline'")
    first = models(kernel.run("%%synthpatients d --rows 20\nAdults aged 40-85, 56% male."))
    second = kernel.run('%synthpatients d --refine "70% male"')
    restored = kernel.run("%synthpatients restore d 1")
    assert len({*first, *models(second), *models(restored)}) == 3
    assert "Changed offline" in texts(second, "display_data")[-1]
    assert [len(replaced(outputs)) for outputs in (second, restored)] == [1, 1]
    assert all(replaced(second) + replaced(restored))


def test_the_line_is_completed(kernel: Kernel) -> None:
    kernel.run("%config SynthPatients.engine = 'offline'")
    kernel.run("%%synthpatients renal --quiet\nAdults aged 40-85, 56% male.")

    def completed(code: str) -> list[str]:
        reply = kernel.client.complete(code, reply=True, timeout=LIMIT)["content"]
        return [code[: reply["cursor_start"]] + match for match in reply["matches"]]

    assert "%synthpatients history" in completed("%synthpatients hist")
    assert "%synthpatients history renal" in completed("%synthpatients history ")
    assert "%synthpatients diff renal 1" in completed("%synthpatients diff renal ")
    assert "%%synthpatients renal --engine offline" in completed("%%synthpatients renal --engine o")
    assert "%%synthpatients renal --rows" in completed("%%synthpatients renal --ro")


def test_an_interrupt_keeps_what_came(kernel: Kernel, messages_api: MessagesApi) -> None:
    kernel.run("renal = 'earlier'")
    messages_api.script(BreaksOff(GOOD[: len(GOOD) // 2], "silently"))
    request = kernel.start(f"%%synthpatients renal\n{TABLE}")
    while "writing" not in str(kernel.next_output()["content"].get("data")):
        pass
    line = interrupted(kernel, request)
    (kept,) = (kernel.folder / ".synthpatients").glob("*.json")
    assert line == (
        "KeyboardInterrupt: the call was stopped. What the model wrote is kept in "
        f".synthpatients/{kept.name}.\nrenal is as it was before."
    )


def test_a_key_is_typed_behind_a_mask_and_shown_nowhere(
    kernel: Kernel, messages_api: MessagesApi
) -> None:
    messages_api.script(Says(GOOD))
    kernel.run("%xmode Verbose")
    request = kernel.start("%synthpatients login", allow_stdin=True)
    question = kernel.client.get_stdin_msg(timeout=LIMIT)["content"]
    assert question == {"prompt": f"Key for {messages_api.url}: ", "password": True}
    kernel.client.input(KEY)
    outputs = kernel.until_idle(request)
    assert "is kept in this process and nowhere else" in str(outputs)
    kernel.run(f"%%synthpatients renal --rows 20\n{TABLE}")
    assert messages_api.requests[0].key == KEY
    kernel.run("%synthpatients status")
    kernel.run("%history\nimport os\nprint(dict(os.environ), dict(globals()))")
    kernel.run("%%synthpatients renal --effort some\nAdults")
    kernel.run("%tb")
    assert KEY not in str(kernel.said)
    written = [path.read_text() for path in (kernel.folder / ".synthpatients").glob("*")]
    assert len(written) == 1
    assert KEY not in written[0]


def test_what_is_no_key_is_not_taken(kernel: Kernel) -> None:
    kernel.run("%xmode Verbose")
    for typed in ("", "  ", f"{KEY} and more"):
        request = kernel.start("%synthpatients login", allow_stdin=True)
        kernel.client.get_stdin_msg(timeout=LIMIT)
        kernel.client.input(typed)
        (error,) = [o["content"] for o in kernel.until_idle(request) if o["msg_type"] == "error"]
        assert error["traceback"] == [
            "CredentialsError: no key was taken: a key is one word of letters, digits and signs"
        ]


def test_where_nothing_can_be_typed_login_says_so(tmp_path: Path) -> None:
    cells = ["%load_ext synth_magic", "%synthpatients login"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}})
    with pytest.raises(CellExecutionError, match="nothing can be typed here, so no key was taken"):
        client.execute(env=environment(tmp_path))


def test_where_what_is_typed_would_be_seen_login_does_not_ask(tmp_path: Path) -> None:
    command = ["-m", "IPython", "-c", "%load_ext synth_magic\n%synthpatients login"]
    done = subprocess.run(
        [sys.executable, *command], env=environment(tmp_path), cwd=tmp_path, input=f"{KEY}\n",
        start_new_session=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "CredentialsError: nothing can be typed here, so no key was taken" in done.stdout
    assert KEY not in done.stdout + done.stderr
