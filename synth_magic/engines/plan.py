"""What asking would send and take, and who would answer, told before anything is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass

from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.choose import prospect
from synth_magic.engines.claude import prompt
from synth_magic.engines.claude.budget import prompt_tokens
from synth_magic.engines.claude.credentials import asks_anthropic
from synth_magic.engines.claude.exchange import Request
from synth_magic.engines.claude.parts import parts
from synth_magic.engines.claude.prices import cost
from synth_magic.engines.settings import Settings

TOKENS_PER_VARIABLE = 450
"""Of an answer, its correlations included; thinking comes on top. Recorded answers took 280-730."""
UNNAMED = 15
"""Variables that a model is taken to choose for a text that names none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would answer, and what a model would be sent if it were asked.

    Of several parts only the first request is here: the others hold what came before. `estimate` is
    of all of them, without thinking; `cost` is empty where no price is known.
    """

    who: str
    model: str
    first: Request
    estimate: Usage
    cost: str

    def __str__(self) -> str:
        calls = self.estimate.calls
        several = f" in {calls} requests, the first of which is below" if calls > 1 else ""
        head = (
            f"Asking {self.model} takes about {self.estimate.input_tokens:,} tokens in and "
            f"{self.estimate.output_tokens:,} out{several}, thinking "
            f"not counted; {self.cost or 'no price is known'}."
        )
        return "\n".join(
            [
                f"Nothing was asked. {self.who}",
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
    """Return what asking a model would send; nothing is sent.

    Raises CredentialsError for a profile that cannot be read, SettingError for an address in the
    environment that is none.
    """
    pieces = parts(question.description)
    request = prompt.request(question, pieces[0], None)
    variables = len(question.description.variables) or UNNAMED
    estimate = Usage(
        input_tokens=len(pieces) * prompt_tokens(request),
        output_tokens=variables * TOKENS_PER_VARIABLE,
        calls=len(pieces),
        estimated=True,
    )
    price = cost(settings.model, estimate) if asks_anthropic(settings) else ""
    who = prospect(question, settings)
    return Plan(who, settings.model, request, estimate, price)
