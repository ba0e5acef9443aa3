"""Settings: those given, else those of the nearest pyproject.toml, else the defaults."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from synth_magic.engines.settings import MEANINGS, Settings, checked, option
from synth_magic.errors import SettingError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, two levels below what pytest gives."""
    here = tmp_path / "study" / "notebooks"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    return here


def project(folder: Path, *lines: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text("\n".join(["[tool.synth_magic]", *lines]), encoding="utf-8")
    return path


@pytest.mark.usefixtures("folder")
def test_without_anything_said_the_defaults_hold() -> None:
    assert Settings.of() == Settings()
    assert Settings.of(model=None, effort=None) == Settings()


def test_what_is_given_wins_over_the_project_and_that_over_the_defaults(folder: Path) -> None:
    project(folder.parent, 'engine = "offline"', "max_tokens = 9000", "timeout = 30")
    settings = Settings.of(max_tokens="12_000")
    assert settings == Settings(engine="offline", max_tokens=12_000, timeout=30.0)


def test_every_setting_can_stand_in_the_project(folder: Path) -> None:
    project(
        folder, 'engine = "recorded"', 'model = "claude-haiku-5-5"', 'effort = ""',
        "max_tokens = 1", "token_budget = 0", 'recordings = "answers"',
        'base_url = "http://[::1]:11434/"', "timeout = 0.5", 'method = "rows"',
        "rows_per_request = 5", "requests_at_once = 2", 'database = "WHAS500"',
        'without = ["shuffling", "name"]',
    )  # fmt: skip
    assert Settings.of() == Settings(
        "recorded", "claude-haiku-5-5", "", 1, 0, str(folder / "answers"), "http://[::1]:11434",
        0.5, "rows", 5, 2, "WHAS500", ("name", "shuffling"),
    )  # fmt: skip


def test_every_setting_but_fresh_has_words_for_the_help_that_end_with_its_default() -> None:
    assert [*MEANINGS, "fresh"] == [field.name for field in fields(Settings)]
    for name, meaning in MEANINGS.items():
        default = getattr(Settings(), name)
        unset = {"base_url": "Anthropic's"}.get(name, "none")
        shown = f"{default:g}" if isinstance(default, float) else default or unset
        assert meaning.endswith(f" ({shown})")


@pytest.mark.usefixtures("folder")
def test_an_unknown_argument_has_a_near_name() -> None:
    with pytest.raises(SettingError, match=r"no setting 'modell' \(did you mean 'model'\?\); the"):
        Settings.of(modell="claude-haiku-5-5")


WRONG: list[tuple[str, Any, str]] = [
    (
        "engine",
        "ofline",
        "'auto', 'claude', 'recorded' or 'offline', not 'ofline' (did you mean 'offline'?)",
    ),
    ("engine", 5, "text, not 5"),
    ("engine", "", "'auto', 'claude', 'recorded' or 'offline', not ''"),
    (
        "effort",
        "hihg",
        "'low', 'medium', 'high', 'xhigh' or 'max', not 'hihg' (did you mean 'high'?)",
    ),
    ("model", "", "the name of a model, in one word, not ''"),
    ("model", "claude opus", "the name of a model, in one word, not 'claude opus'"),
    ("max_tokens", 0, "a whole number of at least 1, not 0"),
    ("max_tokens", True, "a whole number, not True"),
    ("max_tokens", "64k", "a whole number, not '64k'"),
    ("max_tokens", 1e5, "a whole number, not 100000.0"),
    ("token_budget", -1, "a whole number of at least 0, not -1"),
    ("timeout", 0, "a number of seconds above 0, not 0"),
    ("timeout", "soon", "a number of seconds above 0, not 'soon'"),
    ("timeout", float("nan"), "a number of seconds above 0, not nan"),
    ("timeout", float("inf"), "a number of seconds above 0, not inf"),
    ("timeout", True, "a number of seconds above 0, not True"),
    ("recordings", 5, "the path of a folder, not 5"),
    ("recordings", "a\0b", "the path of a folder, not 'a\\x00b'"),
    ("fresh", "yes", "True or False, not 'yes'"),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_value_that_means_nothing_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(SettingError) as raised:
        Settings.of(**{name: value})
    assert str(raised.value) == f"{name} must be {message}"


def test_a_message_names_where_the_value_stands(folder: Path) -> None:
    with pytest.raises(SettingError, match=r"^--max-tokens must be"):
        checked("max_tokens", "many", option("max_tokens"))
    path = project(folder.parent, 'effort = "some"')
    with pytest.raises(SettingError) as raised:
        Settings.of()
    assert str(raised.value).startswith(f"effort in '{path}' must be 'low',")


def test_a_wrong_value_of_the_project_does_not_matter_where_another_is_given(folder: Path) -> None:
    project(folder, 'effort = "some"')
    assert Settings.of(effort="low").effort == "low"


@pytest.mark.parametrize(
    ("key", "near"), [("max-tokens", " (did you mean 'max_tokens'?)"), ("fresh", "")]
)
def test_an_unknown_entry_is_refused_with_those_that_are_known(
    folder: Path, key: str, near: str
) -> None:
    path = project(folder, f"{key} = 5")
    with pytest.raises(SettingError) as raised:
        Settings.of()
    assert str(raised.value) == (
        f"[tool.synth_magic] in '{path}' knows no '{key}'{near}; its settings are engine, model, "
        "effort, max_tokens, token_budget, recordings, base_url, timeout, method, "
        "rows_per_request, requests_at_once, database, without"
    )


@pytest.mark.usefixtures("folder")
def test_folders_may_be_paths_and_start_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert Settings.of(recordings=Path("answers")).recordings == "answers"
    assert Settings.of(recordings="~/answers").recordings == "/home/ann/answers"
    assert Settings.of(recordings="").recordings == ""
