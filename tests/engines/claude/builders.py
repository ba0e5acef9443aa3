"""Small answers of a model, as it would write them, and a model that gives prepared ones."""

from __future__ import annotations

import json
from typing import Any

from synth_magic.description import parse
from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude.exchange import Reply, Request

TABLE = """Patients of a renal clinic in Leeds, 2019, aged 18 or older; 60% are men.

| variable | description | type | unit | codes |
|---|---|---|---|---|
| sex | Sex | binary | | female; male |
| age | Age | integer | years | |
| creatinine | Serum creatinine | continuous | umol/L | |
| stage | Stage of the disease | categorical | | early; late |
"""

QUANTILES = ("min", "p01", "p05", "p25", "p50", "p75", "p95", "p99", "max")


def wide(columns: int) -> str:
    """A table of so many columns."""
    lines = [f"lab_{number},Laboratory value {number},continuous\n" for number in range(columns)]
    return "Patients of a clinic.\n\nname,description,type\n" + "".join(lines)


def question(text: str = TABLE, **others: Any) -> Question:
    return Question(parse(text), **others)


def quantiles(*values: float) -> dict[str, Any]:
    return {"kind": "quantiles", **dict(zip(QUANTILES, values, strict=True))}


def shares(**codes: float) -> dict[str, Any]:
    pairs = [{"code": code, "share": share} for code, share in codes.items()]
    return {"kind": "shares", "shares": pairs}


def variable(name: str, kind: str, marginal: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "name": name, "label": "", "type": kind, "unit": "", "decimals": 0,
        "basis": "clinics like this", "certainty": "moderate", "marginal": marginal, "spikes": [],
        "digit_preference": None, "missing": 0.0, "hidden": False,
    } | others  # fmt: skip


def answer(**others: Any) -> dict[str, Any]:
    """A good answer to TABLE."""
    return {
        "title": "Renal clinic",
        "population": "Adults seen at a renal clinic in Leeds in 2019.",
        "facts": [],
        "variables": [
            variable("sex", "binary", shares(female=0.45, male=0.55)),
            variable("age", "integer", quantiles(18, 21, 31, 50, 63, 74, 85, 91, 99)),
            variable(
                "creatinine",
                "continuous",
                quantiles(40, 52, 63, 88, 121, 190, 420, 690, 1200),
                missing=0.05,
            ),
            variable("stage", "ordinal", shares(early=0.7, late=0.3)),
        ],
        "missing_groups": [],
        "associations": [
            {"a": "creatinine", "b": "stage", "spearman": 0.6, "basis": "it defines the stage"},
            {"a": "age", "b": "stage", "spearman": 0.2, "basis": ""},
        ],
        "rules": [],
    } | others


def changed(name: str, **others: Any) -> dict[str, Any]:
    """The good answer with one variable changed."""
    good = answer()
    good["variables"] = [v | others if v["name"] == name else v for v in good["variables"]]
    return good


class Model:
    """Gives prepared answers, one a request, and keeps the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        said = self.answers.pop(0)
        if isinstance(said, BaseException):
            raise said
        text = said if isinstance(said, str) else json.dumps(said)
        return Reply(text, "claude-test", Usage(100, 50, 1))
