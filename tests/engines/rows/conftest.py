from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages_api import MessagesApi


@pytest.fixture
def asking(
    messages_api: MessagesApi,
    no_credentials: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An empty folder, a key, and the local server in the place of the API."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
