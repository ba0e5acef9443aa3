from __future__ import annotations

import numpy as np
import pytest

from synth_magic.engines.values import address, names, text, whole_number
from synth_magic.errors import SettingError


@pytest.mark.parametrize("value", [500, " 500 ", "5_00", np.int64(500)])
def test_whole_numbers_are_numbers_or_digits(value: object) -> None:
    assert whole_number("--rows", value) == 500


@pytest.mark.parametrize("value", ["many", "5.0", "", 5.5, True, None, [5], "9" * 5000])
def test_other_values_are_refused_where_they_stand(value: object) -> None:
    with pytest.raises(SettingError, match=r"--rows must be a whole number, not ") as raised:
        whole_number("--rows", value)
    assert len(str(raised.value)) < 200


def test_text_is_text() -> None:
    assert text("--engine", "offline") == "offline"
    with pytest.raises(SettingError, match=r"%config SynthPatients.engine must be text, not 5"):
        text("%config SynthPatients.engine", 5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", ()), ("age", ("age",)), (" age , sex,", ("age", "sex")), ("a\rb,c\n", ("a b", "c")),
     ('"stay, days", age', ("stay, days", "age")), ('age,"', ("age",)),
     ('5" x, y', ('5" x', "y"))],
)  # fmt: skip
def test_names_are_parted_by_commas(value: str, expected: tuple[str, ...]) -> None:
    assert names(value) == expected


@pytest.mark.parametrize(
    "url",
    ["", "https://llm.example.org", "http://127.0.0.1:11434/anthropic", "http://[::1]:8000"],
)
def test_an_address_is_a_server_and_perhaps_a_path(url: str) -> None:
    assert address("--base-url", f" {url}/ " if url else "") == url


@pytest.mark.parametrize(
    "url",
    ["localhost:11434", "ftp://host", "https://", "https://h\u00f6st", "http://:80", "file:///etc/passwd",
     "http://host:99999", "http://host:0", "http://ho st", "http://[::1", "https://host/\nx",
     "http://[::1]host", "http://host[::1]", "http://127.0.0.1\\.host", "http://loc\u2060alhost"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match=r"--base-url must be an address such as https://host"):
        address("--base-url", url)


@pytest.mark.parametrize("url", ["https://host/?key=1", "https://host/#a"])
def test_an_address_ends_with_its_path(url: str) -> None:
    with pytest.raises(SettingError, match=r"no \? and no #"):
        address("--base-url", url)


@pytest.mark.parametrize("url", ["https://ann:secret@host", "https://secret@host", "secret@host"])
def test_an_address_holds_no_secret_and_none_is_repeated(url: str) -> None:
    with pytest.raises(SettingError, match="must not hold a user name or a password") as raised:
        address("--base-url", url)
    assert "secret" not in str(raised.value)
