"""How much a picture of one variable shows, and how large its letters are."""

from __future__ import annotations

from dataclasses import dataclass

Usual = tuple[float | None, float | None]
"""Limits that are clinically usual; None for an open one."""

FAINT = 0.18
"""How opaque the usual limits are."""


@dataclass(frozen=True, slots=True)
class Style:
    """Size of letters; most ticks, bins, bars; widest label; whether there is a vertical axis."""

    text: float
    ticks: int
    bins: int
    bars: int
    labels: float
    upright: bool = False


SMALL = Style(11, 4, 30, 6, 96)
LARGE = Style(12, 8, 60, 13, 190, upright=True)
