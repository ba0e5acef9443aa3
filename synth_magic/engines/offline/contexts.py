"""Where a text names a condition without saying that the patients have it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_magic.description.phrases import PERSON, STUDY
from synth_magic.engines.offline.lists import is_listed, is_measurement
from synth_magic.engines.offline.mentions import Mention
from synth_magic.engines.offline.passages import Passage, Span

_PEOPLE = rf"(?:{PERSON}|those|anyone|subjects|relatives)"
_WITH = r"(?:with|who (?:have|had|has)|having|has|have|had|of|in|on|at|from)"
_NEW_PHRASE = (
    r"\b(?:but|with|who|whose|in|at|among|amongst|from|admitted|attending|undergoing|having|treated"
    r"|presenting|seen|aged|hospitali[sz]ed|after|following|have|had|survival|mortality)\b"
)
_DENIED = re.compile(
    r"\b(?:without|with (?:and|or) without|exclud\w+|except(?: for)?|not?|never|neither|nor|non"
    rf"|absence of|free (?:of|from))\b(?:\W+(?:any|all|known))*(?:\W+{_PEOPLE})?"
    rf"(?:\W+(?:been )?diagnosed)?(?:\W+{_WITH}\b)?(?:(?!{_NEW_PHRASE})[^.;:)])*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"[\s-]*(?:negative|uninfected|free(?! of| from)|na[iï]ve)\b"
    r"|[^.;:]{0,80}?\b(?:is|are|was|were|being)"
    r" (?:excluded|ineligible|not (?:eligible|included))\b",
    re.IGNORECASE,
)
_OVERSAMPLED = re.compile(rf"\bover-?sampl\w+(?:(?!{_NEW_PHRASE})[^.;:)])*$", re.IGNORECASE)
_OVERSAMPLED_AFTER = re.compile(
    rf"(?:(?!{_NEW_PHRASE}|\bwhich\b)[^.;:]){{0,80}}?\b(?:is|are|was|were|being) over-?sampled\b",
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
    r"|prevalence|incidence|status|history|rates?|prevention|insipidus|yes/no|\(yes)\b",
    re.IGNORECASE,
)
_OF_PATIENTS = re.compile(rf"[\s-]*(?:{PERSON}|{STUDY}|clinic|units?|wards?)\b", re.IGNORECASE)
_SHARE_BEFORE = re.compile(
    r"[0-9]\s*(?:%|per ?cent)\)?\s*(?:(?:of )?(?:them|whom|all|patients)\s*)?"
    r"(?:(?:had|have|has|having|with|were|was|are|is|also|known|an?|prior|previous|history of)"
    r"\s+)*$",
    re.IGNORECASE,
)
_SHARE_AFTER = re.compile(
    r"\s*(?:(?:in|was|were|is|present|mellitus|reported)\s+)*[:(=,]?\s*"
    r"[0-9][0-9.,]*\s*(?:\([0-9.]+\s*)?%\s*(?:[),.;]|$)"
)
_NEXT_WORD = re.compile(r"[ -]([A-Za-z]+)")
_INSTITUTION = re.compile(
    r"\b(?:Institut\w+|Hospitals?|University|Association|Society|College|Foundation|Cent(?:er|re)s?"
    r"|Department of|Ministry|School|Journal|Council|Federation|Organi[sz]ation|Agency|Trust"
    r"|Consortium|Group|Program(?:me)?|Network|Academy)\b"
)
_PROPER = re.compile(
    r"\b[A-Z][\w'’.]*(?:(?:[ -]|,? (?:of|for|and|&)(?: the)? )[A-Z][\w'’]*)+", re.UNICODE
)
_WHOLLY_OTHER = re.compile(r"\b(?:Association|Society|College|Foundation|Journal|Federation)\b")
EVERYWHERE = ("setting", "region")
"""Kinds of conditions that any sentence may name, whether it speaks of people or not."""


def speaks_of_all(mention: Mention, passage: Passage, taken: Sequence[Span]) -> bool:
    """Tell whether a passage says with a name that the patients have the condition.

    Places and settings may be named in any sentence; `taken` are the figures of some patients.
    """
    everywhere = mention.condition.kind in EVERYWHERE
    start = passage.start + mention.start
    if any(low <= start < high for low, high in taken) or _in_institution(mention, passage.text):
        return False
    if _is_denied(mention, passage.text, everywhere) or _is_oversampled(mention, passage.text):
        return False
    if mention.condition.kind == "region":
        return True
    if not everywhere and not passage.of_people:
        return False
    if _is_counted(mention, passage.text) or _is_to_come(mention, passage.text):
        return False
    return everywhere or not is_listed(passage.text, mention.start, mention.end)


def _in_institution(mention: Mention, text: str) -> bool:
    """Tell whether a name is part of the name of an institute, a society or a journal.

    A country in the name of a hospital still says where the patients are.
    """
    names_it = _WHOLLY_OTHER if mention.condition.kind == "region" else _INSTITUTION
    return any(
        run.start() <= mention.start and mention.end <= run.end() and names_it.search(run[0])
        for run in _PROPER.finditer(text)
    )


def _is_denied(mention: Mention, text: str, everywhere: bool) -> bool:
    """Tell whether a name is negated; a comma ends what is said without a place or a setting."""
    denied = _DENIED.search(text, 0, mention.start)
    negated = denied is not None and not (everywhere and "," in denied[0])
    return negated or _DENIED_AFTER.match(text, mention.end) is not None


def _is_oversampled(mention: Mention, text: str) -> bool:
    """Tell whether a name is that of people of whom more than their share were sampled."""
    before = _OVERSAMPLED.search(text, 0, mention.start)
    return bool(before or _OVERSAMPLED_AFTER.match(text, mention.end))


def _is_counted(mention: Mention, text: str) -> bool:
    """Tell whether a name has a percentage: some patients have the condition."""
    before = _SHARE_BEFORE.search(text, 0, mention.start)
    return bool(before or _SHARE_AFTER.match(text, mention.end))


def _is_to_come(mention: Mention, text: str) -> bool:
    """Tell whether a name is that of an outcome or a risk, or a part of another name."""
    following = _NEXT_WORD.match(text, mention.end)
    if following and is_measurement(f"{' '.join(mention.words)} {following[1]}"):
        return True
    if _OF_PATIENTS.match(text, mention.end):
        return False
    outcome = _TO_COME.search(text, 0, mention.start)
    return bool(outcome or _OF_SOMETHING_ELSE.match(text, mention.end))
