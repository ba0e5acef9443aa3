"""The tab of the origin: what made the patients, with the recorded request and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.errors import RecordingError, SettingError
from synth_magic.notebook.pages.origin import origin
from synth_magic.notebook.recordings import read

if TYPE_CHECKING:
    import pandas as pd

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
