"""A change asked for in words. The button says who would be asked, and about what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook.panel.pieces import row
from synth_magic.notebook.progress import line_of
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    from synth_magic.engines.answer import Progress
    from synth_magic.engines.plan import Plan
    from synth_magic.frame import Cohort
    from synth_magic.notebook.bindings import Binding
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change

_LETTERS = 40


class Refining:
    """A line of text and a button; `change` is called with what makes the new cohort.

    Who would be asked is found out when the words are there: nothing is spent by surprise.
    """

    def __init__(self, binding: Binding, notice: Notice, change: Change) -> None:
        self._binding, self._notice, self._change = binding, notice, change
        self.words = widgets.Text(
            description="Refine",
            placeholder="in words, such as: make them ten years older",
            continuous_update=False,
            layout=widgets.Layout(width="34em"),
        )
        self.words.style.description_width = "3.5em"
        self.words.add_class("sp-refine")
        self.button = widgets.Button(disabled=True, layout=widgets.Layout(width="auto"))
        self.button.add_class("sp-ask")
        self.words.observe(self._written, "value")
        self.button.on_click(lambda _: self._ask())
        self.box = row([self.words, self.button])
        self.clear()

    def clear(self) -> None:
        """Wait for other words."""
        self.words.value = ""
        self._written(None)

    def _written(self, _: Any) -> None:
        words = self.words.value.strip()
        self.button.disabled = not words
        self.button.description = "Refine"
        self.button.tooltip = "Press Enter after the words to see who would be asked"
        if words:
            self._foresee(words)

    def _foresee(self, words: str) -> None:
        from synth_magic.api import plan

        with self._notice.catching():
            planned = plan(words, refine=self._binding.cohort, **self._binding.settings)
            self.button.description, self.button.tooltip = _face(planned), planned.who

    def _ask(self) -> None:
        words = self.words.value.strip()
        told = " ".join(words.split())
        self.button.disabled = True
        try:
            self._change("refined", told, lambda cohort: self._refined(cohort, words))
        finally:
            self.button.disabled = not self.words.value

    def _refined(self, cohort: Cohort, words: str) -> Cohort:
        from synth_magic.api import refine

        def watch(progress: Progress) -> None:
            self._notice.say(line_of(progress))

        refined = refine(cohort, words, watch=watch, **self._binding.settings).cohort
        self.clear()
        return refined


def _face(plan: Plan) -> str:
    """Return what a button says that does what was planned."""
    if not plan.asks:
        return "Refine (no model is asked)"
    cost = f", {plan.cost}" if plan.cost else ""
    model = in_short(plan.settings.model, _LETTERS)
    return f"Ask {model}: about {plan.estimate.tokens:,} tokens{cost}"
