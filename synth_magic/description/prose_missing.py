"""Missing values in prose: `LDL missing in 10%`, `10% have no LDL`, `complete data`."""

from __future__ import annotations

import re
from dataclasses import replace

from synth_magic.description.phrases import PERSON, fold, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import (
    SHARE,
    Behind,
    closed,
    group_ahead,
    share_of,
    words_behind,
)
from synth_magic.description.sentences import READ, Sentence

_GONE = (
    r"(?:missing|unavailable|unknown|absent|lacking|not (?:recorded|measured|available|known"
    r"|reported|done|collected)|unrecorded|unmeasured)"
)
_DATA = r"(?: (?:values?|data|measurements?|results?|levels?|readings?))?"
_WHAT = r"(?P<what>[a-z][a-z0-9' -]{0,60}?)"
_OF_ALL = rf"(?: of(?: the| all| our| these)* (?:{PERSON}|them))?"
_VERB = r"(?: (?:is|are|was|were|has|have|had|been|being))*"

_BEHIND = re.compile(
    rf"{_DATA}{_VERB} ?\(?{_GONE}{_DATA}(?: (?:in|for|among))?(?: ?[=:])? *{SHARE}\)?"
)
_AHEAD = re.compile(
    rf"{SHARE}{_OF_ALL}(?: of(?: the| all)?)? "
    rf"{_WHAT}{_DATA}{_VERB} {_GONE}{_DATA}\b"
)
_JUST = re.compile(
    rf"{SHARE}{_DATA}{_VERB} {_GONE}{_DATA}(?= *(?:[,;:.()|\[\]]|$|and\b|in\b|among\b))"
)
_WITHOUT = re.compile(
    rf"{SHARE}{_OF_ALL}(?: (?P<verb>(?:are|is|were|have|has|had|do|did|not|with|a|an)(?: (?:not"
    rf"|have|a|an))*))? (?P<how>missing|lack(?:ed|ing)?|no|without)(?: an?| any)? {_WHAT}{_DATA}"
    r"(?= *(?:[,;:.()|\[\]]|$|\band\b))"
)
_MISSING_IN = re.compile(
    rf"\b(?:missing|missingness(?: of| in| for)?)(?: values (?:of|for|in))? {_WHAT}{_DATA}"
    rf"(?: (?:in|for|is|of))?(?: ?[=:])? *{SHARE}"
)
_COMPLETE = re.compile(
    r"\b(?:complete data|data (?:are|is|were) complete|no missing (?:values|data)|nothing "
    r"(?:is )?missing)\b(?: (?:for|in|on) (?P<what>[a-z][a-z0-9' -]{0,60}))?"
)
_HEADED = re.compile(r"missing(?: values| data)? ?: *")
_LISTED = re.compile(rf"{_WHAT} ?[(=:]? ?{SHARE}\)?(?= *(?:[,;.]|$|and\b))")
_NEVER = re.compile(
    rf"{_DATA}{_VERB} (?:(?:never|not) missing|(?:always|fully) recorded|complete(?! data))\b"
)
_NO_MISSING = re.compile(rf"\bno missing {_WHAT}{_DATA}(?= *(?:[,;:.()|\[\]]|$))")
_CUE = re.compile(rf"{_GONE}|missing|lack|\bno\b|without|complete|(?:always|fully) recorded")
_FIRST_WORDS = re.compile(rf"^(?:(?:and|of|the|all|our|{PERSON}|them|have|has|had|with|an?) )+")
_BARE_DATA = re.compile(r"^(?:values|data|measurements|results)$")


def read_missing(sentence: Sentence, reading: Reading) -> None:
    """Read the missing shares of a sentence."""
    if not _CUE.search(sentence.plain):
        return
    for pattern in (_BEHIND, _NEVER):
        for match in list(pattern.finditer(sentence.plain)):
            _missing_behind(sentence, match, reading)
    headed = _HEADED.match(sentence.plain)
    if headed:
        sentence.blank(*headed.span())
        for match in list(_LISTED.finditer(sentence.plain)):
            _missing_ahead(sentence, match, reading)
    for pattern in (_AHEAD, _WITHOUT, _JUST, _MISSING_IN, _NO_MISSING):
        for match in list(pattern.finditer(sentence.plain)):
            _missing_ahead(sentence, match, reading)
    for match in list(_COMPLETE.finditer(sentence.plain)):
        if match["what"] and reading.names.find(match["what"]):
            _missing_ahead(sentence, match, reading)
        elif not match["what"] or reading.names.people(match["what"]) == "":
            reading.complete.append(sentence.take(*match.span()))


def _missing_behind(sentence: Sentence, match: re.Match[str], reading: Reading) -> None:
    """State the share of all variables in a list that ends where the match starts."""
    names = reading.names
    behind = words_behind(sentence, match.start(), names)
    end, group = group_ahead(sentence, match.end(), names)
    if group is None or behind.denied or READ in sentence.plain[match.start() : match.end()]:
        return
    subjects = [(behind.start, "")]
    if behind.subject:
        subjects = _listed_before(sentence, behind, reading)
    if any(subject and not _recorded(subject, reading) for _, subject in subjects):
        return
    share = _share(sentence, match)
    quote = sentence.take(subjects[0][0], end)
    for start, subject in subjects:
        statement = Statement(quote, sentence.start + start, subject, "missing", share)
        reading.state(sentence, replace(statement, group=group or behind.group))


def _listed_before(sentence: Sentence, behind: Behind, reading: Reading) -> list[tuple[int, str]]:
    """Return the variables of `LDL, HDL and CRP` with their positions; the last may be new."""
    subjects = [(behind.start, behind.subject)]
    while True:
        start = subjects[0][0]
        joined = re.search(r"(?: and|,) *$", sentence.plain[:start])
        if joined is None or (joined[0].strip() == "," and len(subjects) == 1):
            return subjects
        earlier = words_behind(sentence, joined.start(), reading.names)
        words = sentence.plain[earlier.start : joined.start()]
        known = reading.names.find(earlier.subject) is not None
        if not known or fold(words) != fold(earlier.subject):
            return subjects
        subjects.insert(0, (earlier.start, earlier.subject))


def _missing_ahead(sentence: Sentence, match: re.Match[str], reading: Reading) -> None:
    """State the share of the variable named in the match, or before one that is only a share."""
    names = reading.names
    if READ in sentence.plain[match.start() : match.end()]:
        return
    subject, start = match.groupdict().get("what") or "", match.start()
    if match.re is _JUST:
        behind = words_behind(sentence, start, names)
        subject, start = behind.subject, min(start, behind.start)
    subject = _BARE_DATA.sub("", _FIRST_WORDS.sub("", subject))
    if subject and not _recorded(subject, reading):
        return
    if match.re is _WITHOUT and match["how"] != "missing" and not names.is_number(subject):
        return
    end, group = group_ahead(sentence, match.end(), names)
    if group is None:
        return
    end = closed(sentence, start, end)
    share = _share(sentence, match)
    quote = sentence.take(start, end)
    reading.state(sentence, Statement(quote, quote.start, subject, "missing", share, group))


def _share(sentence: Sentence, match: re.Match[str]) -> float:
    return share_of(sentence, match) if "percent" in match.groupdict() else 0.0


def _recorded(subject: str, reading: Reading) -> bool:
    """Tell whether the words can be a column that has values."""
    names = reading.names
    return bool(names.find(subject)) or (plain_noun(subject) and not names.misspelt(subject))
