"""The patients of an answer, each looked at: a value for every column, of its type and codes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from synth_magic.engines.rows.form import Column
from synth_magic.spec.text import shown

Row: TypeAlias = dict[str, Any]
"""A patient: numbers as numbers, codes and dates as text, None where nothing was recorded."""

UNREADABLE = "the answer holds no list of patients"
LARGEST = 1e12
"""Every number of a patient's is smaller."""


class Unfit(Exception):  # noqa: N818 - a verdict on a row, never seen by a user as an error
    """Why a row cannot be used."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The patients of an answer that can be used, and why each of the others cannot."""

    accepted: tuple[Row, ...]
    rejected: tuple[str, ...] = ()


def read(
    text: str,
    columns: Sequence[Column],
    examples: Sequence[Mapping[str, Any]] = (),
) -> Rows:
    """Return the patients in the text of an answer; of one that broke off, those that are whole.

    A patient who repeats an example is not accepted: the example may be a real person.
    """
    found = patients_in(text)
    if found is None:
        return Rows((), (UNREADABLE,))
    models = [_plain(example, columns) for example in examples]
    accepted, rejected = [], []
    for patient in found:
        try:
            row = _row(patient, columns)
            if row in models:
                raise Unfit("it repeats the example")
            accepted.append(row)
        except Unfit as verdict:
            rejected.append(str(verdict))
    return Rows(tuple(accepted), tuple(rejected))


def patients_in(text: str) -> list[Any] | None:
    """Return the patients that stand whole in a text, as they stand there; None if it is no JSON.

    They are a list, or an object with a patient for each key, alone or as the only member.
    """
    from jiter import from_json

    start = text.find("{") if "[" not in text.partition("{")[0] else text.find("[")
    stop = max(text.rfind("}"), text.rfind("]")) + 1
    if start < 0:
        return None
    with suppress(ValueError):
        return _listed(from_json(text[start:stop].encode()))
    with suppress(ValueError):
        begun = _listed(from_json(text[start:].encode(), partial_mode=True))
        return begun and begun[:-1]
    return None


def _listed(document: Any) -> list[Any] | None:
    if isinstance(document, dict):
        members = list(document.values())
        if len(members) == 1 and _holds_patients(members[0]):
            return _listed(members[0])
        return members
    return document if isinstance(document, list) else None


def _holds_patients(member: Any) -> bool:
    if isinstance(member, dict):
        return any(isinstance(value, dict) for value in member.values())
    return isinstance(member, list)


def _row(patient: Any, columns: Sequence[Column]) -> Row:
    if not isinstance(patient, dict):
        raise Unfit("it is no object")
    lacking = [column.name for column in columns if column.name not in patient]
    if lacking:
        raise Unfit(f"it lacks {', '.join(lacking[:3])}{' and others' if lacking[3:] else ''}")
    return {column.name: _value(patient[column.name], column) for column in columns}


def _value(value: Any, column: Column) -> Any:
    if value is None:
        if column.gaps:
            return None
        raise Unfit(f"{column.name} has no value")
    if column.codes:
        return _code(value, column)
    if column.type == "date":
        return _date(value, column)
    return _number(value, column)


def _code(value: Any, column: Column) -> str:
    codes = [code.code for code in column.codes]
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, bool | dict | list) or text not in codes:
        allowed = ", ".join(codes[:8]) + (" …" if codes[8:] else "")
        raise Unfit(f"{column.name} is {shown(str(value))}, which is none of {allowed}")
    return text


def _date(value: Any, column: Column) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Unfit(f"{column.name} is no date (YYYY-MM-DD)") from None


def _number(value: Any, column: Column) -> float | int:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) < LARGEST:
        raise Unfit(f"{column.name} is no number that a patient can have")
    if column.low is not None and number < column.low:
        raise Unfit(f"{column.name} is below {column.low:g}")
    if column.high is not None and number > column.high:
        raise Unfit(f"{column.name} is above {column.high:g}")
    if column.type != "integer":
        return number
    if not number.is_integer():
        raise Unfit(f"{column.name} is no whole number")
    return int(number)


def _plain(example: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    """Return an example as its values would be read, what cannot be read as it is."""
    return dict(_read_or_kept(example, columns))


def _read_or_kept(
    example: Mapping[str, Any], columns: Sequence[Column]
) -> Iterator[tuple[str, Any]]:
    for column in columns:
        value = example.get(column.name)
        try:
            yield column.name, _value(value, column)
        except Unfit:
            yield column.name, value
