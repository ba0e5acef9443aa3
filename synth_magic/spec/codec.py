"""Dictionaries to dataclasses and back. The dataclasses of `model` say everything it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

JSON = dict[str, Any]
T = TypeVar("T")


def to_dict(instance: Any) -> JSON:
    """Return a dataclass as a dictionary, its `kind` first, tuples as lists."""
    kind = {"kind": instance.kind} if hasattr(instance, "kind") else {}
    return kind | {item.name: _encode(getattr(instance, item.name)) for item in fields(instance)}


def from_dict(cls: Callable[..., T], document: JSON) -> T:
    """Return the dataclass that a dictionary of the right structure states."""
    hints = _hints(cls)
    values = {name: _decode(hints[name], document[name]) for name in document if name != "kind"}
    return cls(**values)


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        return to_dict(value)
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


def _decode(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple(_decode(get_args(hint)[0], item) for item in value)
    if get_origin(hint) in (Union, UnionType):
        return _decode(_branch(get_args(hint), value), value)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_dict(hint, value)
    return hint(value) if hint in (float, int) else value


def _branch(choices: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return NoneType
    named = [choice for choice in choices if choice is not NoneType]
    return named[0] if len(named) == 1 else next(c for c in named if c.kind == value["kind"])


@cache
def _hints(cls: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(cls)
