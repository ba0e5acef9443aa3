"""A folder of recordings: nothing is lost, and nothing in it can do harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from synth_magic.engines.recorded.recording import Recording
from synth_magic.engines.recorded.store import Store
from synth_magic.errors import FileError
from tests.engines.recorded.builders import KEY, exchange, recording

NAME = f"{KEY.stem}.json"
OTHER = replace(KEY, model="claude-haiku-5-5", effort="low")
ELSE = replace(KEY, description="Adults with gout.")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "deep" / "recordings"))


@pytest.fixture
def folder(store: Store) -> Path:
    return Path(store.folder)


def saying(words: str, **others: object) -> Recording:
    return recording(exchange(words), **others)  # type: ignore[arg-type]


def said(made: Recording) -> str:
    return made.exchanges[-1].reply.text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_answer_is_saved_and_found(store: Store, folder: Path) -> None:
    assert store.save(saying("good")) == NAME
    assert names(folder) == [NAME]
    found = store.find(KEY)
    assert list(found.recordings) == [NAME]
    assert said(found.recordings[NAME]) == "good"
    assert found.remarks == ()


def test_looking_makes_no_folder(store: Store, folder: Path) -> None:
    assert not store.find(KEY).recordings
    assert not store.find_any(KEY).recordings
    assert not folder.exists()


def test_without_a_folder_nothing_is_found_or_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(NAME).write_text(recording().to_json(), encoding="utf-8")
    store = Store("")
    assert store.save(recording()) == store.keep(recording()) == ""
    assert not store.find(KEY).recordings
    assert not store.find_any(KEY).recordings
    assert names(tmp_path) == [NAME]


def test_another_model_another_effort_or_another_description_is_not_found(store: Store) -> None:
    store.save(recording(key=OTHER))
    store.save(recording(key=ELSE))
    assert not store.find(KEY).recordings


def test_any_models_answers_to_the_description_are_found_newest_first(store: Store) -> None:
    store.save(saying("older", key=KEY, date="2026-01-01T10:00:00Z"))
    store.save(saying("newer", key=OTHER, date="2026-02-01T09:00:00Z"))
    store.save(recording(key=ELSE))
    found = store.find_any(replace(KEY, model="claude-sonnet-5-5"))
    assert [said(made) for made in found.recordings.values()] == ["newer", "older"]
    assert found.remarks == ()


def test_an_earlier_answer_is_set_aside_and_never_looked_up(store: Store, folder: Path) -> None:
    for words in ("first", "second", "third"):
        assert store.save(saying(words)) == NAME
    assert names(folder) == sorted(
        [NAME, f"{KEY.stem}.earlier-1.json", f"{KEY.stem}.earlier-2.json"]
    )
    found = store.find_any(KEY)
    assert list(map(said, found.recordings.values())) == ["third"]
    aside = Recording.from_json((folder / f"{KEY.stem}.earlier-2.json").read_bytes())
    assert said(aside) == "second"


def test_changes_of_other_specifications_stand_beside_each_other(
    store: Store, folder: Path
) -> None:
    def change(title: str, words: str, **others: object) -> Recording:
        return saying(words, parent={"title": title}, parent_text="Adults.", **others)

    whole = store.save(saying("whole", date="2026-03-01T10:00:00Z"))
    first = store.save(change("one", "first", date="2026-01-01T10:00:00Z"))
    second = store.save(change("two", "second", date="2026-02-01T10:00:00Z"))
    assert len({whole, first, second}) == 3
    assert first.startswith(f"{KEY.stem}-")
    found = store.find(KEY)
    assert [said(made) for made in found.recordings.values()] == ["whole", "second", "first"]
    assert found == store.find_any(KEY)
    assert store.save(change("one", "again")) == first
    assert len(store.find(KEY).recordings) == 3
    assert f"{first.removesuffix('.json')}.earlier-1.json" in names(folder)
    kept = store.keep(change("one", "half", unfinished="Cut."))
    assert kept == f"{first.removesuffix('.json')}.unfinished-1.json"
    assert list(store.find_unfinished(KEY).recordings) == [kept]


def test_digits_that_computers_differ_in_name_the_same_file(store: Store) -> None:
    pieces = [saying("x", parent={"p50": p50}, parent_text="Adults.") for p50 in (1 / 3, 0.3333333)]
    assert store.save(pieces[0]) == store.save(pieces[1])
    assert store.save(saying("x", parent={"p50": 0.3334}, parent_text="Adults.")) != store.save(
        pieces[0]
    )


def test_an_answer_that_cannot_be_used_is_kept_and_never_looked_up(
    store: Store, folder: Path
) -> None:
    half = recording(exchange('{"title": "Ren', accepted=False), unfinished="Interrupted.")
    assert store.keep(half) == f"{KEY.stem}.unfinished-1.json"
    assert store.keep(half) == f"{KEY.stem}.unfinished-2.json"
    assert not store.find(KEY).recordings
    assert not store.find_any(KEY).recordings
    kept = json.loads((folder / f"{KEY.stem}.unfinished-1.json").read_text(encoding="utf-8"))
    assert kept["unfinished"] == "Interrupted."
    assert kept["exchanges"][0]["answer"] == '{"title": "Ren'


def test_half_a_letter_from_a_model_is_kept(store: Store) -> None:
    store.save(saying("half \ud83d a pair"))
    assert said(store.find(KEY).recordings[NAME]) == "half \ud83d a pair"


DAMAGES = {
    "{]": "it is no JSON that can be read",
    '{"format": 3}': "its format is not 1",
    '{"format": 1}': "it lacks `origin`",
    recording(key=ELSE).to_json(): "it answers another question than its name says",
    recording(unfinished="Cut.").to_json(): "its answer was not finished",
    " " * 1_000_001: "it is over 1 MB",
}


@pytest.mark.parametrize(("text", "complaint"), DAMAGES.items(), ids=DAMAGES.values())
def test_a_damaged_file_is_passed_over_in_words(
    store: Store, folder: Path, text: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synth_magic.engines.recorded.store.LARGEST", 1_000_000)
    store.save(saying("from another model", key=OTHER))
    (folder / NAME).write_text(text, encoding="utf-8")
    found = store.find(KEY)
    assert not found.recordings
    [remark] = found.remarks
    assert remark.startswith(f"The recording {NAME} was passed over: {complaint}")
    every = store.find_any(KEY)
    assert list(map(said, every.recordings.values())) == ["from another model"]
    assert every.remarks == (remark,)


def test_a_folder_a_pipe_and_a_loop_of_links_are_no_recordings(store: Store, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / NAME).mkdir()
    assert store.find(KEY).remarks == (f"The recording {NAME} was passed over: it is no file.",)
    (folder / NAME).rmdir()
    os.mkfifo(folder / NAME)
    assert store.find(KEY).remarks == (f"The recording {NAME} was passed over: it is no file.",)
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(NAME)
    [remark] = store.find(KEY).remarks
    assert "it cannot be read (too many levels of symbolic links)" in remark


def test_a_file_that_may_not_be_read_is_passed_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(recording())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", store.folder)

    monkeypatch.setattr(Path, "open", refuse)
    assert store.find(KEY).remarks == (
        f"The recording {NAME} was passed over: it cannot be read (permission denied).",
    )


def test_a_damaged_file_is_set_aside_too(store: Store, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / NAME).write_text("{]")
    store.save(saying("good"))
    assert said(store.find(KEY).recordings[NAME]) == "good"
    assert (folder / f"{KEY.stem}.earlier-1.json").read_text() == "{]"


@pytest.mark.parametrize("folder_name", ["\0", "file/below"])
def test_a_folder_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder_name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    store = Store(folder_name)
    assert not store.find(KEY).recordings
    assert not store.find_any(KEY).recordings
    with pytest.raises(FileError, match="the recording cannot be written: ") as refused:
        store.save(recording())
    assert "file" not in str(refused.value)


def test_a_full_disk_leaves_the_earlier_answer_and_no_half_one(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(saying("earlier"))

    def full(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[:9])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileError, match="the recording cannot be written: no space left on device"):
        store.save(saying("later"))
    assert names(folder) == [NAME]
    assert said(store.find(KEY).recordings[NAME]) == "earlier"


def test_a_folder_in_the_place_of_the_file_stays(store: Store, folder: Path) -> None:
    (folder / NAME).mkdir(parents=True)
    with pytest.raises(FileError, match="the recording cannot be written"):
        store.save(recording())
    assert names(folder) == [NAME]


def test_a_disk_without_second_names_will_do(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unknown)
    store.save(saying("first"))
    store.save(saying("second"))
    store.keep(saying("half"))
    assert names(folder) == sorted(
        [NAME, f"{KEY.stem}.earlier-1.json", f"{KEY.stem}.unfinished-1.json"]
    )
    assert said(store.find(KEY).recordings[NAME]) == "second"


def everything_said(folder: Path) -> list[str]:
    kept = [Recording.from_json(path.read_bytes()) for path in folder.iterdir()]
    return sorted(map(said, kept))


def test_threads_that_save_at_once_lose_nothing(store: Store, folder: Path) -> None:
    words = [f"answer {number:02}" for number in range(24)]
    start = Barrier(8)

    def save(some: list[str]) -> None:
        start.wait()
        for each in some:
            store.save(saying(each))
            assert len(store.find(KEY).remarks) == 0

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, [words[place::8] for place in range(8)]))
    assert everything_said(folder) == words
    assert len(names(folder)) == 24


SAVER = """
import sys
from tests.engines.recorded.test_store import Store, saying
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    store.save(saying(f"{sys.argv[2]} {number:02}"))
"""


def test_two_kernels_that_save_at_once_lose_nothing(store: Store, folder: Path) -> None:
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", SAVER, store.folder, who],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in "AB"
    ]
    for kernel in kernels:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        assert kernel.stdin is not None
        kernel.stdin.write("go\n")
        kernel.stdin.flush()
    for kernel in kernels:
        kernel.communicate()
        assert kernel.returncode == 0
    assert everything_said(folder) == [f"{who} {number:02}" for who in "AB" for number in range(20)]
    assert NAME in names(folder)
