"""What asking would send and take, told before anything is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil

from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude import prompt
from synth_magic.engines.claude.exchange import Request
from synth_magic.engines.claude.parts import parts
from synth_magic.engines.claude.prices import cost
from synth_magic.engines.settings import Settings

LETTERS_PER_TOKEN = 3.5
"""Of prompts and JSON in English: an estimate, as the tokenizer is not public."""
TOKENS_PER_VARIABLE = 450
"""Of an answer, its correlations included; thinking comes on top."""
UNNAMED = 15


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of one question, and about how many tokens they would take.

    Of several parts only the first request is here: the others hold what came before.
    """

    model: str
    requests: int
    first: Request
    estimate: Usage
    cost: str

    def __str__(self) -> str:
        calls = f" in {self.requests} requests, the first of which is" if self.requests > 1 else ""
        head = (
            f"{self.model} would be asked{calls}: about {self.estimate.input_tokens:,} tokens in "
            f"and {self.estimate.output_tokens:,} out, thinking not counted; "
            f"{self.cost or 'no price is known for this model'}."
        )
        return "\n".join(
            [
                head,
                "",
                "--- system ---",
                self.first.system,
                *(line for m in self.first.messages for line in ("", f"--- {m.role} ---", m.text)),
                "",
                "--- JSON Schema of the answer ---",
                json.dumps(self.first.schema, indent=1, ensure_ascii=False),
            ]
        )


def plan(question: Question, settings: Settings) -> Plan:
    """Return what asking a model would send; nothing is sent."""
    pieces = parts(question.description)
    request = prompt.request(question, pieces[0], None)
    variables = len(question.description.variables) or UNNAMED
    text = request.system + request.messages[0].text + json.dumps(request.schema)
    estimate = Usage(
        input_tokens=len(pieces) * ceil(len(text) / LETTERS_PER_TOKEN),
        output_tokens=variables * TOKENS_PER_VARIABLE,
        calls=len(pieces),
        estimated=True,
    )
    return Plan(settings.model, len(pieces), request, estimate, cost(settings.model, estimate))
