"""Changing the correlation of two variables, stated so far or implied by the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from synth_magic.errors import SettingError
from synth_magic.notebook.correlations import implied, ranked, stated_pairs
from synth_magic.notebook.pages.html import said
from synth_magic.notebook.panel.pieces import Listener, dropdown, hide, row
from synth_magic.notebook.words import in_short
from synth_magic.spec.edits import edit, fixed, told

if TYPE_CHECKING:
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change, Scene
    from synth_magic.spec import CohortSpec


class Correlation:
    """A choice of two variables, and their Spearman correlation; a change is a new version."""

    def __init__(self, notice: Notice, change: Change) -> None:
        self._notice, self._change = notice, change
        self._user = Listener()
        self.a = self._choice("Correlation of", "a", labels="7em")
        self.b = self._choice("with", "b", labels="3em")
        self.spearman = widgets.FloatText(
            description="Spearman",
            step=0.05,
            tooltip="Their Spearman correlation, from -1 to 1; 0 removes the relation",
            layout=widgets.Layout(width="14em"),
        )
        self.spearman.style.description_width = "6em"
        self.spearman.add_class("sp-edit-spearman")
        self.spearman.observe(lambda change: self._asked(change["new"]), "value")
        self.note = widgets.HTML()
        self.box = widgets.VBox([row([self.a, self.b, self.spearman]), self.note])

    def _choice(self, label: str, name: str, *, labels: str) -> widgets.Dropdown:
        choice = dropdown(label, f"edit-{name}", width="24em", labels=labels, tooltip=label)
        choice.observe(self._chosen, "value")
        return choice

    def show(self, scene: Scene) -> None:
        """Show the correlation of the pair that was chosen, if one was."""
        self._spec: CohortSpec = scene.cohort.compiled.spec
        self._compiled = scene.cohort.compiled
        names = [v.name for v in ranked(self._spec, {v.name for v in self._spec.variables})]
        free = [name for name in names if not fixed(self._spec.variable(name))]
        with self._user.deaf():
            for choice in (self.a, self.b):
                chosen = choice.value
                choice.options = [("–", ""), *((in_short(n), n) for n in free)]
                choice.value = chosen if chosen in free else ""
            self._fill()

    def _fill(self) -> None:
        a, b = self.a.value, self.b.value
        hide(self.spearman, when=not a or not b or a == b)
        if not a or not b or a == b:
            line = "Choose two different variables." if a and a == b else ""
            self.note.value = f"<p>{line}</p>" if line else ""
            return
        found = stated_pairs(self._spec).get(frozenset((a, b)))
        if found is None:
            both = (self._spec.variable(a), self._spec.variable(b))
            found = float(np.nan_to_num(implied(self._compiled, both)[0, 1]))
            line = "Not stated: it follows from the other correlations and the groups."
        else:
            pair = next(p for p in self._spec.associations if {p.a, p.b} == {a, b})
            line = f"Rests on: {pair.provenance}" + (f", {pair.basis}" if pair.basis else "")
        self._shown = round(found, 2)
        self.spearman.value = self._shown
        self.note.value = f"<p>{said(line)}</p>"

    # --- changing ----------------------------------------------------------------------------

    def _chosen(self, _: Any) -> None:
        if self._user.listens:
            with self._notice.catching():
                self._refill()

    def _refill(self) -> None:
        with self._user.deaf():
            self._fill()

    def _asked(self, value: float) -> None:
        if not self._user.listens or value == self._shown:
            return
        with self._notice.catching():
            if not math.isfinite(value):
                self._refill()
                raise SettingError("a correlation is a number from -1 to 1")
            fact = edit(self.a.value, "spearman", value, other_variable=self.b.value)
            self._change("edited", told(fact), lambda cohort: cohort.edited(fact))
