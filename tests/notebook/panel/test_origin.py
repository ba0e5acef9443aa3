from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from synth_magic import Cohort
from synth_magic.engines.recorded.store import Store
from synth_magic.errors import RecordingError
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.origin import Origins
from synth_magic.notebook.panel.scene import Scene
from synth_magic.notebook.recordings import read
from tests.notebook.pages.test_origin import RECORDING, REPLAYED


def shown(cohort: Cohort, folder: Path, name: str) -> str:
    made = replace(cohort, origin=replace(REPLAYED, recording=name))
    history = History()
    frame = made.frame()
    tab = Origins(lambda: {"recordings": str(folder)})
    tab.show(
        Scene("p", View.of(made, frame), history.keep(history.make(made, "described")), history),
        frame,
    )
    return tab.html.value


def test_the_recording_is_found_in_the_folder(cohort: Cohort, tmp_path: Path) -> None:
    name = Store(str(tmp_path)).save(RECORDING)
    assert read(name, {"recordings": str(tmp_path)}) == RECORDING
    assert "Be an epidemiologist." in shown(cohort, tmp_path, name)


def test_the_folder_is_that_of_the_settings_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = Store(".synthpatients").save(RECORDING)
    assert read(name, {}) == RECORDING


def test_a_recording_that_is_gone_is_missed(cohort: Cohort, tmp_path: Path) -> None:
    page = shown(cohort, tmp_path, "gone.json")
    assert "the recording cannot be shown: there is no gone.json in" in page
    assert "claude-opus-5-5" in page


@pytest.mark.parametrize("name", ["../a.json", "/etc/passwd", "..", "folder/a.json", "..\\a.json"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    (tmp_path / "a.json").write_text(RECORDING.to_json())
    with pytest.raises(RecordingError):
        read(name, {"recordings": str(folder)})


def test_what_is_no_recording_is_not_shown(cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"key": "hush"}')
    os.mkfifo(tmp_path / "pipe.json")
    page = shown(cohort, tmp_path, "secret.json")
    assert "it is no recording" in page
    assert "hush" not in page
    assert "there is no pipe.json" in shown(cohort, tmp_path, "pipe.json")


def test_without_a_folder_there_is_no_recording() -> None:
    with pytest.raises(RecordingError, match="no folder"):
        read("a.json", {"recordings": ""})
