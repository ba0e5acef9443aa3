"""A register with a variable of every kind, and a model that writes patients for what it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Barrier, Event
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np

import synth_magic as sm
from synth_magic.description import parse
from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude.exchange import Reply, Request
from synth_magic.engines.rows.form import Form
from tests.messages_api import MessagesApi, Says
from tests.messages_api.steps import Body, Step, Wire

Patient: TypeAlias = dict[str, Any]

FOLDER = Path(".synthpatients")
DATABASE = "Leeds Renal Register (LRR)"
PROSE = (
    "Patients of the Leeds Renal Register, aged 18 to 90; mean age 63 (SD 12). Creatinine is "
    "missing in 20%. The LRR was begun in 2009."
)
REGISTER = f"""{PROSE}

| variable | description | type | unit | codes |
|---|---|---|---|---|
| id | Number of the patient | identifier | | |
| age | Age | integer | years | |
| sex | Sex | binary | | 0 = female; 1 = male |
| creatinine | Serum creatinine | continuous | umol/L | |
| stage | Stage of the disease | categorical | | early; late; end |
| visits | Visits last year | integer | | |
| first_visit | Day of the first visit | date | | |
"""
FEW = """Patients of the Leeds Renal Register.

| variable | description | type | codes |
|---|---|---|---|
| age | Age in years | integer | |
| sex | Sex | binary | female; male |
| creatinine | Serum creatinine | continuous | |
"""
COLUMNS = ["age", "sex", "creatinine", "stage", "visits", "first_visit"]
EXAMPLE = {
    "age": 61, "sex": 1, "creatinine": 98.5, "stage": "late", "visits": 2,
    "first_visit": "2019-04-02",
}  # fmt: skip

_LINE = re.compile(r"(\w+): [^|\n]*\|(float|integer|date|code)[^|\n]*\|([^|\n]*)\|")


def question(rows: int, text: str = REGISTER, **others: Any) -> Question:
    return Question(parse(text), rows=rows, **others)


@cache
def form(text: str = REGISTER) -> Form:
    return Form.of(parse(text))


def columns_asked(prompt: str) -> list[str]:
    """The names of the variables, in the order of the prompt."""
    return [name for name, _, _ in _LINE.findall(prompt)]


def patients(prompt: str) -> list[Patient]:
    """As many patients as a prompt asks for, for its variables; others for each prompt."""
    found = re.search(r"Write (\d+) patients", prompt)
    assert found
    rng = np.random.default_rng(crc32(prompt.encode()))
    return [_patient(prompt, rng) for _ in range(int(found[1]))]


def _patient(prompt: str, rng: np.random.Generator) -> Patient:
    return {name: _value(kind, codes, rng) for name, kind, codes in _LINE.findall(prompt)}


def _value(kind: str, codes: str, rng: np.random.Generator) -> Any:
    if kind == "code":
        code = rng.choice([one.partition(" = ")[0] for one in codes.split("; ")])
        return int(code) if code.isdecimal() else str(code)
    if kind == "date":
        return str(np.datetime64("2015-01-01") + int(rng.integers(2_000)))
    return int(rng.integers(20, 90)) if kind == "integer" else round(float(rng.uniform(50, 300)), 1)


def answer(patients: list[Patient]) -> str:
    return json.dumps({"patients": patients})


def prompt_of(body: Mapping[str, Any]) -> str:
    prompt: str = body["messages"][0]["content"]
    return prompt


@dataclass(frozen=True)
class Writes:
    """A step of the server: it writes the patients that it is asked for, after a `change`.

    With `together`, it answers only when so many others are there as well; `begun` is set when it
    has been asked, and `until` is waited for before it answers.
    """

    change: Callable[[list[Patient]], list[Patient]] = list
    together: Barrier | None = None
    begun: Event = field(default_factory=Event)
    until: Event | None = None

    def answer(self, wire: Wire, asked: Body) -> None:
        self.begun.set()
        if self.together:
            self.together.wait(30)
        if self.until:
            assert self.until.wait(30)
        Says(answer(self.change(patients(prompt_of(asked))))).answer(wire, asked)


def each(**values: Any) -> Callable[[list[Patient]], list[Patient]]:
    """A change of each patient."""
    return lambda patients: [patient | values for patient in patients]


def reply(request: Request, change: Callable[[list[Patient]], list[Patient]] = list) -> Reply:
    """What a good model answers, without a server."""
    return Reply(answer(change(patients(request.messages[0].text))), "model", Usage(100, 20, 1))


def generate(rows: int, text: str = FEW, **settings: Any) -> sm.PatientFrame:
    return sm.generate(text, rows=rows, **{"method": "rows", "requests_at_once": 2} | settings)


def good(number: int) -> list[Step]:
    return [Writes()] * number


def prompts(api: MessagesApi) -> list[str]:
    return [prompt_of(received.body) for received in api.requests]


def recorded(kind: str = "") -> list[dict[str, Any]]:
    """The recordings whose names end like this, after the hashes."""
    names = sorted(FOLDER.glob(f"*-????????{kind}.json"))
    return [json.loads(name.read_text(encoding="utf-8")) for name in names]
