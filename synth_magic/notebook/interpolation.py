"""`{{name}}` in the body of a cell: the user's text, numbers, lists of them, or a frame's columns.

A name is looked up and never computed: what stands between the braces is an identifier or an error.
What is put in is not looked at again. A backslash keeps the braces: `\\{{name}}` is `{{name}}`.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections.abc import Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from synth_magic.errors import SettingError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

_BRACES = re.compile(r"(?P<kept>\\)?\{\{(?P<name>[^{}\n]*)\}\}")


def interpolated(body: str, namespace: Mapping[str, Any]) -> str:
    """Return the body with the values of its names put in.

    A DataFrame gives a table of its columns and their types: no row, no value of it. Raises
    SettingError for what is no name, a name that is not bound, and a value of any other type.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0][1:]
        name = match["name"].strip()
        if not name.isidentifier():
            raise SettingError(
                f"{match[0]:.60} names no variable: write {{{{name}}}} with a name alone, or "
                "\\{{ for braces that stay"
            )
        where = f"{{{{{name}}}}}"
        return _written(value_of(name, namespace, where), where)

    return _BRACES.sub(replaced, body)


def value_of(name: str, namespace: Mapping[str, Any], where: str) -> Any:
    """Return what the user has bound to a name, or raise SettingError with the nearest name."""
    spelt = unicodedata.normalize("NFKC", name)
    if spelt not in namespace:
        near = did_you_mean(spelt, [own for own in namespace if not own.startswith("_")])
        raise SettingError(f"{where}: there is no variable {name!r}{near}")
    return namespace[spelt]


def _written(value: Any, where: str) -> str:
    if isinstance(value, list | tuple) and value:
        return ", ".join(_word(item, f"an item of {where}") for item in value)
    return _columns(value, where) if _is_frame(value) else _word(value, where)


def _word(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        return repr(float(value))
    raise SettingError(
        f"{where} is {_kind(value)}; what can be put into a description is text, a number, a list "
        "of them, or a DataFrame (its columns and their types)"
    )


def _kind(value: object) -> str:
    if isinstance(value, float):
        return "not finite"
    empty = "an empty " if isinstance(value, list | tuple) else "of type "
    return empty + type(value).__name__


def _is_frame(value: object) -> bool:
    pandas = sys.modules.get("pandas")  # a frame exists only where pandas is imported
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _columns(frame: pd.DataFrame, where: str) -> str:
    names = list(frame.columns)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise SettingError(f"{where} must have columns, all of them named by text")
    lines = [f"| {_cell(name)} | {_type(frame.dtypes.iloc[i])} |" for i, name in enumerate(names)]
    return "\n\n" + "\n".join(["| name | type |", "|---|---|", *lines]) + "\n\n"


def _cell(name: str) -> str:
    return " ".join(name.split()).replace("|", "\\|")


def _type(dtype: Any) -> str:
    """Return the type of a variable, as a table of variables names it, of a column's dtype."""
    import pandas as pd
    from pandas.api import types

    if isinstance(dtype, pd.CategoricalDtype):
        return "ordinal" if dtype.ordered else "categorical"
    kinds = {
        "binary": types.is_bool_dtype,
        "integer": types.is_integer_dtype,
        "continuous": types.is_numeric_dtype,
        "date": types.is_datetime64_any_dtype,
    }
    return next((name for name, holds in kinds.items() if holds(dtype)), "categorical")
