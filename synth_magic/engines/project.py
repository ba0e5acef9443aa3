"""The table [tool.synth_magic] of the nearest pyproject.toml.

The file may be a stranger's, cloned a minute ago: it decides neither where a key is sent nor where
files are read and written outside its own folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from synth_magic.errors import SettingError

NAME = "pyproject.toml"
_LIKE_OURS = ("synth-magic", "synthmagic", "synthpatients", "synth_patients", "synth-patients")


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of the table, none if there is no table, and the file they stand in."""

    path: Path
    entries: Mapping[str, Any]


def table() -> Table:
    """Read the nearest pyproject.toml, upwards from the working directory.

    Raises SettingError for a file that is no TOML if our settings seem to be in it; other people's
    mistakes are left to them.
    """
    import tomllib

    path, content = _nearest()
    if not re.search(rb"synth[-_ .]?(?:magic|patients)", content):
        return Table(path, {})
    try:
        tools = tomllib.loads(content.decode("utf-8-sig")).get("tool", {})
    except ValueError as error:
        raise SettingError(f"cannot read the settings in {str(path)!r}: {error}") from None
    tools = tools if isinstance(tools, dict) else {}
    if other := next((name for name in _LIKE_OURS if name in tools), ""):
        raise SettingError(
            f"[tool.{other}] in {str(path)!r} is not read: name it [tool.synth_magic]"
        )
    entries = tools.get("synth_magic", {})
    if not isinstance(entries, dict):
        raise SettingError(f"synth_magic in {str(path)!r} must be a table: [tool.synth_magic]")
    return Table(path, entries)


def _nearest() -> tuple[Path, bytes]:
    """Return the file and what it holds; a file or folder that may not be read counts as none."""
    try:
        here = Path.cwd()
    except OSError:  # removed meanwhile
        return Path(NAME), b""
    for folder in (here, *here.parents):
        try:
            return folder / NAME, (folder / NAME).read_bytes()
        except OSError:
            continue
    return here / NAME, b""


def own_address(where: str, url: str) -> str:
    """Return the address of a server on this machine, or one that the user named as well."""
    if url and url != os.environ.get("ANTHROPIC_BASE_URL", "").rstrip("/") and not _loopback(url):
        raise SettingError(
            f"{where} is {url!r}, another machine, and your key would be sent there. A project may "
            "only name this machine (localhost, 127.0.0.1, [::1]). If you trust that address, set "
            "it yourself: --base-url, %config SynthPatients.base_url, base_url= in Python, or the "
            "same in ANTHROPIC_BASE_URL"
        )
    return url


def _loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def inner_folder(where: str, path: str, home: Path) -> str:
    """Return the path of a folder in the project's, links followed, or raise SettingError."""
    if not path:
        return ""
    target = (home / path).resolve()
    if not target.is_relative_to(home.resolve()):
        raise SettingError(
            f"{where} leads out of its project: {path!r}; name a folder below, or set another "
            "yourself with --recordings, %config SynthPatients.recordings or recordings= in Python"
        )
    return str(target)
