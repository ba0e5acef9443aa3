"""What a column is in all tables at once, by its specification or by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from synth_magic.evaluation.forms import Form, days, days_in, floats, form_of, numbers_in, texts
from synth_magic.evaluation.tables import Field
from synth_magic.spec.model import CODED_TYPES, Variable

IDENTIFIER_SHARE = 0.9
IDENTIFIER_VALUES = 30
LARGEST = 1e100
"""Beyond it, the square of a number is soon infinite: it counts as infinite itself."""

Parts: TypeAlias = Mapping[str, pd.Series]
"""One column in each table, by what messages call the table."""

Forms: TypeAlias = Mapping[str, Form]

SYNTHETIC = "the synthetic patients"
REAL = "the real patients"
HELD_OUT = "the held-out patients"

FEWEST = 5
"""So many real patients stand behind anything that is told or drawn of them."""

RARE = "(rare)"
"""Stands for all codes that no synthetic and fewer than `FEWEST` real patients have.

Whatever names the codes of a column, in words, tables or pictures, then gives none of them away.
"""

_FLAGS = {"False": "0", "True": "1"}


class NotComparedError(Exception):
    """A column that cannot be compared; says why, without a value."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of all tables in one form; `infinite` if infinite values were taken away."""

    field: Field
    parts: dict[str, pd.Series]
    infinite: bool = False


def read_column(
    name: str, parts: Parts, variable: Variable | None = None, *, as_code: bool = False
) -> Column:
    """Return a column as numbers, dates or codes, the same in all tables.

    `variable` says which, if the column is one of a specification; `as_code` makes codes of
    numbers. Raises NotComparedError.
    """
    forms = {table: form_of(part) for table, part in parts.items()}
    for table, form in forms.items():
        if form == "nothing":
            raise NotComparedError(f"it has no values in {table}")
    if as_code:
        return _codes(name, parts, forms, variable)
    if variable is None:
        return _as_held(name, parts, forms)
    if variable.type == "identifier":
        raise NotComparedError("it is an identifier")
    if variable.type in CODED_TYPES:
        return _codes(name, parts, forms, variable)
    return (_dates if variable.type == "date" else _numbers)(name, parts, forms)


def _as_held(name: str, parts: Parts, forms: Forms) -> Column:
    """Return a column as what it holds."""
    found = set(forms.values())
    if "codes" in found:
        return _codes(name, parts, forms)
    if "dates" in found:
        return _dates(name, parts, forms)
    if found == {"text"}:
        all_dates = all(days_in(texts(part)) is not None for part in parts.values())
        return (_dates if all_dates else _codes)(name, parts, forms)
    column = _numbers(name, parts, forms)
    for table, part in column.parts.items():
        if _counts_the_rows(part):
            raise NotComparedError(f"it counts the rows in {table}")
    if len(_distinct(column.parts)) <= 2:
        return _codes(name, column.parts, dict.fromkeys(parts, "numbers"))
    return column


def _numbers(name: str, parts: Parts, forms: Forms) -> Column:
    read = _converted(parts, forms, "numbers", floats, numbers_in)
    finite = {table: part.where(part.abs() <= LARGEST) for table, part in read.items()}
    for table, part in finite.items():
        if not part.notna().any():
            raise NotComparedError(f"it has no finite values in {table}")
    infinite = any((part.abs() > LARGEST).any() for part in read.values())
    return Column(Field(name, "number"), finite, infinite)


def _dates(name: str, parts: Parts, forms: Forms) -> Column:
    return Column(Field(name, "date"), _converted(parts, forms, "dates", days, days_in))


def _converted(
    parts: Parts,
    forms: Forms,
    wanted: Form,
    convert: Callable[[pd.Series], pd.Series],
    parse: Callable[[pd.Series], pd.Series | None],
) -> dict[str, pd.Series]:
    """Return the parts as numbers or dates; text and codes are read as such."""
    read = {}
    for table, part in parts.items():
        if forms[table] == wanted:
            read[table] = convert(part)
            continue
        parsed = parse(texts(part)) if forms[table] in {"text", "codes"} else None
        if parsed is None:
            raise NotComparedError(_held(forms))
        read[table] = parsed
    return read


def _codes(name: str, parts: Parts, forms: Forms, variable: Variable | None = None) -> Column:
    read = {table: texts(part) for table, part in parts.items()}
    for table, part in read.items():
        if forms[table] in {"text", "codes"} and _nearly_all_differ(part):
            raise NotComparedError(
                f"its values in {table} nearly all differ: an identifier or free text"
            )
    found = _distinct(read)
    if found <= {"0", "1", *_FLAGS} and found & {"0", "1"}:
        read = {table: part.replace(_FLAGS) for table, part in read.items()}
        found = _distinct(read)
    unlike = len({form in {"text", "codes"} for form in forms.values()}) == 2
    if unlike and not set.intersection(*(set(part.dropna()) for part in read.values())):
        raise NotComparedError(_held(forms))
    known = _distinct({SYNTHETIC: read[SYNTHETIC]}).union(variable.codes if variable else ())
    rare = found - known - frequent(read)
    read = {table: part.mask(part.isin(rare), RARE) for table, part in read.items()}
    order, ordered = _order(parts, variable, found - rare)
    extra = _distinct(read).difference(order)
    return Column(Field(name, "code", (*order, *sorted(extra)), ordered and not extra), read)


def _order(
    parts: Parts, variable: Variable | None, found: set[str]
) -> tuple[tuple[str, ...], bool]:
    """Return the codes in order, as far as it is known, and whether the order has a meaning."""
    if variable is not None and variable.codes:
        return variable.codes, variable.type == "ordinal"
    for part in parts.values():
        if isinstance(part.dtype, pd.CategoricalDtype) and part.dtype.ordered:
            categories = texts(pd.Series(part.dtype.categories))
            return tuple(code for code in categories if code in found), True
    try:
        return tuple(sorted(found, key=float)), False
    except ValueError:
        return (), False


def _distinct(parts: Parts) -> set[str]:
    return {value for part in parts.values() for value in part.dropna().unique()}


def _nearly_all_differ(part: pd.Series) -> bool:
    values = part.count()
    return bool(values >= IDENTIFIER_VALUES and part.nunique() > IDENTIFIER_SHARE * values)


def _counts_the_rows(part: pd.Series) -> bool:
    return len(part) >= IDENTIFIER_VALUES and bool((part.diff().iloc[1:] == 1).all())


def _held(forms: Forms) -> str:
    """Say what stands in which table."""
    places: dict[str, list[str]] = {}
    for table, form in forms.items():
        places.setdefault(form, []).append(table)
    return "it has " + ", but ".join(
        f"{form} in {joined(tables)}" for form, tables in places.items()
    )


def frequent(parts: Parts) -> set[str]:
    """Return the codes that at least `FEWEST` real patients have."""
    people = pd.concat([part for table, part in parts.items() if table != SYNTHETIC])
    counts = people.value_counts()
    return set(counts.index[counts >= FEWEST])


def joined(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
