"""Figures of Matplotlib as they are drawn here: without pyplot, on a transparent ground."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from synth_magic.notebook.plots.canvas import FINE, POINTS, packed, without_glyph_warnings
from synth_magic.sampling.grid import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LUMINANCE = (0.299, 0.587, 0.114)  # of red, green and blue


@contextmanager
def unstyled() -> Iterator[None]:
    """Draw with nothing that the user has set for their own figures but the fonts."""
    import matplotlib
    from matplotlib import style

    fonts: dict[str, Any] = {
        key: value for key, value in matplotlib.rcParams.items() if key.startswith("font.")
    }
    transparent = {"figure.facecolor": "none", "axes.facecolor": "none"}
    with style.context(["default", fonts | transparent]), without_glyph_warnings():
        yield


def sheet_of(width: float, height: float) -> Figure:
    """Return an empty figure of this size: a point is one shown pixel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    sheet = Figure((width / POINTS, height / POINTS), dpi=FINE * POINTS)
    FigureCanvasAgg(sheet)
    return sheet


def png(sheet: Figure) -> bytes:
    """Return a figure with twice as many pixels as are shown."""
    canvas: Any = sheet.canvas
    canvas.draw()
    return packed(np.asarray(canvas.buffer_rgba()))


def ink_on(colours: Floats) -> npt.NDArray[np.str_]:
    """Return white or black for each colour (colours, 4), whichever is read on it."""
    return np.where(colours[:, :3] @ _LUMINANCE < 0.5, "white", "black")
