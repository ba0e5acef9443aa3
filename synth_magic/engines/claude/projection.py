"""What of the specification a model is asked for: its JSON Schema, and the way back.

Left out is what the package knows itself (version, provenance, order of drawing, the place of a
quote) and what a model does not need: two of the marginals, as it can always give quantiles.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from synth_magic.spec.structure import schema

_ORDER = ("title", "population", "facts", "variables", "missing_groups", "associations", "rules")
_LISTS = _ORDER[2:]
_VARIABLE = (
    "name", "label", "type", "unit", "decimals", "basis", "certainty", "marginal", "spikes",
    "digit_preference", "missing", "hidden",
)  # fmt: skip
_NOT_ASKED = {"association": ("provenance",), "fact": ("start",)}
_UNUSED_MARGINALS = ("mean_sd", "median_iqr")

_NEUTRAL: dict[str, dict[str, Any]] = {
    "": {"population": "", "facts": [], "missing_groups": [], "associations": [], "rules": []},
    "variables": {
        "label": "", "unit": "", "decimals": 0, "basis": "", "certainty": "", "spikes": [],
        "digit_preference": None, "missing": 0, "hidden": False,
    },
    "associations": {"basis": ""},
    "missing_groups": {"only_when": ""},
    "rules": {"reason": ""},
    "facts": {"code": "", "other_variable": "", "within": None},
}  # fmt: skip
_OURS: dict[str, dict[str, Any]] = {
    "": {"draw_order": [], "version": 1},
    "variables": {"provenance": "model"},
    "associations": {"provenance": "model"},
    "facts": {"start": None},
}


@cache
def asked() -> dict[str, Any]:
    """Return the JSON Schema of an answer. Not to be changed: it is shared."""
    whole = copy.deepcopy(schema())
    definitions = {
        name: part for name, part in whole["$defs"].items() if name not in _UNUSED_MARGINALS
    }
    _keep(definitions["variable"], _VARIABLE)
    for name, fields in _NOT_ASKED.items():
        _keep(definitions[name], [f for f in definitions[name]["properties"] if f not in fields])
    for part in (definitions["variable"], definitions["cell"]):
        marginal = part["properties"]["marginal"]
        marginal["anyOf"] = [
            choice
            for choice in marginal["anyOf"]
            if choice["$ref"].rpartition("/")[2] not in _UNUSED_MARGINALS
        ]
    whole["$defs"] = definitions
    _keep(whole, _ORDER)
    del whole["$schema"]
    return whole


def _keep(part: dict[str, Any], names: Sequence[str]) -> None:
    part["properties"] = {name: part["properties"][name] for name in names}
    part["required"] = list(names)


def completed(answer: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return an answer as the document of a whole specification, and what of it was unknown.

    What may be left out is filled in with what means nothing; properties that the schema does not
    know are left out and listed. Anything else that is wrong is left for the validator to find.
    """
    unknown = list(_strangers(answer))
    document = _filled(answer, "")
    for part in _LISTS:
        if isinstance(document.get(part), list):
            document[part] = [_filled(item, part) for item in document[part]]
    return document, tuple(dict.fromkeys(unknown))


def _filled(item: Any, part: str) -> Any:
    if not isinstance(item, dict):
        return item
    known = _known(part)
    own = {name: value for name, value in item.items() if name in known}
    return _NEUTRAL.get(part, {}) | own | _OURS.get(part, {})


def _known(part: str) -> dict[str, Any]:
    """Return the properties that an item of this part of an answer may have."""
    if not part:
        properties: dict[str, Any] = asked()["properties"]
    else:
        name = asked()["properties"][part]["items"]["$ref"].rpartition("/")[2]
        properties = asked()["$defs"][name]["properties"]
    return properties


def _strangers(answer: dict[str, Any]) -> Iterator[str]:
    yield from (name for name in answer if name not in _known(""))
    for part in _LISTS:
        items = answer.get(part)
        if isinstance(items, list):
            known = _known(part)
            for item in items:
                if isinstance(item, dict):
                    yield from (f"{part}.{name}" for name in item if name not in known)
