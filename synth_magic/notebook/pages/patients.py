"""The first patients as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from synth_magic.notebook.pages.html import attribute, brief, wide
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    from synth_magic.notebook.pages.view import View
    from synth_magic.spec import Variable

ROWS = 5
COLUMNS = 50
"""So many columns stand in a page that nobody can turn."""

_UNIT = 24


def first_rows(view: View) -> str:
    """Return the first patients, and how many there are."""
    shown = view.variables[:COLUMNS]
    return table(view, shown, ROWS) + f"<p>{size(view, len(shown))}</p>"


def size(view: View, shown: int) -> str:
    """Return how many rows and columns there are, and how many of them are shown."""
    columns = len(view.variables)
    whole = f"{counted(view.cohort.rows, 'row')} × {counted(columns, 'column')}"
    return f"{whole}; {shown:,} of the columns are shown" if shown < columns else whole


def table(view: View, variables: Sequence[Variable], rows: int) -> str:
    """Return the first rows of these columns, with type, unit and missing share of each."""
    names = "".join(
        f'<th scope="col" title={attribute(v.label)}>{brief(v.name)}</th>' for v in variables
    )
    kinds = "".join(f"<td>{_kind(v)}<br>{_lacking(view, v)}</td>" for v in variables)
    first = view.first.head(rows)
    columns = [[_value(value, v) for value in first[v.name]] for v in variables]
    body = "".join(
        f'<tr><th scope="row">{index}</th>{"".join(f"<td>{value}</td>" for value in row)}</tr>'
        for index, row in zip(first.index, zip(*columns, strict=True), strict=False)
    )
    return wide(
        f'<table class="sp-patients"><thead><tr><th></th>{names}</tr>'
        f'<tr class="sp-kinds"><th></th>{kinds}</tr></thead><tbody>{body}</tbody></table>'
    )


def _kind(variable: Variable) -> str:
    if not variable.unit or variable.type == "date":
        return f"<small>{variable.type}</small>"
    return f"<small>{variable.type}, {brief(variable.unit, _UNIT)}</small>"


def _lacking(view: View, variable: Variable) -> str:
    missing = view.missing[variable.name]
    return f"<small>{f'{missing:.1%} missing' if missing else 'complete'}</small>"


def _value(value: Any, variable: Variable) -> str:
    if pd.isna(value):
        return '<span class="sp-missing">missing</span>'
    if variable.type == "continuous":
        return f"{value:.{variable.decimals}f}"
    if variable.type == "date":
        return f"{value:%Y-%m-%d}"
    return brief(value)
