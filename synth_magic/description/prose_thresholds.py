"""Shares beyond a threshold in prose: `5% have BMI over 40` is a 95th percentile."""

from __future__ import annotations

import re
from typing import cast

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import PERSON
from synth_magic.description.prose_names import Names
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import SHARE, share_of, words_before
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import QUANTILE_LEVELS, Statistic

_SHARE = re.compile(SHARE)
_STOP = re.compile(r"[,;:|()\[\]]")
_OVER = "over|above|older than|more than|greater than|higher than|at least|≥|>=|>"
_UNDER = "under|below|younger than|less than|lower than|at most|≤|<=|<"
_DEFINED = rf"(\([^()]*(?:{_OVER}|{_UNDER})[^()]*\))"
_DEFINITION = re.compile(rf"{_DEFINED}(?=(?: in| was| is|:|,)? ?#+ ?%)|#+ ?%[^,;()#|]*{_DEFINED}")
_WHO = rf"(?:of )?(?:the |our |all )*(?:{PERSON}|them|those)(?: (?:who|are|were|with|age))*"
_OF_A_GROUP = re.compile(rf"{SHARE} {_WHO}(?: aged| between)? (?:{_OVER}|{_UNDER}|aged|between) ?#")
_BEYOND = re.compile(
    rf"(?P<subject>[a-z0-9' ,-]{{0,60}}?)(?:(?P<under>{_UNDER})|{_OVER}) ?(?P<value>#+)"
)
_AT = re.compile(
    r" (?:(?:are|is|were|was|have|has|had|with|an?|at|in) )*(?P<subject>[a-z][a-z0-9' -]{0,40}?)"
    r"(?: (?:of|score|=))* ?#+"
)
_HELD_BY = re.compile(
    rf"(?P<subject>[a-z][a-z0-9' -]{{0,40}}?)(?: (?:of|score|=))* ?#+(?: ?(?:-|to) ?#+)?"
    rf"(?: or [a-z]+)? in {SHARE}"
)
_UNIT = re.compile(r" ?(?:years?|%|[a-z]+/[a-z0-9]+|mm ?hg)?")
_OF_PEOPLE = re.compile(rf"^(?:of )?(?:the |our |all )*(?:{PERSON}|them|those)?\b")
_VERBS = re.compile(r"^(?:(?:are|is|were|was|have|had|with|aged|an?|who)\b ?)*")
_EXACT = 1e-9


def read_definitions(sentence: Sentence, reading: Reading) -> None:
    """Set aside the bounds that define a state: `obesity (BMI > 30) 31%` is no bound of BMI."""
    for match in list(_DEFINITION.finditer(sentence.plain)):
        start, end = match.span(1) if match[1] else match.span(2)
        reading.unread.append(sentence.quote(start, end))
        sentence.blank(start, end)


def read_thresholds(sentence: Sentence, reading: Reading) -> None:
    """Read `5% have BMI over 40` as the 95th percentile; set aside shares that are no quantile.

    So are those of a value, or a few: `60% mRS 0-2`, `ECOG 2 in 15%`.
    """
    names = reading.names
    for match in list(_HELD_BY.finditer(sentence.plain)):
        words = match["subject"].split()
        if any(names.is_number(" ".join(words[i:])) for i in range(len(words))):
            reading.unread.append(sentence.take(*match.span()))
    for match in list(_SHARE.finditer(sentence.plain)):
        stop = _STOP.search(sentence.plain, match.end())
        limit = stop.start() if stop else len(sentence.plain)
        if _OF_A_GROUP.match(sentence.plain, match.start(), limit):
            reading.unread.append(sentence.take(match.start(), limit))
            continue
        bound = _BEYOND.match(sentence.plain, match.end(), limit)
        if bound is None:
            at = _AT.match(sentence.plain, match.end(), limit)
            if at and names.is_number(at["subject"]) and not _is_value(sentence, match, names):
                reading.unread.append(sentence.take(match.start(), limit))
            continue
        words = _OF_PEOPLE.sub("", " ".join(bound["subject"].split())).strip()
        words = _VERBS.sub("", words)
        if words and not names.is_number(words):
            continue
        share = share_of(sentence, match)
        level = share if bound["under"] else 1 - share
        quantiles = (q for q, p in QUANTILE_LEVELS.items() if abs(p - level) < _EXACT)
        found = cast(Statistic, next(quantiles, ""))
        unit = _UNIT.match(sentence.plain, bound.end())
        end = unit.end() if unit else bound.end()
        if not found or sentence.plain[end:limit].strip():
            reading.unread.append(sentence.take(match.start(), limit))
            continue
        value = parse_number(sentence.text[bound.start("value") : bound.end("value")])
        quote = sentence.take(match.start(), end)
        reading.state(sentence, Statement(quote, quote.start, words or "age", found, value))


def _is_value(sentence: Sentence, share: re.Match[str], names: Names) -> bool:
    """Tell whether a percentage is the value of what stands before it: `LVEF 38% age 65`."""
    return names.in_percent(words_before(sentence, share.start()))
