"""The tab of the origin: what made the patients, with the recorded request and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.errors import RecordingError, SettingError
from synth_magic.notebook.pages.origin import origin

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.engines.recorded.recording import Recording
    from synth_magic.notebook.panel.scene import Scene


class Origins:
    """What is known of the making of these patients; `settings` say where answers are recorded."""

    title = "Origin"

    def __init__(self, settings: Callable[[], Mapping[str, Any]] = dict) -> None:
        self._settings = settings
        self.html = widgets.HTML()
        self.html.add_class("sp-origin")
        self.box = widgets.VBox([self.html])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show what made the present version."""
        recording, absent = None, ""
        if name := scene.cohort.origin.recording:
            try:
                recording = read(name, self._settings())
            except (RecordingError, SettingError) as error:
                absent = f"the recording cannot be shown: {error}"
        self.html.value = origin(scene.view, scene.version, recording, absent)


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
