"""The histogram of a number or a date in a box, with what is specified and a reference over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.notebook.plots.canvas import (
    AXIS,
    BAR,
    GREY,
    REFERENCE,
    SPECIFIED,
    SPIKE,
    Box,
    Canvas,
    Stroke,
)
from synth_magic.notebook.plots.scale import Bins, Scale, as_text, ticks
from synth_magic.notebook.plots.seen import Seen
from synth_magic.notebook.plots.style import FAINT, Style, Usual
from synth_magic.notebook.plots.summary import percent, value_text
from synth_magic.notebook.words import in_short
from synth_magic.sampling.expected import Expected
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.spec.model import Variable

_ROOM = 1.12
_TICK = 3.0
_HIGHER = 1.5
_GAP = 0.1
_FLAT = 0.4
_AWAY = 0.02
_SINGLE = 12
"""So few bars stand apart, like the codes of a coded variable."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Bins in a box. Heights are shares of the patients; one pixel is `1 / unit` of them."""

    bins: Bins
    box: Box

    @property
    def scale(self) -> Scale:
        """Where values lie."""
        return Scale(*self.bins.shown, self.box)

    def unit(self, heights: Sequence[Floats], others: Sequence[Floats] = ()) -> float:
        """Return how many pixels a share of 1 takes, such that these heights fit in the box.

        The others fit too where they are not much higher; else they are cut.
        """
        highest = max(float(each.max(initial=0.0)) for each in heights)
        higher = max((float(each.max(initial=0.0)) for each in others), default=0.0)
        if highest:
            higher = min(higher, _HIGHER * highest)
        return self.box.height / max(_ROOM * max(highest, higher), 1e-9)

    def axis(self, canvas: Canvas, variable: Variable, style: Style) -> None:
        """Draw the horizontal axis with its ticks."""
        box = self.box
        canvas.line(np.array([(box.left, box.bottom), (box.right, box.bottom)]), AXIS)
        for value, label in ticks(self.bins.shown, style.ticks, variable):
            x = float(self.scale.at(np.array(value)))
            canvas.line(np.array([(x, box.bottom), (x, box.bottom + _TICK)]), AXIS)
            canvas.text(x, box.bottom + _TICK + 1.1 * style.text, label, style.text, "center")

    def shade(self, canvas: Canvas, usual: Usual | None) -> None:
        """Shade what lies between the usual limits."""
        if usual is None:
            return
        shown = self.bins.shown
        low = shown[0] if usual[0] is None else max(usual[0], shown[0])
        high = shown[1] if usual[1] is None else min(usual[1], shown[1])
        if low < high:
            left, right = self.scale.at(np.array([low, high]))
            canvas.fill(np.array([(left, self.box.top, right, self.box.bottom)]), GREY, FAINT)

    def bars(self, canvas: Canvas, start: Floats, stop: Floats, unit: float, colour: str) -> None:
        """Fill the bins between two heights."""
        edges, bottom = self.scale.at(self.bins.edges), self.box.bottom
        room = _GAP * (edges[1] - edges[0]) / 2 if len(start) <= _SINGLE else 0.0
        sides = [edges[:-1] + room, bottom - stop * unit, edges[1:] - room, bottom - start * unit]
        canvas.fill(np.stack(sides, axis=1)[stop > start], colour)

    def outline(self, canvas: Canvas, heights: Floats, unit: float, stroke: Stroke) -> None:
        """Draw the outline of a histogram, but no line along the axis where it is empty."""
        edges = self.scale.at(self.bins.edges)
        high = np.minimum(unit * heights, self.box.height)
        middle = np.where(high < _FLAT, np.nan, high)
        x = np.stack([edges[:-1], (edges[:-1] + edges[1:]) / 2, edges[1:]], axis=1).reshape(-1)
        y = np.stack([high, middle, high], axis=1).reshape(-1)
        x, y = np.concatenate([edges[:1], x, edges[-1:]]), np.concatenate([[0.0], y, [0.0]])
        canvas.line(np.stack([x, self.box.bottom - y], axis=1), stroke)


class Histogram:
    """A number or a date: a bar for each step where these are few, spikes in their own colour.

    `still` draws what does not change with the patients; `moving` draws the rest.
    """

    def __init__(
        self,
        box: Box,
        variable: Variable,
        said: Expected,
        style: Style,
        *,
        usual: Usual | None = None,
        reference: Seen | None = None,
    ) -> None:
        self._variable, self._style, self._usual = variable, style, usual
        others = None if reference is None else reference.numbers
        bins = Bins.of(said, variable, style.bins, others)
        self._plot = None if bins is None else Plot(bins, box)
        self._specified: Floats = np.empty(0)
        self._reference: Floats | None = None
        if bins is not None:
            self._specified = bins.expected(said)
            if others is not None and len(others):
                self._reference = bins.shares(others)

    def still(self, canvas: Canvas) -> None:
        """Draw the axis and the usual limits."""
        if self._plot is not None:
            self._plot.shade(canvas, self._usual)
            self._plot.axis(canvas, self._variable, self._style)

    def moving(self, canvas: Canvas, seen: Seen) -> None:
        """Draw the patients' bars, and over them the reference and what is specified."""
        plot = self._plot
        if plot is None:
            return
        found = plot.bins.shares(seen.numbers)
        spikes = self._spikes(seen.numbers)
        repeated = plot.bins.shares(seen.numbers[spikes]) * (spikes.sum() / max(len(spikes), 1))
        reference = [] if self._reference is None else [self._reference]
        unit = plot.unit([found, self._specified], reference)
        plot.bars(canvas, np.zeros_like(found), found - repeated, unit, BAR)
        plot.bars(canvas, found - repeated, found, unit, SPIKE)
        for heights in reference:
            plot.outline(canvas, heights, unit, REFERENCE)
        plot.outline(canvas, self._specified, unit, SPECIFIED)
        if self._style.upright:
            self._upright(canvas, plot, unit)

    def _spikes(self, numbers: Floats) -> Bools:
        assert self._plot is not None
        there = np.zeros(len(numbers), dtype=np.bool_)
        for spike in self._variable.spikes:
            there |= np.abs(numbers - spike.value) < self._plot.bins.step / 4
        return there

    def _upright(self, canvas: Canvas, plot: Plot, unit: float) -> None:
        """Draw the vertical axis."""
        from matplotlib.ticker import MaxNLocator

        box, size = plot.box, self._style.text
        highest = box.height / unit
        for share in MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(0, 100 * highest):
            y = box.bottom - share / 100 * unit
            if y >= box.top - 1:
                canvas.line(np.array([(box.left - _TICK, y), (box.left, y)]), AXIS)
                canvas.text(box.left - 6, y + 0.35 * size, f"{share:g}%", size, "right")
        canvas.line(np.array([(box.left, box.top), (box.left, box.bottom)]), AXIS)
        unit_name = "days" if self._variable.type == "date" else self._variable.unit
        width = as_text(plot.bins.width, plot.bins.step)
        words = f"patients in each {width} {in_short(unit_name, 24)}".rstrip()
        canvas.text(box.left - 40, (box.top + box.bottom) / 2, words, size, "center", upright=True)

    def beyond(self, seen: Seen) -> str:
        """Say which share of the patients lies beyond what is shown; nothing if none does."""
        if self._plot is None:
            return ""
        bins, parts = self._plot.bins, []
        if self._reference is not None and (away := 1 - float(self._reference.sum())) > _AWAY:
            parts.append(f"{percent(away)} of the reference elsewhere")
        if not len(seen.numbers):
            return ", ".join(parts)
        below = float((seen.numbers < bins.edges[0]).mean())
        above = float((seen.numbers > bins.edges[-1]).mean())
        ends = (float(seen.numbers.min()), float(seen.numbers.max()))
        least, most = (value_text(end, self._variable, bins.step) for end in ends)
        if below and above:
            parts.append(f"{percent(below + above)} beyond, {least} to {most}")
        elif below:
            parts.append(f"{percent(below)} below, from {least}")
        elif above:
            parts.append(f"{percent(above)} above, up to {most}")
        return ", ".join(parts)
