"""The tab associations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook.pages import tables

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.scene import Scene


class Associations:
    """The tab."""

    title = "Associations"

    def __init__(self, *_: Any) -> None:
        self.html = widgets.HTML()
        self.box = widgets.VBox([self.html])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show what there is to see."""
        self.html.value = tables.facts(scene.view)
