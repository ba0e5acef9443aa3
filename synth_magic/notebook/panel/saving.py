"""The tab saving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

if TYPE_CHECKING:
    from synth_magic.notebook.panel.scene import Scene


class Saving:
    """The tab."""

    title = "Saving"

    def __init__(self, *_: Any) -> None:
        self.html = widgets.HTML()
        self.box = widgets.VBox([self.html])

    def show(self, scene: Scene) -> None:
        """Show what there is to see."""
