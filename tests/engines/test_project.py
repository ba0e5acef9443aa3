"""A pyproject.toml may be a stranger's: it decides neither where a key goes nor where files go."""

from __future__ import annotations

from pathlib import Path

import pytest

from synth_magic.engines.settings import Settings
from synth_magic.errors import SettingError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "study"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    return here


def project(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def test_the_nearest_file_counts_even_if_it_says_nothing(folder: Path) -> None:
    project(folder.parent, '[tool.synth_magic]\nengine = "offline"')
    assert Settings.of().engine == "offline"
    project(folder, '[project]\nname = "study"')
    assert Settings.of().engine == "auto"


def test_other_peoples_mistakes_are_left_to_them(folder: Path) -> None:
    project(folder, "[project\nname = ")
    assert Settings.of() == Settings()
    (folder / "pyproject.toml").write_bytes(b"\xff\xfe")
    assert Settings.of() == Settings()
    (folder / "pyproject.toml").unlink()
    (folder / "pyproject.toml").mkdir()
    assert Settings.of() == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.synth_magic]\nengine = offline", r"cannot read the settings in '.*toml': .*line 2"),
        ("[tool]\nsynth_magic = 5", r"must be a table: \[tool.synth_magic\]"),
    ],
)
def test_a_mistake_in_our_own_table_is_said(folder: Path, text: str, message: str) -> None:
    project(folder, text)
    with pytest.raises(SettingError, match=message):
        Settings.of()


def test_a_removed_working_directory_has_no_project(folder: Path) -> None:
    folder.rmdir()
    assert Settings.of() == Settings()


@pytest.mark.parametrize(
    "url", ["http://localhost:11434", "http://127.0.0.1:1", "https://[::1]:8000/anthropic"]
)
def test_a_project_may_name_a_server_on_this_machine(folder: Path, url: str) -> None:
    project(folder, f'[tool.synth_magic]\nbase_url = "{url}"')
    assert Settings.of().base_url == url


@pytest.mark.parametrize(
    "url",
    ["https://llm.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org",
     "http://10.0.0.1", "http://0.0.0.0", "https://example.org/localhost"],
)  # fmt: skip
def test_a_project_may_not_send_the_key_to_another_machine(
    folder: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    project(folder, f'[tool.synth_magic]\nbase_url = "{url}"')
    with pytest.raises(SettingError, match="another machine, and your key would be sent there"):
        Settings.of()
    assert Settings.of(base_url="").base_url == ""
    assert Settings.of(base_url=url).base_url == url
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"{url}/")
    assert Settings.of().base_url == url


def test_recordings_of_a_project_lie_in_its_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder, '[tool.synth_magic]\nrecordings = "data/answers"')
    (folder / "notebooks").mkdir()
    monkeypatch.chdir(folder / "notebooks")
    assert Settings.of().recordings == str(folder / "data" / "answers")


@pytest.mark.parametrize("path", ["..", "../other", "data/../../x", "/etc", "~", "link/x"])
def test_recordings_of_a_project_do_not_lie_elsewhere(folder: Path, path: str) -> None:
    (folder / "link").symlink_to(folder.parent)
    project(folder, f'[tool.synth_magic]\nrecordings = "{path}"')
    with pytest.raises(SettingError, match="leads out of its project"):
        Settings.of()
    assert Settings.of(recordings=path).recordings


def test_a_project_may_switch_recordings_off(folder: Path) -> None:
    project(folder, '[tool.synth_magic]\nrecordings = ""')
    assert Settings.of().recordings == ""


def test_a_project_may_lower_the_budget_and_not_raise_it(folder: Path) -> None:
    project(folder, "[tool.synth_magic]\ntoken_budget = 20_000")
    assert Settings.of().token_budget == 20_000
    project(folder, "[tool.synth_magic]\ntoken_budget = 9_000_000")
    with pytest.raises(SettingError, match="a project may only lower the budget of 500,000"):
        Settings.of()
    assert Settings.of(token_budget=9_000_000).token_budget == 9_000_000


@pytest.mark.parametrize("name", ["synth-magic", "synthmagic", "synthpatients"])
def test_a_table_that_looks_like_ours_is_not_passed_over(folder: Path, name: str) -> None:
    project(folder, f'[tool.{name}]\nmodel = "m"')
    with pytest.raises(SettingError, match=r"is not read: name it \[tool\.synth_magic\]"):
        Settings.of()
