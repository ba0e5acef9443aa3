"""Two variables against each other: points, boxes by code, or the shares of codes in codes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pandas as pd

from synth_magic.evaluation.columns import as_coded, as_values
from synth_magic.notebook.plots.canvas import BAR, GREY, WIDTH
from synth_magic.notebook.plots.sheet import ink_on, png, sheet_of, unstyled
from synth_magic.notebook.words import in_short, plain
from synth_magic.sampling.grid import Bools, Floats, Integers
from synth_magic.spec.model import CODED_TYPES, Variable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 3_000
"""So many patients are drawn as points at most."""

MOST_CODES = 12
"""So many codes are drawn at most, the most frequent ones."""

_HEIGHT, _SIZE = 400.0, 11.0
_LETTERS = 40
_SKEWED = 30.0  # a maximum so many times the median asks for a logarithmic axis
_LEVELS, _HALF = (0.05, 0.25, 0.5, 0.75, 0.95), 0.25  # of boxes: their quantiles, half their width
_WRITTEN = 0.05  # a smaller share has no room for its words
_CALENDAR = (-719_162, 2_932_896)  # of days since 1970-01-01: the years 1 to 9999
_SHADES = (0.3, 1.0)  # of the colours: those below are lost on a dark ground


def known(patients: pd.DataFrame, pair: Sequence[Variable]) -> Bools:
    """Return who has values of both variables."""
    return np.asarray(patients[[variable.name for variable in pair]].notna().all(axis=1))


def kind(across: Variable, up: Variable) -> Literal["points", "boxes", "shares"]:
    """Return how two variables are drawn."""
    coded = [variable.type in CODED_TYPES for variable in (across, up)]
    return "shares" if all(coded) else "boxes" if any(coded) else "points"


def pair(patients: pd.DataFrame, across: Variable, up: Variable) -> bytes:
    """Return a PNG of one variable across and one up, of patients who have both.

    Boxes span the quartiles and whiskers the 5th to 95th percentile. Shares are those of the codes
    of `up` among the patients with each code of `across`.
    """
    with unstyled():
        sheet = sheet_of(WIDTH, _HEIGHT)
        sheet.set_layout_engine("constrained")
        axes = sheet.add_subplot()
        axes.tick_params(colors=GREY, labelsize=_SIZE, length=3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(GREY)
        for axis, variable in ((axes.xaxis, across), (axes.yaxis, up)):
            axis.set_label_text(_name(variable), color=GREY, fontsize=_SIZE, parse_math=False)
        match kind(across, up):
            case "points":
                _points(axes, patients.head(MOST_POINTS), across, up)
            case "boxes":
                _boxes(axes, patients, across, up)
            case _:
                _shares(axes, patients, across, up)
        return png(sheet)


def _name(variable: Variable) -> str:
    name = in_short(variable.name, _LETTERS)
    unit = "" if variable.type == "date" else in_short(variable.unit, _LETTERS // 2)
    return f"{name} ({unit})" if unit else name


# --- numbers


def _points(axes: Axes, patients: pd.DataFrame, across: Variable, up: Variable) -> None:
    x, y = (_numbers(patients[variable.name], variable) for variable in (across, up))
    opacity = float(np.clip(300 / len(patients), 0.35, 0.8))
    axes.plot(x, y, "o", color=BAR, alpha=opacity, markersize=4, markeredgewidth=0)
    _scale(axes, "x", x, across)
    _scale(axes, "y", y, up)


def _numbers(column: pd.Series[Any], variable: Variable) -> Floats:
    return cast("Floats", as_values(column, variable))


def _scale(axes: Axes, which: Literal["x", "y"], values: Floats, variable: Variable) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import FuncFormatter

    axis = axes.xaxis if which == "x" else axes.yaxis
    if variable.type == "date":
        limits = axes.get_xlim() if which == "x" else axes.get_ylim()
        axes.set(**{f"{which}lim": np.clip(limits, *_CALENDAR)})
        locator = AutoDateLocator(minticks=3, maxticks=8)
        axis.set_major_locator(locator)
        axis.set_major_formatter(ConciseDateFormatter(locator))
        axis.get_offset_text().set(color=GREY, fontsize=_SIZE)
    elif values.min() > 0 and values.max() > _SKEWED * np.median(values):
        axes.set(**{f"{which}scale": "log"})
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
        axis.set_label_text(f"{axis.get_label_text()}, logarithmic")
        axes.tick_params(axis=which, which="minor", colors=GREY, length=2)
    else:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


# --- codes


def _boxes(axes: Axes, patients: pd.DataFrame, across: Variable, up: Variable) -> None:
    upright = across.type in CODED_TYPES
    coded, number = (across, up) if upright else (up, across)
    index, codes = _codes(patients[coded.name], coded)
    values = _numbers(patients[number.name], number)
    groups = [values[index == code] for code in codes]
    low, lower, middle, upper, high = np.array([np.quantile(g, _LEVELS) for g in groups]).T
    at = np.arange(len(codes))
    axes.use_sticky_edges = False  # else the lowest box has no room beneath it
    if upright:
        axes.vlines(at, low, high, color=GREY, zorder=0)
        axes.bar(at, upper - lower, 2 * _HALF, lower, color=BAR)
        axes.hlines(middle, at - _HALF, at + _HALF, color="black", linewidth=2, zorder=2)
    else:
        axes.hlines(at, low, high, color=GREY, zorder=0)
        axes.barh(at, upper - lower, 2 * _HALF, lower, color=BAR)
        axes.vlines(middle, at - _HALF, at + _HALF, color="black", linewidth=2, zorder=2)
    _label(axes, "x" if upright else "y", coded, codes, [len(group) for group in groups])
    _scale(axes, "y" if upright else "x", values, number)


def _shares(axes: Axes, patients: pd.DataFrame, across: Variable, up: Variable) -> None:
    from matplotlib import colormaps

    index, columns = _codes(patients[across.name], across)
    of, parts = _codes(patients[up.name], up)
    counts = np.array([[np.sum((index == c) & (of == p)) for c in columns] for p in parts])
    numbers = np.array([np.sum(index == c) for c in columns])
    shares = counts / numbers
    bottoms = np.cumsum(shares, axis=0) - shares
    shades = colormaps["cividis"](np.linspace(*_SHADES, len(parts)))
    letters = max(4, 110 // len(columns) - 8)
    for part, share, bottom, shade, ink in zip(
        parts, shares, bottoms, shades, ink_on(shades), strict=True
    ):
        words = in_short(up.codes[part], letters)
        axes.bar(range(len(columns)), share, 0.9, bottom, color=shade, label=words)
        for place in np.flatnonzero(share >= _WRITTEN).tolist():
            said = f"{words} {share[place]:.0%}"
            middle = bottom[place] + share[place] / 2
            axes.text(place, middle, said, color=ink, fontsize=10, ha="center", va="center",
                      parse_math=False)  # fmt: skip
    if shares.max(axis=1).min() < _WRITTEN:
        axes.legend(
            reverse=True, labelcolor=GREY, fontsize=10, frameon=False,
            loc="center left", bbox_to_anchor=(1, 0.5),
        )  # fmt: skip
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    _label(axes, "x", across, columns, numbers.tolist())


def _codes(column: pd.Series[Any], variable: Variable) -> tuple[Integers, list[int]]:
    """Return the code of each patient, and which of the codes that occur are drawn, in order."""
    index = as_coded(column, variable).index
    counts = np.bincount(index, minlength=len(variable.codes))
    frequent = np.argsort(-counts, kind="stable")[:MOST_CODES]
    return index, sorted(int(code) for code in frequent if counts[code])


def _label(
    axes: Axes, which: Literal["x", "y"], variable: Variable, codes: list[int], numbers: list[int]
) -> None:
    letters = _LETTERS // 2 if which == "y" else max(6, 130 // len(codes) - 1)
    words = [
        f"{_wrapped(variable.codes[code], letters)}\nn = {number:,}"
        for code, number in zip(codes, numbers, strict=True)
    ]
    set_ticks = axes.set_xticks if which == "x" else axes.set_yticks
    set_ticks(range(len(codes)), words, parse_math=False)


def _wrapped(code: str, letters: int) -> str:
    return textwrap.fill(plain(code), letters, max_lines=3, placeholder="…")
