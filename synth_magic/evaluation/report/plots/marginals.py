"""Each column by itself: synthetic patients filled, real ones as an outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from synth_magic.evaluation.kinds import FEWEST
from synth_magic.evaluation.report.plots.bins import density, edges, merged
from synth_magic.evaluation.report.plots.rows import real_rows
from synth_magic.evaluation.report.plots.sheet import (
    REAL,
    SYNTHETIC,
    Picture,
    in_full,
    legend,
    name,
    plain_style,
    png,
    sheet,
)
from synth_magic.evaluation.report.text import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synth_magic.evaluation.tables import Field, Tables

MOST = 24
"""So many columns are drawn."""

_ACROSS, _HEIGHT = 3, 140
_CODES = 6
_OTHERS = "other codes"


def marginals(tables: Tables) -> Picture:
    """Return small multiples of the first `MOST` columns.

    The outermost hundredth of the values at either end is not drawn; of the codes, the most
    frequent.
    """
    fields, real = tables.fields[:MOST], real_rows(tables)
    with plain_style():
        rows = -(-len(fields) // _ACROSS)
        figure = sheet(30 + _HEIGHT * rows)
        grid = figure.subplots(rows, _ACROSS, squeeze=False).ravel()
        for axes, field in zip(grid, fields, strict=False):
            name(axes, field.name, 34)
            columns = tables.synthetic[field.name], real[field.name]
            if field.kind == "code":
                _bars(axes, field, *columns)
            else:
                _histogram(axes, field, *columns)
        for axes in grid[len(fields) :]:
            axes.set_axis_off()
        legend(figure)
        return Picture("Every column by itself", _caption(len(tables.fields)), png(figure))


def _caption(number: int) -> str:
    cut = f" The first {MOST} of {number:,} columns." if number > MOST else ""
    return (
        f"The share of the patients with each value.{cut} The outermost hundredth at either end is "
        f"not drawn. Where there are fewer than {FEWEST} real patients they are joined with their "
        "neighbours, or not shown."
    )


def _histogram(axes: Axes, field: Field, synthetic: pd.Series, real: pd.Series) -> None:
    ours, theirs = (c.dropna().to_numpy(dtype=np.float64) for c in (synthetic, real))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _missing(axes, synthetic, real)
    if not len(ours) + len(theirs):
        axes.set_xticks([])
        return
    shared = edges(ours, theirs)
    if len(ours):
        axes.stairs(density(ours, shared), shared, fill=True, color=SYNTHETIC)
    if len(coarse := merged(theirs, shared)):
        axes.stairs(density(theirs, coarse), coarse, color=REAL, linewidth=1.6)
    axes.set_xlim(shared[0], shared[-1])
    axes.set_ylim(bottom=0)
    _ticks(axes, field)


def _ticks(axes: Axes, field: Field) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(4, integer=field.kind == "date"))
    write = _date if field.kind == "date" else in_full
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def _date(days: float) -> str:
    return str(np.datetime64(round(days), "D"))[:7]


def _bars(axes: Axes, field: Field, synthetic: pd.Series, real: pd.Series) -> None:
    from matplotlib.ticker import MaxNLocator

    ours, theirs = (c.dropna().value_counts() for c in (synthetic, real))
    shown = _shown(field, theirs)
    names = [label(code, 16) for code in shown]
    counts = [[int(c.get(code, 0)) for code in shown] for c in (ours, theirs)]
    rest = [int(c.sum()) - sum(some) for c, some in zip((ours, theirs), counts, strict=True)]
    if rest[0] or rest[1] >= FEWEST:
        names.append(_OTHERS)
        counts = [[*c, other] for c, other in zip(counts, rest, strict=True)]
    filled, outlined = (np.array(c) / max(sum(c), 1) for c in counts)
    places = np.arange(len(names))
    axes.barh(places, filled, height=0.8, color=SYNTHETIC)
    enough = [place for place in places if counts[1][place] >= FEWEST]
    for place in enough:
        axes.stairs(
            [outlined[place]],
            [place - 0.4, place + 0.4],
            orientation="horizontal",
            color=REAL,
            linewidth=1.6,
        )
    axes.set_yticks(places, names)
    axes.set_ylim(max(len(names), 3) - 0.4, -0.6)
    axes.set_xlim(0, max([*filled, *outlined[enough], 0.05]) * 1.05)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    _missing(axes, synthetic, real)


def _shown(field: Field, real: pd.Series) -> list[str]:
    """Return the codes that are drawn, in their order: the most frequent of enough patients."""
    frequent = [code for code in real.index if real[code] >= FEWEST]
    if len(frequent) < 2:  # nobody, or one code alone: show what could have been
        frequent = [*frequent, *(code for code in field.codes if code not in frequent)]
    chosen = set(frequent[:_CODES])
    order = field.codes or tuple(frequent)
    return [code for code in order if code in chosen]


def _missing(axes: Axes, synthetic: pd.Series, real: pd.Series) -> None:
    """Write which shares are missing, unless none are."""
    if not (synthetic.isna().any() or real.isna().any()):
        return
    few = 0 < real.isna().sum() < FEWEST
    words = f"missing {_percent(synthetic)}, real {'few' if few else _percent(real)}"
    axes.set_title(words, loc="right", fontsize="small", fontweight="normal")


def _percent(column: pd.Series) -> str:
    return f"{column.isna().mean():.0%}" if len(column) else "–"
