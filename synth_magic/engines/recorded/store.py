"""A folder of recorded answers: found by what was asked, and never overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from secrets import token_hex
from stat import S_ISREG

from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import Recording
from synth_magic.errors import FileError, RecordingError

_CHANGE = r"(?:-[0-9a-f]{8})?"
LARGEST = 100_000_000
"""Bytes that a recording may have: thirty thousand patients of sixty columns."""


@dataclass(frozen=True, slots=True)
class Found:
    """Recordings by the names of their files, newest first; `remarks` say what was passed over."""

    recordings: Mapping[str, Recording]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """The recorded answers in a folder, which is made when the first one is saved.

    Any number of kernels may read and save at once. A file takes its name only when it is whole
    and only when no other has the name, so no answer is ever lost to another. Without a folder
    nothing is found, and nothing kept.
    """

    folder: str

    def find(self, key: Key) -> Found:
        """Return the answers to this question of this model with this effort.

        There are several where it was asked as a change of several specifications.
        """
        return self._found(self._names(rf"{key.stem}{_CHANGE}\.json"), key.same)

    def find_any(self, key: Key) -> Found:
        """Return the answers to this question, whichever model gave them."""
        return self._found(self._names(rf"{key.asked}-[0-9a-f]{{8}}{_CHANGE}\.json"), key.asks_as)

    def save(self, recording: Recording) -> str:
        """Keep an answer to be found again, and return the name of its file.

        An earlier answer to the same question is set aside under a numbered name. Raises FileError.
        """
        if not self.folder:
            return ""
        path = self._path / f"{recording.stem}.json"
        with self._written(recording) as temporary:
            while not _takes(temporary, path):
                _set_aside(path)
        return path.name

    def keep(self, recording: Recording) -> str:
        """Keep an answer that cannot be used under a numbered name, which is never looked up.

        Returns the name. Raises FileError.
        """
        if not self.folder:
            return ""
        path = self._path / f"{recording.stem}.unfinished.json"
        with self._written(recording) as temporary:
            return next(other.name for other in _numbered(path) if _takes(temporary, other))

    def find_unfinished(self, key: Key) -> Found:
        """Return what was kept of answers to this question of this model that broke off."""
        names = self._names(rf"{key.stem}{_CHANGE}\.unfinished-\d+\.json")
        return self._found(names, key.same, finished=False)

    @property
    def _path(self) -> Path:
        return Path(self.folder)

    def _names(self, pattern: str) -> list[str]:
        if not self.folder:
            return []
        try:
            names = [path.name for path in self._path.iterdir()]
        except (OSError, ValueError):
            return []
        return sorted(name for name in names if re.fullmatch(pattern, name))

    def _found(
        self, names: Iterable[str], answers: Callable[[Key], bool], *, finished: bool = True
    ) -> Found:
        found: dict[str, Recording] = {}
        remarks: list[str] = []
        for name in names:
            try:
                recording = _read(self._path / name)
                if recording is None:
                    continue
                if not answers(recording.key):
                    raise RecordingError("it answers another question than its name says")
                if finished and recording.unfinished:
                    raise RecordingError("its answer was not finished")
            except RecordingError as err:
                remarks.append(passed_over(name, err))
            else:
                found[name] = recording
        newest = sorted(found, key=lambda name: found[name].date, reverse=True)
        return Found({name: found[name] for name in newest}, tuple(remarks))

    @contextmanager
    def _written(self, recording: Recording) -> Iterator[Path]:
        """Give a file of the recording under a name of its own, for as long as this lasts.

        Half of a surrogate pair, which UTF-8 cannot hold, is written as JSON escapes it.
        """
        text = recording.to_json().encode("utf-8", errors="backslashreplace")
        temporary = self._path / f".{recording.stem}.{token_hex(8)}.part"
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(text)
            yield temporary
        except (OSError, ValueError) as err:
            raise FileError(f"the recording cannot be written: {_reason(err)}") from err
        finally:
            with suppress(OSError, ValueError):
                temporary.unlink()


def passed_over(name: str, err: Exception) -> str:
    """Return the remark on a recording that is of no use."""
    reason = str(err).partition("\n")[0].rstrip(".:")
    return f"The recording {name} was passed over: {reason}."


def _read(path: Path) -> Recording | None:
    """Return the recording in a file; None if there is no such file. Raises RecordingError."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise RecordingError("it is no file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as err:
        raise RecordingError(f"it cannot be read ({_reason(err)})") from err
    if len(data) > LARGEST:
        raise RecordingError(f"it is over {LARGEST // 1_000_000} MB")
    return Recording.from_json(data)


def _reason(err: Exception) -> str:
    """Return why the system refused, without the path."""
    return (getattr(err, "strerror", None) or str(err)).lower()


def _takes(temporary: Path, path: Path) -> bool:
    """Give a file a second name unless another file has it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a disk that knows no second names
        if os.path.lexists(path):
            return False
        temporary.rename(path)
    return True


def _set_aside(path: Path) -> None:
    """Move a file to a numbered name of its own, if another kernel has not just done so."""
    for aside in _numbered(path.with_name(f"{path.stem}.earlier.json")):
        try:
            aside.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            path.replace(aside)
        except OSError as err:
            aside.unlink()
            if not isinstance(err, FileNotFoundError):
                raise
        return


def _numbered(path: Path) -> Iterator[Path]:
    """Yield `name-1.json`, `name-2.json` and so on."""
    for number in count(1):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
