"""Two numbers at a time: the density of the synthetic patients over that of the real ones."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from synth_magic.evaluation.report.plots.bins import tail
from synth_magic.evaluation.report.plots.rows import real_rows, some
from synth_magic.evaluation.report.plots.sheet import (
    REAL,
    SYNTHETIC,
    Picture,
    in_full,
    legend,
    plain_style,
    png,
    sheet,
)
from synth_magic.evaluation.report.text import label
from synth_magic.sampling.grid import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synth_magic.evaluation.tables import Tables

MOST = 4
"""So many pairs are drawn."""

LOOKED_THROUGH = 40
"""They are looked for among so many numbers."""

ENOUGH = 100
"""A density is drawn of at least so many patients of either kind, and smoothed."""

_LEVELS = (0.8, 0.55, 0.3)
_SMOOTHER = 1.25
_OPAQUE = (0.35, 0.5, 0.8)
_ON_A_LINE = 0.999
_GRID = 60
_LOOKED_AT = 2_000
_VALUES = 10
_TAIL = 0.02


def pairs(tables: Tables) -> Picture | None:
    """Return the densities of the pairs that go together most among real patients, if any can be.

    Both are numbers with at least ten values each.
    """
    numbers = [field.name for field in tables.fields if field.kind == "number"]
    real = real_rows(tables)[numbers[:LOOKED_THROUGH]]
    chosen = (pair for pair in _strongest(real) if _spread(real, *pair))
    drawn = list(islice((pair for pair in chosen if _spread(tables.synthetic, *pair)), MOST))
    if not drawn:
        return None
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    with plain_style():
        figure = sheet(40 + 280 * (-(-len(drawn) // 2)))
        grid = figure.subplots(-(-len(drawn) // 2), 2, squeeze=False).ravel()
        for axes, (x, y) in zip(grid, drawn, strict=False):
            _contours(axes, tables.synthetic[[x, y]], real[[x, y]])
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_locator(MaxNLocator(5))
                axis.set_major_formatter(FuncFormatter(lambda value, _: in_full(value)))
            axes.set_xlabel(label(x, 40))
            axes.set_ylabel(label(y, 34))
        for axes in grid[len(drawn) :]:
            axes.set_axis_off()
        legend(figure)
        caption = (
            "The pairs of numbers that go together most among the real patients. Inside the lines "
            "lie 30, 55 and 80% of the patients, after smoothing; the outermost are not drawn."
        )
        return Picture("Pairs of columns", caption, png(figure))


def _strongest(real: pd.DataFrame) -> list[tuple[str, str]]:
    names = [name for name in real.columns if real[name].nunique() >= _VALUES]
    spearman = some(real[names]).corr(method="spearman", min_periods=ENOUGH).abs().to_numpy()
    places = combinations(range(len(names)), 2)
    found = {place: spearman[place] for place in places if np.isfinite(spearman[place])}
    return [(names[x], names[y]) for x, y in sorted(found, key=lambda place: -found[place])]


def _spread(frame: pd.DataFrame, x: str, y: str) -> bool:
    """Return whether there are points enough, and not all on one line."""
    both = frame[[x, y]].dropna()
    if len(both) < ENOUGH or (both.nunique() < _VALUES).any():
        return False
    return abs(float(both[x].corr(both[y]))) < _ON_A_LINE


def _contours(axes: Axes, synthetic: pd.DataFrame, real: pd.DataFrame) -> None:
    ours, theirs = (f.dropna().to_numpy(dtype=np.float64) for f in (synthetic, real))
    ends = [(tail(c, _TAIL), 1 - tail(c, _TAIL)) for c in (ours, theirs)]
    both = [np.quantile(c, end, axis=0) for c, end in zip((ours, theirs), ends, strict=True)]
    low = np.minimum(both[0][0], both[1][0])
    high = np.maximum(both[0][1], both[1][1])
    x, y = (np.linspace(*ends, _GRID) for ends in zip(low, high, strict=True))
    levels, height = _density(ours, x, y)
    for level, opaque in zip(levels, _OPAQUE, strict=False):
        axes.contourf(x, y, height, [level, np.inf], colors=SYNTHETIC, alpha=opaque)
    levels, height = _density(theirs, x, y)
    axes.contour(x, y, height, levels, colors=REAL, linewidths=1.4)


def _density(points: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the heights that hold `_LEVELS` of the points, rising, and the density on the grid."""
    from scipy.stats import gaussian_kde

    step = -(-len(points) // _LOOKED_AT)
    few = points[::step].T
    smooth = gaussian_kde(few, lambda usual: _SMOOTHER * usual.scotts_factor())
    levels = np.unique(np.quantile(smooth(few), [1 - share for share in _LEVELS]))
    grid = np.stack([each.ravel() for each in np.meshgrid(x, y)])
    return levels, smooth(grid).reshape(len(y), len(x))
