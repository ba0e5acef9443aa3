"""A session takes no more tokens than it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.engines.answer import Usage
from synth_magic.engines.claude.budget import (
    SHORTEST_ANSWER,
    Ledger,
    estimate,
    prompt_tokens,
)
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.settings import Settings
from synth_magic.errors import BudgetError


def test_an_answer_may_be_as_long_as_is_set() -> None:
    with Ledger().reserve(6_000, Settings(max_tokens=64_000)) as longest:
        assert longest == 64_000


def test_an_answer_is_no_longer_than_the_budget_leaves() -> None:
    ledger = Ledger()
    ledger.add(Usage(20_000, 10_000, calls=1))
    with ledger.reserve(6_000, Settings(token_budget=50_000)) as longest:
        assert longest == 50_000 - 30_000 - 6_000


def test_a_call_that_the_budget_does_not_allow_is_refused() -> None:
    ledger = Ledger()
    ledger.add(Usage(400_000, 92_000, calls=30))
    refused = pytest.raises(BudgetError)
    with refused as caught, ledger.reserve(6_000, Settings()):
        pass
    assert str(caught.value) == (
        "the next call may take 70,000 tokens (about 6,000 in, up to 64,000 out), and this session "
        "has taken 492,000 of the 500,000 that it may: it was not made; raise the setting "
        "token_budget (now 500000)"
    )


def test_short_answers_may_be_asked_for_on_purpose() -> None:
    with Ledger().reserve(10, Settings(max_tokens=100, token_budget=110)) as longest:
        assert longest == 100 < SHORTEST_ANSWER


def test_what_is_set_aside_is_given_back_whatever_happens() -> None:
    ledger, settings = Ledger(), Settings(token_budget=10_000)

    def stopped_call() -> None:
        with ledger.reserve(6_000, settings):
            raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            stopped_call()


@given(
    budget=st.integers(0, 200_000),
    max_tokens=st.integers(1, 100_000),
    prompts=st.lists(st.integers(1, 20_000), max_size=30),
)
def test_no_order_of_calls_overruns_the_budget(
    budget: int, max_tokens: int, prompts: list[int]
) -> None:
    ledger = Ledger()
    settings = Settings(max_tokens=max_tokens, token_budget=budget)
    for prompt in prompts:
        try:
            with ledger.reserve(prompt, settings) as longest:
                ledger.add(Usage(prompt, longest, calls=1))
        except BudgetError:
            continue
        assert 0 < longest <= max_tokens
    assert ledger.spent.tokens <= budget


def test_calls_at_the_same_time_share_the_budget() -> None:
    ledger, settings = Ledger(), Settings(token_budget=30_000, max_tokens=8_000)
    with ledger.reserve(2_000, settings) as first, ledger.reserve(2_000, settings) as second:
        assert first + second == 16_000
        with ledger.reserve(2_000, settings) as third:
            assert third == 30_000 - 2 * 10_000 - 2_000


def test_no_entry_is_lost_between_threads() -> None:
    ledger = Ledger()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ledger.add, [Usage(1, 2, calls=1)] * 4_000))
    assert ledger.spent == Usage(4_000, 8_000, calls=4_000)


def test_tokens_are_estimated_from_all_that_is_sent() -> None:
    request = Request("s" * 350, (Message("user", "u" * 700),), {"type": "object"})
    assert prompt_tokens(request) == 300 + estimate('{"type": "object"}')
    assert estimate("") == 0
    assert estimate("患者") > estimate("ab")
    assert estimate("\ud800") == 1
