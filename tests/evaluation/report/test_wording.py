from __future__ import annotations

import math

import pytest

from synth_magic.evaluation.report.wording import figure, in_so_many, number


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((0.6,), ["6 in 10"]),
        ((0.6, 0.5), ["6 in 10", "5 in 10"]),
        ((0.61, math.nan), ["6 in 10", ""]),
        ((0.54, 0.46), ["54 in 100", "46 in 100"]),  # both would be 5 in 10
        ((0.504, 0.5), ["5 in 10", "5 in 10"]),
        ((0.745, 0.758), ["74 in 100", "76 in 100"]),  # 7 and 8 in 10 would be much
        ((0.9, 0.97), ["90 in 100", "97 in 100"]),
        ((0.07, 0.06), ["7 in 100", "6 in 100"]),
        ((0.0, 0.5), ["0 in 10", "5 in 10"]),
        ((1.0, 1.0), ["10 in 10", "10 in 10"]),
        ((0.998, 0.98), ["more than 99 in 100", "98 in 100"]),
        ((0.005, 0.012), ["5 in 1,000", "12 in 1,000"]),  # both would be 1 in 100
        ((0.003, 0.002), ["3 in 1,000", "2 in 1,000"]),
        ((0.0001,), ["fewer than 1 in 1,000"]),
    ],
)
def test_shares_are_as_fine_as_they_must_be(shares: tuple[float, ...], words: list[str]) -> None:
    assert in_so_many(*shares) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.00"),
        (0.00002, "less than 0.001"),
        (0.0576, "0.058"),
        (1.2345, "1.23"),
        (12_345.6, "12,346"),
        (math.nan, "–"),
    ],
)
def test_a_number_in_a_sentence_has_no_power_of_ten(value: float, words: str) -> None:
    assert number(value) == words


def test_figures_in_columns_have_three_decimals() -> None:
    assert [figure(value) for value in (0.12345, 0.0, math.nan, 12_345.6)] == [
        "0.123", "0.000", "–", "1.235e+04",
    ]  # fmt: skip
