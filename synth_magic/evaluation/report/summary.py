"""The lines of a report that matter most."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from synth_magic.engines.writing import counted
from synth_magic.evaluation.report.readings import reading
from synth_magic.evaluation.report.text import in_line
from synth_magic.evaluation.result import Result, Setup

FIRST = (
    "Column Shapes",
    "Column Pair Trends",
    "Error of the rank correlations",
    "Logistic detection",
    "Boosted-tree AUC",
    "Missing values",
    "Copies",
    "Near copies",
    "Distance to the closest record",
    "CategoricalCAP",
    "AUC",
    "Calibration slope",
)
"""Metrics of which the figures of the whole, a sensitive variable or a learner matter most."""

_OVERLAPS = ("KSComplement", "TVComplement")
_WORST = 3
_MOST_OF_ONE = 4
_NAME = 40


def first(results: Sequence[Result]) -> list[Result]:
    """Return the results that matter most, in their order; of one metric not more than four."""
    return [result for name in FIRST for result in _of(name, results)[:_MOST_OF_ONE]]


def _of(name: str, results: Sequence[Result]) -> list[Result]:
    named = [result for result in results if result.metric.name == name]
    return [result for result in named if not result.of] or named


def title(setup: Setup) -> str:
    """Return `1,000 synthetic patients beside 700 real ones`."""
    synthetic = counted(setup.synthetic, "synthetic patient", "synthetic patients")
    return f"{synthetic} beside {setup.real:,} real ones"


def how(setup: Setup) -> str:
    """Return in a sentence what was compared and how."""
    columns = counted(len(setup.columns), "column", "columns")
    if setup.held_out:
        split = f"{setup.held_out:,} real patients held out as a yardstick"
    else:
        number = f"mean of {setup.splits:,} splits" if setup.splits > 1 else "one split"
        split = f"{number} of the real patients into 70% and 30%"
    cut = f"; at most {setup.used:,} rows of each, chosen at random" if setup.used else ""
    return f"{columns}, {split}, seed {setup.seed}{cut}."


def lines(results: Sequence[Result]) -> Iterator[str]:
    """Yield what matters most, a line each."""
    for result in first(results):
        of = f" ({in_line(result.of, _NAME)})" if result.of else ""
        yield f"{result.metric.name}{of}: {reading(result)}"
    if worst := least_alike(results):
        yield worst


def least_alike(results: Sequence[Result]) -> str:
    """Return which columns' distributions are least like the real ones, if that is known."""
    overlaps = [r for r in results if r.metric.name in _OVERLAPS and r.of and r.values]
    if len(overlaps) <= 1:
        return ""
    worst = sorted(overlaps, key=lambda result: result.mean)[:_WORST]
    return f"Distributions that overlap least: {', '.join(map(_overlap, worst))}"


def _overlap(result: Result) -> str:
    real = "" if math.isnan(result.real) else f" (real patients {result.real:.0%})"
    return f"{in_line(result.of, _NAME)} {result.mean:.0%}{real}"
