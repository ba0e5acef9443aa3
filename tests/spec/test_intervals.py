from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.errors import SpecificationError
from synth_magic.spec.intervals import interval_text, parse_interval


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("<40", (-math.inf, 40)),
        ("< 40", (-math.inf, 40)),
        ("[40, 65)", (40, 65)),
        (" [ -1.5,2e1 ) ", (-1.5, 20)),
        (">=65", (65, math.inf)),
        (">= -.5", (-0.5, math.inf)),
    ],
)
def test_an_interval_holds_its_lower_bound_and_not_its_upper(
    text: str, bounds: tuple[float, float]
) -> None:
    assert parse_interval(text) == bounds


@pytest.mark.parametrize(
    "text", ["", "40", "<=40", ">65", "40-65", "(40, 65]", "[40, 65]", "[a, b)", "<٤٠", "<4_0"]
)
def test_another_notation_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(SpecificationError, match=r"no interval; .* <40, \[40, 65\) or >=65"):
        parse_interval(text)


@pytest.mark.parametrize("text", ["[65, 40)", "[40, 40)", "<-1e999", "[1e999, 2e999)"])
def test_an_empty_interval_is_refused(text: str) -> None:
    with pytest.raises(SpecificationError, match="empty"):
        parse_interval(text)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_what_is_written_is_read_back(first: float, second: float) -> None:
    low, high = sorted((float(f"{first:.6g}"), float(f"{second:.6g}")))
    for bounds in [(-math.inf, low), (high, math.inf), (low, high)]:
        if bounds[0] < bounds[1]:
            assert parse_interval(interval_text(*bounds)) == bounds
