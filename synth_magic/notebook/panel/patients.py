"""The tab of the patients: the first rows, with type, unit and missing share of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.notebook.pages import patients
from synth_magic.notebook.pages.view import FIRST
from synth_magic.notebook.panel.paging import Pages

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
        self.rows = widgets.Dropdown(
            options=[5, 20, FIRST],
            value=5,
            description="Rows shown",
            tooltip="How many of the first rows are shown",
            layout=widgets.Layout(width="auto"),
        )
        self.rows.style.description_width = "initial"
        self.rows.add_class("sp-rows-shown")
        self.rows.observe(lambda _: self._turn(), "value")
        self.columns: Pages[Variable] = Pages(COLUMNS, "columns", _words, self._turn)
        self.table, self.size = widgets.HTML(), widgets.HTML()
        controls = widgets.HBox(
            [self.rows, self.columns.box],
            layout=widgets.Layout(flex_flow="row wrap", align_items="center"),
        )
        self.box = widgets.VBox([controls, self.table, self.size])

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


def _words(variable: Variable) -> str:
    return f"{variable.name} {variable.label} {variable.type} {variable.unit}"
