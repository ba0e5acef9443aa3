"""One Jupyter server on this machine for JupyterLab, Notebook 7 and Voila, as on Binder."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

LABCONFIG = {
    # The news would ask a server elsewhere.
    "page_config.json": {
        "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
    },
    "default_setting_overrides.json": {
        "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
        # Cells that are scrolled out of sight stay on the page.
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    },
}
OPTIONS = {
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port_retries": 0,
    "ServerApp.open_browser": False,
    "LabApp.expose_app_in_browser": True,
    "JupyterNotebookApp.expose_app_in_browser": True,
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, and the folder of its notebooks."""

    url: str
    token: str
    folder: Path

    def address(self, path: str) -> str:
        return f"{self.url}/{path}{'&' if '?' in path else '?'}token={self.token}"

    def stop_kernel(self, file: str) -> None:
        """Shut down the kernel of a notebook, as a restart of the computer would."""
        for session in json.loads(self._ask("GET", "api/sessions")):
            if session["path"] == file:
                self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        with urlopen(Request(f"{self.url}/{path}", headers=headers, method=method)) as response:
            answer: bytes = response.read()
        return answer


@contextmanager
def serve(home: Path) -> Iterator[Server]:
    """Run a server that keeps all its files in `home`, and knows no key."""
    labconfig = home / "config/labconfig"
    labconfig.mkdir(parents=True)
    for name, content in LABCONFIG.items():
        (labconfig / name).write_text(json.dumps(content), encoding="utf-8")
    folder = home / "notebooks"
    folder.mkdir()
    port, token = _free_port(), secrets.token_hex()
    options = [f"--{name}={value}" for name, value in (OPTIONS | {"ServerApp.port": port}).items()]
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--allow-root", *options],
        cwd=folder,
        env=_environment(home) | {"JUPYTER_TOKEN": token},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        log: list[str] = []
        for line in process.stderr:
            log.append(line)
            if "is running at" in line:
                break
        else:
            raise AssertionError(f"JupyterLab did not start:\n{''.join(log)}")
        reader = Thread(target=log.extend, args=[process.stderr])
        reader.start()
        try:
            yield Server(f"http://127.0.0.1:{port}", token, folder)
        finally:
            process.terminate()
            reader.join()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(home: Path) -> dict[str, str]:
    """Without the settings and the keys of the machine that runs the tests."""
    strange = ("ANTHROPIC_", "JUPYTER", "XDG_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    folders = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
    }
    matplotlib = {"MPLCONFIGDIR": str(home / "matplotlib")}  # slow to make: kept where it is
    return matplotlib | own | {name: str(path) for name, path in folders.items()}
