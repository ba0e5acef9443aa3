"""Rank correlations of synthetic and of real patients, and how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from synth_magic.evaluation.kinds import FEWEST
from synth_magic.evaluation.report.plots.rows import real_rows, some
from synth_magic.evaluation.report.plots.sheet import FAINT, Picture, plain_style, png, sheet
from synth_magic.evaluation.report.text import label
from synth_magic.sampling.grid import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synth_magic.evaluation.tables import Tables

MOST = 24
"""So many columns are drawn."""

_WRITTEN = 9
_HEIGHT = 390
_COLOURS = "RdBu_r"


def correlations(tables: Tables) -> Picture | None:
    """Return two heat maps of Spearman's correlation, or None where no two columns have ranks."""
    ranked = [field.name for field in tables.fields if field.ranked]
    names = ranked[:MOST]
    if len(names) < 2:
        return None
    frames = tables.synthetic, real_rows(tables)
    synthetic, real = (_spearman(tables.ranks(some(frame))[names]) for frame in frames)
    both = np.where(np.triu(np.ones_like(real), 1) > 0, real, synthetic)
    with plain_style():
        figure = sheet(_HEIGHT)
        left, right = figure.subplots(1, 2)
        _heat_map(left, both, names, 1.0)
        left.set_title("below: synthetic, above: real", fontweight="bold")
        _heat_map(right, synthetic - real, names, 0.5)
        right.set_title("synthetic minus real", fontweight="bold")
        return Picture("Rank correlations", _caption(len(ranked)), png(figure))


def _caption(number: int) -> str:
    cut = f" The first {MOST} of {number:,} columns." if number > MOST else ""
    return (
        "Spearman's correlation of every two columns that have an order."
        f"{cut} Grey: too few patients have both."
    )


def _spearman(ranks: pd.DataFrame) -> Floats:
    return ranks.corr(method="spearman", min_periods=2 * FEWEST).to_numpy()


def _heat_map(axes: Axes, values: Floats, names: list[str], most: float) -> None:
    """Draw values from minus `most` to `most`; the diagonal stays empty."""
    shown = values.copy()
    np.fill_diagonal(shown, np.nan)
    axes.set_facecolor("#EEEEEE")
    image = axes.imshow(shown, cmap=_COLOURS, vmin=-most, vmax=most)
    places = np.arange(len(names))
    labels = [label(name, 14) for name in names]
    axes.set_xticks(places, labels, rotation=90)
    axes.set_yticks(places, labels)
    axes.tick_params(length=0, labelsize=8.5 if len(names) <= 12 else 6.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if len(names) <= _WRITTEN:
        _write(axes, shown, most)
    bar: Any = axes.figure
    bar.colorbar(image, ax=axes, shrink=0.7, ticks=[-most, 0, most]).outline.set_edgecolor(FAINT)


def _write(axes: Axes, shown: Floats, most: float) -> None:
    for (row, column), value in np.ndenumerate(shown):
        if np.isfinite(value):
            ink = "white" if abs(value) > 0.65 * most else "black"
            axes.text(
                column, row, f"{value:.2f}", ha="center", va="center", color=ink, fontsize="small"
            )
