"""Which entry a described variable is: by its name or label and its unit, and never by a guess.

A wrong entry is worse than none, so names match whole: spelling, word breaks, abbreviations in
brackets and qualifiers such as `at baseline` may differ, and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from synth_magic.catalogue.entries import Entry, Unit, Usual
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.units import plain_unit, unit_of, usual_in

_AMERICAN = {
    "aem": "em", "oed": "ed", "oes": "es", "our": "or", "leuco": "leuko", "litre": "liter",
    "metre": "meter", "isation": "ization", "enrolment": "enrollment", "thoea": "thea",
}  # fmt: skip
_OCCASION = (
    r"admission|hospital admission|baseline|diagnosis|enrollment|entry|study entry|inclusion"
    r"|presentation|randomization|recruitment|registration|screening|study start"
)
_TRAILING = re.compile(
    rf" (?:(?:at|on) (?:{_OCCASION})|baseline|levels?|concentrations?|values?|measurements?|status"
    r"|reading|result)$"
)
_LEADING = re.compile(
    r"^(?:baseline|initial|admission|resting|seated|sitting|office|mean|average|patients?|serum"
    r"|plasma|blood|fasting|level of|concentration of|known|prior|previous|(?:a )?history of) "
)
_UNIT_ENDING = re.compile(
    r"(?P<stem>.+) (?P<unit>(?:kg|k?g|[mu]g|ng|mmol|umol|meq|i?u|ml|10 9) (?:d?l|ml|ul|mol|min)"
    r"|kg|g|lbs?|c?m|in|mmhg|kpa|years?|yrs?|y|months?|weeks?|days?|bpm|percent|pct|kg m2)"
)
_ABBREVIATION = 3
_LONGEST = 500
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_OTHER_THINGS = re.compile(
    r"\b(?:birth|newborn|neonatal|infant|baby|fetal|family|parent\w*|father\w*|change|difference"
    r"|delta|ratio|duration|time|target|ideal|predicted|max\w*|min|minimum|peak|nadir|lowest"
    r"|highest|variability|medication|drugs?|therapy|treat\w*|risk)\b"
)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and the user's unit of it; without an entry, `reason` may say why there is none.

    `spelt` is the unit as the user wrote it: empty if nowhere.
    """

    entry: Entry | None = None
    unit: Unit | None = None
    reason: str = ""
    spelt: str = ""


def find(name: str, label: str = "", unit: str = "") -> Match:
    """Return the entry that a variable's name, or else its label, stands for."""
    entry, unit_of_name = _named(name)
    other, unit_of_label = _named(label)
    if entry is None:
        entry = other
    elif other is not entry and (other is not None or _is_unlike(name, label, entry)):
        return Match(reason=f"its description, “{label}”, speaks of something else")
    if entry is None or _is_something_else(f"{name} {label}", entry):
        return Match()
    spelt = unit or unit_of_name or unit_of_label
    known = unit_of(entry, spelt)
    if known is None:
        units = ", ".join(filter(None, (unit.unit for unit in entry.units))) or "none"
        reason = f"{entry.label} is in the catalogue, but not in {spelt!r}; its units are: {units}"
        return Match(reason=reason)
    return Match(entry, known, spelt=spelt)


def usual_limits(name: str, label: str = "", unit: str = "") -> Usual | None:
    """Return the usual limits of an adult for a variable, in its unit; None if there are none."""
    match = find(name, label, unit)
    return None if match.entry is None else usual_in(match.entry, match.spelt)


def plain_name(text: str) -> str:
    """Return a name in lower case, in American spelling, its words parted by single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=[a-z])['’]s\b", "", text)
    text = " ".join(re.findall(r"[a-z0-9β]+", text))
    for british, american in _AMERICAN.items():
        text = text.replace(british, american)
    return text


def _named(text: str) -> tuple[Entry | None, str]:
    """Return the entry that a name stands for, and the unit that it ends in.

    Of a whole paragraph, only the beginning is looked at.
    """
    text = text[:_LONGEST]
    known = _names()
    for name in _spellings(text):
        if name in known:
            return known[name], _unit_in(text, known[name])
    ending = _UNIT_ENDING.fullmatch(plain_name(text))
    if ending:
        entry, _ = _named(ending["stem"])
        if entry is not None and not entry.unit:
            return None, ""
        return entry, ending["unit"].replace("10 9", "10^9").replace(" ", "/")
    return None, ""


@cache
def _names() -> Mapping[str, Entry]:
    return {
        plain_name(name): entry
        for entry in catalogue().entries.values()
        for name in (entry.name, entry.label, *entry.synonyms)
    }


def _spellings(text: str) -> Iterator[str]:
    """Yield what a name may be called in the catalogue, the most literal first."""
    whole = plain_name(text)
    outside = plain_name(_BRACKETED.sub(" ", text))
    before_comma = plain_name(text.partition(",")[0])
    for name in dict.fromkeys((whole, outside, before_comma)):
        yield name
        yield from _shorter(name)
    for inside in _BRACKETED.findall(text):
        if outside and _initials_fit(inside, outside):
            yield plain_name(inside)


def _shorter(name: str) -> Iterator[str]:
    """Yield a name without its qualifiers, one after the other."""
    while (shorter := _TRAILING.sub("", name)) != name:
        name = shorter
        yield name
    while (shorter := _LEADING.sub("", name)) != name:
        name = shorter
        yield name


def _initials_fit(abbreviation: str, name: str) -> bool:
    """Tell whether the brackets hold an abbreviation of what stands before them."""
    letters = [c for c in abbreviation.casefold() if c.isalpha()]
    return 2 <= len(letters) <= 6 and letters[0] == name[0]


def _is_something_else(words: str, entry: Entry) -> bool:
    """Tell whether a label names what its entry does not: `Birth weight` for a weight."""
    own = _words(entry)
    return any(word not in own for word in _OTHER_THINGS.findall(plain_name(words)))


def _is_unlike(name: str, label: str, entry: Entry) -> bool:
    """Tell whether the label of a mere abbreviation shares no word with the entry."""
    told = set(plain_name(label).split())
    return len(plain_name(name)) <= _ABBREVIATION and bool(told) and not told & _words(entry)


def _words(entry: Entry) -> set[str]:
    names = (entry.name, entry.label, *entry.synonyms)
    return {word for name in names for word in plain_name(name).split()}


def _unit_in(text: str, entry: Entry) -> str:
    """Return the unit that a label names, as in `Weight (lb)` or `Creatinine, nmol/L`."""
    known = {plain_unit(unit.unit) for unit in entry.units if unit.unit}
    pieces = (*_BRACKETED.findall(text), *text.split(",")[1:])
    return next((piece for piece in pieces if plain_unit(piece) in known or "/" in piece), "")
