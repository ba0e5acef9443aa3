"""What of the specification a model is asked for: its JSON Schema, and the way back.

Left out is what the package knows itself (version, provenance, order of drawing, the place of a
quote) and what a model does not need: two of the marginals, as it can always give quantiles.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from synth_magic.engines.claude.documents import REMOVED
from synth_magic.sampling.numeric import as_quantiles
from synth_magic.sampling.recording import Recording
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import By, Marginal, MeanSD, MedianIQR, Variable
from synth_magic.spec.structure import schema
from synth_magic.spec.text import listed

_ORDER = ("title", "population", "facts", "variables", "missing_groups", "associations", "rules")
_LISTS = _ORDER[2:]
_VARIABLE = (
    "name", "label", "type", "unit", "decimals", "basis", "certainty", "marginal", "spikes",
    "digit_preference", "missing", "hidden",
)  # fmt: skip
_NOT_ASKED = {"association": ("provenance",), "fact": ("start",)}
_DIGITS = 5
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


@cache
def asked_of_change() -> dict[str, Any]:
    """Return the JSON Schema of a change, a part of an answer. Not to be changed: it is shared."""
    whole = copy.deepcopy(asked())
    whole["properties"][REMOVED] = {
        "type": "array",
        "items": {"type": "string"},
        "description": "What goes: names of variables and missing groups, rules, pairs as a - b.",
    }
    whole["required"].append(REMOVED)
    return whole


def _keep(part: dict[str, Any], names: Sequence[str]) -> None:
    part["properties"] = {name: part["properties"][name] for name in names}
    part["required"] = list(names)


def shown(spec: CohortSpec) -> dict[str, Any]:
    """Return a specification as a model would have answered it, figures with a few digits."""
    marginals = {variable.name: _in_quantiles(variable) for variable in spec.variables}
    variables = tuple(replace(v, marginal=marginals[v.name]) for v in spec.variables)
    document = replace(spec, variables=variables).to_dict()
    answered = {name: document[name] for name in _ORDER}
    for part in _LISTS:
        fields = _known(part)
        answered[part] = [{name: item[name] for name in fields} for item in answered[part]]
    rounded: dict[str, Any] = _rounded(answered)
    return rounded


def _in_quantiles(variable: Variable) -> Marginal:
    """Return the marginal of a variable, quantiles in the place of mean and SD, or of quartiles."""
    recording = Recording.of(variable)

    def simple(marginal: Marginal) -> Any:
        if isinstance(marginal, MeanSD | MedianIQR):
            return as_quantiles(marginal, recording)
        return marginal

    marginal = variable.marginal
    if isinstance(marginal, By):
        cells = (replace(cell, marginal=simple(cell.marginal)) for cell in marginal.cells)
        return replace(marginal, cells=tuple(cells))
    shown_as: Marginal = simple(marginal)
    return shown_as


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if not isinstance(value, float):
        return value
    rounded = float(f"{value:.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def completed(answer: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return an answer as the document of a whole specification, and remarks on what was unknown.

    What may be left out is filled in with what means nothing; properties that the schema does not
    know are left out and told. Anything else that is wrong is left for the validator to find.
    """
    unknown = tuple(dict.fromkeys(_strangers(answer)))
    document = _filled(answer, "")
    for part in _LISTS:
        if isinstance(document.get(part), list):
            document[part] = [_filled(item, part) for item in document[part]]
    remark = f"The answer held what was not asked for, left out: {listed(unknown)}."
    return document, (remark,) if unknown else ()


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
