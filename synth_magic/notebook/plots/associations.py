"""Two heat maps side by side: the Spearman correlations achieved, and those specified."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from synth_magic.notebook.plots.canvas import GREY, WIDTH
from synth_magic.notebook.plots.sheet import ink_on, png, sheet_of, unstyled
from synth_magic.notebook.words import in_short
from synth_magic.sampling.grid import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LABELLED = 40
"""More variables have no room for their names."""

FAINT = 0.05
"""A weaker correlation has no colour: white squares would glare on a dark ground."""

_LETTERS = 22
_COLOURS, _PALEST = "RdBu_r", 0.1
_LIMITS = (0.5, 1.0)  # only two, so that colours mean the same in most pictures
_TITLE, _GAP, _BAR = 24.0, 14.0, 70.0  # pixels
_LARGEST_CELL, _SMALLEST_WRITTEN = 44.0, 21.0
_WHOLE, _SMALL = 0.96, 0.72  # sides of a stated and of an implied square, in cells
_DIGIT_HEIGHT = 0.73  # of the size of a font


def heat_maps(names: Sequence[str], achieved: Floats, specified: Floats, stated: Bools) -> bytes:
    """Return a PNG with correlations (names, names) achieved on the left, specified on the right.

    Those that are `stated` are full squares, the others small ones; NaN is left empty.
    """
    labels = [in_short(name, _LETTERS) for name in names]
    labels = labels if len(labels) <= MOST_LABELLED else []
    strongest = max((np.nanmax(np.abs(m), initial=0.0) for m in (achieved, specified)), default=0)
    limit = next(limit for limit in _LIMITS if strongest <= limit + 1e-9)
    with unstyled():
        size = _label_size(len(names))
        room = _room(labels, size)
        cell = min(_LARGEST_CELL, (WIDTH - room - _GAP - _BAR) / 2 / len(names))
        side = cell * len(names)
        sheet = sheet_of(WIDTH, _TITLE + side + room)
        axes = sheet.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(_TITLE + side + room, 0))
        axes.set_axis_off()
        pen = _Pen(axes, limit, labels, size, cell)
        pen.map(room, "Achieved", achieved, np.ones_like(stated))
        pen.rows(room)
        pen.map(room + side + _GAP, "Specified", specified, stated)
        pen.bar(room + 2 * side + 2 * _GAP, side)
        return png(sheet)


def _label_size(number: int) -> float:
    return float(np.clip(340 / number, 7.5, 11.0))


def _room(labels: Sequence[str], size: float) -> float:
    """Return the pixels that the longest label takes, and a little more."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font, measure = FontProperties(size=size), TextToPath()
    widths = [measure.get_text_width_height_descent(text, font, False)[0] for text in labels]
    return 6.0 + max(widths, default=0.0)


class _Pen:
    """Draws squares and names on axes in pixels."""

    def __init__(
        self, axes: Axes, limit: float, labels: Sequence[str], size: float, cell: float
    ) -> None:
        self._axes, self._limit = axes, limit
        self._labels, self._size, self._cell = labels, size, cell

    def map(self, left: float, title: str, values: Floats, whole: Bools) -> None:
        """Draw one map, its title above and the names of its columns below."""
        cell = self._cell
        self._text(left, _TITLE - 9, title, fontsize=12, weight="bold")
        rows, columns = np.nonzero(~np.isnan(values))
        sides = cell * np.where(whole, _WHOLE, _SMALL)[rows, columns]
        centres = np.stack([left + cell * (columns + 0.5), _TITLE + cell * (rows + 0.5)], axis=1)
        shown = values[rows, columns]
        self._squares(centres, sides[:, None], shown)
        if cell >= _SMALLEST_WRITTEN:
            self._write(centres, shown)
        bottom = _TITLE + cell * len(values) + 4
        for place, label in enumerate(self._labels):
            x = left + cell * (place + 0.5)
            self._text(x, bottom, label, ha="center", va="top", rotation=90)

    def rows(self, right: float) -> None:
        """Write the names of the rows."""
        for place, label in enumerate(self._labels):
            y = _TITLE + self._cell * (place + 0.5)
            self._text(right - 4, y, label, ha="right", va="center")

    def bar(self, left: float, height: float) -> None:
        """Draw what the colours mean."""
        limit, tall, number = self._limit, min(height, 200.0), 101
        steps = np.linspace(limit, -limit, number)
        y = _TITLE + (np.arange(number) + 0.5) * tall / number
        sides = np.broadcast_to([12.0, tall / number], (number, 2))
        self._squares(np.stack([np.full(number, left + 6), y], axis=1), sides, steps)
        for value in np.linspace(limit, -limit, 5 if tall > 60 else 3):
            middle = _TITLE + (1 - value / limit) / 2 * tall
            said = f"{value:.2g}".replace("-", "−")
            self._text(left + 16, middle, said, va="center", fontsize=10)

    def _squares(self, centres: Floats, sides: Floats, values: Floats) -> None:
        from matplotlib.collections import PolyCollection

        corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
        squares = PolyCollection(
            centres[:, None, :] + sides[:, None, :] * corners,
            facecolors=_coloured(values, self._limit),
            linewidths=0,
        )
        self._axes.add_collection(squares, autolim=False)

    def _write(self, centres: Floats, values: Floats) -> None:
        """Write the correlations as shapes, one for each ink: a text for each takes far longer."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        size = min(10.0, 0.34 * self._cell)
        colours = _coloured(values, self._limit)
        inks = np.where(np.abs(values) < FAINT, GREY, ink_on(colours))
        for ink in np.unique(inks):
            there = inks == ink
            shapes = [_shape(brief(value)) for value in values[there]]
            middles = np.repeat(centres[there], [len(codes) for _, codes in shapes], axis=0)
            corners = np.concatenate([vertices for vertices, _ in shapes]) * (size, -size)
            written = Path(corners + middles, np.concatenate([codes for _, codes in shapes]))
            self._axes.add_artist(PathPatch(written, facecolor=ink, linewidth=0))

    def _text(self, x: float, y: float, text: str, **look: Any) -> None:
        look = {"color": GREY, "fontsize": self._size, "parse_math": False} | look
        self._axes.text(x, y, text, None, **look)


def _coloured(values: Floats, limit: float) -> Floats:
    """Return the colour of each correlation (values, 4); grey and faint where it is faint."""
    from matplotlib import colormaps
    from matplotlib.colors import to_rgba

    share = np.abs(values) / limit
    places = 0.5 + np.sign(values) / 2 * (_PALEST + (1 - _PALEST) * share)
    colours = np.asarray(colormaps[_COLOURS](places))
    colours[np.abs(values) < FAINT] = to_rgba(GREY, 0.1)
    return colours


@cache
def _shape(text: str) -> tuple[Floats, Any]:
    """Return a text of size 1 as an outline around its middle: vertices and what they are."""
    from matplotlib.textpath import TextPath

    outline = TextPath((0, 0), text, size=1)
    box = outline.get_extents()
    middle = (box.x0 + box.x1) / 2, _DIGIT_HEIGHT / 2
    return np.asarray(outline.vertices) - middle, outline.codes


def brief(correlation: float) -> str:
    """Return a correlation as papers print it, short: .31, −.05."""
    digits = f"{abs(correlation):.2f}"
    sign = "−" if correlation < 0 and float(digits) else ""
    return sign + (digits if digits.startswith("1") else digits[1:])
