"""What asking would send and take, and who would answer, told before anything is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.choose import asked_as, prospect
from synth_magic.engines.claude.budget import prompt_tokens
from synth_magic.engines.claude.credentials import asks_anthropic
from synth_magic.engines.claude.elicit import first_request, pieces
from synth_magic.engines.claude.exchange import Request
from synth_magic.engines.claude.prices import cost, near
from synth_magic.engines.settings import Settings

TOKENS_PER_VARIABLE = 450
"""Of an answer, its correlations included; thinking comes on top. Recorded ones took 290-490."""
FEW = 6
USUAL = 15
"""A model is asked for this many variables where a text names fewer than FEW."""
PART_THAT_CHANGES = 3
"""A change is taken to answer one in so many variables again; this is assumed, not measured."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would answer, whether that asks a model, and what a model would be sent.

    Of several parts only the first request is here: the others hold what came before. `estimate` is
    of all of them, without thinking; `cost` and `most`, that of the longest answers that may come,
    are empty where no price is known.
    """

    who: str
    asks: bool
    settings: Settings
    first: Request
    estimate: Usage
    cost: str
    most: str

    def __str__(self) -> str:
        settings, calls = self.settings, self.estimate.calls
        several = f" in {calls} requests, the first of which is below" if calls > 1 else ""
        effort = f" (effort {settings.effort})" if settings.effort else ""
        head = (
            f"Asking {settings.model}{effort} takes about {self.estimate.input_tokens:,} tokens in "
            f"and {self.estimate.output_tokens:,} out{several}, and what it thinks; "
            f"{self.cost or f'no price is known{near(settings.model)}'}."
        )
        longest = (
            f"An answer may have {settings.max_tokens:,} tokens at most (max_tokens), thinking "
            f"included{f'; {self.most} if every one is that long' if self.most else ''}."
        )
        return "\n".join(
            [
                f"Nothing was asked. {self.who}",
                head,
                longest,
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
    if settings.writes_rows:
        from synth_magic.engines.rows.planning import plan_rows

        return plan_rows(question, settings)
    question = asked_as(question, settings)
    request, calls = first_request(question), len(pieces(question))
    estimate = Usage(
        input_tokens=calls * prompt_tokens(request),
        output_tokens=_answer_tokens(question),
        calls=calls,
        estimated=True,
    )
    most = replace(estimate, output_tokens=calls * settings.max_tokens)
    prices = [cost(settings.model, usage) for usage in (estimate, most)]
    if not asks_anthropic(settings):
        prices = ["", ""]
    expected = prospect(question, settings)
    return Plan(expected.sentence, expected.asks, settings, request, estimate, *prices)


def _answer_tokens(question: Question) -> int:
    """Return about how long an answer is; that of a change depends on how much follows from it."""
    if question.is_change and question.parent:
        return len(question.parent.variables) * TOKENS_PER_VARIABLE // PART_THAT_CHANGES
    named = len(question.description.variables)
    variables = named if question.description.listed or named >= FEW else USUAL
    return variables * TOKENS_PER_VARIABLE
