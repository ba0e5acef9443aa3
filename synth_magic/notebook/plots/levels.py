"""The groups that one variable parts the patients into: its codes, or quarters of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from synth_magic.evaluation.columns import as_coded
from synth_magic.notebook.plots.scale import step_of
from synth_magic.notebook.plots.seen import numbers_of
from synth_magic.notebook.plots.summary import value_text
from synth_magic.notebook.words import counted, plain
from synth_magic.sampling.grid import Bools
from synth_magic.spec.model import CODED_TYPES, Variable

MOST = 6


@dataclass(frozen=True, slots=True)
class Level:
    """A group of patients and the words for it."""

    words: str
    there: Bools


def levels(patients: pd.DataFrame, variable: Variable) -> list[Level]:
    """Return at most six groups, none of them empty; patients without a value are in none.

    A number is cut at its quartiles. Of more codes the last group holds the rest: the rarest, or of
    an ordinal variable those at the end.
    """
    column = patients[variable.name]
    if variable.type in CODED_TYPES:
        return _codes(as_coded(column, variable).index, variable)
    numbers = numbers_of(column, variable)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return []
    cuts = np.unique(np.quantile(known, (0.25, 0.5, 0.75), method="higher"))
    edges = [-np.inf, *cuts[cuts > known.min()], np.inf]
    return [
        Level(_interval(low, high, variable), (numbers >= low) & (numbers < high))
        for low, high in pairwise(edges)
    ]


def _codes(index: np.ndarray, variable: Variable) -> list[Level]:
    counts = np.bincount(index[index >= 0], minlength=len(variable.codes))
    order = [code for code in range(len(variable.codes)) if counts[code]]
    if len(order) > MOST and variable.type != "ordinal":
        order.sort(key=lambda code: -counts[code])
    alone, rest = (order, []) if len(order) <= MOST else (order[: MOST - 1], order[MOST - 1 :])
    found = [Level(plain(variable.codes[code]), index == code) for code in alone]
    if rest:
        found.append(Level(counted(len(rest), "other") + " together", np.isin(index, rest)))
    return found


def _interval(low: float, high: float, variable: Variable) -> str:
    step = step_of(variable)
    if low == -np.inf and high == np.inf:
        return "all"
    if low == -np.inf:
        return f"below {value_text(high, variable, step)}"
    if high == np.inf:
        return f"{value_text(low, variable, step)} and above"
    return f"{value_text(low, variable, step)} to below {value_text(high, variable, step)}"


def left_out(rows: int, groups: Sequence[Level]) -> int:
    """Return how many patients are in no group."""
    return rows - sum(int(group.there.sum()) for group in groups)
