from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_magic.engines.claude import call, credentials
from synth_magic.engines.claude.budget import Ledger
from synth_magic.engines.claude.form import Form
from tests.messages_api.server import MessagesApi


@pytest.fixture
def messages_api() -> Iterator[MessagesApi]:
    """A server without a script, closed when the test is over."""
    with MessagesApi() as api:
        yield api


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key, profile or proxy of this computer is found, no token is spent, nothing refused."""
    from synth_magic.engines.claude import batches  # here, for they import the SDK
    from synth_magic.engines.rows import batch

    for name in os.environ:
        if name.startswith("ANTHROPIC_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for home in ("HOME", "USERPROFILE", "APPDATA"):
        monkeypatch.setenv(home, str(tmp_path))
    session, accepted = Ledger(), dict[tuple[str, str], Form]()
    for module in (call, batch):
        monkeypatch.setattr(module, "SESSION", session)
    for module in (call, batches):
        monkeypatch.setattr(module, "ACCEPTED", accepted)
    credentials.forget()
    yield
    credentials.forget()
