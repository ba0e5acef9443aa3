"""JSON laid out for people: what fits a line stands in one line."""

from __future__ import annotations

import json
import math
from typing import Any

from synth_magic.errors import SpecificationError, Violation

WIDTH = 120
_EXACT = 2**53  # below it every whole float is an integer without loss


def readable_json(value: Any, indent: int = 0, before: int = 0) -> str:
    """Return `value` as JSON with two spaces of indent, small objects and lists in one line.

    `before` counts the characters that stand before it in its first line.
    """
    line = _line(value)
    fits = indent > 0 and indent + before + len(line) < WIDTH
    if fits or not value or not isinstance(value, dict | list):
        return line
    inner = indent + 2
    if isinstance(value, dict):
        starts = [f"{_line(key)}: " for key in value]
        items = zip(starts, value.values(), strict=True)
        parts = [start + readable_json(item, inner, len(start)) for start, item in items]
        first, last = "{", "}"
    else:
        parts = [readable_json(item, inner) for item in value]
        first, last = "[", "]"
    lines = ",\n".join(" " * inner + part for part in parts)
    return f"{first}\n{lines}\n{' ' * indent}{last}"


def _line(value: Any) -> str:
    if isinstance(value, dict):
        items = (f"{_line(key)}: {_line(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise SpecificationError(
            [Violation("a number", f"is {value}", "JSON takes finite numbers")]
        )
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(float(value))
