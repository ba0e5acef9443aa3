"""The tab of the specification: a table to read, and fields to change what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.notebook.pages import specification
from synth_magic.notebook.panel.edit_correlation import Correlation
from synth_magic.notebook.panel.edit_document import Document
from synth_magic.notebook.panel.edit_figures import Figures
from synth_magic.notebook.panel.paging import Pages, words_of

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change, Scene
    from synth_magic.spec import Variable

VARIABLES = 25


class Specification:
    """Figures of a variable, a correlation and the whole as JSON can be changed in place."""

    title = "Specification"

    def __init__(self, notice: Notice, change: Change) -> None:
        self._notice = notice
        self.pages: Pages[Variable] = Pages(VARIABLES, "variables", words_of, self._turn)
        self.figures = Figures(notice, change)
        self.correlation = Correlation(notice, change)
        self.document = Document(notice, change)
        self.table, self.relations = widgets.HTML(), widgets.HTML()
        self.table.add_class("sp-spec-table")
        self.box = widgets.VBox(
            [
                self.pages.box,
                self.figures.box,
                self.correlation.box,
                self.table,
                self.relations,
                self.document.box,
            ]
        )

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show what the specification says now."""
        self._scene = scene
        self._spec = scene.cohort.compiled.spec
        self.pages.show(self._spec.variables)
        self._draw(frame)
        self.correlation.show(scene)
        self.relations.value = specification.relations(self._spec)
        self.document.show(scene)

    def _turn(self) -> None:
        with self._notice.catching():
            self._draw(self._scene.cohort.frame())

    def _draw(self, frame: pd.DataFrame) -> None:
        self.table.value = specification.variables(self._spec, self.pages.seen)
        self.figures.show(self._scene, frame, self.pages.found)
