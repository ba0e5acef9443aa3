"""Origins survive the way through JSON, and tokens add up."""

from __future__ import annotations

import json

from synth_magic.engines.answer import Origin, Usage


def through_json(origin: Origin) -> Origin:
    return Origin.from_dict(json.loads(json.dumps(origin.to_dict())))


def test_an_origin_comes_back_from_json() -> None:
    origin = Origin("offline", "Made offline.", "Adults…", ("some words",), ("a remark", "two"))
    assert through_json(origin) == origin


def test_the_origin_of_a_models_answer_comes_back_from_json() -> None:
    origin = Origin(
        engine="claude",
        summary="A model wrote it.",
        model="claude-opus-5-5",
        date="2026-11-23T10:00:00Z",
        prompt_version=3,
        usage=Usage(4512, 9876, 2, estimated=True),
        cost="about $0.27 (prices of 2026-10-07)",
        recording="a.json",
        changed_offline=("age: mean", "bmi"),
    )
    assert through_json(origin) == origin


def test_an_origin_of_before_there_were_models_is_read() -> None:
    document = {
        "engine": "offline", "summary": "Made offline.", "description": "Adults",
        "not_understood": [], "remarks": ["a remark"],
    }  # fmt: skip
    assert Origin.from_dict(document) == Origin(
        "offline", "Made offline.", "Adults", remarks=("a remark",)
    )


def test_tokens_of_calls_add_up_and_one_estimate_makes_the_sum_one() -> None:
    total = Usage(100, 50, 1) + Usage(10, 5, 2, estimated=True)
    assert total == Usage(110, 55, 3, estimated=True)
    assert total.tokens == 165
