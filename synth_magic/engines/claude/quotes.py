"""Facts that a model found in the text: kept only where their words stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from synth_magic.spec.model import Fact


def place(quote: str, text: str) -> tuple[str, int] | None:
    """Return a quote as it stands in the text, and where it starts; None if it does not.

    Line breaks, runs of spaces and case may differ.
    """
    pattern = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return (found.group(), found.start()) if found else None


def sorted_out(facts: Iterable[Any], text: str) -> tuple[list[Any], list[str]]:
    """Return the facts of an answer whose quotes stand in the text, and the quotes that do not."""
    kept, dropped = [], []
    for fact in facts:
        quote = fact.get("quote") if isinstance(fact, dict) else None
        if not isinstance(quote, str):
            kept.append(fact)  # the validator tells what is wrong
        elif found := place(quote, text):
            words, start = found
            kept.append(fact | {"quote": " ".join(words.split()), "start": start})
        else:
            dropped.append(quote)
    return kept, dropped


def together(stated: Sequence[Fact], found: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return what was read from the text first, and what a model found there besides."""
    about = {_about(fact) for fact in stated}
    return (*stated, *(fact for fact in found if _about(fact) not in about))


def _about(fact: Fact) -> tuple[Any, ...]:
    pair = frozenset((fact.variable, fact.other_variable))
    return pair, fact.statistic, fact.code, fact.within
