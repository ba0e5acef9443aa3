"""How near the closest real patient is: to synthetic patients, and to real ones held out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from synth_magic.evaluation.privacy import closest
from synth_magic.evaluation.report.plots.bins import density, merged
from synth_magic.evaluation.report.plots.rows import some
from synth_magic.evaluation.report.plots.sheet import (
    REAL,
    SYNTHETIC,
    Picture,
    legend,
    plain_style,
    png,
    sheet,
)

if TYPE_CHECKING:
    from synth_magic.evaluation.tables import Tables

LOOKED_AT = 2_000
"""So many patients' closest one is looked for at most."""

_BINS = 30
_HIGHEST = 0.995


def distances(tables: Tables) -> Picture | None:
    """Return histograms of the distances, or None where there is nobody to be near to."""
    synthetic, test = (some(frame, LOOKED_AT) for frame in (tables.synthetic, tables.test))
    found = closest(replace(tables, synthetic=synthetic, test=test))
    if found is None:
        return None
    highest = max(float(np.quantile(each, _HIGHEST)) for each in (found.synthetic, found.test))
    shared = np.linspace(0, highest or 1, _BINS + 1)
    with plain_style():
        figure = sheet(250)
        axes = figure.subplots()
        axes.stairs(density(found.synthetic, shared), shared, fill=True, color=SYNTHETIC)
        if len(coarse := merged(found.test, shared)):
            axes.stairs(density(found.test, coarse), coarse, color=REAL, linewidth=1.6)
        axes.set_xlim(0, shared[-1])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("distance to the closest real patient of those that could be learnt from")
        legend(figure)
        caption = (
            "0: alike in every column, 1: as unlike as can be. The real patients were held out. "
            "Synthetic patients that crowd nearer to 0 than these are too near."
        )
        return Picture("Distances to the closest real patient", caption, png(figure))
