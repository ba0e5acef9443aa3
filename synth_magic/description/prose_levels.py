"""Lists of levels in prose: `NYHA class II 40%, III 50%`, `ethnicity: 60% White, 40% Asian`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import FAMILIES, fold, plain_noun, singular
from synth_magic.description.prose_reading import Mention, Reading, Statement
from synth_magic.description.prose_words import SHARE, share_of, words_behind
from synth_magic.description.sentences import READ, Sentence

_ROMAN = ("i", "ii", "iii", "iv", "v")
_ORDERED = (
    "none", "no", "never", "former", "current", "low", "mild", "moderate", "intermediate", "medium",
    "high", "severe", "very severe", "poor", "fair", "good", "excellent",
)  # fmt: skip
_ONE_LEVEL = r"(?:iv|i{1,3}|v|[0-9][a-d]?|[a-d]|#(?![#.])[a-d]?)"
_HEADED = r"(?:class|stage|grade|category|type|killip|asa|nyha|ccs|child-pugh|ecog)s?"
_GAP = r" *(?:,|;|,? and|/)? *(?:(?:in|were|are) )?"
_LEVEL_FIRST = re.compile(
    rf"(?P<head>(?:[a-z-]+ ){{0,3}}{_HEADED})"
    rf"(?P<items>(?:{_GAP}(?:{_HEADED} )?{_ONE_LEVEL}(?: in| ?[=:])? ?\(?#+ ?%\)?){{2,}})"
)
_SHARE_FIRST = re.compile(
    rf"(?P<items>#+ ?% (?:(?:were|are|had|have|of patients|patients) )*(?:in |with )?(?P<head>"
    rf"(?:[a-z-]+ ){{0,2}}"
    rf"{_HEADED}) {_ONE_LEVEL}(?:{_GAP}#+ ?% (?:(?:were|are|had) )?(?:in |with )?(?:[a-z]+ )?"
    rf"(?:{_HEADED} )?{_ONE_LEVEL}(?![a-z0-9%#]))+)"
)
_PAIR = re.compile(rf"(?:{_HEADED} )?(?P<level>{_ONE_LEVEL})(?: in| ?[=:])? ?\(?(?P<share>#+) ?%")
_RIAP = re.compile(rf"(?P<share>#+) ?% (?:[a-z -]*? )?(?P<level>{_ONE_LEVEL})(?![a-z0-9%#])")

_HEADING = re.compile(
    r"(?:^|[,;] *|\. )(?P<head>[a-z][a-z0-9 /-]*?)(?: (?:was|is|were))? ?(?:\((?:%"
    r"|n ?\(%\))\) ?)?: *"
)
_LEVEL_WORDS = r"(?P<level>#(?![#.])|[a-z0-9+<>≥≤/' -]*?[a-z0-9+])"
_ENTRY = re.compile(rf"{SHARE} (?:were |are |was |is |of (?:patients|them) )*{_LEVEL_WORDS}")
_YRTNE = re.compile(rf"{_LEVEL_WORDS}(?: in| ?[=:])? ?\(?{SHARE}\)?")
_BETWEEN = re.compile(r" *(?:,? and |,|;|/) *(?:and )?")
_CATEGORICAL = re.compile(
    r"(?:class|stage|grade|status|type|category|group|race|ethnicity|arm|severity|origin|level"
    r"|region|site)s?$"
)
_ROUNDING = 0.021
_FAMILY_ITEM = {
    family: re.compile(
        rf"(?:{SHARE} (?:were |are |was |is |of (?:patients|them) (?:were |are ))*"
        rf"(?P<level>{{words}}))".replace(
            "{words}",
            "|".join(
                sorted(
                    (
                        re.escape(w.lower())
                        for level, aliases in FAMILIES[family]
                        for w in (level, *aliases)
                    ),
                    key=len,
                    reverse=True,
                )
            ).replace(r"\ ", "[ -]"),
        )
        + r"(?![a-z-])"
    )
    for family in ("smoking", "ethnicity")
}
_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class _Level:
    code: str
    share: float


def read_levels(sentence: Sentence, reading: Reading) -> None:
    """Read lists of levels with their shares, as one variable each."""
    _headed_by_class(sentence, reading)
    _headed_by_colon(sentence, reading)
    _families(sentence, reading)


def _headed_by_class(sentence: Sentence, reading: Reading) -> None:
    for pattern, item in ((_LEVEL_FIRST, _PAIR), (_SHARE_FIRST, _RIAP)):
        for match in list(pattern.finditer(sentence.plain)):
            levels = [
                _Level(_printed(sentence, found, "level"), _percent(sentence, found))
                for found in item.finditer(sentence.plain, *match.span("items"))
            ]
            if len(levels) < _AT_LEAST:
                continue
            start = match.start()
            head = match["head"]
            if pattern is _LEVEL_FIRST:
                behind = words_behind(sentence, match.end("head"), reading.names)
                start, head = behind.start, behind.subject or head
            _state(sentence, reading, head, levels, (start, match.end()))


def _headed_by_colon(sentence: Sentence, reading: Reading) -> None:
    for heading in list(_HEADING.finditer(sentence.plain)):
        head = heading["head"].strip()
        position = heading.end()
        levels: list[_Level] = []
        end = position
        while True:
            entry = _entry(sentence, position)
            if entry is None:
                break
            match, end = entry
            code = " ".join(_printed(sentence, match, "level").split())
            levels.append(_Level(code, share_of(sentence, match)))
            gap = _BETWEEN.match(sentence.plain, end)
            if gap is None:
                break
            position = gap.end()
        total = sum(level.share for level in levels)
        exclusive = abs(total - 1) < _ROUNDING or (
            total < 1
            and (bool(_CATEGORICAL.search(head)) or reading.names.find(head) == "ethnicity")
        )
        if len(levels) < _AT_LEAST or not exclusive or not plain_noun(head):
            continue
        if reading.names.find("sex") == reading.names.find(head):
            continue
        _state(sentence, reading, head, levels, (heading.start("head"), end))


def _entry(sentence: Sentence, position: int) -> tuple[re.Match[str], int] | None:
    """Match one level with its share, in either order, up to the next comma or "and"."""
    stop = re.search(r",|;|\.(?= )| and |$|/(?= )", sentence.plain[position:])
    end = position + (stop.start() if stop else 0)
    for pattern in (_ENTRY, _YRTNE):
        match = pattern.fullmatch(sentence.plain, position, end)
        if match and not re.fullmatch(r".*\b(?:in|of|with|have|had)\b.*", match["level"]):
            return match, end
    return None


def _families(sentence: Sentence, reading: Reading) -> None:
    for family, pattern in _FAMILY_ITEM.items():
        found = list(pattern.finditer(sentence.plain))
        levels = [_Level(_level_of(family, m["level"]), share_of(sentence, m)) for m in found]
        codes = {level.code for level in levels}
        if len(codes) < _AT_LEAST or len(codes) < len(levels):
            continue
        if any(READ in m[0] for m in found) or any(
            re.search(r"[#()]", sentence.plain[a.end() : b.start()]) for a, b in pairwise(found)
        ):
            continue
        _state(sentence, reading, family, levels, (found[0].start(), found[-1].end()))


def _level_of(family: str, words: str) -> str:
    """Return the level that words of a family mean."""
    folded = fold(words)
    for level, aliases in FAMILIES[family]:
        if {folded, singular(folded)} & {fold(level), *map(fold, aliases)}:
            return level
    return words


def _state(
    sentence: Sentence, reading: Reading, head: str, levels: list[_Level], stretch: tuple[int, int]
) -> None:
    start, end = stretch
    if READ in sentence.plain[start:end] or len({x.code for x in levels}) < _AT_LEAST:
        return
    quote = sentence.take(start, end)
    codes, ordered = _in_order([level.code for level in levels])
    reading.mention(sentence, Mention(quote, head, codes, ordered))
    for level in levels:
        reading.state(
            sentence, Statement(quote, quote.start, head, "share", level.share, code=level.code)
        )


def _in_order(codes: list[str]) -> tuple[tuple[str, ...], bool]:
    """Return levels from low to high if they have a known order, else as they stand."""
    unique = list(dict.fromkeys(codes))
    low = [code.lower() for code in unique]
    for order in (_ROMAN, _ORDERED):
        if all(code in order for code in low):
            return tuple(sorted(unique, key=lambda code: order.index(code.lower()))), True
    if all(re.fullmatch(r"[0-9][a-d]?|[a-d]", code) for code in low):
        return tuple(sorted(unique)), True
    return tuple(unique), False


def _printed(sentence: Sentence, match: re.Match[str], group: str) -> str:
    return sentence.text[match.start(group) : match.end(group)]


def _percent(sentence: Sentence, match: re.Match[str]) -> float:
    return parse_number(_printed(sentence, match, "share")) / 100
