"""What a dry run shows."""

from __future__ import annotations

import json

from synth_magic.engines.claude.plan import TOKENS_PER_VARIABLE, plan
from synth_magic.engines.settings import Settings
from tests.engines.claude.builders import TABLE, question
from tests.engines.claude.test_elicit import WIDE

SETTINGS = Settings(model="model-of-the-house")


def test_it_shows_the_exact_request_and_the_schema() -> None:
    found = plan(question(), SETTINGS)
    text = str(found)
    assert TABLE.strip() in text
    assert found.first.system in text
    assert json.dumps(found.first.schema, indent=1, ensure_ascii=False) in text


def test_it_tells_the_model_the_tokens_and_that_no_price_is_known() -> None:
    found = plan(question(), SETTINGS)
    assert found.estimate.output_tokens == 4 * TOKENS_PER_VARIABLE
    first = str(found).splitlines()[0]
    assert first == (
        "model-of-the-house would be asked: about "
        f"{found.estimate.input_tokens:,} tokens in and 1,800 out, thinking not counted; "
        "no price is known for this model."
    )


def test_a_long_table_takes_several_requests() -> None:
    found = plan(question(WIDE), SETTINGS)
    assert found.requests == found.estimate.calls == 3
    assert "asked in 3 requests, the first of which is" in str(found)
    assert found.estimate.input_tokens > 2 * plan(question(), SETTINGS).estimate.input_tokens
