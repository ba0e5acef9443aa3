"""Scores as pictures: a panel a metric, a line a generator, a dot a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from synth_magic.evaluation.score import Metric
from tests.benchmarks.fidelity.contenders import BASELINES, REAL_ROWS, SOME_REAL_ROWS
from tests.benchmarks.fidelity.measure import Scores
from tests.benchmarks.fidelity.report import known, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OWN, TRAINED, REAL = "#0072b2", "#8c8c8c", "#333333"
ACROSS = 5
WIDE, HIGH = 2.5, 0.21
"""A panel's width, and the height of a line in it, in inches."""

NARROWEST = 0.1
"""No axis is shorter, so that small differences look small."""


def plot(results: Scores, metrics: Sequence[Metric], path: Path, *, by_split: bool = False) -> None:
    """Draw every generator's scores and their median; a dot is a cohort, or a split of one."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [name for name, by_cohort in results.items() if by_cohort]
    across = min(len(metrics), ACROSS)
    down = ceil(len(metrics) / across)
    size = (1.2 + WIDE * across, 0.6 + down * (0.8 + HIGH * len(names)))
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(hspace=0.06, wspace=0.03)
    panels = list(figure.subplots(down, across, sharey=True, squeeze=False).flat)
    for panel, metric in zip(panels, metrics, strict=False):
        points = {name: _points(results[name], metric, by_split=by_split) for name in names}
        _panel(panel, points, metric)
    for panel in panels[len(metrics) :]:
        panel.set_axis_off()
    what = "a split" if by_split else "a cohort, the mean of its splits"
    legend = f"Dot: {what}. Bar: their median. Dotted line: that of real rows."
    figure.suptitle(f"{legend} Blue saw no data, grey learnt from them.", fontsize=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _points(
    by_cohort: Mapping[str, Sequence[Mapping[str, float]]], metric: Metric, *, by_split: bool
) -> list[float]:
    figures = [known(splits, metric) for splits in by_cohort.values()]
    if by_split:
        return [figure for splits in figures for figure in splits]
    return [mean(splits) for splits in figures if splits]


def _panel(panel: Axes, points: Mapping[str, Sequence[float]], metric: Metric) -> None:
    for place, (name, figures) in enumerate(points.items()):
        color = _color(name)
        panel.plot(figures, [place] * len(figures), "o", color=color, alpha=0.45, markersize=4.5)
        if figures:
            panel.plot(median(figures), place, "|", color=color, markersize=13, markeredgewidth=2.5)
            if color == REAL:
                panel.axvline(median(figures), color=REAL, linewidth=0.8, linestyle=":")
    low, high = panel.get_xlim()
    if (room := NARROWEST - (high - low)) > 0:
        panel.set_xlim(low - room / 2, high + room / 2)
    panel.set_title(title(metric), fontsize=9)
    panel.set_yticks(range(len(points)), points, fontsize=8)
    panel.set_ylim(len(points) - 0.5, -0.5)
    panel.tick_params(axis="x", labelsize=8)
    panel.grid(axis="y", linewidth=0.3)
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.tick_params(axis="y", length=0)


def _color(name: str) -> str:
    if name in (REAL_ROWS, SOME_REAL_ROWS):
        return REAL
    return TRAINED if name in BASELINES else OWN
