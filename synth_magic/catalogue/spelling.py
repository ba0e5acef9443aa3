"""How names of variables are spelt: word breaks, British and American, plurals, qualifiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Literal

Needs = Literal["", "number", "coded"]

_AMERICAN = {
    "aem": "em", "oed": "ed", "oes": "es", "our": "or", "leuco": "leuko", "litre": "liter",
    "metre": "meter", "isation": "ization", "enrolment": "enrollment", "thoea": "thea",
    "rrhoea": "rrhea", "pnoea": "pnea", "caes": "ces", "paed": "ped", "anaes": "anes",
    "faec": "fec", "foet": "fet", "coeli": "celi", "gynae": "gyne", "goitre": "goiter",
    "sulph": "sulf", "ageing": "aging", "fibre": "fiber", "centre": "center",
}  # fmt: skip
_BRITISH = re.compile("|".join(_AMERICAN))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\b")
_WORD = re.compile(r"[a-z0-9β]+")
_FILLERS = frozenset(
    ("of", "in", "the", "and", "for", "to", "at", "on", "by", "an", "from", "with", "per", "is"),
)  # fmt: skip
_ENDING_IN_S = ("ss", "us", "is")

_OCCASIONS = (
    "admission", "hospital admission", "baseline", "diagnosis", "enrollment", "entry",
    "study entry", "inclusion", "presentation", "randomization", "recruitment", "registration",
    "screening", "study start", "arrival", "first visit", "start of study", "examination",
    "index date", "surgery", "treatment start",
)  # fmt: skip
_LEADING: dict[str, Needs] = dict.fromkeys(
    ("baseline", "bl", "base", "initial", "admission", "adm", "resting", "seated", "sitting",
     "supine", "office", "clinic", "mean", "average", "avg", "combined", "patient", "patients",
     "participant", "subject", "respondent", "pt", "serum", "plasma", "blood", "venous", "fasting",
     "level of", "levels of", "concentration of", "amount of", "value of", "measured", "the",
     "lab", "vital", "demo", "current", "enrollment", "first", "screening"),
    "",
)  # fmt: skip
_LEADING |= dict.fromkeys(("number of", "no of", "n of", "total number of", "count of"), "number")
_LEADING |= dict.fromkeys(
    ("known", "prior", "previous", "past", "history of", "a history of", "hx", "hx of", "h o",
     "pmh", "medical history of", "personal history of", "preexisting", "pre existing", "comorbid",
     "comorbidity", "concomitant", "documented", "confirmed", "diagnosed", "diagnosis of",
     "reported", "self reported", "doctor diagnosed", "physician diagnosed", "presence of", "has",
     "had", "have", "having", "is", "was", "with", "any", "ever had"),
    "coded",
)  # fmt: skip
_TRAILING: dict[str, Needs] = dict.fromkeys(
    ("baseline", "bl", "base", "admission", "screening", "level", "levels", "concentration",
     "concentrations", "value", "values", "val", "measurement", "measurements", "reading",
     "readings", "result", "results", "enzyme", "test", "avg", "ave", "average", "mean", "num",
     "code", "coded", "self reported", "in blood", "in the blood", "in serum", "in the serum",
     "in plasma", "in the plasma", "to hospital", "to the hospital", "to icu", "to the icu",
     "of patient", "of the patient", "of participant", "of the participant", "of subject"),
    "",
)  # fmt: skip
_TRAILING |= {
    f"{at} {time}{occasion}": ""
    for at, time, occasion in product(
        ("at", "on", "upon"), ("", "the ", "time of ", "the time of "), _OCCASIONS
    )
}
_TRAILING |= dict.fromkeys(
    ("count", "counts", "score", "scores", "total", "total score", "sum", "number"), "number"
)
_TRAILING |= dict.fromkeys(
    ("status", "history", "hx", "present", "diagnosed", "diagnosis", "yn", "y n", "yes no", "flag",
     "indicator", "ind", "bin", "binary", "boolean"),
    "coded",
)  # fmt: skip
QUALIFIERS = frozenset(_LEADING) | frozenset(_TRAILING)
_VISIT = re.compile(
    r"(?:visit|v|months?|mo|m|weeks?|wk|w|days?|d|t|wave|round|exam|reading|measurement)?"
    r" ?0*\d{1,2}"
)
_HABIT = re.compile(r"smok|drink|alcohol|drug|pregnan|therap|treat|surg|hospital|transplant|use\b")
_PAST = frozenset({"prior", "previous", "past", "history of", "a history of", "history", "hx"})
_LONGEST_QUALIFIER = 6
_TOLD = re.compile(
    r"(?:(?:ever )?(?:been )?told (?:by (?:a |the |their |your )?(?:doctor|physician|professional)"
    r" )?(?:that )?|(?:doctor|physician)(?: ever)? (?:told|said) (?:you )?(?:that )?"
    r"|(?:if|whether)(?: or not)? (?:the |a )?|does (?:the )?)"
    r"(?:they|you|he|she|patients?|participants?|subjects?)?"
    r" ?(?:have|has|had|is|was|suffers? from)(?: got)?(?: a)? "
)


def plain_name(text: str) -> str:
    """Return a name in lower case, in American spelling, its words parted by single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _POSSESSIVE.sub("", text)
    text = " ".join(_WORD.findall(text))
    return _BRITISH.sub(lambda match: _AMERICAN[match[0]], text)


def word_breaks(text: str) -> tuple[str, ...]:
    """Return a name's plain spellings: as it stands, and with `camelCase` taken apart."""
    return tuple(dict.fromkeys((plain_name(text), plain_name(_CAMEL.sub(" ", text)))))


def key(name: str) -> str:
    """Return what a plain name is looked up by, whatever its word breaks and plurals."""
    return "".join(_singular(word) for word in name.split() if word != "the")


def content(name: str) -> frozenset[str]:
    """Return the words of a plain name that say something, in the singular."""
    return frozenset(_singular(word) for word in name.split() if word not in _FILLERS)


def shorter(names: Iterable[str]) -> Iterator[tuple[str, Needs]]:
    """Yield plain names and what is left of them without qualifiers, the most literal first.

    With each goes what it can only name: `number of` goes with a number, `history of` with a code.
    """
    queue: list[tuple[str, Needs]] = [(name, "") for name in names if name]
    seen = {name for name, _ in queue}
    for name, needs in queue:
        yield name, needs
        for left, also in _without_one(name):
            if left not in seen and not (needs and also and needs != also):
                seen.add(left)
                queue.append((left, needs or also))


def _without_one(name: str) -> Iterator[tuple[str, Needs]]:
    """Yield a name without one qualifier at its beginning or end."""
    if told := _TOLD.match(name):
        yield name[told.end() :], "coded"
    words = name.split()
    for count in range(1, min(len(words), _LONGEST_QUALIFIER + 1)):
        start, rest = " ".join(words[:count]), " ".join(words[count:])
        if start in _LEADING and not (start in _PAST and _HABIT.search(rest)):
            yield rest, _LEADING[start]
        rest, end = " ".join(words[:-count]), " ".join(words[-count:])
        if end in _TRAILING and not (end in _PAST and _HABIT.search(rest)):
            yield rest, _TRAILING[end]
        elif count <= 2 and _VISIT.fullmatch(end):
            yield rest, "number"


@lru_cache(maxsize=16384)
def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(_ENDING_IN_S):
        return word[:-1]
    return word
