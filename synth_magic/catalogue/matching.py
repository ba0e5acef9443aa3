"""Which entry a described variable is: by its name, its label, its unit and what it holds.

A wrong entry is worse than none, so names match whole: spelling, word breaks, typing errors,
abbreviations in brackets and qualifiers such as `at baseline` may differ, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from synth_magic.catalogue.entries import Entry, Unit, Usual
from synth_magic.catalogue.names import names
from synth_magic.catalogue.spelling import Needs, content, plain_name, shorter, word_breaks
from synth_magic.catalogue.units import plain_unit, unit_of, usual_in
from synth_magic.description.model import Code
from synth_magic.spec.model import CODED_TYPES, NUMERIC_TYPES, VariableType

_ABBREVIATION = 3
_LONGEST = 500
_LONGEST_UNIT = 100
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_HEAD = re.compile(
    r"[,;:]| [-–—] |\b(?:measured|assessed|recorded|determined|defined|based|according|using)\b"
)
_AMOUNT, _VOLUME = r"(?:[kmunp]?g|[mup]mol|[mk]?i?u|meq)", r"[dm]?l"
_NO_SLASH = re.compile(rf"({_AMOUNT})({_VOLUME})")
_UNIT_ENDING = re.compile(
    r"(?P<stem>.+?) (?:in )?(?P<unit>(?:kg|k?g|[mupn]g|[mup]mol|fmol|meq|[mk]?i?u|ml|k|cells|10 9)"
    r" (?:d?l|ml|ul|mg|mol|min)"
    rf"|{_AMOUNT}{_VOLUME}|[mup]mol"
    r"|kg m2|mm hg|mmhg|kpa|[kmu]?g|lbs?|pounds?|kilograms?|[cm]?m|in"
    r"|inches|years?|yrs?|y|months?|mos?|weeks?|wks?|days?|hours?|hrs?|h|min|minutes|m?sec|m?s|bpm|percent"
    r"|pct|[lcf])"
)
_GLUED_UNIT = re.compile(
    r"(?P<stem>[a-z]{3,}?)(?P<unit>kg|lbs?|cm|mmhg|years|yrs?|days|months|weeks|bpm|pct"
    rf"|{_AMOUNT}{_VOLUME})"
)
_GLUED_ENDING = re.compile(r"(?P<stem>[a-z]{3,}[a-z0-9]*?)(?:total|tot|score|yn|bl)")
_NUMBERED = re.compile(r"(?P<stem>[a-z]{2,}) ?[0-4]")
_GENERIC = frozenset(
    ("status", "event", "time", "stage", "grade", "type", "treatment", "response", "outcome",
     "score", "group", "class", "category", "test", "result", "value", "level", "rate", "index",
     "count", "size", "site", "volume", "pressure", "days", "months", "years"),
)  # fmt: skip
_SHARE = ("percent", "share", "percentage", "predicted")
_ALSO_CALLED = {"coded": ("positive", "status", "present"), "number": ("count", "score", "number")}
_AT_A_TIME = re.compile(r"\bat (?:the )?time of\b")
_OTHER_THINGS = re.compile(
    r"\b(?:birth|newborn|neonatal|infant|baby|fetal|cord|donor|famil\w+|parent\w*|father\w*|paternal"
    r"|mother\w*|maternal|spouse\w*|partner\w*|husband\w*|wife|sibling\w*|change\w*|differences?"
    r"|delta|ratio|slope|duration|time|date|interval|target|goal|ideal|predicted|max\w*|min|minimum"
    r"|peak|nadir|lowest|highest|variability|variation|sd|(?<!height )(?<!m )squared|log|ln"
    r"|zscore|z|percentile|quartile|tertile|quintile|medications?|drugs?|therapy|treat\w*|risk|clearance|urin\w+|csf"
    r"|cerebrospinal|saliva\w*|stool|fecal|sweat|synovial|pleural|ascitic|fluid)\b"
)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and the user's unit of it; without an entry, `reason` may say why there is none.

    `spelt` is the unit as the user wrote it: empty if nowhere. `exact` is whether the entry has the
    name that the user wrote, and not one that it was taken for.
    """

    entry: Entry | None = None
    unit: Unit | None = None
    reason: str = ""
    spelt: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Hit:
    """An entry that a text names, with the unit that the text ends in."""

    entry: Entry
    unit: str = ""
    exact: bool = True


def find(
    name: str,
    label: str = "",
    unit: str = "",
    *,
    variable_type: VariableType | None = None,
    codes: Sequence[Code] = (),
) -> Match:
    """Return the entry that a variable's name, or else its label, stands for.

    The label decides if the name is but an abbreviation. What is known to be coded is no entry of a
    number, and the other way round.
    """
    if variable_type in ("date", "identifier"):
        return Match()
    needs: Needs = "coded" if codes or variable_type in CODED_TYPES else ""
    if variable_type in NUMERIC_TYPES:
        needs = "number"
    return _found(name[:_LONGEST], label[:_LONGEST], unit[:_LONGEST_UNIT].strip(), needs)


def usual_limits(name: str, label: str = "", unit: str = "") -> Usual | None:
    """Return the usual limits of an adult for a variable, in its unit; None if there are none."""
    match = find(name, label, unit)
    return None if match.entry is None else usual_in(match.entry, match.spelt)


def entry_named(text: str) -> Entry | None:
    """Return the entry that a text names whole, but for qualifiers."""
    return next((hit.entry for hit in _hits(text[:_LONGEST], "") if hit.exact), None)


@lru_cache(maxsize=4096)
def _found(name: str, label: str, unit: str, needs: Needs) -> Match:
    own, told = _best(name, unit, needs), _best(label, unit, needs)
    if own is not None and told is not None and own.entry is not told.entry:
        own = _decided(name, label, own, told)
        if own is None:
            return Match(reason=f"its description, “{label}”, speaks of something else")
    elif own is not None and told is None and _is_unlike(name, label, own.entry):
        return Match(reason=f"its description, “{label}”, speaks of something else")
    hit = own or told
    if hit is None or _is_something_else(f"{name} {label}", hit.entry):
        return Match()
    entry = hit.entry
    spelt = unit or hit.unit or (told.unit if told else "")
    known = _unit(entry, spelt)
    if known is None:
        units = ", ".join(filter(None, (unit.unit for unit in entry.units))) or "none"
        reason = f"{entry.label} is in the catalogue, but not in {spelt!r}; its units are: {units}"
        return Match(reason=reason if hit.exact else "")
    return Match(entry, known, spelt=spelt, exact=hit.exact)


def _best(text: str, unit: str, needs: Needs) -> _Hit | None:
    """Return the entry that a text names, if it may be what the variable is known to hold.

    The unit and the kind may be part of what the entry is called: `neutrophils` in % are
    `neutrophils percent`.
    """
    hits = list(_hits(text, needs))
    fitting = [hit for hit in hits if _unit(hit.entry, unit or hit.unit) is not None]
    if fitting:
        return fitting[0]
    if not text.strip():
        return None
    called = _ALSO_CALLED.get(needs, ())
    if unit:
        called = (*called, unit, *(_SHARE if plain_unit(unit).startswith("%") else ()))
    for more in called:
        for hit in _hits(f"{text} {more}", needs):
            if hit.exact and _unit(hit.entry, unit) is not None:
                return hit
    return hits[0] if hits else None


def _decided(name: str, label: str, own: _Hit, told: _Hit) -> _Hit | None:
    """Return which of two entries it is that a name and a label stand for; None if it is open."""
    if own.exact != told.exact:
        return own if own.exact else told
    if not own.exact:
        return None
    said, explained = content(word_breaks(name)[-1]), content(plain_name(label))
    if explained < said:
        return own
    related = explained & names().words_by_entry[own.entry.name]
    return told if _says_little(name, own.entry) or related else None


@lru_cache(maxsize=4096)
def _hits(text: str, needs: Needs) -> tuple[_Hit, ...]:
    """Return the entries that a text may name, the most literal first."""
    found: dict[str, _Hit] = {}
    for hit, needed in _named(text):
        kind: Needs = "coded" if hit.entry.type in CODED_TYPES else "number"
        if needs in ("", kind) and needed in ("", kind):
            found.setdefault(hit.entry.name, hit)
    return tuple(found.values())


def _named(text: str) -> Iterator[tuple[_Hit, Needs]]:
    known = names()
    outside = _BRACKETED.sub(" ", text)
    head = _HEAD.split(outside, maxsplit=1)[0]
    parts = (text, outside, head)
    plain = list(dict.fromkeys(name for part in parts for name in word_breaks(part)))
    spellings = list(shorter(plain))
    any_exact = False
    for name, needed in spellings:
        if entry := known.named(name):
            any_exact = True
            yield _Hit(entry, _unit_in(text, entry)), needed
    for inside in _BRACKETED.findall(text):
        abbreviated = known.abbreviated(plain_name(inside))
        if abbreviated and _initials_fit(inside, [name for name, _ in spellings]):
            any_exact = True
            yield _Hit(abbreviated, _unit_in(text, abbreviated)), ""
    if not any_exact:
        for name, needed in spellings:
            yield from ((hit, needed or "number") for hit in _with_unit(name))
        yield from _unglued(plain)
        yield from _taken_for(spellings)


def _with_unit(name: str) -> Iterator[_Hit]:
    """Yield the entry of a number that a name stands for when freed of the unit it ends in."""
    ending = _UNIT_ENDING.fullmatch(name)
    if ending is None:
        return
    unit = _with_slash(ending["unit"])
    for stem, _ in shorter([ending["stem"]]):
        entry = names().named(stem)
        if entry and entry.unit and (len(unit) > 1 or unit == "g" or unit_of(entry, unit)):
            yield _Hit(entry, unit)


def _with_slash(unit: str) -> str:
    """Return a unit that a name ends in as it is written elsewhere: `mgdl`, `umol` (in a litre)."""
    unit = unit.replace("10 9", "10^9").replace("mm hg", "mmHg").replace(" ", "/")
    if unit.endswith("mol") and "/" not in unit:
        return f"{unit}/l"
    parts = _NO_SLASH.fullmatch(unit)
    return "/".join(parts.groups()) if parts else unit


def _unglued(plain: Sequence[str]) -> Iterator[tuple[_Hit, Needs]]:
    """Yield the entry of a single word that ends in a unit or in `total`."""
    known = names().abbreviated
    for word in plain:
        with_unit, ending = _GLUED_UNIT.fullmatch(word), _GLUED_ENDING.fullmatch(word)
        if with_unit and (entry := known(with_unit["stem"])):
            unit = _with_slash(with_unit["unit"])
            if entry.unit and unit_of(entry, unit):
                yield _Hit(entry, unit), "number"
        elif ending and (entry := known(ending["stem"])):
            yield _Hit(entry), "coded" if word.endswith("yn") else ""
        elif numbered := _NUMBERED.fullmatch(word):
            entry = known(numbered["stem"])
            if entry and entry.unit:
                yield _Hit(entry), "number"


def _taken_for(spellings: Sequence[tuple[str, Needs]]) -> Iterator[tuple[_Hit, Needs]]:
    """Yield the entries of names that are misspelt, or long phrases said with a word more."""
    known = names()
    for name, needed in spellings:
        if entry := known.misspelt(name):
            yield _Hit(entry, exact=False), needed
    for name, needed in spellings:
        if entry := known.within(name):
            yield _Hit(entry, exact=False), needed


def _unit(entry: Entry, unit: str) -> Unit | None:
    """Return the unit of an entry that is spelt: as for all units, but `mg` may be a day's."""
    if plain_unit(unit).startswith("%"):
        more = set(plain_name(unit).split()) - {"of"}
        unit = "%" if more <= names().words_by_entry[entry.name] else unit
    return unit_of(entry, unit) or unit_of(entry, f"{unit}/day")


def _initials_fit(abbreviation: str, spellings: Sequence[str]) -> bool:
    """Tell whether the brackets hold an abbreviation of what stands before them."""
    letters = [c for c in abbreviation.casefold() if c.isalpha()]
    return 2 <= len(letters) <= 6 and any(name[:1] == letters[0] for name in spellings)


def _is_something_else(words: str, entry: Entry) -> bool:
    """Tell whether a label names what its entry does not: `Birth weight` for a weight."""
    own = names().words_by_entry[entry.name]
    plain = _AT_A_TIME.sub("at", " ".join(word_breaks(words)))
    return any(word not in own for word in _OTHER_THINGS.findall(plain))


def _says_little(name: str, entry: Entry) -> bool:
    """Tell whether a name is an abbreviation or a word that may be said of many things."""
    plain = plain_name(name)
    return plain in _GENERIC or (len(plain) <= _ABBREVIATION and plain != entry.name)


def _is_unlike(name: str, label: str, entry: Entry) -> bool:
    """Tell whether the label of a name that says little shares no word with the entry."""
    told = content(plain_name(label)) - content(plain_name(name))
    related = any(told & content(word) for word in names().words_by_entry[entry.name])
    return bool(told) and not related and _says_little(name, entry)


def _unit_in(text: str, entry: Entry) -> str:
    """Return the unit that a label names, as in `Weight (lb)` or `Creatinine, nmol/L`."""
    known = {plain_unit(unit.unit) for unit in entry.units if unit.unit}
    pieces = (*_BRACKETED.findall(text), *text.split(",")[1:])
    return next((piece for piece in pieces if plain_unit(piece) in known or _is_ratio(piece)), "")


def _is_ratio(text: str) -> bool:
    return "/" in text and names().named(plain_name(text)) is None
