"""A sheet to draw on in the pixels that are shown, and from it a PNG with twice as many.

It draws at once, without axes and without pyplot: what stays the same from one picture to the next
is kept as pixels (`keep`, `restore`), and the user's current figure stays theirs.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from synth_magic.sampling.grid import Floats

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

WIDTH = 840
"""Width at which a picture is shown, in pixels; it holds twice as many, for fine screens."""

GREY = "#767676"
"""For text and axes: a contrast of 4.5 on white, and of 4.6 on black."""

FINE = 2
"""So many pixels are drawn for each that is shown, along each side."""

POINTS = 72

# Colours of Okabe and Ito that stand out on white and on black, and differ in lightness too.
BAR, SPIKE, OTHER = "#56B4E9", "#D55E00", "#CC79A7"

_MOST_LETTERS = 500
_DARK, _HALO = "#333333", "#FFFFFF"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line looks; one with a halo is seen on bars, on white and on black."""

    colour: str = GREY
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    halo: float = 0.0


AXIS = Stroke(GREY, 1.0)
SPECIFIED = Stroke(_DARK, 1.1, halo=0.9)
INTERVAL = Stroke(_DARK, 0.8, halo=0.7)
REFERENCE = Stroke(OTHER, 1.8, (4.0, 2.0))


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the sheet, in shown pixels from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def inner(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """Return the box without margins."""
        return Box(self.left + left, self.top + top, self.right - right, self.bottom - bottom)


class Canvas:
    """A transparent sheet; every position is in shown pixels from its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        # At 72 points an inch a point is one shown pixel.
        self._figure = Figure((width / POINTS, height / POINTS), dpi=FINE * POINTS)
        self._agg = FigureCanvasAgg(self._figure)
        self._renderer: Any = self._agg.get_renderer()
        self._height = self._renderer.height
        self.box = Box(0, 0, width, height)
        self._kept: Any = None
        self.clear()

    # --- drawing

    def clear(self) -> None:
        """Make the sheet empty."""
        self._renderer.clear()

    def keep(self) -> None:
        """Keep what is drawn so far."""
        self._kept = self._agg.copy_from_bbox(self._figure.bbox)

    def restore(self) -> None:
        """Go back to what was kept."""
        self._renderer.restore_region(self._kept)

    def fill(self, boxes: Floats, colour: str, alpha: float = 1.0) -> None:
        """Fill rectangles (n, 4), each given as left, top, right and bottom."""
        from matplotlib.path import Path

        if not len(boxes):
            return
        left, top, right, bottom = np.asarray(boxes, dtype=np.float64).T
        corners = np.stack(
            [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], axis=0
        )
        vertices = corners.transpose(2, 0, 1).reshape(-1, 2)
        one = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
        self._path(Path(vertices, one * len(boxes)), Stroke(colour, 0.0), face=(colour, alpha))

    def line(self, points: Floats, stroke: Stroke) -> None:
        """Draw a line through points (n, 2); NaN parts one stretch from the next."""
        from matplotlib.path import Path

        if not len(points):
            return
        path = Path(np.asarray(points, dtype=np.float64))
        if stroke.halo:
            self._path(path, Stroke(_HALO, stroke.width + 2 * stroke.halo))
        self._path(path, stroke)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10.0,
        align: Align = "left",
        *,
        upright: bool = False,
    ) -> None:
        """Write one line with its baseline at `y`; `upright` reads from bottom to top.

        Of what users set for their own figures only the fonts count.
        """
        from matplotlib.text import Text

        artist = Text(
            FINE * x,
            self._height - FINE * y,
            text,
            color=GREY,
            fontproperties=_font(size),
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=90 if upright else 0,
            rotation_mode="anchor",
            parse_math=False,
            usetex=False,
            path_effects=[],
            sketch_params=None,
        )
        artist.set_figure(self._figure)
        artist.draw(self._renderer)

    def width_of(self, text: str, size: float = 10.0) -> float:
        """Return how wide a text is."""
        width, _, _ = self._renderer.get_text_width_height_descent(text, _font(size), False)
        return float(width) / FINE

    def fitted(self, text: str, width: float, size: float = 10.0) -> str:
        """Return the text, cut with an ellipsis where it is wider than `width`."""
        if len(text) <= _MOST_LETTERS and self.width_of(text, size) <= width:
            return text
        fewest, most = 0, min(len(text), _MOST_LETTERS)
        while fewest < most:
            letters = (fewest + most + 1) // 2
            cut = self.width_of(text[:letters] + "…", size)
            fewest, most = (letters, most) if cut <= width else (fewest, letters - 1)
        return text[:fewest].rstrip() + "…"

    def _path(self, path: Any, stroke: Stroke, face: tuple[str, float] | None = None) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.transforms import Affine2D

        place = Affine2D().scale(FINE, -FINE).translate(0, self._height)
        pen = self._renderer.new_gc()
        pen.set_foreground(stroke.colour)
        pen.set_linewidth(stroke.width)
        pen.set_joinstyle("miter")
        pen.set_capstyle("butt")
        if stroke.dashes:
            pen.set_dashes(0, stroke.dashes)
        self._renderer.draw_path(pen, path, place, to_rgba(*face) if face else None)
        pen.restore()

    # --- the picture

    def png(self) -> bytes:
        """Return the sheet as a PNG."""
        return packed(np.asarray(self._agg.buffer_rgba()))


def packed(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return pixels (rows, columns, 4) as a PNG, packed lightly: it is made for every click."""
    rows, columns, depth = pixels.shape
    unfiltered = np.zeros((rows, 1 + depth * columns), dtype=np.uint8)
    unfiltered[:, 1:] = pixels.reshape(rows, -1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    data = zlib.compress(unfiltered.data, 1)
    parts = [_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@contextmanager
def without_glyph_warnings() -> Iterator[None]:
    """Let a box stand for each emoji or letter that the fonts lack, without a warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


@cache
def _font(size: float) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=size)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
