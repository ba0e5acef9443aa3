"""Money is named only where a price is known, with its date."""

from __future__ import annotations

import datetime

import pytest

from synth_magic.engines.answer import Usage
from synth_magic.engines.claude.prices import Price, cost, near, price, table
from synth_magic.engines.settings import DEFAULT_MODEL


@pytest.mark.parametrize(
    ("model", "usage", "said"),
    [
        ("claude-opus-5-5", Usage(17_500, 10_000, 1), "about $0.27 (prices of 2026-10-07)"),
        ("claude-sonnet-5-5", Usage(1_000_000, 100_000, 9), "about $3.00 (prices of 2026-10-07)"),
        (
            "claude-haiku-4-5-20251001",
            Usage(8_000, 12_000, 1),
            "about $0.07 (prices of 2026-10-07)",
        ),
        ("claude-haiku-5-5", Usage(8_000, 2_000, 1), "less than $0.01 (prices of 2026-10-07)"),
        ("qwen3", Usage(8_000, 2_000, 1), ""),
        ("claude-of-tomorrow", Usage(8_000, 2_000, 1), ""),
    ],
)
def test_cost_in_words(model: str, usage: Usage, said: str) -> None:
    assert cost(model, usage) == said


def test_long_prompts_of_a_model_with_two_prices_have_none() -> None:
    assert cost("claude-haiku-5-5", Usage(300_000, 1, calls=3))
    assert cost("claude-haiku-5-5", Usage(300_001, 1, calls=3)) == ""


def test_the_default_model_has_a_price() -> None:
    assert price(DEFAULT_MODEL)


@pytest.mark.parametrize("known", table().values(), ids=list(table()))
def test_every_price_has_its_source_and_date(known: Price) -> None:
    assert known.source.startswith("https://platform.claude.com/docs/")
    assert datetime.date(2026, 1, 1) < known.date
    assert 0 < known.input < known.output


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("claude-sonet-5-5", " (did you mean 'claude-sonnet-5-5'?)"),
        ("claude-opus-5-5", ""),
        ("qwen3", ""),
    ],
)
def test_a_slip_in_the_name_of_a_model_is_told(model: str, words: str) -> None:
    assert near(model) == words
