"""The marginals in a panel, a page of small multiples at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.notebook.plots import PER_PAGE, WIDTH, marginals, pictured

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort


class Pictures:
    """An image with buttons to turn the pages; later pages are drawn when they are looked at."""

    def __init__(self, catching: Callable[[], AbstractContextManager[None]]) -> None:
        self._catching = catching
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

    def show(self, cohort: Cohort, frame: pd.DataFrame) -> None:
        """Draw the first page of patients that `cohort` drew."""
        self._cohort = cohort
        self.variables = pictured(cohort.spec, frame)
        self._page = 0
        self.first_page = self._draw(frame)
        self._pager.layout.display = "none" if len(self.variables) <= PER_PAGE else ""

    def _turn(self, by: int) -> None:
        with self._catching():
            self._page = (self._page + by) % math.ceil(len(self.variables) / PER_PAGE)
            self._draw(self._cohort.frame())

    def _draw(self, frame: pd.DataFrame) -> bytes:
        start = self._page * PER_PAGE
        shown = self.variables[start : start + PER_PAGE]
        png = marginals(frame, shown)
        self.image.value = png
        self.place.value = f"{start + 1}–{start + len(shown)} of {len(self.variables)} variables"
        return png
