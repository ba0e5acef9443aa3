"""The line that says what the marks of a picture are."""

from __future__ import annotations

from typing import Literal

import numpy as np

from synth_magic.notebook.plots.canvas import (
    BAR,
    GREY,
    INTERVAL,
    REFERENCE,
    SPECIFIED,
    SPIKE,
    Canvas,
)
from synth_magic.notebook.plots.style import FAINT

Mark = Literal["bar", "spike", "interval", "line", "reference", "usual"]

_FILLED: dict[Mark, tuple[str, float]] = {
    "bar": (BAR, 1.0),
    "spike": (SPIKE, 1.0),
    "usual": (GREY, 2 * FAINT),
}
_LONG, _APART = 18, 20


def legend(
    canvas: Canvas, x: float, y: float, entries: list[tuple[Mark, str]], size: float
) -> None:
    """Write the entries in one line with its baseline at `y`, each behind its mark."""
    middle = y - 0.35 * size
    for mark, words in entries:
        end = x + _LONG
        if mark in _FILLED:
            half = 0.5 * size
            canvas.fill(np.array([(x, middle - half, end, middle + half)]), *_FILLED[mark])
        elif mark == "interval":
            top, low = middle - 3, middle + 3
            ends = [(x, top), (x, low), (x, middle), (end, middle), (end, top), (end, low)]
            canvas.line(np.array(ends), INTERVAL)
        else:
            stroke = SPECIFIED if mark == "line" else REFERENCE
            canvas.line(np.array([(x, middle), (end, middle)]), stroke)
        canvas.text(end + 6, y, words, size)
        x = end + 6 + canvas.width_of(words, size) + _APART
