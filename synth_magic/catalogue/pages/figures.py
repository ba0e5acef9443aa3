"""Figures of the catalogue in a few words."""

from __future__ import annotations

from collections.abc import Iterable

from synth_magic.catalogue.entries import Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.page import Bar, Cell, Facts, Link, Spread, listed, number, percent
from synth_magic.spec.model import (
    QUANTILE_LEVELS,
    MeanSD,
    MedianIQR,
    Quantiles,
    Shares,
    SimpleMarginal,
)

STATISTICS = (
    "Lowest", "1%", "5%", "25%", "Median", "75%", "95%", "99%", "Mean", "SD", "Highest",
)  # fmt: skip
"""The numbers of marginals, in their order."""

_MOST_CODES = 12
_OPEN = 8
_QUARTILE = 0.6745
"""The normal score of the upper quartile."""


def told(entry: Entry, lines: Iterable[Figures]) -> str:
    """Return the figures of a variable: `female: mean 12.1 (SD 1.7); male: mean 12.9 (SD 1.9)`."""
    return "; ".join(_with_whom(entry, figures) for figures in lines)


def compared(figures: Iterable[Figures]) -> str:
    """Return what relative figures are relative to, if there are such."""
    if any(one.is_relative for one in figures):
        return "Higher, lower, × and odds: against adults in general."
    return ""


def _with_whom(entry: Entry, figures: Figures) -> str:
    aged = f"aged {figures.ages}" if figures.ages else ""
    whom = " ".join(filter(None, [figures.sex, aged]))
    return f"{whom}: {_one(entry, figures)}" if whom else _one(entry, figures)


def _one(entry: Entry, figures: Figures) -> str:
    said = {name: number(value) for name, value in figures.numbers.items()}
    if figures.shares:
        pairs = zip(entry.codes, figures.shares, strict=True)
        return listed([f"{code} {percent(share)}" for code, share in pairs], _MOST_CODES)
    match figures.numbers:
        case {"share": share}:
            words = percent(share)
            if entry.codes[-1] != "yes":
                words = f"{entry.codes[-1]} {words}"
        case {"rate": _}:
            words = f"{said['rate']} events per patient-year"
        case {"odds": _}:
            words = f"odds × {said['odds']}"
        case {"times": _}:
            words = f"× {said['times']}"
        case {"shift": shift}:
            amount = " ".join(filter(None, [number(abs(shift)), entry.unit]))
            words = f"{amount} {'lower' if shift < 0 else 'higher'}" if shift else "no different"
        case {"p50": _}:
            words = f"median {said['p50']} ({said['p25']}–{said['p75']})"
        case _:
            words = f"mean {said['mean']} (SD {said['sd']})"
    return f"{words}{_ends(said.get('low', ''), said.get('high', ''))}"


def _ends(low: str, high: str) -> str:
    if low and high:
        return f", {low} to {high}"
    return f", from {low}" if low else f", up to {high}" if high else ""


def statistics(marginal: SimpleMarginal) -> dict[str, str]:
    """Return the numbers of a marginal by their names in STATISTICS; none for shares."""
    low, high = _ends_of(marginal)
    match marginal:
        case MeanSD():
            own = {"Mean": marginal.mean, "SD": marginal.sd}
        case MedianIQR():
            own = {"25%": marginal.p25, "Median": marginal.p50, "75%": marginal.p75}
        case Quantiles():
            levels = QUANTILE_LEVELS.items()
            own = {f"{100 * level:g}%": getattr(marginal, name) for name, level in levels}
            own["Median"] = own.pop("50%")
        case Shares():
            own = {}
    ends = {"Lowest": low, **own, "Highest": high}
    return {name: number(value) for name, value in ends.items() if value is not None}


def _ends_of(marginal: SimpleMarginal) -> tuple[float | None, float | None]:
    match marginal:
        case Shares():
            return None, None
        case Quantiles():
            return marginal.min, marginal.max
        case _:
            return marginal.low, marginal.high


def spreads(marginals: Iterable[SimpleMarginal]) -> list[Cell]:
    """Return pictures of the quartiles of marginals of numbers, on one axis."""
    quartiles = [_quartiles(m) for m in marginals if not isinstance(m, Shares)]
    low = min(2 * p25 - p50 for p25, p50, _ in quartiles)
    high = max(2 * p75 - p50 for _, p50, p75 in quartiles)
    return [Spread(*three, low, high) for three in quartiles]


def _quartiles(marginal: Quantiles | MeanSD | MedianIQR) -> tuple[float, float, float]:
    if isinstance(marginal, MeanSD):
        half = _QUARTILE * marginal.sd
        return marginal.mean - half, marginal.mean, marginal.mean + half
    return marginal.p25, marginal.p50, marginal.p75


def bars(marginal: Shares) -> dict[str, Cell]:
    """Return the shares of codes, by code."""
    return {share.code: Bar(share.share) for share in marginal.shares}


def cited(source: str) -> Cell:
    """Return the id of a source, leading to its address; `assumed` is not one."""
    known = catalogue().sources
    return Link(source, known[source].address) if source in known else source


def sources(ids: Iterable[str]) -> Facts:
    """Return the citations of sources with their addresses, by id."""
    known = catalogue().sources
    rows = [
        (source, Link(known[source].citation, known[source].address))
        for source in sorted(set(ids))
        if source in known
    ]
    return Facts(rows, "Sources", folded=len(rows) > _OPEN)
