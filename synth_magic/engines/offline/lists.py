"""Lists of variables in prose: `age, sex, BMI, diabetes`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from synth_magic.catalogue.names import names
from synth_magic.catalogue.spelling import key, plain_name
from synth_magic.description.phrases import PERSON
from synth_magic.engines.offline.passages import Span
from synth_magic.spec.model import NUMERIC_TYPES

_ITEMS = re.compile(r"[,;:\n•|()]|\band\b|\bor\b", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(?:variables?|columns?|fields?|features?|covariates?|comorbidit\w+|characteristics"
    r"|record(?:ed|s)?|measure(?:s|d|ments?)?|collected|data on|includ(?:es?|ed|ing))\b",
    re.IGNORECASE,
)
_BESIDE_A_NAME = re.compile(
    r"(?:\b(?:a|an|the|any|prior|previous|past|known|baseline|history of|presence of)\b|\s)*",
    re.IGNORECASE,
)
_NAMES_PEOPLE = re.compile(rf"\b(?:{PERSON}|with|who)\b", re.IGNORECASE)


def is_listed(text: str, start: int, end: int) -> bool:
    """Tell whether words are an item of a list of variables."""
    cuts = [match.span() for match in _ITEMS.finditer(text)]
    low = max((after for _, after in cuts if after <= start), default=0)
    high = min((before for before, _ in cuts if before >= end), default=len(text))
    measured = measurements(text)
    if len(measured) > 1 and measured[0][1] <= low:
        return not _NAMES_PEOPLE.search(text, low, start)
    bare = all(map(_BESIDE_A_NAME.fullmatch, (text[low:start], text[end:high])))
    cue = _LISTED.search(text, 0, start)
    return bare and cue is not None and not _NAMES_PEOPLE.search(text, cue.end(), start)


def items(text: str) -> Iterator[Span]:
    """Yield what stands between commas, brackets and conjunctions."""
    start = 0
    for match in _ITEMS.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def measurements(text: str) -> Sequence[Span]:
    """Return the items that name a measurement, or sex or smoking."""
    return [(low, high) for low, high in items(text) if is_measurement(text[low:high].strip())]


@lru_cache(maxsize=4096)
def is_measurement(item: str) -> bool:
    """Tell whether words name something that is measured, or sex or smoking."""
    entry = names().abbreviated(key(plain_name(item)))
    return entry is not None and (entry.type in NUMERIC_TYPES or entry.name in ("sex", "smoking"))
