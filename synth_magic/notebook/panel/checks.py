"""The tab of the checks: stated beside achieved, and what to know of how the text was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook.pages import checks
from synth_magic.notebook.pages.html import heading
from synth_magic.notebook.pages.notes import doubts
from synth_magic.notebook.panel.paging import Pages
from synth_magic.notebook.panel.pieces import row

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.evaluation.checks import Check
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene

ON_A_PAGE = 50


class Checks:
    """Tables of what was stated, of the other figures and of the rules, page by page."""

    title = "Checks"

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self.missed = widgets.Checkbox(
            description="Missed only", indent=False, layout=widgets.Layout(width="auto")
        )
        self.missed.tooltip = "Show only what was not reached"
        self.missed.add_class("sp-missed-only")
        self.missed.observe(self._filter, "value")
        self.checks: Pages[Check] = Pages(ON_A_PAGE, "checks", checks.words, self._turn)
        self.tables, self.notes = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox([row([self.missed, self.checks.box]), self.tables, self.notes])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show the checks of these patients."""
        self._view = scene.view
        self.notes.value = doubts(scene.view)
        self._choose()

    def _filter(self, _: Any) -> None:
        with self._notice.catching():
            self._choose()

    def _turn(self) -> None:
        with self._notice.catching():
            self._draw()

    def _choose(self) -> None:
        view = self._view
        all_checks = (*view.facts, *view.rules, *view.figures)
        chosen = [c for c in all_checks if not (self.missed.value and c.reached)]
        self.checks.show(chosen)
        self._draw()

    def _draw(self) -> None:
        view, seen = self._view, self.checks.seen
        facts = [c for c in seen if c.kind == "fact"]
        rules = [c for c in seen if c.kind == "rule"]
        others = [c for c in seen if c.kind not in ("fact", "rule")]
        parts = [f"<p><strong>{view.reached.capitalize()}.</strong></p>"]
        if facts:
            parts += [checks.stated(facts)]
        if rules:
            parts += [heading("Rules"), checks.rules(view, rules)]
        if others:
            parts += [heading("Other figures of the specification"), checks.specified(others)]
        if self.missed.value and not seen:
            parts += ["<p>Nothing was missed.</p>"]
        self.tables.value = "".join([*parts, checks.scope(view), checks.unchecked(view)])
