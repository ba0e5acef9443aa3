"""Where a key comes from, and to which server it may go.

The SDK searches the environment: variables, profiles, workload identity. What it finds there goes
to the server that the environment names, a key given to `remember` to the server that it was given
for, and neither to any other. A server that is not Anthropic's is sent a placeholder where there is
no key for it, since the servers of local models ask for none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from synth_magic.engines import values
from synth_magic.errors import CredentialsError

if TYPE_CHECKING:
    from anthropic import Anthropic

    from synth_magic.engines.settings import Settings

ANTHROPIC = "https://api.anthropic.com"
PLACEHOLDER = "no-key-needed"
REMEDY = (
    "run %synthpatients login in a notebook, or set the environment variable ANTHROPIC_API_KEY "
    "before Python or Jupyter starts"
)

NO_KEY = (
    f"there is no key for the Anthropic API: {REMEDY}; never write a key in a cell. "
    "--engine offline needs none"
)

_Origin: TypeAlias = tuple[str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class _Key:
    value: str = field(repr=False)


_remembered: dict[_Origin, _Key] = {}


def remember(key: str, base_url: str = "") -> None:
    """Keep a key in memory, for this process only and for this server only.

    An empty `base_url` is the server that the environment names, or Anthropic's own.
    Raises CredentialsError for what cannot be a key.
    """
    key = key.strip()
    if not _sendable(key):
        raise CredentialsError("a key is one word of letters, digits and signs")
    _remembered[_origin(base_url or _server_of_environment())] = _Key(key)


def forget() -> None:
    """Forget every key that `remember` was given."""
    _remembered.clear()


def found(settings: Settings) -> bool:
    """Return whether the model could be asked: there is a key, or the server may need none.

    Nothing is sent. Raises CredentialsError for a profile that cannot be read.
    """
    made = _client(settings)
    if made is None:
        return False
    made.close()
    return True


def client(settings: Settings) -> Anthropic:
    """Return the SDK's client, which the caller closes. Raises CredentialsError without a key."""
    made = _client(settings)
    if made is None:
        raise CredentialsError(NO_KEY)
    return made


def anthropics_own(host: str) -> bool:
    """Return whether a host is Anthropic's."""
    return host == "anthropic.com" or host.endswith(".anthropic.com")


def asks_anthropic(settings: Settings) -> bool:
    """Return whether Anthropic's own server is asked, and no other that is named anywhere.

    Raises CredentialsError for a profile that cannot be read.
    """
    made = _client(settings)
    if made is None:
        return anthropics_own(urlsplit(server(settings)).hostname or "")
    with made:
        return anthropics_own(made.base_url.host)


def server(settings: Settings) -> str:
    """Return the address of the server that setting and environment name, or of Anthropic's.

    Raises SettingError for an address in the environment that is none.
    """
    return settings.base_url or _server_of_environment()


def _client(settings: Settings) -> Anthropic | None:
    asked = server(settings)
    remembered = _remembered.get(_origin(asked))
    if remembered:
        return _made(settings, remembered.value)
    if _origin(asked) == _origin(_server_of_environment()):
        made = _made(settings, None)
        if _has_key(made):
            return made
        made.close()
        asked = str(made.base_url)  # a profile may name another
    return None if anthropics_own(urlsplit(asked).hostname or "") else _made(settings, PLACEHOLDER)


def _made(settings: Settings, key: str | None) -> Anthropic:
    """Return a client with this key, or with what the SDK finds."""
    import anthropic

    try:
        made = anthropic.Anthropic(
            api_key=key, base_url=settings.base_url or None, timeout=settings.timeout
        )
    except anthropic.AnthropicError as error:
        raise CredentialsError(
            f"the Anthropic profile of this computer cannot be used: {error}; mend it, or {REMEDY}"
        ) from None
    if _origin(server(settings)) != _origin(_server_of_environment()):
        # Those of ANTHROPIC_CUSTOM_HEADERS, often a gateway's key, are for its server only.
        made._custom_headers = {}
    if not _sendable(made.api_key or made.auth_token or "-"):
        made.close()
        raise CredentialsError(
            "the key in the environment holds a space, a line break or a sign that no key has: "
            "set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN again"
        )
    return made


def _has_key(made: Anthropic) -> bool:
    headers = {name.lower() for name in made.default_headers}
    return made.credentials is not None or bool({"authorization", "x-api-key"} & headers)


def _server_of_environment() -> str:
    variable = "ANTHROPIC_BASE_URL"
    return values.address(variable, os.environ.get(variable, "")) or ANTHROPIC


def _origin(url: str) -> _Origin:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _sendable(key: str) -> bool:
    return bool(key) and key.isascii() and key.isprintable() and " " not in key
