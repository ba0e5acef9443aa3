"""All pictures, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from synth_magic.evaluation.report.plots.coefficients import coefficients
from synth_magic.evaluation.report.plots.correlations import correlations
from synth_magic.evaluation.report.plots.distances import distances
from synth_magic.evaluation.report.plots.marginals import marginals
from synth_magic.evaluation.report.plots.pairs import pairs
from synth_magic.evaluation.report.plots.sheet import Picture
from synth_magic.evaluation.tables import Tables

Draw: TypeAlias = Callable[[Tables, str], Picture | None]
"""Draws a picture, with the name of a target if there is one; None: there is nothing to draw."""

PICTURES: Mapping[str, Draw] = {
    "marginals": lambda tables, _: marginals(tables),
    "correlations": lambda tables, _: correlations(tables),
    "pairs": lambda tables, _: pairs(tables),
    "distances": lambda tables, _: distances(tables),
    "coefficients": coefficients,
}
