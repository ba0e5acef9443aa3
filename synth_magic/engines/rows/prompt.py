"""The request for some patients: prior knowledge, instructions and context.

The three parts, ten rows a request and the new order of the variables in each are those of
Tornqvist et al., "A text-to-tabular approach to generate synthetic patient data using LLMs",
arXiv 2412.05153. The answer is bound by a JSON Schema, which theirs was not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from synth_magic.description.model import Code
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.rows.form import Column, Form
from synth_magic.engines.rows.method import Method
from synth_magic.sampling.table import categories
from synth_magic.spec.edits import stated

VERSION = 1
"""Raised whenever words in `prompts/` or in this module change that rows were asked for in."""

PATIENTS = "patients"
NAMELESS = "the database"
_TYPES = {"continuous": "float", "integer": "integer", "date": "date, YYYY-MM-DD"}


@cache
def words(name: str) -> str:
    """Return one of the prompt files."""
    return files(__package__).joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8").strip()


def request(
    form: Form, method: Method, number: int, rows: int, examples: Sequence[Mapping[str, Any]] = ()
) -> Request:
    """Return request `number` (from 0) for so many patients; the same number asks the same."""
    columns = _shuffled(form.columns, number, method)
    shown = () if "example" in method.without else examples[:1]
    sections = [
        *_knowledge(form, method, rows),
        _instructions(columns, form, method),
        *_context(columns, shown),
        words("end").replace("{rows}", str(rows)),
    ]
    message = Message("user", "\n\n".join(sections))
    return Request(words("system"), (message,), schema(columns), f"request {number + 1}")


def _shuffled(columns: Sequence[Column], number: int, method: Method) -> tuple[Column, ...]:
    if "shuffling" in method.without:
        return tuple(columns)
    order = np.random.default_rng(number).permutation(len(columns))
    return tuple(columns[place] for place in order)


def _knowledge(form: Form, method: Method, rows: int) -> Iterator[str]:
    name = "" if "name" in method.without else method.database
    of = f" of this database: {name}" if name else " of this database"
    if "description" in method.without:
        of = f" of the database {name}" if name else ""
    yield words("knowledge").replace("{rows}", str(rows)).replace("{database}", of)
    if "description" not in method.without and form.prose:
        prose = form.prose
        if "name" in method.without:
            prose = _without_name(prose, method.database)
        yield f"<description>\n{prose}\n</description>"


def _without_name(prose: str, name: str) -> str:
    """Return a text without a database's name, nor the short form of it in brackets."""
    short = re.search(r"\(([A-Z][\w-]*[A-Z][\w-]*)\)\s*$", name)
    known = [name, name[: short.start()].strip(), short[1]] if short else [name]
    for part in filter(None, known):
        prose = re.sub(rf"\b(?:the )?{re.escape(part)}(?!\w)", NAMELESS, prose, flags=re.I)
    return prose


def _instructions(columns: Sequence[Column], form: Form, method: Method) -> str:
    with_gaps = [column.name for column in columns if column.gaps]
    gaps = f" (null where {' or '.join(with_gaps)} was not recorded)" if with_gaps else ""
    unsaid = form.prose if "description" in method.without else ""
    lines = (_line(column, unsaid, labelled="labels" not in method.without) for column in columns)
    return "\n".join([words("instructions").replace("{gaps}", gaps), *lines])


def _line(column: Column, unsaid: str, *, labelled: bool) -> str:
    unit = f" [{column.unit}]" if column.unit and column.unit not in column.label else ""
    label = f"{column.label}{unit}" if labelled else ""
    codes = "; ".join(map(_code, column.codes))
    figures = "; ".join(stated(fact) for fact in column.facts if fact.quote not in unsaid)
    return f"{column.name}: {label}|{_TYPES.get(column.type, 'code')}|{codes}|{figures}"


def _code(code: Code) -> str:
    return f"{code.code} = {code.label}" if code.label not in ("", code.code) else code.code


def _context(columns: Sequence[Column], examples: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for example in examples:
        known = (c for c in columns if c.gaps or example.get(c.name) is not None)
        if patient := {c.name: example[c.name] for c in known if c.name in example}:
            yield words("example") + "\n" + json.dumps(patient, ensure_ascii=False)


def schema(columns: Iterable[Column]) -> dict[str, Any]:
    """Return the JSON Schema of an answer."""
    columns = tuple(columns)
    patient = {
        "type": "object",
        "properties": {column.name: _values(column) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {PATIENTS: {"type": "array", "items": patient}},
        "required": [PATIENTS],
        "additionalProperties": False,
    }


def _values(column: Column) -> dict[str, Any]:
    if column.gaps:
        return {"anyOf": [_values(replace(column, gaps=False)), {"type": "null"}]}
    if column.codes:
        codes = categories(tuple(code.code for code in column.codes))
        return {"type": "integer" if isinstance(codes[0], int) else "string", "enum": codes}
    return {"type": {"continuous": "number", "integer": "integer"}.get(column.type, "string")}
