"""What to show for some words: the overview, a page, or what fits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.condition import condition_page
from synth_magic.catalogue.pages.overview import overview
from synth_magic.catalogue.pages.page import Page, listed
from synth_magic.catalogue.pages.source import source_page
from synth_magic.catalogue.pages.variable import variable_page
from synth_magic.catalogue.searching import Hit, found

_MORE = 10


def pages(words: str) -> Sequence[Page]:
    """Return the overview for no words, the pages of what has them as its name, else what fits.

    A name may be a variable's and a condition's. What fits alone is shown whole.
    """
    words = " ".join(words.split())
    if not words:
        return [overview()]
    hits = found(words)
    alone = hits.hits if hits.total == 1 else ()
    shown = [hit for hit in hits if hit.name == words.casefold()] or alone
    if not shown:
        return [hits.page]
    *before, last = map(_page, shown)
    others = list(dict.fromkeys(hit.name for hit in hits if hit not in shown))
    also = f"Also found: {listed(others, _MORE)}" if others else ""
    return [*before, replace(last, blocks=(*last.blocks, also))]


def _page(hit: Hit) -> Page:
    store = catalogue()
    match hit.kind:
        case "variable":
            return variable_page(store.entries[hit.name])
        case "condition":
            return condition_page(store.conditions[hit.name])
        case "source":
            return source_page(store.sources[hit.name])
