"""Slips of an answer that have one obvious remedy, mended without asking again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from synth_magic.engines.claude.documents import Document, items
from synth_magic.spec.model import QUANTILE_LEVELS

NEAR_ONE = 0.03
"""Shares whose sum is so near to 1 were rounded; they are scaled to sum to 1."""

_LEVELS = {"min": 0.0, **QUANTILE_LEVELS, "max": 1.0}


def mended(document: Document) -> Document:
    """Return an answer without its slips.

    Rounded shares sum to 1, only continuous variables have decimals, and the quantiles that a spike
    at the ceiling or the floor covers are the ceiling or the floor.
    """
    variables = [_variable(item) for item in items(document, "variables")]
    return document | {"variables": variables} if variables else document


def _variable(variable: Any) -> Any:
    if not isinstance(variable, dict):
        return variable
    spikes = [spike for spike in items(variable, "spikes") if _is_spike(spike)]
    changes: dict[str, Any] = {"marginal": _marginal(variable.get("marginal"), spikes)}
    if variable.get("type") != "continuous" and "decimals" in variable:
        changes["decimals"] = 0
    return variable | changes


def _is_spike(spike: Any) -> bool:
    return isinstance(spike, dict) and all(_is_number(spike.get(key)) for key in ("value", "share"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _marginal(marginal: Any, spikes: Sequence[dict[str, Any]]) -> Any:
    if not isinstance(marginal, dict):
        return marginal
    match marginal.get("kind"):
        case "by" if isinstance(marginal.get("cells"), list):
            cells = [
                cell | {"marginal": _marginal(cell.get("marginal"), spikes)}
                if isinstance(cell, dict)
                else cell
                for cell in marginal["cells"]
            ]
            return marginal | {"cells": cells}
        case "shares":
            return _shares(marginal)
        case "quantiles" if all(_is_number(marginal.get(name)) for name in _LEVELS):
            return _covered(marginal, spikes)
        case _:
            return marginal


def _covered(marginal: dict[str, Any], spikes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for spike in spikes:
        value, share = spike["value"], spike["share"]
        for name, level in _LEVELS.items():
            top = value == marginal["max"] and level > 1 - share
            bottom = value == marginal["min"] and level < share
            if top or bottom:
                marginal = marginal | {name: value}
    return marginal


def _shares(marginal: dict[str, Any]) -> dict[str, Any]:
    shares = marginal.get("shares")
    try:
        total = math.fsum(share["share"] for share in shares or ())
        if 0 < abs(total - 1) <= NEAR_ONE:
            scaled = [share | {"share": share["share"] / total} for share in marginal["shares"]]
            return marginal | {"shares": scaled}
    except (TypeError, KeyError, OverflowError):  # the validator tells what is wrong
        pass
    return marginal
