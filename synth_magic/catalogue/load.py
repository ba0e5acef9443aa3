"""The catalogue's files, read when first needed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from synth_magic.catalogue.entries import (
    Catalogue,
    CatalogueAssociation,
    Entry,
    Source,
    Unit,
    Usual,
)
from synth_magic.spec import codec
from synth_magic.spec.model import By, MeanSD, MedianIQR, Quantiles, Shares

_MARGINALS: dict[str, Any] = {
    kind.kind: kind for kind in (By, MeanSD, MedianIQR, Quantiles, Shares)
}


@cache
def catalogue() -> Catalogue:
    """Return the catalogue."""
    sources = {item["id"]: Source(**item) for item in _read("sources")["source"]}
    entries = [_entry(item, sources) for item in _read("variables")["variable"]]
    return Catalogue(
        {entry.name: entry for entry in entries},
        tuple(CatalogueAssociation(**item) for item in _read("associations")["association"]),
        sources,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _entry(item: dict[str, Any], sources: Mapping[str, Source]) -> Entry:
    units = tuple(Unit(**unit) for unit in item.pop("other_units", ()))
    stated = item.pop("marginal")
    marginal = codec.from_dict(_MARGINALS[stated["kind"]], stated)
    usual = _usual(item.pop("usual"), sources) if "usual" in item else None
    item |= {name: tuple(item[name]) for name in ("synonyms", "bounds") if name in item}
    return Entry(**item, other_units=units, marginal=marginal, usual=usual)


def _usual(item: dict[str, Any], sources: Mapping[str, Source]) -> Usual:
    return Usual(
        item.get("low"),
        item.get("high"),
        item["meaning"],
        item["population"],
        sources[item["source"]],
    )
