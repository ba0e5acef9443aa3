"""Slips with one obvious remedy."""

from __future__ import annotations

from typing import Any

import pytest

from synth_magic.engines.claude.mending import mended
from tests.engines.claude.builders import answer, changed, quantiles, shares


def test_rounded_shares_are_scaled_to_sum_to_one_in_cells_too() -> None:
    rounded = shares(a=0.33, b=0.33, c=0.33)
    by = {"kind": "by", "parents": ["sex"], "cells": [{"levels": ["male"], "marginal": rounded}]}
    document = mended(answer(variables=[{"marginal": rounded}, {"marginal": by}]))
    first, second = (variable["marginal"] for variable in document["variables"])
    assert first == second["cells"][0]["marginal"]
    assert [share["share"] for share in first["shares"]] == pytest.approx([1 / 3] * 3)


def test_shares_that_are_far_from_one_are_left_to_the_validator() -> None:
    far = changed("sex", marginal=shares(female=0.2, male=0.6))
    assert mended(far) == far


def test_only_continuous_variables_have_decimals() -> None:
    document = mended(changed("age", decimals=2))
    assert [variable["decimals"] for variable in document["variables"]] == [0, 0, 0, 0]


def test_quantiles_that_a_ceiling_or_a_floor_covers_are_the_ceiling_or_the_floor() -> None:
    spikes = [{"value": 5.0, "share": 0.1}, {"value": 0.0, "share": 0.02}]
    values = quantiles(0, 0.2, 0.4, 1.1, 2.2, 4.0, 4.8, 4.9, 5.0)
    document = mended(answer(variables=[{"marginal": values, "spikes": spikes}]))
    (after,) = (variable["marginal"] for variable in document["variables"])
    assert after == quantiles(0, 0, 0.4, 1.1, 2.2, 4.0, 5.0, 5.0, 5.0)


NONSENSE: list[Any] = [
    None,
    3,
    "shares",
    {},
    {"kind": "shares"},
    {"kind": "shares", "shares": [{}, 1]},
    {"kind": "by", "cells": [None, {}]},
    {"kind": "by"},
]


@pytest.mark.parametrize("marginal", NONSENSE)
def test_nonsense_is_left_for_the_validator(marginal: Any) -> None:
    document = mended(answer(variables=[{"name": "x", "marginal": marginal}, None]))
    assert document["variables"][0]["name"] == "x"
    assert document["variables"][1] is None
