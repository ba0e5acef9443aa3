from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.error import UsageError

from synth_magic import CohortSpec
from synth_magic.errors import FileError, SettingError
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.commands.spec import spec


def test_a_specification_is_shown_as_json(binding: Binding) -> None:
    assert CohortSpec.from_json(spec(binding, [])["text/plain"]) == binding.cohort.spec
    shown = spec(binding, ["1"])["text/plain"]
    assert CohortSpec.from_json(shown) == binding.history[1].cohort.spec


def test_a_version_is_written_to_a_file(binding: Binding, tmp_path: Path) -> None:
    path = tmp_path / "old one.json"
    said = spec(binding, ["1", str(path)])["text/plain"]
    assert said.startswith(f"Version 1 is written to {path}")
    assert CohortSpec.read(path) == binding.history[1].cohort.spec
    said = spec(binding, ["1", str(path)])["text/plain"]
    assert said == f"Version 1 stands in {path} already."


def test_the_present_version_needs_no_number(binding: Binding, tmp_path: Path) -> None:
    spec(binding, [str(tmp_path / "d.json")])
    assert CohortSpec.read(tmp_path / "d.json") == binding.cohort.spec


def test_nothing_is_ever_written_over(binding: Binding, tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("years of work")
    for taken in (path, tmp_path):
        with pytest.raises(FileError, match="is there already and holds something else"):
            spec(binding, [str(taken)])
    assert path.read_text() == "years of work"
    with pytest.raises(FileError, match="cannot write"):
        spec(binding, [str(tmp_path / "nowhere" / "d.json")])


def test_wrong_words_say_what_is_right(binding: Binding) -> None:
    with pytest.raises(UsageError, match="NAME \\[V\\] \\[FILE\\]: 'first' is no version"):
        spec(binding, ["first", "d.json"])
    for number in ("0", "4", "-1"):
        with pytest.raises(SettingError, match="there are 1 to 3"):
            spec(binding, [number])
