from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_magic.engines.claude import call, credentials
from synth_magic.engines.claude.budget import Ledger
from tests.messages_api.server import MessagesApi


@pytest.fixture
def messages_api() -> Iterator[MessagesApi]:
    """A server without a script, closed when the test is over."""
    with MessagesApi() as api:
        yield api


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key, profile or proxy of this computer is found, no token is spent, nothing refused."""
    for name in os.environ:
        if name.startswith("ANTHROPIC_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for home in ("HOME", "USERPROFILE", "APPDATA"):
        monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.setattr(call, "SESSION", Ledger())
    monkeypatch.setattr(call, "ACCEPTED", {})
    credentials.forget()
    yield
    credentials.forget()
