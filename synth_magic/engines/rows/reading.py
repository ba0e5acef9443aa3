"""The patients of an answer, each looked at: a value for every column, of its type and codes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
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
MOST_FAULTS = 50
"""So many parts of an answer that are no JSON are passed over at most."""

_DECODER = json.JSONDecoder()
_START = re.compile(r'\{\s*(?:"|$)|\[\s*(?:[\[{]|$)')
"""Where a JSON object begins, or a list of such: not a word in brackets."""


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

    A patient who repeats an example in all that it tells, if that is more than half of the columns,
    is not accepted: the example may be a real person.
    """
    found = patients_in(text)
    if found is None:
        return Rows((), (UNREADABLE,))
    meant = (_meant(example, columns) for example in examples)
    models = [model.items() for model in meant if 2 * len(model) > len(columns)]
    accepted, rejected = [], []
    for patient in found:
        try:
            row = _row(patient, columns)
            if any(model <= row.items() for model in models):
                raise Unfit("it repeats the example")
            accepted.append(row)
        except Unfit as verdict:
            rejected.append(str(verdict))
    return Rows(tuple(accepted), tuple(rejected))


def patients_in(text: str) -> list[Any] | None:
    """Return the patients that stand whole in a text, as they stand there; None for no JSON.

    They may be a list, an object with a patient for each key, either of these among the members of
    an object, or one object after another. Where the whole is no JSON, because it broke off or for
    one fault in it, its parts are read.
    """
    found: list[Any] = []
    place, faults, begun = 0, 0, False
    while faults < MOST_FAULTS and (start := _START.search(text, place)):
        begun = begun or start[0].startswith("{")
        try:
            document, place = _DECODER.raw_decode(text, start.start())
            found += _listed(document)
        except (ValueError, RecursionError):
            place = start.start() + 1
            faults += 1
    return found if found or begun else None


def _listed(document: Any) -> list[Any]:
    if not isinstance(document, dict):
        return document if isinstance(document, list) else []
    members = list(document.values())
    if holding := [member for member in members if _holds_patients(member)]:
        return [patient for member in holding for patient in _listed(member)]
    return members if all(isinstance(member, dict) for member in members) else [document]


def _holds_patients(member: Any) -> bool:
    """Return whether there are objects in it, or objects with such."""
    if isinstance(member, list):
        return all(isinstance(patient, dict) for patient in member)
    return isinstance(member, dict) and any(isinstance(v, dict | list) for v in member.values())


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


def _meant(example: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    """Return the values of an example as they would be read, what cannot be read as it is."""
    meant = {c.name: example[c.name] for c in columns if example.get(c.name) is not None}
    for column in columns:
        labelled = {code.label: code.code for code in column.codes}
        if (value := meant.get(column.name)) is not None:
            with suppress(Unfit):
                meant[column.name] = _value(labelled.get(value, value), column)
    return meant
