"""The values of settings, checked. `where` says where a value stands, for the message."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import NoReturn

from synth_magic.errors import SettingError, did_you_mean

_LETTERS = 80
_ADDRESS = re.compile(  # strict, so that no two libraries see different hosts in it
    r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?(?:/[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)


def whole_number(where: str, value: object) -> int:
    """Return a whole number, or text that is one (`500`, `64_000`), or raise SettingError."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    try:
        return int(value if isinstance(value, str) else "")
    except ValueError:
        _refuse(where, "a whole number", value)


def whole_number_from(least: int, where: str, value: object) -> int:
    """Return a whole number that is not below `least`, or raise SettingError."""
    number = whole_number(where, value)
    if number < least:
        _refuse(where, f"a whole number of at least {least}", value)
    return number


def whole_number_within(least: int, most: int, where: str, value: object) -> int:
    """Return a whole number from `least` to `most`, or raise SettingError."""
    number = whole_number(where, value)
    if not least <= number <= most:
        _refuse(where, f"a whole number from {least} to {most}", value)
    return number


def seconds(where: str, value: object) -> float:
    """Return a number of seconds above 0, or text that is one, or raise SettingError."""
    known = isinstance(value, Real | str) and not isinstance(value, bool)
    try:
        number = float(value) if known else math.nan  # type: ignore[arg-type]
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        _refuse(where, "a number of seconds above 0", value)
    return number


def yes_or_no(where: str, value: object) -> bool:
    """Return True or False, or raise SettingError."""
    if not isinstance(value, bool):
        _refuse(where, "True or False", value)
    return value


def text(where: str, value: object) -> str:
    """Return text, or raise SettingError."""
    if not isinstance(value, str):
        _refuse(where, "text", value)
    return value


def one_of(allowed: Sequence[str], where: str, value: object) -> str:
    """Return one of the words that are allowed, or raise SettingError with the near one."""
    word = text(where, value).strip()
    if word not in allowed:
        *first, last = (repr(name) for name in allowed if name)
        near = did_you_mean(word, [name for name in allowed if name])
        _refuse(where, f"{', '.join(first)} or {last}", value, near)
    return word


def some_of(allowed: Sequence[str], where: str, value: object) -> tuple[str, ...]:
    """Return words that are allowed, given as a list or parted by commas, in the allowed order."""
    given = names(value) if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        _refuse(where, f"some of {', '.join(allowed)}", value)
    named = {one_of(allowed, where, word) for word in given if word}
    return tuple(word for word in allowed if word in named)


def names(value: str) -> tuple[str, ...]:
    """Return names that are parted by commas; one that holds a comma stands in double quotes."""
    (parts,) = csv.reader([re.sub(r"[\r\n]", " ", value)], skipinitialspace=True)
    return tuple(filter(None, map(str.strip, parts)))


def one_line(where: str, value: object) -> str:
    """Return text with single spaces and no line breaks, or raise SettingError."""
    words = " ".join(text(where, value).split())
    if not words.isprintable():
        _refuse(where, "one line of text", value)
    return words


def model(where: str, value: object) -> str:
    """Return the name of a model: one printable word, whichever; they change."""
    name = text(where, value).strip()
    if not name or not name.isprintable() or " " in name:
        _refuse(where, "the name of a model, in one word", value)
    return name


def folder(where: str, value: object) -> str:
    """Return a folder's path, `~` replaced; empty for none; or raise SettingError."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or "\0" in path:
        _refuse(where, "the path of a folder", value)
    try:
        return str(Path(path.strip()).expanduser()) if path.strip() else ""
    except RuntimeError:
        _refuse(where, "the path of a folder", value)


def address(where: str, value: object) -> str:
    """Return a server's http(s) address without anything secret in it, or raise SettingError."""
    url = text(where, value).strip().rstrip("/")
    if not url:
        return ""
    if "@" in url:  # what stands before it may be a password, so it is not repeated
        raise SettingError(f"{where} must not hold a user name or a password: a key is set apart")
    if "?" in url or "#" in url:
        raise SettingError(f"{where} must end with host, port or path: no ? and no #")
    match = _ADDRESS.fullmatch(url)
    if match is None or int(match["port"] or 1) not in range(1, 65536):
        _refuse(where, "an address such as https://host or http://127.0.0.1:11434", value)
    return url


def _refuse(where: str, allowed: str, value: object, near: str = "") -> NoReturn:
    shown = repr(value)
    found = shown if len(shown) <= _LETTERS else shown[:_LETTERS] + "…"
    raise SettingError(f"{where} must be {allowed}, not {found}{near}")
