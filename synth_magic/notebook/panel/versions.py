"""Going back: a button for the last change, and a list of the versions once there are two."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook.panel.pieces import Listener, dropdown, hide
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    from synth_magic.notebook.panel.scene import Scene


class Versions:
    """`restore` is called with the number of the version that is chosen, `undo` by the button."""

    def __init__(self, restore: Callable[[int], None], undo: Callable[[], None]) -> None:
        self._restore = restore
        self._user = Listener()
        self.undo = widgets.Button(
            description="Undo",
            tooltip="Go back to what was before the last change",
            icon="undo",
            layout=widgets.Layout(width="auto"),
        )
        self.undo.add_class("sp-undo")
        self.undo.on_click(lambda _: undo())
        self.choice = dropdown("Version", "version", width="26em", labels="4.5em")
        self.choice.observe(self._chosen, "value")
        self.widgets = (self.undo, self.choice)

    def show(self, scene: Scene, *, can_undo: bool) -> None:
        """Offer the versions of the name, the present one chosen."""
        self.undo.disabled = not can_undo
        options = [(in_short(v.label), v.number) for v in scene.history]
        with self._user.deaf():
            self.choice.options = options
            self.choice.value = scene.version.number
        hide(self.choice, when=len(options) < 2)

    def _chosen(self, change: dict[str, Any]) -> None:
        if self._user.listens:
            self._restore(change["new"])
