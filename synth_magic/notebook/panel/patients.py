"""The tab of the patients: the first rows, with type, unit and missing share of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.notebook.pages import patients
from synth_magic.notebook.pages.view import FIRST
from synth_magic.notebook.panel.paging import Pages, words_of
from synth_magic.notebook.panel.pieces import dropdown, row

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

COLUMNS = 25


class Patients:
    """A table, with a choice of how many rows, and pages of columns where there are many."""

    title = "Patients"

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self.rows = dropdown(
            "Rows shown",
            "rows-shown",
            width="auto",
            labels="initial",
            tooltip="How many of the first rows are shown",
        )
        self.rows.options, self.rows.value = (5, 20, FIRST), 5
        self.rows.observe(lambda _: self._turn(), "value")
        self.columns: Pages[Variable] = Pages(COLUMNS, "columns", words_of, self._turn)
        self.table, self.size = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox([row([self.rows, self.columns.box]), self.table, self.size])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show the first of these patients."""
        self._view = scene.view
        self.columns.show(scene.view.variables)
        self._draw()

    def _turn(self) -> None:
        with self._notice.catching():
            self._draw()

    def _draw(self) -> None:
        seen = self.columns.seen
        self.table.value = patients.table(self._view, seen, self.rows.value)
        self.size.value = f"<p>{patients.size(self._view, len(seen))}</p>"
