"""Where a text names a condition without saying that the patients have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from synth_magic.catalogue.names import names
from synth_magic.catalogue.spelling import key, plain_name
from synth_magic.description.layout import lay_out
from synth_magic.description.model import Description
from synth_magic.description.phrases import PERSON, STUDY
from synth_magic.description.sentences import split_sentences
from synth_magic.engines.offline.mentions import Mention
from synth_magic.spec.model import NUMERIC_TYPES

Span = tuple[int, int]

_PEOPLE = rf"(?:{PERSON}|those|anyone|subjects|relatives)"
_WITH = r"(?:with|who (?:have|had|has)|having|has|have|had|of|in|on|at|from)"
_NEW_PHRASE = (
    r"\b(?:but|with|who|whose|in|at|among|amongst|from|admitted|attending|undergoing|having|treated"
    r"|presenting|seen|aged|hospitali[sz]ed|after|following|have|had|survival|mortality)\b"
)
_DENIED = re.compile(
    r"\b(?:without|with (?:and|or) without|exclud\w+|except(?: for)?|not?|never|neither|nor|non"
    rf"|absence of|free (?:of|from))\b(?:\W+(?:any|all|known))*(?:\W+{_PEOPLE})?(?:\W+{_WITH}\b)?"
    rf"(?:(?!{_NEW_PHRASE})[^.;:)])*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"[\s-]*(?:negative|uninfected|free|na[iï]ve)\b"
    r"|[^.;:]{0,80}?\b(?:is|are|was|were|being) (?:excluded|ineligible|not (?:eligible|included))\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:risks? (?:of|for)|risk factors (?:of|for)|predict\w*|inciden(?:t|ce of)|rates? of"
    r"|prevalence of|develop(?:s|ed|ing|ment of)?|time to|deaths? from|die[sd]? (?:of|from)"
    r"|(?:onset|occurrence|recurrence|number|history in the family) of|prevent\w*|end-?points?"
    r"|outcomes?|follow(?:ed)?(?:[ -]up)? for|progress(?:ed|ion)? to|family history of"
    r"|screen(?:ed|ing) for|(?:relatives|parents?|fathers?|siblings) with)\b"
    rf"(?:(?!{_NEW_PHRASE}|\b{PERSON}\b)[^.;:)])*$",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"[\s-]*(?:duration|screening|volume|tests?|risk|scores?|medications?|drugs?|recurrence"
    r"|prevalence|incidence|status|history|rates?|prevention|yes/no|\(yes)\b",
    re.IGNORECASE,
)
_OF_PATIENTS = re.compile(rf"[\s-]*(?:{PERSON}|{STUDY}|clinic|units?|wards?)\b", re.IGNORECASE)
_SHARE_BEFORE = re.compile(
    r"[0-9]\s*(?:%|per ?cent)\)?\s*(?:(?:of )?(?:them|whom|all|patients)\s*)?"
    r"(?:(?:had|have|has|having|with|were|was|are|is|also|known|an?|prior|previous|history of)\s+)*$",
    re.IGNORECASE,
)
_SHARE_AFTER = re.compile(
    r"\s*(?:(?:in|was|were|is|present|mellitus|reported)\s+)*[:(=,]?\s*"
    r"[0-9][0-9.,]*\s*(?:\([0-9.]+\s*)?%\s*(?:[),.;]|$)"
)
_NEXT_WORD = re.compile(r"[ -]([A-Za-z]+)")
_ITEMS = re.compile(r"[,;:\n•|()]|\band\b|\bor\b", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(?:variables?|columns?|fields?|features?|covariates?|comorbidit\w+|characteristics"
    r"|record(?:ed|s)?|measured?|collected|data on|includ(?:es?|ed|ing))\b",
    re.IGNORECASE,
)
_BESIDE_A_NAME = re.compile(
    r"(?:\b(?:a|an|the|any|prior|previous|past|known|baseline|history of|presence of)\b|\s)*",
    re.IGNORECASE,
)
_NAMES_PEOPLE = re.compile(rf"\b(?:{PERSON}|with|who)\b", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"\b(?:Institut\w+|Hospitals?|University|Association|Society|College|Foundation|Cent(?:er|re)s?"
    r"|Department of|Ministry|School|Journal|Council|Federation|Organi[sz]ation|Agency|Trust"
    r"|Consortium|Group|Program(?:me)?|Network|Academy)\b"
)
_PROPER = re.compile(
    r"\b[A-Z][\w'’.]*(?:(?:[ -]|,? (?:of|for|and|&)(?: the)? )[A-Z][\w'’]*)+", re.UNICODE
)
_WHOLLY_OTHER = re.compile(r"\b(?:Association|Society|College|Foundation|Journal|Federation)\b")
_PERSON_OR_STUDY = re.compile(rf"\b(?:{PERSON}|{STUDY}|they)\b", re.IGNORECASE)
_ABOUT_ALL = re.compile(
    r"\b(?:all|every\w*|each|inclusion|includ\w+|eligib\w+|enrol\w+|recruit\w+|requir\w+|diagnos\w+"
    r"|undergo\w*|admitted|admissions?|cohort|hospitali[sz]ed|population)\b",
    re.IGNORECASE,
)
EVERYWHERE = ("setting", "region")
"""Kinds of conditions that any sentence may name, whether it speaks of people or not."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the prose, its position in the description, and whether it is the first."""

    text: str
    start: int
    first: bool

    @property
    def of_people(self) -> bool:
        """Whether it may say who the patients are."""
        return self.first or bool(_PERSON_OR_STUDY.search(self.text))

    @property
    def of_all(self) -> bool:
        """Whether it speaks of all patients, not of a few."""
        return self.first or bool(_ABOUT_ALL.search(self.text))


def passages(description: Description) -> Sequence[Passage]:
    """Return the sentences of a description that stand in no table."""
    found = [
        sentence
        for stretch in lay_out(description.text).prose
        for sentence in split_sentences(stretch.text, stretch.start)
    ]
    return [Passage(s.text, s.start, place == 0) for place, s in enumerate(found)]


def figures_of_some(description: Description) -> Sequence[Span]:
    """Return where facts stand that are true of some of the patients, or of none."""
    return [
        (fact.start, fact.start + len(fact.quote))
        for fact in description.facts
        if fact.start is not None and not _is_criterion(fact.statistic, fact.value)
    ]


def _is_criterion(statistic: str, value: float) -> bool:
    return statistic in ("min", "max") or (statistic == "share" and value == 1)


def speaks_of_all(mention: Mention, passage: Passage, taken: Sequence[Span]) -> bool:
    """Tell whether a passage says with a name that the patients have the condition."""
    before, after = passage.text[: mention.start], passage.text[mention.end :]
    start = passage.start + mention.start
    everywhere = mention.condition.kind in EVERYWHERE
    if not everywhere and not passage.of_people:
        return False
    if any(low <= start < high for low, high in taken) or _in_institution(mention, passage.text):
        return False
    denied = _DENIED.search(before)
    if (denied and not (everywhere and "," in denied[0])) or _DENIED_AFTER.match(after):
        return False
    if mention.condition.kind == "region":
        return True
    if _SHARE_BEFORE.search(before) or _SHARE_AFTER.match(after):
        return False
    if _is_part_of_a_variable(mention, after):
        return False
    to_come = _TO_COME.search(before) or _OF_SOMETHING_ELSE.match(after)
    if to_come and not _OF_PATIENTS.match(after):
        return False
    return everywhere or not _is_listed(mention, passage)


def _is_part_of_a_variable(mention: Mention, after: str) -> bool:
    """Tell whether a name goes on to be that of a variable: `birth weight`."""
    following = _NEXT_WORD.match(after)
    return following is not None and _is_measurement(f"{' '.join(mention.words)} {following[1]}")


def _in_institution(mention: Mention, text: str) -> bool:
    """Tell whether a name is part of the name of an institute, a society or a journal.

    A country in the name of a hospital still says where the patients are.
    """
    names_it = _WHOLLY_OTHER if mention.condition.kind == "region" else _INSTITUTION
    return any(
        run.start() <= mention.start and mention.end <= run.end() and names_it.search(run[0])
        for run in _PROPER.finditer(text)
    )


def _is_listed(mention: Mention, passage: Passage) -> bool:
    """Tell whether a name is an item of a list of variables: `age, sex, BMI, diabetes`."""
    text = passage.text
    cuts = [match.span() for match in _ITEMS.finditer(text)]
    low = max((end for _, end in cuts if end <= mention.start), default=0)
    high = min((start for start, _ in cuts if start >= mention.end), default=len(text))
    items = _items(text, cuts)
    if any(end <= low for _, end in items) and len(items) > 1:
        return not _NAMES_PEOPLE.search(text, low, mention.start)
    bare = all(map(_BESIDE_A_NAME.fullmatch, (text[low : mention.start], text[mention.end : high])))
    cue = _LISTED.search(text, 0, mention.start)
    return bare and cue is not None and not _NAMES_PEOPLE.search(text, cue.end(), mention.start)


def _items(text: str, cuts: Sequence[Span]) -> Sequence[Span]:
    """Return the items of a list that name a measurement, or sex or smoking."""
    return [
        (low, high)
        for low, high in _between(cuts, len(text))
        if _is_measurement(text[low:high].strip())
    ]


def _between(cuts: Sequence[Span], end: int) -> Iterator[Span]:
    starts = [0, *(high for _, high in cuts)]
    yield from zip(starts, [*(low for low, _ in cuts), end], strict=True)


@lru_cache(maxsize=4096)
def _is_measurement(item: str) -> bool:
    entry = names().abbreviated(key(plain_name(item)))
    return entry is not None and (entry.type in NUMERIC_TYPES or entry.name in ("sex", "smoking"))
