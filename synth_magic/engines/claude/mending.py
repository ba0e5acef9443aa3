"""Slips of an answer that have one obvious remedy, mended without asking again."""

from __future__ import annotations

import math
from typing import Any

from synth_magic.engines.claude.documents import Document, items

NEAR_ONE = 0.03
"""Shares whose sum is so near to 1 were rounded; they are scaled to sum to 1."""


def mended(document: Document) -> Document:
    """Return an answer with rounded shares that sum to 1 and no decimals where there are none."""
    variables = [_variable(item) for item in items(document, "variables")]
    return document | {"variables": variables} if variables else document


def _variable(variable: Any) -> Any:
    if not isinstance(variable, dict):
        return variable
    changes: dict[str, Any] = {"marginal": _marginal(variable.get("marginal"))}
    if variable.get("type") != "continuous" and "decimals" in variable:
        changes["decimals"] = 0
    return variable | changes


def _marginal(marginal: Any) -> Any:
    if not isinstance(marginal, dict):
        return marginal
    if marginal.get("kind") == "by" and isinstance(marginal.get("cells"), list):
        cells = [
            cell | {"marginal": _marginal(cell.get("marginal"))} if isinstance(cell, dict) else cell
            for cell in marginal["cells"]
        ]
        return marginal | {"cells": cells}
    if marginal.get("kind") == "shares":
        return _shares(marginal)
    return marginal


def _shares(marginal: dict[str, Any]) -> dict[str, Any]:
    shares = marginal.get("shares")
    try:
        total = math.fsum(share["share"] for share in shares or ())
        if 0 < abs(total - 1) <= NEAR_ONE:
            scaled = [share | {"share": share["share"] / total} for share in marginal["shares"]]
            return marginal | {"shares": scaled}
    except (TypeError, KeyError):  # the validator tells what is wrong
        pass
    return marginal
