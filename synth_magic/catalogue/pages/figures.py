"""Figures of the catalogue in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth_magic.catalogue.entries import Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.page import Bar, Cell, Facts, Link, Spread, listed, number, percent
from synth_magic.spec.model import MeanSD, MedianIQR, Quantiles, Shares, SimpleMarginal

_MOST_CODES = 12
_OPEN = 8
_QUARTILE = 0.6745
"""The normal score of the upper quartile."""


def told(entry: Entry, lines: Iterable[Figures]) -> str:
    """Return the figures of a variable: `female: mean 12.1 (SD 1.7); male: mean 12.9 (SD 1.9)`."""
    return "; ".join(map(lambda figures: _with_whom(entry, figures), lines))


def _with_whom(entry: Entry, figures: Figures) -> str:
    aged = f"aged {figures.ages}" if figures.ages else ""
    whom = " ".join(filter(None, [figures.sex, aged]))
    return f"{whom}: {_one(entry, figures)}" if whom else _one(entry, figures)


def _one(entry: Entry, figures: Figures) -> str:
    numbers = {name: number(value) for name, value in figures.numbers.items()}
    if figures.shares:
        pairs = zip(entry.codes, figures.shares, strict=False)
        return listed([f"{code} {percent(share)}" for code, share in pairs], _MOST_CODES)
    match figures.numbers:
        case {"share": share}:
            code = entry.codes[-1] if entry.codes else "yes"
            return percent(share) if code == "yes" else f"{code} {percent(share)}"
        case {"rate": _}:
            return f"{numbers['rate']} events per patient-year"
        case {"odds": _}:
            return f"odds × {numbers['odds']}"
        case {"times": _}:
            return f"× {numbers['times']}"
        case {"shift": shift}:
            amount = " ".join(filter(None, [number(abs(shift)), entry.unit]))
            return f"{amount} {'lower' if shift < 0 else 'higher'}"
        case {"p50": _}:
            centre = f"median {numbers['p50']} ({numbers['p25']}–{numbers['p75']})"
        case {"mean": _}:
            centre = f"mean {numbers['mean']} (SD {numbers['sd']})"
        case _:
            centre = ", ".join(f"{name} {value}" for name, value in numbers.items())
    return f"{centre}{_ends(numbers.get('low', ''), numbers.get('high', ''))}"


def _ends(low: str, high: str) -> str:
    if low and high:
        return f", {low} to {high}"
    return f", from {low}" if low else f", up to {high}" if high else ""


def statistics(marginal: SimpleMarginal) -> dict[str, str]:
    """Return the numbers of a marginal by their names; none for shares."""
    match marginal:
        case MeanSD():
            own = {"Mean": marginal.mean, "SD": marginal.sd}
        case MedianIQR():
            own = {"25%": marginal.p25, "Median": marginal.p50, "75%": marginal.p75}
        case Quantiles():
            own = {
                "1%": marginal.p01, "5%": marginal.p05, "25%": marginal.p25,
                "Median": marginal.p50, "75%": marginal.p75, "95%": marginal.p95,
                "99%": marginal.p99,
            }  # fmt: skip
        case Shares():
            return {}
    low, high = _range(marginal)
    ends = {"Lowest": low, **own, "Highest": high}
    return {name: number(value) for name, value in ends.items() if value is not None}


def _range(marginal: Quantiles | MeanSD | MedianIQR) -> tuple[float | None, float | None]:
    if isinstance(marginal, Quantiles):
        return marginal.min, marginal.max
    return marginal.low, marginal.high


def spreads(marginals: Sequence[SimpleMarginal]) -> list[Cell]:
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
