"""How codes are spelt: yes and no, numbered stages and their ranges, denials, leftovers."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from synth_magic.catalogue.spelling import plain_name
from synth_magic.description.labels import is_missing

YES = frozenset({"yes", "y", "true", "t", "present", "positive", "pos", "1"})
NO = frozenset(
    {"no", "n", "false", "f", "absent", "negative", "neg", "none", "never", "nil", "0"}
    | {"alive", "living", "survived", "censored", "not present", "placebo", "control"}
)
_SIGNS = {">=": " at least ", "≥": " at least ", "<=": " at most ", "≤": " at most ",
          ">": " more than ", "<": " less than ", "+": " plus "}  # fmt: skip
_SAME = {"medium": "moderate", "intermediate": "moderate", "middle": "moderate",
         "reference": "normal", "nil": "none", "absent": "none", "slight": "mild"}  # fmt: skip
_PREFIXES = re.compile(
    r"\b(?:stages?|grades?|class|classes|category|categories|level|levels|type|group|score|status"
    r"|functional|nyha|killip|ecog|who|ps|gold|ckd|asa|ajcc|figo|uicc|child|pugh|kdigo|ctcae|fab)\b"
)
_LEVEL = re.compile(r"[a-z]{0,2}?(?P<level>\d+(?:\.\d+)?|viii|vii|vi|iv|v|iii|ii|i)[a-e]?\d?")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_DENIED = re.compile(r"(?:no|not|non|never|without|absence of|free of|no history of) (?P<what>.+)")
_AT_LEAST = re.compile(r"at least (.+)|(.+?) (?:plus|or (?:more|higher|above|over|worse|greater))")
_AT_MOST = re.compile(r"at most (.+)|up to (.+)|(.+?) or (?:less|lower|below|under|better|fewer)")
_OVER = re.compile(r"(?:more than|over|above) (.+)")
_UNDER = re.compile(r"(?:less than|under|below) (.+)")
_OPEN: tuple[tuple[re.Pattern[str], Callable[[float, float], bool]], ...] = (
    (_AT_LEAST, operator.ge), (_AT_MOST, operator.le), (_OVER, operator.gt), (_UNDER, operator.lt),
)  # fmt: skip
_RANGE = re.compile(r"(.+?)(?:\s*[-–—]\s*| to | through )(.+)")
_PARTS = re.compile(r"\s*[/,;&+]\s*|\s+(?:or|and)\s+")
_LEFTOVER = frozenset({"other", "others", "rest", "else", "remaining"})


def spelt(text: str) -> str:
    """Return a code or its label in plain words, the signs of comparison among them."""
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    return plain_name(text)


def variants(text: str) -> Iterable[str]:
    """Yield the spellings of a code: as it stands, without `stage` or `class`, by other words."""
    plain = spelt(text)
    short = " ".join(_PREFIXES.sub(" ", plain).split())
    other = " ".join(_SAME.get(word, word) for word in short.split())
    return dict.fromkeys(name for name in (plain, short, other) if name)


def denied(text: str) -> str:
    """Return what a label denies: `smoker` of `non-smoker`; empty if it denies nothing."""
    match = _DENIED.fullmatch(spelt(text))
    return match["what"] if match else ""


def parts(text: str) -> Sequence[str]:
    """Return the parts of a label that merges several codes, as in `former or never`."""
    return [part for part in _PARTS.split(text) if part.strip()]


def is_leftover(text: str) -> bool:
    """Tell whether a code stands for whatever has no code of its own."""
    said = re.split(r"[\s/]+(?:or\s+)?", text.strip())
    return is_missing(text) or all(spelt(word) in _LEFTOVER or is_missing(word) for word in said)


def level_of(text: str) -> float | None:
    """Return the number of a stage, grade or class: 3 of `Stage IIIB`, `F3`, `3` and `grade 3`."""
    plain = " ".join(_PREFIXES.sub(" ", _kept(text)).split())
    match = _LEVEL.fullmatch(plain)
    if match is None:
        return None
    level = match["level"]
    return float(_ROMAN.index(level) + 1) if level in _ROMAN else float(level)


def levels_of(codes: Sequence[str]) -> Mapping[float, str]:
    """Return the codes of an entry by their numbers; none where they are not numbered."""
    found = {level: code for code in codes if (level := level_of(code)) is not None}
    return found if len(found) > 1 else {}


def in_range(text: str, levels: Mapping[float, str]) -> set[str]:
    """Return the codes that a number or a range of numbers takes: `III-IV`, `≥ 2`, `3+`."""
    plain = spelt(text)
    for pattern, fits in _OPEN:
        if match := pattern.fullmatch(plain):
            end = level_of(next(filter(None, match.groups())))
            return set() if end is None else {levels[at] for at in levels if fits(at, end)}
    level = level_of(text)
    if level is not None:
        return {levels[level]} if level in levels else set()
    if match := _RANGE.fullmatch(_kept(text)):
        low, high = level_of(match[1]), level_of(match[2])
        if low is not None and high is not None:
            return {levels[at] for at in levels if low <= at <= high}
    return set()


def _kept(text: str) -> str:
    """Return a text in lower case with the points and dashes of its numbers."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^a-z0-9.–—-]+", " ", text).split())
