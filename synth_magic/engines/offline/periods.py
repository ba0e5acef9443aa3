"""When the patients of a description were seen, and for how long they were followed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_magic.description.phrases import PERSON
from synth_magic.engines.offline.mentions import named

_STAY = 0.03
_SEVERAL_MONTHS = 0.5
_YEARS = {"hour": 1 / 8766, "day": 1 / 365.25, "week": 7 / 365.25, "month": 1 / 12, "year": 1.0}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "several": 5,
    "a few": 3, "some": 5, "many": 10,
}  # fmt: skip
_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True))
_NUMBER = rf"(?:[0-9]+(?:\.[0-9]+)?|\b(?:{_COUNT})\b)"
_LENGTH = (
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|to|and)\s*(?P<high>{_NUMBER}))?"
    r"[\s-]*(?P<unit>hour|day|week|month|year|yr|mo)s?\b"
)
_OUTCOME = r"(?:mortality|survival|deaths?|died|outcomes?|readmi\w+|recurrences?|relapses?|risk)\b"
_WITHIN = r"(?:(?!\baged?\b|\bold\b)[^.;:]){0,40}?"
_FOLLOWUPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:mean|median|average) (?:duration of )?follow-?\s?up\b{_WITHIN}{_LENGTH}",
        rf"\b(?:follow(?:ed)?(?:[- ]?up)?|observed)\b{_WITHIN}{_LENGTH}(?! (?:old|of age))",
        rf"{_LENGTH}(?:[\s-]+(?:of|median|mean|clinical)){{0,2}}[\s-]+follow",
        rf"{_LENGTH}[\s-]+(?:all[\s-]cause |overall |cumulative |disease[\s-]free )?{_OUTCOME}",
        rf"\b{_OUTCOME}(?: \w+){{0,3}}? (?:within|at|by|in|after) (?:the first )?{_LENGTH}",
    )
)
_IN_HOSPITAL = re.compile(
    r"\bin-?\s?hospital (?:mortality|deaths?|outcome)\b|\bhospital mortality\b"
    r"|\bdie[sd]? in (?:the )?hospital\b|\bduring (?:the|their) (?:hospital |icu )?stay\b"
    r"|\b(?:until|to) (?:hospital )?discharge\b|\bicu mortality\b",
    re.IGNORECASE,
)

_YEAR = r"(?:19[5-9][0-9]|20[0-3][0-9])"
_OTHER_NUMBER = (
    rf"(?![0-9]|[.,][0-9]|\s*%|\s*[a-zµ]+/|\s+(?:(?:[a-z]+ )?{PERSON}|of the|births|deliveries"
    r"|admissions|g|m|mg|ml|kcal|steps|units|cells|records|rows)\b)"
)
_MONTH = re.compile(
    rf"(?P<year>{_YEAR})[-/](?P<month>0[1-9]|1[0-2])(?:[-/][0-9]{{1,2}})?(?![0-9-])"
)
_DECADE = re.compile(
    r"(?:\b(?P<part>early|mid|late)[\s-]*(?:the )?)?\b(?P<decade>(?:19|20)[0-9]0)['’]?s\b", re.I
)
_PARTS = {"early": 2.0, "mid": 5.0, "late": 8.0}
_SPAN = re.compile(
    rf"(?<![0-9.])(?P<low>{_YEAR})\s*(?:-|–|—|/|to|through|until|till)\s*"
    rf"(?:(?:the )?(?:end|beginning|start) of )?(?:[A-Z][a-z]+ )?(?P<high>{_YEAR}|[0-9]{{2}})"
    rf"{_OTHER_NUMBER}"
)
_SINGLE = re.compile(rf"(?<![0-9.,])(?P<year>{_YEAR}){_OTHER_NUMBER}")
_NOT_ENROLMENT = re.compile(
    r"\b(?:until|till|through|thru|up to|by|follow\w*(?:[ -]up)?(?: to)?|ended|ending|published"
    r"|updated?|approved|et al\.?|version|guidelines?|criteria|definition|equation|classification"
    r"|ACR|EULAR|ADA|ESC|ACC|AHA|WHO|KDIGO|CKD-EPI|GOLD)[\s,(]*"
    r"(?:(?:the|in|to|was|end|of|beginning|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\s+)*$",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bborn (?:in|between|before|after|from) $", re.IGNORECASE)
_OF_BIRTHS = re.compile(
    r"\b(?:newborns?|births?|infants?|babies|neonat\w+|preterm)\b", re.IGNORECASE
)
_AUTHOR = re.compile(r"\((?P<name>[A-Z][a-z]+)(?: (?:and|&) [A-Z][a-z]+)?,? $")
_CITED = re.compile(
    r"\s*(?:\w+\s){0,1}(?:guidelines?|criteria|definitions?|equation|consensus|classification"
    r"|edition|version|statement)\b",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b(?:until|till|through|up to|follow\w* (?:to|in))\s+(?:(?:the )?(?:end|close) of )?"
    rf"(?:[A-Z][a-z]+ )?(?P<year>{_YEAR})\b"
)


@dataclass(frozen=True, slots=True)
class Period:
    """The mean year of enrolment and the length of follow-up in years; 0 where it is unknown."""

    year: float = 0
    followup_years: float = 0


def period(text: str) -> Period:
    """Return when the patients of a text were enrolled, and for how long they were followed."""
    spans, rest = _enrolled(text)
    year = sum(spans) / len(spans) if spans else 0.0
    followup = _followup(text)
    if not followup and year and (last := _LAST.search(rest)):
        followup = max(0.0, float(last["year"]) - year)
    return Period(year, followup or (_STAY if _IN_HOSPITAL.search(text) else 0.0))


def _followup(text: str) -> float:
    for pattern in _FOLLOWUPS:
        if match := pattern.search(text):
            return _length(match)
    return 0.0


def _length(match: re.Match[str]) -> float:
    low = _count(match["low"])
    high = _count(match["high"]) if match["high"] else low
    unit = {"yr": "year", "mo": "month"}.get(match["unit"].lower(), match["unit"].lower())
    if match["low"].lower() == "several" and unit == "month":
        return _SEVERAL_MONTHS
    return (low + high) / 2 * _YEARS[unit]


def _count(number: str) -> float:
    return float(_COUNTS.get(number.lower()) or number)


def _enrolled(text: str) -> tuple[list[float], str]:
    """Return the years in which patients were enrolled, each span as one, and what else stands."""
    years: list[float] = []

    def taken(match: re.Match[str]) -> str:
        years.append(_middle(match))
        return " " * len(match[0])

    text = _DECADE.sub(taken, text)
    text = _months(text, years)
    for pattern in (_SPAN, _SINGLE):
        for match in list(pattern.finditer(text)):
            if not _says_enrolled(text, match):
                continue
            years.append(_middle(match))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return years, text


def _months(text: str, years: list[float]) -> str:
    """Take out `2015-04 to 2015-12`, as one span from the first to the last."""
    found = list(_MONTH.finditer(text))
    if len(found) == 1 and int(found[0]["month"]) > int(found[0]["year"][2:]):
        return text  # `2011-12` are two years
    if found:
        middles = [int(m["year"]) + (int(m["month"]) - 0.5) / 12 for m in found]
        years.append(sum(middles) / len(middles))
    return _MONTH.sub(lambda match: " " * len(match[0]), text)


def _middle(match: re.Match[str]) -> float:
    groups = match.groupdict()
    if "decade" in groups:
        return int(match["decade"]) + _PARTS.get((match["part"] or "mid").lower(), 5.0)
    if "year" in groups:
        return float(match["year"])
    low = int(match["low"])
    high = int(match["high"]) if len(match["high"]) == 4 else low // 100 * 100 + int(match["high"])
    return (low + high) / 2 if high >= low else float(low)


def _says_enrolled(text: str, match: re.Match[str]) -> bool:
    """Tell whether a year is one of enrolment: not of a publication, of birth or of the end."""
    before = text[max(0, match.start() - 60) : match.start()]
    author = _AUTHOR.search(before)
    if (author and named(author["name"]) is None) or _NOT_ENROLMENT.search(before):
        return False
    if _BORN.search(before) and not _OF_BIRTHS.search(text):
        return False
    return not _CITED.match(text, match.end())
