"""A shell that asks the local server, and what its user reads and finds on the disk."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import matplotlib.font_manager  # noqa: F401 - finds the fonts before the home directory moves
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output

from tests.messages_api import MessagesApi

KEY = "secret-of-the-user-0123456789"


@pytest.fixture
def notebook(
    shell: InteractiveShell,
    messages_api: MessagesApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> InteractiveShell:
    """A shell that shows patients as a kernel does, in an empty folder.

    The server is taken for Anthropic's own, which says what it refuses. To connect again the SDK
    waits half a second, which no test needs.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setattr("synth_magic.engines.claude.faults.anthropics_own", lambda _: True)
    monkeypatch.setattr("synth_magic.engines.claude.credentials.asks_anthropic", lambda _: True)
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    shell.user_ns["patients"] = object()
    return shell


def run_cell(shell: InteractiveShell, cell: str) -> CapturedIO:
    """Run a cell; whatever comes of it, the key is neither shown nor kept."""
    with capture_output() as shown:
        shell.run_cell(cell)
    assert KEY not in str([shown.stdout, shown.stderr, *(output.data for output in shown.outputs)])
    files = [path.read_bytes() for path in Path().rglob("*") if path.is_file()]
    assert not [content for content in files if KEY.encode() in content]
    return shown


def page(shown: CapturedIO) -> str:
    """All HTML that a cell shows."""
    return "".join(output.data.get("text/html", "") for output in shown.outputs)


def read(shown: CapturedIO, api: MessagesApi) -> str:
    """What the user of a cell that fails reads, whatever the port, the file and the prompt."""
    text = shown.stdout.strip().replace(f"127.0.0.1:{api.server_port}", "HOST")
    for file in recordings():
        text = text.replace(str(file), "FILE")
    return re.sub(r"take [\d,]+ tokens \(about [\d,]+ in", "take N tokens (about N in", text)


def recordings() -> list[Path]:
    return sorted(Path(".synthpatients").glob("*"))


def kept(kind: str) -> list[Any]:
    """The answers in the files, of which there is none or one, with a name of this kind."""
    found: list[Any] = []
    for file in recordings():
        assert re.fullmatch(rf"[0-9a-f]{{16}}-[0-9a-f]{{8}}{kind}\.json", file.name)
        document = json.loads(file.read_text(encoding="utf-8"))
        found += [exchange["answer"] for exchange in document["exchanges"]]
    return found
