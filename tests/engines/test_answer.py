"""Origins survive the way through JSON."""

from __future__ import annotations

import json

from synth_magic.engines.answer import Origin


def test_an_origin_comes_back_from_json() -> None:
    origin = Origin("offline", "Made offline.", "Adults…", ("some words",), ("a remark", "two"))
    assert Origin.from_dict(json.loads(json.dumps(origin.to_dict()))) == origin
