"""The recorded request and answer that made a version."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synth_magic.errors import RecordingError

if TYPE_CHECKING:
    from synth_magic.engines.recorded.recording import Recording


def read(name: str, settings: Mapping[str, Any]) -> Recording:
    """Return the recording in a file of the folder of these settings.

    Raises RecordingError if it is not there or cannot be read, and for a name that leads elsewhere.
    """
    from synth_magic.engines.recorded.recording import Recording
    from synth_magic.engines.recorded.store import LARGEST
    from synth_magic.engines.settings import Settings

    folder = Settings.of(recordings=settings.get("recordings")).recordings
    if not folder:
        raise RecordingError("no folder of recordings is set")
    if Path(name).name != name or "\\" in name:
        raise RecordingError(f"{name!r} is no name of a file")
    path = Path(folder) / name
    try:
        if not path.is_file():
            raise RecordingError(f"there is no {name} in {folder!r}")
        if path.stat().st_size > LARGEST:
            raise RecordingError(f"{name} is over {LARGEST // 1_000_000} MB")
        return Recording.from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RecordingError(f"{name} cannot be read") from error
