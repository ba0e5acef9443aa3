"""Facts that a model found in the text: kept only where their words stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from synth_magic.engines.answer import Question
from synth_magic.spec.model import Fact
from synth_magic.spec.text import shown


def place(quote: str, text: str) -> tuple[str, int] | None:
    """Return a quote as it stands in the text, and where it starts; None if it does not.

    Line breaks, runs of spaces and case may differ.
    """
    pattern = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return (found.group(), found.start()) if found else None


def checked(document: dict[str, Any], question: Question) -> tuple[dict[str, Any], list[str]]:
    """Return an answer with the facts whose quotes stand in the text, and remarks on the others.

    Of a refinement only its own words count, for the others were read before.
    """
    if not isinstance(document["facts"], list):
        return document, []
    facts, dropped = sorted_out(document["facts"], question.description.text, question.words_start)
    remarks = [
        f"The model quoted {shown(quote)}, which does not stand in the description; the figure "
        "was left out."
        for quote in dropped
    ]
    return document | {"facts": facts}, remarks


def sorted_out(facts: Iterable[Any], text: str, first: int = 0) -> tuple[list[Any], list[str]]:
    """Return the facts whose quotes stand in the text from `first` on, and the other quotes."""
    kept, dropped = [], []
    for fact in facts:
        quote = fact.get("quote") if isinstance(fact, dict) else None
        if not isinstance(quote, str):
            kept.append(fact)  # the validator tells what is wrong
        elif found := place(quote, text[first:]):
            words, start = found
            kept.append(fact | {"quote": " ".join(words.split()), "start": first + start})
        else:
            dropped.append(quote)
    return kept, dropped


def together(stated: Sequence[Fact], found: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return what was read from the text first, and what a model found there besides."""
    known = {fact.figure for fact in stated}
    return (*stated, *(fact for fact in found if fact.figure not in known))


def about(fact: Fact) -> set[str]:
    """Return the names that a fact needs."""
    within = fact.within.variable if fact.within else ""
    return {fact.variable, fact.other_variable, within} - {""}
