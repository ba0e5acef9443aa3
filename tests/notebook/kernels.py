"""A real kernel that works in a folder of each test's own, and asks the local server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from tests.messages_api import MessagesApi

LIMIT = 60  # seconds, after which a test that hangs fails
RESET = """\
%reset -f
%xmode Context
get_ipython().config.pop("SynthPatients", None)
%reload_ext synth_magic"""


@dataclass
class Kernel:
    """A kernel in a folder of its own, and all that it has said."""

    manager: KernelManager
    client: BlockingKernelClient
    folder: Path
    said: list[dict[str, Any]] = field(default_factory=list)

    def start(self, code: str, **options: Any) -> str:
        """Run a cell, and return the number of the message."""
        request: str = self.client.execute(code, **options)
        return request

    def next_output(self) -> dict[str, Any]:
        message: dict[str, Any] = self.client.get_iopub_msg(timeout=LIMIT)
        self.said.append(message)
        return message

    def until_idle(self, request: str) -> list[dict[str, Any]]:
        """Return what a cell shows until it is done."""
        outputs = []
        while True:
            message = self.next_output()
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return outputs
            outputs.append(message)

    def run(self, code: str) -> list[dict[str, Any]]:
        return self.until_idle(self.start(code))


def environment(folder: Path) -> dict[str, str]:
    """Without a key or a profile of the machine that runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    matplotlib = own.get("MPLCONFIGDIR", str(folder.parent / "matplotlib"))
    return own | {"HOME": str(folder), "IPYTHONDIR": str(folder), "MPLCONFIGDIR": matplotlib}


@pytest.fixture(scope="session")
def session_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """The kernel that tests use in turn: to start one takes long."""
    folder = tmp_path_factory.mktemp("kernel")
    manager, client = start_new_kernel(
        cwd=str(folder), env=environment(folder), extra_arguments=["--log-level=ERROR"]
    )
    yield Kernel(manager, client, folder)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(session_kernel: Kernel, tmp_path: Path, messages_api: MessagesApi) -> Iterator[Kernel]:
    """A kernel that knows nothing but the extension, whose model is the local server."""
    started = replace(session_kernel, folder=tmp_path, said=[])
    started.run(RESET)
    started.run(f"%cd {tmp_path}\n%config SynthPatients.base_url = '{messages_api.url}'")
    yield started
    messages_api.over.set()


def texts(outputs: list[dict[str, Any]], kind: str) -> list[str]:
    return [o["content"]["data"]["text/plain"] for o in outputs if o["msg_type"] == kind]
