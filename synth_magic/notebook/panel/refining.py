"""Refining: a change asked for in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

if TYPE_CHECKING:
    from synth_magic.frame import Cohort
    from synth_magic.notebook.bindings import Binding
    from synth_magic.notebook.history import How
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene


class Refining:
    """A line of text and the button that asks for the change; it says who is asked."""

    def __init__(
        self,
        binding: Binding,
        notice: Notice,
        change: Callable[[How, str, Callable[[Cohort], Cohort]], None],
    ) -> None:
        self.box = widgets.HBox([])

    def show(self, scene: Scene) -> None:
        """Say who would be asked."""
