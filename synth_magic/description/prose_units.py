"""Units of figures in prose: `7.4%`, `140,000 per microliter`, `creatinine in µmol/L`."""

from __future__ import annotations

import re

from synth_magic.description.prose_words import PERCENT
from synth_magic.description.sentences import Sentence

_UNIT = re.compile(
    rf" ?(?P<unit>{PERCENT}(?: predicted)?"
    r"|[a-zµ]+(?:/[a-z0-9.µ]+)+(?: ?m2)?|[x×] ?10\^?[0-9]+/[a-zµ]+"
    r"|(?:cells )?(?:/|per )(?:[µu]l|mm3|mm\^3|cubic mm|cubic millimet(?:er|re)|microlit(?:er|re))"
    r"|kg per m2|mm ?hg|bpm"
    r"|beats per minute|years?[ -]olds?|years of age|years?|yrs?|months?|weeks?|days?|hours?|hrs?"
    r"|minutes?|min|kpa"
    r"|pack-years|kg|cm|mm|mg|µg|ug|mcg|ng|pg|ml|iu|mmol|points?|units?|°[cf]|[ygmlh]"
    r"|lbs?|pounds?|stones?|ft|feet|inch(?:es)?|in(?= *(?:[(),;.\]]|$))|[cf](?!-))(?![a-z0-9])"
)
_AGE_UNIT = re.compile(r"(?:years?|yrs?|y)(?:[ -]olds?| of age)?")
_OLD = re.compile(r"[ -]?(?:years?|yrs?|y)?[ -]?(?:olds?\b|of age\b)|s\b")
_IN_UNIT = re.compile(
    r"(?P<name>.+?) (?:in|as) (?P<unit>[a-zµ]+(?:/[a-z0-9.µ]+)+(?: ?m2)?|mm ?hg|kg|cm|kpa)"
)


def unit_at(sentence: Sentence, end: int) -> tuple[int, str]:
    """Return the unit that follows a figure, and where it ends."""
    old = _OLD.match(sentence.plain, end)
    if old:
        return old.end(), "years"
    match = _UNIT.match(sentence.plain, end)
    if match is None:
        return end, ""
    if _AGE_UNIT.fullmatch(match["unit"]):
        return match.end(), "years"
    printed = sentence.text[match.start("unit") : match.end()]
    return match.end(), "%" if re.fullmatch(PERCENT, match["unit"]) else printed


def without_unit(sentence: Sentence, start: int, subject: str) -> tuple[str, str]:
    """Return a subject and the unit that follows its name: `creatinine in µmol/L`."""
    parts = _IN_UNIT.fullmatch(subject)
    if parts is None:
        return subject, ""
    at = sentence.plain.find(parts["unit"], start)
    return parts["name"], sentence.text[at : at + len(parts["unit"])]
