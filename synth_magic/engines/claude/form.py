"""The form in which a request is put to a server, and which form a refusal leaves."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth_magic.engines.claude.exchange import Request
    from synth_magic.engines.settings import Settings

_ON_GRAMMAR = re.compile(r"grammar|schema|structured output|output[_ ]format|output_config\.format")
_ON_THINKING = re.compile(r"thinking|effort")
_ON_BOTH = re.compile(r"output_config(?!\.)")


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for beside the answer itself; what a server refuses is left out.

    `grammar`: the JSON Schema binds what the model writes; without it, it stands in the prompt.
    `thinking`: the model thinks as much as it finds right, with the effort that is set.
    """

    grammar: bool = True
    thinking: bool = True

    def body(self, request: Request, settings: Settings, trusted: bool) -> dict[str, Any]:
        """Return the arguments of the SDK's call, but for `max_tokens`.

        Servers that speak the Messages API may pass over what they do not know, so one that is not
        `trusted` finds the schema in the prompt as well.
        """
        from anthropic import transform_schema

        system = request.system
        if not (self.grammar and trusted):
            schema = json.dumps(request.schema, ensure_ascii=False)
            system += (
                "\n\nAnswer with one JSON object and nothing else, valid under this JSON Schema:\n"
                + schema
            )
        body: dict[str, Any] = {
            "model": settings.model,
            "system": system,
            "messages": [{"role": said.role, "content": said.text} for said in request.messages],
        }
        output: dict[str, Any] = {}
        if self.grammar:
            output["format"] = {"type": "json_schema", "schema": transform_schema(request.schema)}
        if self.thinking:
            body["thinking"] = {"type": "adaptive"}
            if settings.effort:
                output["effort"] = settings.effort
        if output:
            body["output_config"] = output
        return body

    def after(self, refusal: str, trusted: bool) -> Form | None:
        """Return the form that avoids what was refused, or None if there is none.

        A `trusted` server says what it refuses. Others may say anything, so that each refusal of
        theirs is taken for the next thing that could be left out.
        """
        words = refusal.lower()
        thinking = bool(_ON_THINKING.search(words))
        grammar = bool(_ON_GRAMMAR.search(words))
        if _ON_BOTH.search(words) and not (thinking or grammar):
            thinking = grammar = True
        lower = Form(self.grammar and not grammar, self.thinking and not thinking)
        if lower == self and not trusted:
            lower = replace(self, grammar=False) if self.grammar else replace(self, thinking=False)
        return None if lower == self else lower


ACCEPTED: dict[tuple[str, str], Form] = {}
"""By address and model, the form in which they answered: a refusal is met once in a session."""
