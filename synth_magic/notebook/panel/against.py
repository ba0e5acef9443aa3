"""The tab of a comparison with real patients of the user's, which is made on a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.errors import SettingError
from synth_magic.notebook.pages.html import said
from synth_magic.notebook.panel.pieces import row

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.evaluation.evaluate import Step
    from synth_magic.frame import Cohort
    from synth_magic.notebook.binding import Binding, Comparison
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene

_SECONDS = 10
"""About what a split takes: why it is one, where the line asks for no more."""


class Against:
    """A button, and below it the report. The real patients are looked up by name at each click.

    No patient is kept: a report is text and pictures by the time that it is shown.
    """

    title = "Against real"

    def __init__(self, binding: Binding, comparison: Comparison, notice: Notice) -> None:
        self._binding, self._comparison, self._notice = binding, comparison, notice
        self._compared: Cohort | None = None
        seconds = _SECONDS * comparison.told.get("splits", 1)
        self.compare = widgets.Button(
            description=f"Compare (about {seconds} s)",
            icon="balance-scale",
            layout={"width": "auto"},
        )
        self.compare.add_class("sp-compare")
        self.compare.on_click(lambda _: self._clicked())
        self.progress, self.earlier = widgets.HTML(), widgets.HTML()
        self.report = widgets.HTML()
        self.report.add_class("sp-against")
        self.box = widgets.VBox([row([self.compare, self.progress]), self.earlier, self.report])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Take what there is to compare; say so if the report is of other patients."""
        self._scene = scene
        if self._compared in (None, scene.cohort):
            self.earlier.value = ""
        else:
            self.earlier.value = _EARLIER

    def _clicked(self) -> None:
        self.compare.disabled = True
        try:
            with self._notice.catching():
                self._compare()
                self._notice.clear()
        finally:
            self.progress.value = ""
            self.compare.disabled = False

    def _compare(self) -> None:
        from synth_magic.api import evaluate

        with self._binding.turn:
            cohort, real = self._scene.cohort, self._real()
            patients = cohort.frame()
        report = evaluate(patients, real, **self._comparison.told, watch=self._watch)
        self.progress.value = said("drawing")
        with self._binding.turn:  # Matplotlib's style is the same for all threads
            self.report.value = report.to_html()
            self._compared = cohort
            self.show(self._scene, patients)

    def _real(self) -> pd.DataFrame:
        name = self._comparison.real
        real = self._binding.frame(name)
        if real is None:
            raise SettingError(f"{name} holds no DataFrame any more: there is nothing to compare.")
        return real

    def _watch(self, step: Step) -> None:
        self.progress.value = said(str(step))


_EARLIER = (
    '<div class="sp-notice">This compares earlier patients of this name. Compare again to see '
    "the present ones.</div>"
)
