"""Marginals as small multiples, drawn without pyplot: the user's current figure stays theirs."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from synth_magic.notebook.words import plain, short
from synth_magic.spec.model import CODED_TYPES, Variable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from synth_magic.spec import CohortSpec

PER_PAGE = 12
WIDTH = 960
"""Width at which a picture is shown, in pixels; it holds twice as many, for fine screens."""

_ACROSS = 4
_INCHES = (2.4, 1.7)
_DPI = 2 * WIDTH / (_ACROSS * _INCHES[0])
_BINS = 30
_BARS = 6
_LETTERS = 26
# Okabe and Ito's colours that stand out on white and on black; this grey is legible on both.
_BAR, _SPIKE, _GREY = "#56B4E9", "#D55E00", "#808080"


def pictured(spec: CohortSpec, frame: pd.DataFrame) -> tuple[Variable, ...]:
    """Return the variables that have a picture: the columns, without identifiers."""
    columns = set(frame.columns)
    return tuple(v for v in spec.variables if v.name in columns and v.type != "identifier")


def marginals(frame: pd.DataFrame, variables: Sequence[Variable]) -> bytes:
    """Return a PNG with a histogram, or the share of each code, for each of the variables.

    Values that have a probability of their own (spikes) are orange. The background is transparent.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    down = max(1, math.ceil(len(variables) / _ACROSS))
    figure = Figure((_ACROSS * _INCHES[0], down * _INCHES[1]), layout="constrained")
    FigureCanvasAgg(figure)
    cast("ConstrainedLayoutEngine", figure.get_layout_engine()).set(w_pad=0.1, h_pad=0.07)
    places = list(figure.subplots(down, _ACROSS, squeeze=False).flat)
    for axes in places:
        axes.set_axis_off()
    for axes, variable in zip(places, variables, strict=False):
        _draw(axes, frame[variable.name], variable)
    png = io.BytesIO()
    with warnings.catch_warnings():
        # A name may hold emoji or a script that the font lacks: a box stands for each.
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        figure.savefig(png, dpi=_DPI, transparent=True)
    return png.getvalue()


def _draw(axes: Axes, column: pd.Series[Any], variable: Variable) -> None:
    known = column.dropna()
    title = _title(variable, 1 - len(known) / len(column))
    axes.set_title(title, color=_GREY, fontsize=8.5, loc="left", parse_math=False)
    if known.empty:
        return
    axes.set_axis_on()
    axes.spines[["top", "left", "right", "bottom"]].set_visible(False)
    axes.tick_params(colors=_GREY, labelsize=7.5, length=2)
    axes.set_yticks([])
    if variable.type in CODED_TYPES:
        _shares(axes, known)
    elif variable.type == "date":
        _histogram(axes, (known - pd.Timestamp(0)) / pd.Timedelta(days=1), 1.0)
        _date_ticks(axes)
    else:
        _histogram(axes, known, 10.0**-variable.decimals, [s.value for s in variable.spikes])


def _title(variable: Variable, missing: float) -> str:
    name = short(plain(variable.name), _LETTERS)
    unit = "" if variable.type == "date" else plain(variable.unit)
    title = f"{name} ({short(unit, _LETTERS + 8 - len(name))})" if unit else name
    return f"{title}\n{missing:.1%} missing" if missing else title


def _shares(axes: Axes, known: pd.Series[Any]) -> None:
    shares = known.value_counts(normalize=True, sort=False)
    if not known.cat.ordered and len(shares) > _BARS:
        shares = shares.sort_values(ascending=False)
    labels = [short(plain(str(code)), _LETTERS // 2) for code in shares.index]
    heights = shares.to_list()
    if len(labels) > _BARS:
        others = len(labels) - _BARS + 1
        labels = [*labels[: _BARS - 1], f"{others} others"]
        heights = [*heights[: _BARS - 1], sum(heights[_BARS - 1 :])]
    places = range(len(labels))
    axes.barh(places, heights, height=0.7, color=_BAR)
    for place, height in zip(places, heights, strict=True):
        axes.text(height, place, f" {height:.1%}", color=_GREY, fontsize=7.5, va="center")
    axes.set_yticks(places, labels, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.set_xlim(0, 1.3 * max(heights))
    axes.set_ylim(max(len(labels), 3) - 0.5, -0.5)


def _histogram(
    axes: Axes, known: pd.Series[Any], step: float, spikes: Sequence[float] = ()
) -> None:
    values = known.to_numpy(dtype=np.float64)
    low, median, p95, high = np.quantile(values, (0, 0.5, 0.95, 1))
    # A long tail is cut at 2.5 times the distance from median to p95: 4.1 SD of a normal.
    end = min(high, median + 2.5 * (p95 - median)) if p95 > median else high
    width = step * max(1, math.ceil((end - low) / step / _BINS))
    edges = low - step / 2 + width * np.arange(math.floor((end - low) / width + 0.5) + 2)
    beyond = float((values > edges[-1]).mean())
    special = np.isclose(values[:, None], np.array(spikes), atol=step / 4).any(axis=1)
    ordinary, _ = np.histogram(values[~special], edges)
    repeated, _ = np.histogram(values[special], edges)
    middle = edges[:-1] + width / 2
    axes.bar(middle, ordinary, width, color=_BAR)
    axes.bar(middle, repeated, width, bottom=ordinary, color=_SPIKE)
    room = max(0.0, 3 * width - (edges[-1] - edges[0]) / 2)
    axes.set_xlim(edges[0] - room, edges[-1] + room)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(_GREY)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.get_offset_text().set(color=_GREY, fontsize=7.5)
    if beyond:
        said = f"{beyond:.1%} up to {high:,.4g}"
        axes.text(1, 0.95, said, color=_GREY, fontsize=7.5, ha="right", va="top",
                  transform=axes.transAxes)  # fmt: skip


def _date_ticks(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, DateFormatter

    axes.xaxis_date()
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4))
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))
