"""Keys are found by the SDK, and go only to the server that they are for."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from synth_magic.engines.claude import credentials
from synth_magic.engines.claude.budget import Ledger
from synth_magic.engines.claude.call import asker
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.settings import Settings
from synth_magic.errors import CredentialsError, SettingError
from tests.messages_api import MessagesApi, Says

pytestmark = pytest.mark.usefixtures("no_credentials")

KEY = "sk-test-secret"
ELSEWHERE = "https://models.example.org"
REQUEST = Request("You know cohorts.", (Message("user", "Adults."),), {"type": "object"})


@pytest.fixture
def anthropic(monkeypatch: pytest.MonkeyPatch, messages_api: MessagesApi) -> MessagesApi:
    """The test server in the place of Anthropic's, as far as the environment goes."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", messages_api.url)
    return messages_api


def key_sent(server: MessagesApi, settings: Settings) -> str:
    server.script(Says("{}"))
    asker(settings, ledger=Ledger())(REQUEST)
    return server.requests[-1].key


def write_profile(folder: Path, **extra: str) -> None:
    for kind in ("configs", "credentials"):
        (folder / kind).mkdir()
    profile = {"authentication": {"type": "user_oauth"}} | extra
    (folder / "configs/default.json").write_text(json.dumps(profile), encoding="utf-8")
    secret = folder / "credentials/default.json"
    secret.touch(mode=0o600)
    secret.write_text(json.dumps({"access_token": KEY}), encoding="utf-8")


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert not credentials.found(Settings())
    with pytest.raises(CredentialsError) as caught:
        credentials.client(Settings())
    assert str(caught.value) == (
        "there is no key for the Anthropic API: run %synthpatients login in a notebook, or set the "
        "environment variable ANTHROPIC_API_KEY before Python or Jupyter starts; never write a key "
        "in a cell. --engine offline needs none"
    )


@pytest.mark.parametrize("variable", ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])
def test_a_key_of_the_environment_is_found_and_sent(
    variable: str, monkeypatch: pytest.MonkeyPatch, anthropic: MessagesApi
) -> None:
    monkeypatch.setenv(variable, KEY)
    assert credentials.found(Settings())
    assert key_sent(anthropic, Settings()) == KEY


def test_the_key_of_a_profile_is_found_and_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, anthropic: MessagesApi
) -> None:
    write_profile(tmp_path)
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    assert credentials.found(Settings())
    assert key_sent(anthropic, Settings()) == KEY


def test_a_profile_may_name_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, messages_api: MessagesApi
) -> None:
    write_profile(tmp_path, base_url=messages_api.url)
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    assert key_sent(messages_api, Settings()) == KEY


def test_a_workload_identity_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("FEDERATION_RULE_ID", "ORGANIZATION_ID", "IDENTITY_TOKEN"):
        monkeypatch.setenv(f"ANTHROPIC_{variable}", "some")
    assert credentials.found(Settings())


def test_a_broken_profile_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_PROFILE", "missing")
    with pytest.raises(
        CredentialsError, match=r"^the Anthropic profile of this computer cannot be used: .*missing"
    ):
        credentials.found(Settings())


def test_looking_for_a_key_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    assert credentials.found(Settings())
    assert credentials.found(Settings(base_url=ELSEWHERE))


def test_a_remembered_key_goes_before_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, anthropic: MessagesApi
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "of-the-environment")
    credentials.remember(f" {KEY}\n")
    assert key_sent(anthropic, Settings()) == KEY


def test_a_key_goes_to_the_server_it_was_given_for_and_to_no_other(
    monkeypatch: pytest.MonkeyPatch, messages_api: MessagesApi
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "for-anthropic")
    credentials.remember("for-elsewhere", ELSEWHERE)
    local = Settings(base_url=messages_api.url)
    assert key_sent(messages_api, local) == credentials.PLACEHOLDER
    credentials.remember(KEY, messages_api.url)
    assert key_sent(messages_api, local) == KEY


def test_another_server_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert credentials.found(Settings(base_url=ELSEWHERE))
    monkeypatch.setenv("ANTHROPIC_BASE_URL", ELSEWHERE)
    assert credentials.found(Settings())


def test_a_key_for_another_server_does_not_go_to_anthropic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", ELSEWHERE)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "for-elsewhere")
    assert not credentials.found(Settings(base_url=credentials.ANTHROPIC))


def test_a_remembered_key_is_in_memory_only_and_never_shown() -> None:
    credentials.remember(KEY)
    assert credentials.found(Settings())
    assert KEY not in repr(vars(credentials))
    assert KEY not in os.environ.values()
    credentials.forget()
    assert not credentials.found(Settings())


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "line\nbreak"])
def test_what_cannot_be_a_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        credentials.remember(key)
    assert str(caught.value) == "a key is one word of letters, digits and signs"


def test_a_key_of_the_environment_that_no_header_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", f"{KEY}\n")
    with pytest.raises(CredentialsError) as caught:
        credentials.found(Settings())
    assert str(caught.value) == (
        "the key in the environment holds a space, a line break or a sign that no key has: set "
        "ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN again"
    )


def test_a_password_in_the_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"https://me:{KEY}@example.org")
    with pytest.raises(
        SettingError, match="ANTHROPIC_BASE_URL must not hold a user name"
    ) as caught:
        credentials.found(Settings())
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("api.anthropic.com", True),
        ("anthropic.com", True),
        ("notanthropic.com", False),
        ("api.anthropic.com.example.org", False),
    ],
)
def test_anthropics_own_hosts(host: str, own: bool) -> None:
    assert credentials.anthropics_own(host) is own


def test_the_headers_of_a_gateway_go_to_its_server_only(
    messages_api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They often hold a key; a project may name another server."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://gateway.example")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-gateway-key: secret\nAuthorization: Bearer s")
    with credentials.client(Settings()) as own:
        assert own.default_headers["x-gateway-key"] == "secret"
    with credentials.client(Settings(base_url=messages_api.url)) as other:
        headers = {name.lower(): value for name, value in other.default_headers.items()}
    assert "x-gateway-key" not in headers
    assert "secret" not in str(headers)
    assert "Bearer s" not in headers.values()
