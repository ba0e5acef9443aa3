"""The catalogue's files, read when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from synth_magic.catalogue.entries import (
    Catalogue,
    CatalogueAssociation,
    CatalogueFormula,
    CatalogueLimit,
    CatalogueRule,
    Condition,
    Entry,
    Figures,
    Source,
    Trend,
    Unit,
    Usual,
)
from synth_magic.catalogue.tables import Pairs, Tables, read
from synth_magic.spec import codec
from synth_magic.spec.model import By, MeanSD, MedianIQR, Quantiles, Shares

_MARGINALS: dict[str, Any] = {
    kind.kind: kind for kind in (By, MeanSD, MedianIQR, Quantiles, Shares)
}
_NUMBERS = (
    "mean", "sd", "p25", "p50", "p75", "low", "high", "share", "rate", "shift", "times", "odds",
)  # fmt: skip


@cache
def catalogue() -> Catalogue:
    """Return the catalogue."""
    sources = Tables.of("sources", "source", "id", _source)
    rules = read("rules.toml")
    return Catalogue(
        entries=Tables.of("variables", "variable", "name", lambda item: _entry(item, sources)),
        conditions=Tables.of("conditions", "condition", "name", _condition),
        associations=Pairs.of("associations", _association),
        trends=tuple(_trend(item) for item in read("trends.toml")["trend"]),
        formulas=tuple(CatalogueFormula(**item) for item in rules["formula"]),
        rules=tuple(CatalogueRule(**item) for item in rules["rule"]),
        limits={item["variable"]: CatalogueLimit(**item) for item in rules["limit"]},
        sources=sources,
    )


def _source(item: dict[str, Any]) -> Source:
    return Source(item["id"], item["citation"], item["address"])


def _entry(item: dict[str, Any], sources: Mapping[str, Source]) -> Entry:
    units = tuple(Unit(**unit) for unit in item.pop("other_units", ()))
    stated = item.pop("marginal")
    marginal = codec.from_dict(_MARGINALS[stated["kind"]], stated)
    usual = _usual(item.pop("usual"), sources) if "usual" in item else None
    names = {code: tuple(spelt) for code, spelt in item.pop("code_names", {}).items()}
    item |= _tuples(item, "synonyms", "bounds", "yes_codes")
    return Entry(**item, other_units=units, marginal=marginal, usual=usual, code_names=names)


def _usual(item: dict[str, Any], sources: Mapping[str, Source]) -> Usual:
    return Usual(
        item.get("low"),
        item.get("high"),
        item["meaning"],
        item["population"],
        sources[item["source"]],
    )


def _condition(item: dict[str, Any]) -> Condition:
    by_default = {"population": item["population"], "source": item["source"]}
    figures = tuple(_figures(by_default | figures) for figures in item.pop("figures", ()))
    pairs = tuple(_association(by_default | pair) for pair in item.pop("associations", ()))
    item |= _tuples(item, "synonyms", "holds")
    return Condition(**item, figures=figures, associations=pairs)


def _figures(item: dict[str, Any]) -> Figures:
    numbers = {name: item.pop(name) for name in _NUMBERS if name in item}
    item |= _tuples(item, "shares")
    return Figures(**item, numbers=numbers)


def _association(item: dict[str, Any]) -> CatalogueAssociation:
    return CatalogueAssociation(**item)


def _trend(item: dict[str, Any]) -> Trend:
    return Trend(**item | {"values": tuple((year, value) for year, value in item["values"])})


def _tuples(item: Mapping[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(item[name]) for name in names if name in item}
