"""Changing the correlation of two variables, stated so far or implied by the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from synth_magic.errors import SettingError
from synth_magic.notebook.pages.html import said
from synth_magic.notebook.panel.correlations import (
    IMPLIED_ROWS,
    ranked,
    spearman,
    stated_pairs,
)
from synth_magic.notebook.panel.edit_figures import hide
from synth_magic.notebook.words import plain, short
from synth_magic.sampling import sample
from synth_magic.spec.edits import edit, fixed, told

if TYPE_CHECKING:
    from synth_magic.notebook.panel.edit_figures import Change
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import CohortSpec

_LETTERS = 60
_SEED = 0


class Correlation:
    """A choice of two variables, and their Spearman correlation; a change is a new version."""

    def __init__(self, notice: Notice, change: Change) -> None:
        self._notice, self._change = notice, change
        self._listening = True
        self.a, self.b = self._choice("Correlation of", "a"), self._choice("with", "b")
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
        choice = widgets.HBox(
            [self.a, self.b, self.spearman], layout=widgets.Layout(flex_flow="row wrap")
        )
        self.box = widgets.VBox([choice, self.note])

    def _choice(self, label: str, name: str) -> widgets.Dropdown:
        choice = widgets.Dropdown(
            description=label, tooltip=label, layout=widgets.Layout(width="24em")
        )
        choice.style.description_width = "7em" if name == "a" else "3em"
        choice.add_class(f"sp-edit-{name}")
        choice.observe(self._chosen, "value")
        return choice

    def show(self, scene: Scene) -> None:
        """Show the correlation of the pair that was chosen, if one was."""
        self._spec: CohortSpec = scene.cohort.compiled.spec
        self._compiled = scene.cohort.compiled
        names = [v.name for v in ranked(self._spec, {v.name for v in self._spec.variables})]
        free = [name for name in names if not fixed(self._spec.variable(name))]
        self._listening = False
        try:
            for choice in (self.a, self.b):
                chosen = choice.value
                choice.options = [("–", ""), *((short(plain(n), _LETTERS), n) for n in free)]
                choice.value = chosen if chosen in free else ""
            self._fill()
        finally:
            self._listening = True

    def _fill(self) -> None:
        a, b = self.a.value, self.b.value
        hide(self.spearman, when=not a or not b or a == b)
        if not a or not b or a == b:
            line = "Choose two different variables." if a and a == b else ""
            self.note.value = f"<p>{line}</p>" if line else ""
            return
        found = stated_pairs(self._spec).get(frozenset((a, b)))
        if found is None:
            found = self._implied(a, b)
            line = "Not stated: it follows from the other correlations and the groups."
        else:
            pair = next(p for p in self._spec.associations if {p.a, p.b} == {a, b})
            line = f"Rests on: {pair.provenance}" + (f", {pair.basis}" if pair.basis else "")
        self._shown = round(found, 2)
        self.spearman.value = self._shown
        self.note.value = f"<p>{said(line)}</p>"

    def _implied(self, a: str, b: str) -> float:
        """Return what many patients show, to whom hidden variables belong, too."""
        patients = sample(self._compiled, IMPLIED_ROWS, _SEED, hidden=True)
        found, _ = spearman(patients, [self._spec.variable(name) for name in (a, b)])
        return float(np.nan_to_num(found[0, 1]))

    # --- changing ----------------------------------------------------------------------------

    def _chosen(self, _: Any) -> None:
        if self._listening:
            with self._notice.catching():
                self._refill()

    def _refill(self) -> None:
        self._listening = False
        try:
            self._fill()
        finally:
            self._listening = True

    def _asked(self, value: float) -> None:
        if not self._listening or value == self._shown:
            return
        with self._notice.catching():
            if not math.isfinite(value):
                self._refill()
                raise SettingError("a correlation is a number from -1 to 1")
            fact = edit(self.a.value, "spearman", value, other_variable=self.b.value)
            self._change("edited", told(fact), lambda cohort: cohort.edited(fact))
