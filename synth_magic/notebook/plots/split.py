"""A variable in each group of patients that another one makes, with all patients for comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_magic.notebook.plots.bars import Rows, draw_bars
from synth_magic.notebook.plots.canvas import AXIS, BAR, SPECIFIED, WIDTH, Box, Canvas
from synth_magic.notebook.plots.histogram import Plot
from synth_magic.notebook.plots.legend import Mark, legend
from synth_magic.notebook.plots.levels import Level, left_out, levels
from synth_magic.notebook.plots.scale import Bins
from synth_magic.notebook.plots.seen import Seen, seen, seen_in
from synth_magic.notebook.plots.style import LARGE, SMALL, Usual
from synth_magic.notebook.plots.summary import Figures, wilson
from synth_magic.notebook.words import counted, plain
from synth_magic.sampling.expected import Expected
from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import CODED_TYPES, Variable

_TEXT = 12
_TOP, _BOTTOM = 64, 392
_AXIS = 46
_BINS = 48


def draw_split(
    canvas: Canvas,
    patients: pd.DataFrame,
    variable: Variable,
    *,
    split: Variable,
    said: Expected,
    usual: Usual | None,
) -> None:
    """Draw a row of bars, or a histogram, for each group; say how many patients are in none."""
    groups = levels(patients, split)
    coded = variable.type in CODED_TYPES
    entries: list[tuple[Mark, str]] = [("bar", "this group"), ("line", "all patients")]
    entries += [("interval", "95% interval")] if coded else []
    entries += [("usual", "clinically usual")] if usual is not None and not coded else []
    legend(canvas, 2, 44, entries, _TEXT)
    if without := left_out(len(patients), groups):
        words = f"{counted(without, 'patient')} without {plain(split.name)} left out"
        canvas.text(WIDTH - 4, 44, canvas.fitted(words, 380, _TEXT), _TEXT, "right")
    everyone = seen(patients, variable)
    if not groups or everyone is None or not everyone.known:
        return
    columns = [seen_in(patients.loc[group.there, variable.name], variable) for group in groups]
    if coded:
        _bars(canvas, variable, said, groups=groups, columns=columns, everyone=everyone)
    else:
        _histograms(
            canvas, variable, said, groups=groups, columns=columns, everyone=everyone, usual=usual
        )


def _histograms(
    canvas: Canvas,
    variable: Variable,
    said: Expected,
    *,
    groups: list[Level],
    columns: list[Seen],
    everyone: Seen,
    usual: Usual | None,
) -> None:
    """Draw the histograms one below the other, over one axis."""
    bins = Bins.of(said, variable, _BINS)
    if bins is None:
        return
    everywhere = bins.shares(everyone.numbers)
    shares = [bins.shares(column.numbers) for column in columns]
    high = (_BOTTOM - _AXIS - _TOP) / len(groups)
    for place, (group, column, heights) in enumerate(zip(groups, columns, shares, strict=True)):
        band = Box(180, _TOP + place * high + 6, WIDTH - 250, _TOP + (place + 1) * high)
        plot = Plot(bins, band)
        unit = plot.unit([everywhere, *shares])
        plot.shade(canvas, usual)
        plot.bars(canvas, np.zeros_like(heights), heights, unit, BAR)
        plot.outline(canvas, everywhere, unit, SPECIFIED)
        canvas.line(np.array([(band.left, band.bottom), (band.right, band.bottom)]), AXIS)
        middle = (band.top + band.bottom) / 2
        canvas.text(4, middle - 2, canvas.fitted(group.words, band.left - 14, _TEXT), _TEXT)
        canvas.text(4, middle + 14, counted(column.rows, "patient"), 11)
        for line, words in enumerate(_in_words(column, variable)):
            x, y, size = band.right + 14, middle - 2 + 16 * line, _TEXT - line
            canvas.text(x, y, canvas.fitted(words, WIDTH - x, size), size)
    plot.axis(canvas, variable, LARGE)
    axis = canvas.fitted(plain(variable.unit if variable.unit else variable.name), 500, _TEXT)
    if variable.type != "date":
        canvas.text((band.left + band.right) / 2, _BOTTOM + 2, axis, _TEXT, "center")


def _in_words(column: Seen, variable: Variable) -> tuple[str, ...]:
    """Return median and quartiles, and of a number mean and SD, in two lines."""
    if not column.known:
        return ("no known value",)
    figures = Figures.of(column.numbers)
    p25, p50, p75 = (figures.quantile_text(place, variable) for place in (1, 2, 3))
    if variable.type == "date":
        return f"median {p50}", f"{p25} to {p75}"
    mean, sd = figures.mean_text(variable), figures.sd_text(variable)
    return f"median {p50} ({p25} to {p75})", f"mean {mean}, SD {sd}"


def _bars(
    canvas: Canvas,
    variable: Variable,
    said: Expected,
    *,
    groups: list[Level],
    columns: list[Seen],
    everyone: Seen,
) -> None:
    """Draw the bars of the groups side by side, the codes written once."""
    style = LARGE if len(groups) <= 2 else SMALL
    rows = Rows.of(variable, said, LARGE.bars)
    specified = rows.together(everyone.shares)
    box = rows.write(canvas, Box(4, _TOP + 40, WIDTH, _BOTTOM), LARGE)
    longest = max(
        [float(specified[rows.drawn].max()), *(_longest(rows, column) for column in columns)]
    )
    wide = box.width / len(groups)
    for place, (group, column) in enumerate(zip(groups, columns, strict=True)):
        part = Box(box.left + place * wide, box.top, box.left + (place + 1) * wide - 6, box.bottom)
        canvas.text(part.left, _TOP + 12, canvas.fitted(group.words, part.width, _TEXT), _TEXT)
        canvas.text(part.left, _TOP + 28, counted(column.rows, "patient"), 11)
        draw_bars(canvas, part, rows, style, column, specified=specified, longest=longest)


def _longest(rows: Rows, column: Seen) -> float:
    high: Floats = wilson(rows.together(column.counts), column.known)[1]
    return float(high[rows.drawn].max()) if column.known else 0.0
