"""Going back: a button for the last change, and a list of the versions once there are two."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook.words import plain, short

if TYPE_CHECKING:
    from synth_magic.notebook.panel.scene import Scene

_LETTERS = 60


class Versions:
    """`restore` is called with the number of the version that is chosen, `undo` by the button."""

    def __init__(self, restore: Callable[[int], None], undo: Callable[[], None]) -> None:
        self._restore = restore
        self._listening = True
        self.undo = widgets.Button(
            description="Undo",
            tooltip="Go back to what was before the last change",
            icon="undo",
            layout=widgets.Layout(width="auto"),
        )
        self.undo.add_class("sp-undo")
        self.undo.on_click(lambda _: undo())
        self.choice = widgets.Dropdown(description="Version", layout=widgets.Layout(width="26em"))
        self.choice.style.description_width = "4.5em"
        self.choice.add_class("sp-version")
        self.choice.observe(self._chosen, "value")
        self.widgets = (self.undo, self.choice)

    def show(self, scene: Scene, *, can_undo: bool) -> None:
        """Offer the versions of the name, the present one chosen."""
        self.undo.disabled = not can_undo
        options = [(short(plain(v.title), _LETTERS), v.number) for v in scene.history]
        self._listening = False
        try:
            self.choice.options = options
            self.choice.value = scene.version.number
        finally:
            self._listening = True
        self.choice.layout.display = "none" if len(options) < 2 else ""

    def _chosen(self, change: dict[str, Any]) -> None:
        if self._listening:
            self._restore(change["new"])
