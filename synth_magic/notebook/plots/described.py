"""The same in words, for those who do not see the pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synth_magic.notebook.plots.seen import Seen, seen
from synth_magic.notebook.plots.summary import Figures, percent
from synth_magic.notebook.words import in_short
from synth_magic.spec.model import CODED_TYPES, Variable

_MOST = 6


def described(patients: pd.DataFrame, variables: Sequence[Variable]) -> str:
    """Return a line for each variable: `age: median 62, quartiles 55 and 71, 0.0% missing`.

    Not escaped for HTML.
    """
    columns = ((variable, seen(patients, variable)) for variable in variables)
    return "\n".join(_line(v, column) for v, column in columns if column is not None)


def _line(variable: Variable, column: Seen) -> str:
    name = in_short(variable.name)
    if not column.known:
        return f"{name}: no known value"
    missing = f"{percent(column.missing)} missing"
    if variable.type in CODED_TYPES:
        return f"{name}: {_shares(variable, column)}, {missing}"
    figures = Figures.of(column.numbers)
    p25, p50, p75 = (figures.quantile_text(place, variable) for place in (1, 2, 3))
    return f"{name}: median {p50}, quartiles {p25} and {p75}, {missing}"


def _shares(variable: Variable, column: Seen) -> str:
    shares = column.shares
    order = list(range(len(shares)))
    if len(order) > _MOST:
        order = np.argsort(-shares, kind="stable").tolist()
    codes = [in_short(code) for code in variable.codes]
    words = [f"{codes[code]} {percent(shares[code])}" for code in order[:_MOST]]
    if rest := order[_MOST:]:
        words.append(f"{len(rest)} others {percent(float(shares[rest].sum()))}")
    return ", ".join(words)
