"""Binary columns that are a number cut in two, such as a low birth weight."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synth_magic.learning.nominal import quoted
from synth_magic.learning.table import Column
from synth_magic.spec.model import Formula

_FEWEST = 100
_FEWEST_EITHER_SIDE = 20
"""Rows that two columns must agree in, and on either side: of forty men and women, all men may have
the larger heads, and yet no law says so."""
_COARSEST, _FINEST = -6, 9


def cuts(columns: Sequence[Column], smallest: int) -> dict[str, Formula]:
    """Return the formula of each binary column that a number decides in all rows."""
    numbers = [column for column in columns if column.type in ("continuous", "integer")]
    found = {}
    for column in columns:
        if column.type == "binary":
            formulas = (_cut(column, number, smallest) for number in numbers)
            if formula := next(filter(None, formulas), None):
                found[column.name] = formula
    return found


def _cut(column: Column, number: Column, smallest: int) -> Formula | None:
    if not np.array_equal(column.missing, number.missing):
        return None
    sides = [(number.values[column.values == place], column.codes[place]) for place in (0, 1)]
    enough = max(smallest, _FEWEST_EITHER_SIDE)
    if len(column.present) < _FEWEST or min(len(values) for values, _ in sides) < enough:
        return None
    (low, lower), (high, upper) = sorted(sides, key=lambda side: float(side[0].mean()))
    cut = _roundest(float(low.max()), float(high.min()))
    if cut is None:
        return None
    return Formula(f"{upper!r} if {quoted(number.name)} >= {cut} else {lower!r}", column.codes)


def _roundest(above: float, up_to: float) -> str | None:
    """Return the number with the fewest digits that is above one and not above the other."""
    for decimals in range(_COARSEST, _FINEST + 1):
        cut = round((math.floor(above * 10.0**decimals) + 1) / 10.0**decimals, max(decimals, 0))
        if above < cut <= up_to:
            return f"{cut:.{max(decimals, 0)}f}"
    return None
