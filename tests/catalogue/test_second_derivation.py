"""Figures of the catalogue beside those that were derived a second time, without sight of it.

The figures were drawn at random. Their second values, with the range that was held plausible and
what they rest on, stand in tests/data/catalogue_second.toml.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from synth_magic.catalogue.entries import Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.spec.model import MeanSD, MedianIQR, Quantiles, Shares

FILE = Path(__file__).parents[1] / "data" / "catalogue_second.toml"
SECOND = tomllib.loads(FILE.read_text(encoding="utf-8"))["figure"]


def first(figure: dict[str, Any]) -> tuple[float, str] | None:
    """Return the catalogue's value and its source; None where it has another statistic now."""
    entry = catalogue().entries[figure["variable"]]
    statistic = figure["statistic"]
    if "condition" in figure:
        lines: list[Figures] = [
            line
            for line in catalogue().conditions[figure["condition"]].figures
            if line.variable == entry.name and statistic in line.numbers
        ]
        return (lines[0].numbers[statistic], lines[0].source) if len(lines) == 1 else None
    marginal = entry.marginal
    if isinstance(marginal, Shares) and statistic == "share":
        return marginal.shares[-1].share, entry.source
    if isinstance(marginal, MeanSD) and statistic == "mean":
        return marginal.mean, entry.source
    if isinstance(marginal, Quantiles | MedianIQR) and statistic == "p50":
        return marginal.p50, entry.source
    return None


@pytest.fixture(scope="module")
def pairs() -> list[tuple[dict[str, Any], float, bool]]:
    found = ((figure, first(figure)) for figure in SECOND)
    return [(f, own[0], own[1] in catalogue().sources) for f, own in found if own is not None]


def inside(figure: dict[str, Any], value: float) -> bool:
    return bool(figure["low"] <= value <= figure["high"])


def test_at_least_sixty_figures_were_derived_twice(pairs: list[Any]) -> None:
    assert len(pairs) >= 60


def test_nine_in_ten_lie_where_the_second_derivation_holds_them_plausible(
    pairs: list[tuple[dict[str, Any], float, bool]],
) -> None:
    outside = [(f["variable"], value, f["value"]) for f, value, _ in pairs if not inside(f, value)]
    assert len(outside) <= 0.1 * len(pairs), outside


def test_two_figures_that_were_both_read_somewhere_agree(
    pairs: list[tuple[dict[str, Any], float, bool]],
) -> None:
    read = [(f, value) for f, value, sourced in pairs if sourced and f["how"] == "looked up"]
    assert len(read) >= 10
    assert [f["variable"] for f, value in read if not inside(f, value)] == []
