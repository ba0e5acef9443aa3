"""What tokens cost, where a price is known, with its date."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from synth_magic.engines.answer import Usage
from synth_magic.errors import did_you_mean


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens in and out, as read at `source` and dated.

    It is the price of calls whose prompt takes at most `longest_prompt` tokens.
    """

    input: float
    output: float
    date: date
    source: str
    longest_prompt: float = math.inf


def price(model: str) -> Price | None:
    """Return the price of a model, by its name with or without the date of its release."""
    return table().get(re.sub(r"-\d{8}$", "", model))


def cost(model: str, usage: Usage, *, half: bool = False) -> str:
    """Return `about $0.27 (prices of 2026-10-07)`, or nothing where no price is known.

    It is the price at Anthropic's own API: on another server it says nothing. `half` is that of the
    Message Batches API.
    """
    known = price(model)
    if known is None or usage.input_tokens > known.longest_prompt * max(usage.calls, 1):
        return ""
    dollars = (usage.input_tokens * known.input + usage.output_tokens * known.output) / 1e6
    dollars /= 2 if half else 1
    amount = f"about ${dollars:.2f}" if dollars >= 0.005 else "less than $0.01"
    return f"{amount} (prices of {known.date})"


def near(model: str) -> str:
    """Return ` (did you mean 'claude-opus-5-5'?)` for a name close to one with a price."""
    return "" if price(model) else did_you_mean(model, table())


@cache
def table() -> dict[str, Price]:
    """Return every price that is known, by model."""
    text = files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    return {model: Price(**entry) for model, entry in tomllib.loads(text).items()}
