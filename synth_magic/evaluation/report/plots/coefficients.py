"""What models find: odds ratios in synthetic patients beside those in real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synth_magic.evaluation.report.plots.sheet import (
    FAINT,
    REAL,
    SYNTHETIC,
    Picture,
    legend,
    plain_style,
    png,
    sheet,
)
from synth_magic.evaluation.report.text import label
from synth_magic.evaluation.utility.coefficients import coefficients as odds_ratios

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synth_magic.evaluation.tables import Tables

MOST = 30
"""So many coefficients are drawn."""

_APART = 0.16
_WIDEST = (0.02, 50.0)


def coefficients(tables: Tables, target: str) -> Picture | None:
    """Return the odds ratios of a logistic regression of the target on all other columns.

    None where there is no target, or no coefficient in both tables.
    """
    found = odds_ratios(tables, target).dropna() if target else None
    if found is None or found.empty:
        return None
    drawn = found.iloc[:MOST]
    with plain_style():
        figure = sheet(90 + 24 * len(drawn))
        axes = figure.subplots()
        places = np.arange(len(drawn), dtype=np.float64)
        axes.axvline(1, color=FAINT, linewidth=1)
        for whose, shift, colour in (("", -_APART, SYNTHETIC), ("real ", _APART, REAL)):
            low, high = (drawn[f"{whose}{end}"].clip(*_WIDEST) for end in ("low", "high"))
            axes.hlines(places + shift, low, high, color=colour, linewidth=2)
            middle = drawn[whose.strip() or "synthetic"].clip(*_WIDEST)
            axes.plot(middle, places + shift, "o", color=colour, markersize=5)
        axes.set_yticks(places, [label(name, 40) for name in drawn["variable"]])
        axes.set_ylim(len(drawn) - 0.4, -0.6)
        _odds(axes)
        legend(figure)
        cut = f" The first {MOST} of {len(found):,}." if len(found) > MOST else ""
        caption = (
            "With 95% intervals, of a logistic regression of the target on all other columns: for "
            f"a number per standard deviation, for a code against the first.{cut}"
        )
        return Picture("Odds ratios for the target", caption, png(figure))


def _odds(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda odds, _: f"{odds:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("odds ratio")
