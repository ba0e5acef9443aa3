"""Sheets of Matplotlib on an opaque ground, without pyplot, and the PNG made of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from synth_magic.evaluation.report.text import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 840
"""Width at which a picture is shown, in pixels; it holds twice as many, for fine screens."""

# Colours of Okabe and Ito that differ in lightness too.
SYNTHETIC, REAL = "#56B4E9", "#B34700"
INK, FAINT = "#333333", "#BBBBBB"

_POINTS = 72
_SMALL = 8.5


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, what it is called, and how it is read. A notebook shows it by itself."""

    title: str
    caption: str
    png: bytes

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"

    def _repr_png_(self) -> bytes:
        return self.png


@contextmanager
def plain_style() -> Iterator[None]:
    """Draw with nothing that the user has set for their own figures but the fonts.

    A `$` in a name is a letter, and a letter that the fonts lack is a box without a warning.
    """
    import matplotlib
    from matplotlib import style

    fonts: dict[str, Any] = {
        key: value for key, value in matplotlib.rcParams.items() if key.startswith("font.")
    }
    own = {
        "font.size": _SMALL,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": _SMALL,
        "legend.frameon": False,
        "text.color": INK,
        "text.parse_math": False,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.labelsize": _SMALL - 1,
        "ytick.labelsize": _SMALL - 1,
    }
    with style.context(["default", fonts | own]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def sheet(height: float) -> Figure:
    """Return an empty white figure; a point is one shown pixel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        (WIDTH / _POINTS, height / _POINTS),
        dpi=2 * _POINTS,
        facecolor="white",
        layout="constrained",
    )
    FigureCanvasAgg(figure)
    return figure


def name(axes: Axes, text: str, letters: int) -> None:
    """Write what an axes shows above it."""
    axes.set_title(label(text, letters), fontweight="bold")


def in_full(value: float) -> str:
    """Return a number for an axis, without a power of ten unless it is very large."""
    return f"{value:,.10g}" if abs(value) < 1e7 else f"{value:.3g}"


def legend(figure: Figure) -> None:
    """Say on top which colour is whose."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [Patch(color=SYNTHETIC), Line2D([], [], color=REAL, linewidth=1.6)]
    names = ["synthetic patients", "real patients"]
    figure.legend(handles, names, loc="outside upper left", ncols=2)


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG."""
    packed = BytesIO()
    figure.savefig(packed, format="png", metadata={"Software": None})
    return packed.getvalue()
