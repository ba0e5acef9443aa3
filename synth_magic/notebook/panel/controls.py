"""The controls of a panel: how many patients, which seed, and the button for other patients."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from synth_magic.notebook.panel.pieces import Listener

MOST_ROWS = 1_000_000
_MOST_SEED = 2**53 - 1  # the largest whole number that a browser keeps exactly


class Controls:
    """Rows, as a number and on a logarithmic slider, and a seed, which always agree.

    `asked` is called with rows and seed when the user changes one of them, and without a seed for
    the next one.
    """

    def __init__(self, rows: int, seed: int, asked: Callable[[int, int | None], None]) -> None:
        self._asked = asked
        self._user = Listener()
        narrow = widgets.Layout(width="11em")
        self.rows = widgets.BoundedIntText(min=1, max=MOST_ROWS, description="Rows", layout=narrow)
        self.slider = widgets.FloatLogSlider(
            base=10,
            min=0,
            max=math.log10(MOST_ROWS),
            step=0.05,
            readout=False,
            continuous_update=False,
            layout=widgets.Layout(width="11em"),
        )
        self.seed = widgets.BoundedIntText(min=0, max=_MOST_SEED, description="Seed", layout=narrow)
        self.resample = widgets.Button(
            description="Resample",
            tooltip="Draw other patients: the next seed",
            icon="refresh",
            layout=widgets.Layout(width="auto"),
        )
        for widget, name in (
            (self.rows, "rows"),
            (self.slider, "slider"),
            (self.seed, "seed"),
            (self.resample, "resample"),
        ):
            widget.add_class(f"sp-{name}")
        for widget in (self.rows, self.seed):
            widget.style.description_width = "3em"
        self.show(rows, seed)
        self.rows.observe(self._ask, "value")
        self.seed.observe(self._ask, "value")
        self.slider.observe(self._slid, "value")
        self.resample.on_click(lambda _: asked(self.rows.value, None))
        self.widgets = (self.rows, self.slider, self.seed, self.resample)

    def show(self, rows: int, seed: int) -> None:
        """Set the controls without asking for anything."""
        with self._user.deaf():
            self.rows.max = max(self.rows.max, rows)
            self.slider.max = max(self.slider.max, math.log10(rows))
            self.seed.max = max(self.seed.max, seed)
            self.rows.value, self.seed.value, self.slider.value = rows, seed, rows

    def _ask(self, _: Any) -> None:
        if self._user.listens:
            self._asked(self.rows.value, self.seed.value)

    def _slid(self, _: Any) -> None:
        if self._user.listens:
            self._asked(_two_digits(self.slider.value), self.seed.value)


def _two_digits(number: float) -> int:
    """Return a round number of rows: 537.03 on the slider is 540."""
    return int(float(f"{number:.1e}"))
