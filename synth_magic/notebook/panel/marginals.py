"""The tab of the marginals: a page of small multiples at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.notebook.plots import PER_PAGE, WIDTH, marginals, pictured

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort
    from synth_magic.notebook.bindings import Binding
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene


class Marginals:
    """An image with buttons to turn the pages; later pages are drawn when they are looked at."""

    title = "Marginals"

    def __init__(self, binding: Binding, notice: Notice) -> None:
        self._notice = notice
        self.image = widgets.Image(format="png", width=WIDTH)
        self.previous = widgets.Button(description="Previous", icon="chevron-left")
        self.previous.add_class("sp-previous")
        self.next = widgets.Button(description="Next", icon="chevron-right")
        self.next.add_class("sp-next")
        self.place = widgets.Label()
        self.previous.on_click(lambda _: self._turn(-1))
        self.next.on_click(lambda _: self._turn(+1))
        self._pager = widgets.HBox([self.previous, self.place, self.next])
        self.box = widgets.VBox([self.image, self._pager])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Draw a page of these patients."""
        self._cohort: Cohort = scene.cohort
        self.variables = pictured(scene.cohort.spec, frame)
        self._page = 0
        self._draw(frame)
        self._pager.layout.display = "none" if len(self.variables) <= PER_PAGE else ""

    def _turn(self, by: int) -> None:
        with self._notice.catching():
            self._page = (self._page + by) % math.ceil(len(self.variables) / PER_PAGE)
            self._draw(self._cohort.frame())

    def first_page(self, scene: Scene, frame: pd.DataFrame) -> bytes:
        """Return the picture of the first variables, for the static page."""
        return marginals(frame, pictured(scene.cohort.spec, frame)[:PER_PAGE])

    def _draw(self, frame: pd.DataFrame) -> bytes:
        start = self._page * PER_PAGE
        shown = self.variables[start : start + PER_PAGE]
        png = marginals(frame, shown)
        self.image.value = png
        self.place.value = f"{start + 1}–{start + len(shown)} of {len(self.variables)} variables"
        return png
