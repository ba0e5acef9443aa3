"""Shares beyond a threshold in prose: `5% have BMI over 40` is a 95th percentile."""

from __future__ import annotations

import re

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import PERSON
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import SHARE, share_of
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import QUANTILE_LEVELS

_SHARE = re.compile(SHARE)
_DEFINED = r"(\((?:[^()]*(?:[<>≥≤]|over|under|above|below|at least|than)[^()]*)\))"
_DEFINITION = re.compile(rf"{_DEFINED}(?=(?: in| was| is|:|,)? ?#+ ?%)|#+ ?%[^,;()#|]*{_DEFINED}")
_BOUND_AHEAD = re.compile(
    r"(?P<subject>[a-z0-9' ,-]{0,60}?)(?P<side>over|above|older than|more than|greater than"
    r"|higher than|at least|≥|>=|>"
    r"|under|below|younger than|less than|lower than|at most|≤|<=|<) ?(?P<value>#+)"
)
_LOWER_SIDES = (
    "under",
    "below",
    "younger than",
    "less than",
    "lower than",
    "at most",
    "≤",
    "<=",
    "<",
)


def read_definitions(sentence: Sentence, reading: Reading) -> None:
    """Set aside the bounds that define a state: `obesity (BMI > 30) 31%` is no bound of BMI."""
    for match in list(_DEFINITION.finditer(sentence.plain)):
        start, end = match.span(1) if match[1] else match.span(2)
        reading.unread.append(sentence.quote(start, end))
        sentence.blank(start, end)


def read_thresholds(sentence: Sentence, reading: Reading) -> None:
    """Read `5% have BMI over 40` as the 95th percentile; cross out shares that are no quantile."""
    names = reading.names
    for match in list(_SHARE.finditer(sentence.plain)):
        stop = re.search(r"[,;:|()\[\]]", sentence.plain[match.end() :])
        limit = match.end() + stop.start() if stop else len(sentence.plain)
        bound = _BOUND_AHEAD.match(sentence.plain, match.end(), limit)
        if not bound:
            continue
        words = " ".join(bound["subject"].split())
        words = re.sub(
            rf"^(?:of )?(?:the |our |all )*(?:{PERSON}|them|those)?\b", "", words
        ).strip()
        words = re.sub(r"^(?:(?:are|is|were|was|have|had|with|aged|an?|who)\b ?)*", "", words)
        if words and not names.is_number(words):
            continue
        lower = bound["side"] in _LOWER_SIDES
        share = share_of(sentence, match)
        level = share if lower else 1 - share
        found = next((q for q, p in QUANTILE_LEVELS.items() if abs(p - level) < 1e-9), None)
        end = re.match(
            r"(?: ?(?:years?|%|[a-z]+/[a-z0-9]+|mm ?hg))?", sentence.plain[bound.end() :]
        )
        end_at = bound.end() + (end.end() if end else 0)
        over = sentence.plain[end_at:limit].strip()
        if found is None or over:
            reading.unread.append(sentence.take(match.start(), limit))
            continue
        value = parse_number(sentence.text[bound.start("value") : bound.end("value")])
        quote = sentence.take(match.start(), end_at)
        reading.state(sentence, Statement(quote, quote.start, words or "age", found, value))
