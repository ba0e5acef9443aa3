"""A change asked for in words. The button says who would be asked, and about what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.errors import SettingError
from synth_magic.notebook.panel.pieces import Listener, row
from synth_magic.notebook.progress import line_of
from synth_magic.notebook.words import in_short, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synth_magic.engines.answer import Progress
    from synth_magic.engines.plan import Plan
    from synth_magic.frame import Cohort
    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change, Scene

_LETTERS = 40


class Refining:
    """A line of text and a button; `change` is called with what makes the new cohort.

    Who would be asked is found out when the words are there or the patients are others, and once
    more just before asking: nothing is spent by surprise.
    """

    def __init__(self, binding: Binding, notice: Notice, change: Change) -> None:
        self._binding, self._notice, self._change = binding, notice, change
        self._user = Listener()
        self._made: Cohort | None = None
        self.words = widgets.Text(
            description="Refine",
            placeholder="make them ten years older; or in figures: mean age 71",
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

    def show(self, scene: Scene) -> None:
        """Wait for other words once these are done, and say what they would take now."""
        if scene.cohort is self._made:
            self._made = None
            with self._user.deaf():
                self.words.value = ""
        self._foresee()

    @property
    def _words(self) -> str:
        return self.words.value.strip() if plain(self.words.value) else ""

    def _written(self, _: Any) -> None:
        if self._user.listens:
            self._notice.clear()
            self._foresee()

    def _foresee(self) -> None:
        """Let the button say what a click would do."""
        self.button.disabled = not self._words
        self.button.description = "Refine"
        self.button.tooltip = "Press Enter after the words to see who would be asked"
        if self._words:
            with self._notice.catching():
                planned = self._plan(self._binding.cohort, self._words, self._binding.settings)
                self.button.description, self.button.tooltip = _face(planned), planned.who

    def _plan(self, cohort: Cohort, words: str, settings: Mapping[str, Any]) -> Plan:
        from synth_magic.api import plan

        return plan(words, refine=cohort, **settings)

    def _ask(self) -> None:
        if words := self._words:
            self.button.disabled = True
            try:
                self._change("refined", plain(words), lambda cohort: self._refined(cohort, words))
            finally:
                self.button.disabled = not self._words

    def _refined(self, cohort: Cohort, words: str) -> Cohort:
        from synth_magic.api import refine

        settings = self._binding.settings
        planned = self._plan(cohort, words, settings)
        if planned.asks and (_face(planned), planned.who) != self._said:
            raise SettingError(
                "Nothing was asked: a click would do something else by now than the button said. "
                "Read it, and click again."
            )

        def watch(progress: Progress) -> None:
            self._notice.say(line_of(progress))

        self._made = refine(cohort, words, watch=watch, **settings).cohort
        return self._made

    @property
    def _said(self) -> tuple[str, str]:
        return self.button.description, self.button.tooltip


def _face(plan: Plan) -> str:
    """Return what a button says that does what was planned."""
    if not plan.asks:
        return "Refine (no model is asked)"
    cost = f", {plan.cost}" if plan.cost else ""
    model = in_short(plan.settings.model, _LETTERS)
    return f"Ask {model}: about {plan.estimate.tokens:,} tokens{cost}"
