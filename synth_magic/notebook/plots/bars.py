"""The shares of a coded variable in a box, with intervals, what is specified, and a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.notebook.plots.canvas import (
    BAR,
    INTERVAL,
    REFERENCE,
    SPECIFIED,
    Box,
    Canvas,
)
from synth_magic.notebook.plots.seen import Seen
from synth_magic.notebook.plots.style import Style
from synth_magic.notebook.plots.summary import percent, wilson
from synth_magic.notebook.words import plain
from synth_magic.sampling.expected import Expected
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.spec.model import Variable

_LETTERS = 5.5
"""Room for a percentage, in heights of a letter."""

_LONGER = 11.5
"""Room for a percentage with its interval."""

_TALLEST = 38.0
_LOWERED = 0.35
"""How far below the middle of a line its baseline is, in heights of a letter."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Which codes share a bar, and the bars' labels."""

    codes: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, variable: Variable, said: Expected, most: int) -> Rows:
        """Return a row for each code.

        Where there are too many the last row has the rest: the rarest, or of an ordinal variable
        those at the end.
        """
        order = list(range(len(variable.codes)))
        if len(order) > most and variable.type != "ordinal":
            order.sort(key=lambda code: -round(float(said.shares[code]), 9))
        labels = [plain(variable.codes[code]) for code in order]
        rows: list[tuple[int, ...]] = [(code,) for code in order]
        if len(order) > most:
            rest = order[most - 1 :]
            rows = [*rows[: most - 1], tuple(rest)]
            labels = [*labels[: most - 1], f"{len(rest)} others"]
        return cls(tuple(rows), tuple(labels))

    def together(self, shares: Floats) -> Floats:
        """Return the sum over the codes of each row."""
        return np.array([shares[list(codes)].sum() for codes in self.codes])

    @property
    def drawn(self) -> Bools:
        """Which rows have a bar: that of all the rest would dwarf the others."""
        return np.array([len(codes) == 1 for codes in self.codes])

    def height(self, box: Box) -> float:
        """Return the height of a row."""
        return min(box.height / len(self.codes), _TALLEST)

    def middles(self, box: Box) -> Floats:
        """Return the vertical middle of each row."""
        places = np.arange(len(self.codes), dtype=np.float64)
        return np.asarray(box.top + self.height(box) * (places + 0.5))

    def write(self, canvas: Canvas, box: Box, style: Style) -> Box:
        """Write the labels; return what they leave of the box."""
        widths = [canvas.width_of(label[:100], style.text) for label in self.labels]
        wide = min(max(widths, default=0.0) + 1, style.labels)
        for y, label in zip(self.middles(box), self.labels, strict=True):
            words = canvas.fitted(label, wide, style.text)
            place = box.left + wide, y + _LOWERED * style.text
            canvas.text(*place, words, style.text, "right")
        return box.inner(left=wide + 8)


def draw_bars(
    canvas: Canvas,
    box: Box,
    rows: Rows,
    style: Style,
    seen: Seen,
    *,
    specified: Floats,
    reference: Floats | None = None,
    longest: float | None = None,
) -> None:
    """Draw the patients' bars and intervals, what is specified, and the reference.

    `specified` and `reference` are shares of the rows. A bar of the share `longest` takes the whole
    width, but for the figures behind it.
    """
    counts = rows.together(seen.counts)
    found = counts / max(seen.known, 1)
    low, high = wilson(counts, seen.known)
    drawn = rows.drawn
    lines = np.stack([found, specified, *([high] if seen.known else [])])
    if reference is not None:
        lines = np.concatenate([lines, [reference]])
    room = (_LONGER if style.upright else _LETTERS) * style.text
    unit = (box.width - room) / max(longest or float(lines[:, drawn].max()), 1e-9)
    middles, thick = rows.middles(box), 0.36 * rows.height(box)
    y, start = middles[drawn], np.full(int(drawn.sum()), box.left)

    def at(shares: Floats) -> Floats:
        return np.asarray(box.left + unit * shares[drawn])

    edges = np.stack([start, y - thick, at(found), y + thick], axis=1)
    canvas.fill(edges[found[drawn] > 0], BAR)
    if reference is not None:
        right = at(reference)
        shape = [(start, y - thick), (right, y - thick), (right, y + thick), (start, y + thick)]
        canvas.line(_stretches(shape), REFERENCE)
    mark = at(specified)
    canvas.line(_stretches([(mark, y - 1.2 * thick), (mark, y + 1.2 * thick)]), SPECIFIED)
    if seen.known:
        _whiskers(canvas, at(low), at(high), y, thick / 3)
    furthest = np.where(drawn, box.left + unit * lines.max(axis=0), box.left - 5)
    for x, middle, *shares in zip(furthest, middles, found, low, high, strict=True):
        words = percent(shares[0])
        if style.upright:
            words += f" ({100 * shares[1]:.1f}–{100 * shares[2]:.1f})"
        canvas.text(x + 5, middle + _LOWERED * style.text, words, style.text)


class Bars:
    """A coded variable: the share of each code with its 95% interval, and that specified.

    `still` draws what does not change with the patients; `moving` draws the rest.
    """

    def __init__(
        self,
        box: Box,
        variable: Variable,
        said: Expected,
        style: Style,
        *,
        reference: Seen | None = None,
    ) -> None:
        self._box, self._style = box, style
        self._rows = Rows.of(variable, said, style.bars)
        self._specified = self._rows.together(said.shares)
        self._reference: Floats | None = None
        if reference is not None and reference.known:
            self._reference = self._rows.together(reference.shares)

    def still(self, canvas: Canvas) -> None:
        """Write the codes."""
        self._plot = self._rows.write(canvas, self._box, self._style)

    def moving(self, canvas: Canvas, seen: Seen) -> None:
        """Draw the bars with all that lies over them."""
        draw_bars(
            canvas,
            self._plot,
            self._rows,
            self._style,
            seen,
            specified=self._specified,
            reference=self._reference,
        )

    def beyond(self, seen: Seen) -> str:
        """Say which share of the patients has another code; nothing if none does."""
        return f"{percent(seen.other / seen.known)} other codes" if seen.other else ""


def _whiskers(canvas: Canvas, low: Floats, high: Floats, y: Floats, cap: float) -> None:
    ends = [(low, y - cap), (low, y + cap), (low, y), (high, y), (high, y - cap), (high, y + cap)]
    canvas.line(_stretches(ends), INTERVAL)


def _stretches(corners: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Join corners, each given for all bars, to one stretch for each bar."""
    gap = np.full_like(corners[0][0], np.nan)
    x = np.stack([*(x for x, _ in corners), gap], axis=1)
    y = np.stack([*(y for _, y in corners), gap], axis=1)
    return np.stack([x.reshape(-1), y.reshape(-1)], axis=1)
