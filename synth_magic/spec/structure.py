"""The structure of a specification: `cohort.schema.json`, and what departs from it, in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from synth_magic.errors import Violation, did_you_mean
from synth_magic.spec.text import located, shown

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

_WORDS = {
    dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null",
    int: "a number", float: "a number",
}  # fmt: skip
_TYPES = {
    "object": "an object", "array": "a list", "string": "text", "number": "a number",
    "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of specifications. Not to be changed: it is shared."""
    text = files("synth_magic.spec").joinpath("cohort.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def structural_violations(document: Any) -> tuple[Violation, ...]:
    """Return every place where a parsed JSON document departs from the schema."""
    errors = _validator().iter_errors(document)
    departures = [fault for error in errors for fault in _explained(error, document)]
    return tuple(dict.fromkeys([*departures, *_unusable(document, document, [])]))


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def _explained(error: ValidationError, document: Any) -> Iterator[Violation]:
    """Yield what `error` means; of several alternatives only the one that `kind` chooses counts."""
    rule: Any = error.validator_value
    instance: Any = error.instance
    path = list(error.absolute_path)
    if error.validator == "anyOf":
        branch = _branch(instance, rule)
        if branch is None:
            yield Violation(_place(path, document), *_no_kind(instance, rule))
        for part in error.context or ():
            if part.schema_path[0] == branch:
                yield from _explained(part, document)
    elif error.validator == "additionalProperties":
        schema_of_object: Any = error.schema
        known = list(schema_of_object["properties"])
        for name in instance:
            if name not in known:
                allowed = f"the properties are {', '.join(known)}{did_you_mean(str(name), known)}"
                place = _place([*path, str(name)[:60]], document)
                yield Violation(place, "there is no such property", allowed)
    else:
        yield Violation(_place(path, document), *_DEPARTURES[str(error.validator)](instance, rule))


def _branch(instance: Any, alternatives: list[dict[str, Any]]) -> int | None:
    """Return the alternative that is meant: the one of this kind, or the one that is not null."""
    kinds = _kinds(alternatives)
    if not any(kinds):
        return 0
    kind = instance.get("kind") if isinstance(instance, dict) else None
    return kinds.index(kind) if isinstance(kind, str) and kind in kinds else None


def _kinds(alternatives: list[dict[str, Any]]) -> list[str]:
    names = [alternative.get("$ref", "").rpartition("/")[2] for alternative in alternatives]
    properties = [schema()["$defs"].get(name, {}).get("properties", {}) for name in names]
    return [own.get("kind", {}).get("const", "") for own in properties]


def _no_kind(instance: Any, alternatives: list[dict[str, Any]]) -> tuple[str, str]:
    kinds = _kinds(alternatives)
    allowed = f"the kinds are {', '.join(kinds)}"
    if not isinstance(instance, dict):
        return f"{_described(instance)} stands where an object belongs", allowed
    if "kind" not in instance:
        return "`kind` is missing", allowed
    kind = str(instance["kind"])
    return f"there is no kind {shown(kind)} here", allowed + did_you_mean(kind, kinds)


def _wrong_type(instance: Any, wanted: str) -> tuple[str, str]:
    found = f"{_described(instance)} stands where {_TYPES[wanted]} belongs"
    return found, f"write {_TYPES[wanted]}"


def _not_listed(instance: Any, choices: list[str]) -> tuple[str, str]:
    near = did_you_mean(str(instance), choices)
    return f"{shown(str(instance))} is unknown", f"allowed: {', '.join(choices)}{near}"


def _lacking(instance: dict[str, Any], required: list[str]) -> tuple[str, str]:
    names = [f"`{name}`" for name in required if name not in instance]
    verb = "is" if len(names) == 1 else "are"
    return f"{', '.join(names)} {verb} missing", "every property must be present"


_DEPARTURES: dict[str, Callable[[Any, Any], tuple[str, str]]] = {
    "type": _wrong_type,
    "enum": _not_listed,
    "required": _lacking,
}


def _unusable(value: Any, document: Any, path: list[str | int]) -> Iterator[Violation]:
    """Yield numbers that are not finite and text that no file can hold."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _unusable(item, document, [*path, name])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unusable(item, document, [*path, index])
    elif isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
        yield Violation(_place(path, document), "the number is not finite", "write a finite number")
    elif isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        place = _place(path, document)
        yield Violation(place, "the text holds half a character", "write valid Unicode")


def _place(path: Iterable[str | int], document: Any) -> str:
    """Write a path as `variables[3].marginal ('sex')`."""
    steps = list(path)
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return located(text.lstrip(".") or "the specification", _owner(steps, document))


def _owner(steps: Sequence[str | int], document: Any) -> str:
    if len(steps) < 2 or not isinstance(steps[1], int):
        return ""
    item = document[steps[0]][steps[1]]
    keys = {"associations": ("a", "b"), "facts": ("variable",)}.get(str(steps[0]), ("name",))
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in keys):
        return ""
    return " - ".join(item[key] for key in keys)


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {shown(value, 40)}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"the number {value}" if abs(value) <= sys.float_info.max else "a number"
    return _WORDS.get(type(value), f"a {type(value).__name__}")
