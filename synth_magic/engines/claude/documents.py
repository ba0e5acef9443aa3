"""Answers as JSON documents: read from text, corrected by later ones, joined into one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from synth_magic.engines.claude.exchange import Exchange
from synth_magic.errors import SpecificationError, Violation

Document: TypeAlias = dict[str, Any]

LISTS = ("facts", "missing_groups", "associations", "rules")
REMOVED = "removed"
"""Names what a change takes away; a whole answer has no such list."""

_REPLACED = ("title", "population", *LISTS, REMOVED)
_FENCE = re.compile(r"^```[a-z]*[^\S\n]*\n(.*)\n```$", re.DOTALL)


def read(text: str) -> Document:
    """Return the JSON object of an answer, a Markdown fence round it or not.

    Raises SpecificationError for text that holds none.
    """
    stripped = text.strip()
    fenced = _FENCE.match(stripped)
    try:
        document = json.loads(fenced.group(1) if fenced else stripped)
    except json.JSONDecodeError as err:
        where = f"line {err.lineno}, column {err.colno}"
        raise _unreadable(f"it is no JSON ({where}: {err.msg})") from None
    except (ValueError, RecursionError) as err:
        raise _unreadable(f"it is no JSON ({err})") from None
    if not isinstance(document, dict):
        raise _unreadable(f"a {type(document).__name__} stands where an object belongs")
    return document


def _unreadable(found: str) -> SpecificationError:
    return SpecificationError([Violation("the answer", found, "one JSON object is wanted")])


def corrected(before: Document, change: Document) -> Document:
    """Return a document with the variables that a correction holds, and all else not empty."""
    changed = {
        name: variable for variable in items(change, "variables") if (name := _name(variable))
    }
    kept = [changed.pop(_name(variable), variable) for variable in items(before, "variables")]
    rest = {name: change[name] for name in _REPLACED if change.get(name)}
    return before | rest | {"variables": [*kept, *changed.values()]}


def joined(documents: Sequence[Document]) -> Document:
    """Return one document for all parts, with the title and population of the first.

    What a later part repeats of an earlier one counts as it stood there first; a missing group
    that several parts name holds the variables of all.
    """
    whole = dict(documents[0])
    if len(documents) == 1:
        return whole
    for name in ("variables", *LISTS):
        kept: dict[str, Any] = {}
        for item in (item for document in documents for item in items(document, name)):
            first = kept.setdefault(identity(name, item), item)
            if name == "missing_groups" and first is not item:
                members = items(first, "variables")
                others = [each for each in items(item, "variables") if each not in members]
                kept[identity(name, item)] = first | {"variables": [*members, *others]}
        whole[name] = list(kept.values())
    return whole


def identity(part: str, item: Any) -> str:
    """Return what makes an item of a list the same as another, as text."""
    if isinstance(item, dict):
        if part == "associations":
            return repr(sorted((str(item.get("a")), str(item.get("b")))))
        if part in ("variables", "missing_groups"):
            return repr(item.get("name"))
        if part == "rules":
            return repr(item.get("expression"))
    return repr(item)


def conversations(exchanges: Iterable[Exchange]) -> list[list[Exchange]]:
    """Return the exchanges of each conversation; a new one starts with one message."""
    found: list[list[Exchange]] = []
    for exchange in exchanges:
        if len(exchange.request.messages) == 1 or not found:
            found.append([])
        found[-1].append(exchange)
    return found


def outcome(conversation: Iterable[Exchange]) -> Document:
    """Return the document that a conversation came to, its corrections put in.

    Raises SpecificationError for an answer that was accepted and cannot be read, or if none can.
    """
    found: Document | None = None
    for exchange in conversation:
        try:
            document = read(exchange.reply.text)
        except SpecificationError:
            if exchange.accepted:
                raise
        else:
            found = document if found is None else corrected(found, document)
    if found is None:
        raise _unreadable("none of the answers is JSON")
    return found


def items(document: Document, name: str) -> list[Any]:
    """Return a list of a document, or nothing where it has none."""
    found = document.get(name)
    return found if isinstance(found, list) else []


def _name(variable: Any) -> str:
    name = variable.get("name") if isinstance(variable, dict) else None
    return name if isinstance(name, str) else ""
