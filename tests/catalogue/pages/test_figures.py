"""Figures in words."""

from __future__ import annotations

from typing import Any

import pytest

from synth_magic.catalogue.entries import Entry, Figures
from synth_magic.catalogue.pages.figures import STATISTICS, compared, spreads, statistics, told
from synth_magic.catalogue.pages.page import Spread
from synth_magic.spec.model import MeanSD, MedianIQR, Quantiles, Share, Shares

NUMBER = Entry("sbp", "Pressure", "integer", MeanSD(120, 15), "adults", "assumed", unit="mmHg")


def coded(*codes: str) -> Entry:
    marginal = Shares(tuple(Share(code, 1 / len(codes)) for code in codes))
    return Entry("x", "X", "ordinal", marginal, "adults", "assumed")


def figures(
    shares: tuple[float, ...] = (), sex: str = "", ages: str = "", **numbers: float
) -> Figures:
    return Figures("x", "adults", "assumed", numbers, shares=shares, sex=sex, ages=ages)


@pytest.mark.parametrize(
    ("entry", "stated", "words"),
    [
        (NUMBER, {"mean": 73, "sd": 13}, "mean 73 (SD 13)"),
        (NUMBER, {"p25": 3, "p50": 9, "p75": 25, "low": 1, "high": 99}, "median 9 (3–25), 1 to 99"),
        (NUMBER, {"mean": 73, "sd": 13, "low": 18}, "mean 73 (SD 13), from 18"),
        (NUMBER, {"shift": -6}, "6 mmHg lower"),
        (NUMBER, {"shift": 6.5}, "6.5 mmHg higher"),
        (NUMBER, {"shift": 0}, "no different"),
        (NUMBER, {"times": 0.8}, "× 0.8"),
        (coded("no", "yes"), {"odds": 2.5}, "odds × 2.5"),
        (coded("no", "yes"), {"share": 0.123}, "12.3%"),
        (coded("female", "male"), {"share": 0.62}, "male 62%"),
        (coded("no", "yes"), {"rate": 0.12}, "0.12 events per patient-year"),
        (coded("I", "II"), {"shares": (0.4, 0.6)}, "I 40%, II 60%"),
        (NUMBER, {"mean": 12, "sd": 2, "sex": "female"}, "female: mean 12 (SD 2)"),
        (NUMBER, {"mean": 96, "sd": 8, "ages": "[2, 5)"}, "aged [2, 5): mean 96 (SD 8)"),
    ],
)
def test_figures_in_words(entry: Entry, stated: dict[str, Any], words: str) -> None:
    assert told(entry, [figures(**stated)]) == words


def test_only_relative_figures_are_compared() -> None:
    assert compared([figures(mean=1, sd=2)]) == ""
    assert compared([figures(mean=1, sd=2), figures(odds=2)]).endswith("against adults in general.")


@pytest.mark.parametrize(
    "marginal",
    [MeanSD(5, 1, 0), MedianIQR(4, 5, 7, 0, 20), Quantiles(0, 1, 2, 4, 5, 7, 9, 12, 20)],
)
def test_the_numbers_of_a_marginal_have_names(marginal: MeanSD | MedianIQR | Quantiles) -> None:
    numbers = statistics(marginal)
    assert numbers["Lowest"] == "0"
    assert numbers.get("Median", numbers.get("Mean")) == "5"
    assert set(numbers) <= set(STATISTICS)
    (spread,) = spreads([marginal])
    assert isinstance(spread, Spread)
    assert spread.low <= spread.p25 < spread.p50 < spread.p75 <= spread.high
