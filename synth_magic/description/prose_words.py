"""The words around a figure: shares in words, what a figure is about, and in whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import PERSON
from synth_magic.description.prose_names import Names
from synth_magic.description.sentences import READ, Sentence

COUNTS = {
    "no": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twenty": 20,
}  # fmt: skip
_COUNT = "(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty)"
_FRACTIONS = {"hal": 2, "thi": 3, "qua": 4, "fif": 5, "six": 6, "ten": 10}
PERCENT = r"(?:%|per ?cent\b|pct\b)"
SHARE = (
    r"(?<![#\w/<>=≥≤±-])(?<!# to )(?<!# - )(?<!#% to )(?<![<>=≥≤±] )(?<!than )(?<!least )"
    r"(?<!most )(?<!up to )(?<!over )(?<!under )"
    rf"(?:(?P<percent>#+) ?{PERCENT}(?! ?(?:-|to |±) ?#)"
    rf"|(?:(?P<part>#+|{_COUNT}) (?:in|out of(?: every)?|of) (?P<whole>#+"
    rf"|{_COUNT}\b)(?![#\w])(?! ?%))"
    rf"|(?:(?P<parts>an?|{_COUNT})[ -])?(?P<fraction>half|thirds?|quarters?|fifths?|sixths?"
    rf"|tenths?)\b"
    r"(?! (?:percentile|quartile|visit|line|grade|dose)))"
)
"""A share in plain text: a percentage, `one in five`, `two thirds`. One to a pattern."""

STATISTIC_SAID = re.compile(
    r"\b(?:mean|average|avg|median|minimum|min|maximum|max|sd|iqr|range|interquartile range"
    r"|standard deviation|q1 ?- ?q3|min-max)\b\.?|± ?sd\b|±|_\S+_"
)
_LINKS = re.compile(
    r"(?:\b(?:is|was|were|are|be|been|of|at|in|by|for|from|to|being|(?:has|have|had|with)"
    r"(?: an?)?|approximately|approx|roughly"
    r"|around|about|nearly|almost|circa|ca|typically|equals|averages|averaged|averaging|average"
    r"|mean|median|occurs|occurred|present|found|seen|reported|affects|affecting|affected"
    r"|some)\b\.?|[=~])\s*$"
)
_HEADING_LAST = re.compile(r"(?:_\S+_|± ?sd| )+$")
_GROUP_BEHIND = re.compile(r"(?:^|\s)(?:of|in|among|amongst|for)\s+(?P<who>[a-z][a-z' -]*)$")
_GROUP_AHEAD = re.compile(r" {1,2}(?:in|among|amongst|for|of|within) +(?P<who>[a-z][a-z' -]*)")
_SOMEWHERE = re.compile(
    r" in (?!(?:whom|which|those|these|them|all|both|each|total|remission|addition)\b)[a-z]"
)
_PROPER_PLACE = re.compile(rf" in (?:the |rural |urban )?[A-Z][a-z]+\b(?! {PERSON}\b)")
OCCASION = re.compile(
    r" ?(?:at|on) (?:baseline|admission|entry|enrol?ment|diagnosis|inclusion|presentation)\b"
)
_HOLDER = re.compile(r"(?:^|\s)(?P<who>[a-z-]+) (?:have|had)\b")
_SPLIT = re.compile(
    r"\b(?:with|without|who|whose|whom|which|that|where|have|has|had|having|is|are|was|were"
    r"|includ(?:e|es|ed|ing)|the|their|his|her|a|an|all|then|also|only|mostly|mainly|or|no one"
    r"|anyone|anybody|those"
    rf"|predominantly|show(?:s|ed)|exclud\w+|no|not|nobody|none|no-one|{PERSON}|cohort|population|sample)(?=\s"
    rf"|$)"
)
_OF = re.compile(r"\bof $")
_AGED = re.compile(r"\b(?:aged|ages)\s*$")
_RATE_OF = re.compile(
    r"^(?:(?:prevalence|proportion|share|rate|percentage|frequency|incidence|levels?|values?|of"
    r"|in) )+"
)
_DENIAL = re.compile(r"\b(?:no|none|nobody|no-one|not|never|without|exclud\w+|exclusion|except)\b")
_OF_SOME = re.compile(rf"(?: (?:in|for|among)| ?[:=(]) ?{SHARE}")
_PUNCTUATION = re.compile(r"[,;:()\[\]]")
_JUST_A_LINK = re.compile(
    r"(?:(?:and|with|an?|its?|was|is|years?|the|but|of|had|has|have|%|mm ?hg|kg|cm"
    r"|[a-zµ]+/[a-z0-9/.]+)(?: +|$))+"
)
_LEADING_LINK = re.compile(r"(?:(?:of|with|an?|is|was|were|are|has|have|had|from) +)+")
EXCLUSION = re.compile(r"exclu[a-z]+(?: criteria)?(?: were)? ?: *")
"""The heading of a list of who is not among the patients."""
_PEOPLE_LAST = re.compile(rf"\b(?:{PERSON}|those|anyone|anybody|nobody|no one|no-one|none)$")


@dataclass(frozen=True, slots=True)
class Behind:
    """The words before a figure.

    `start` is where they begin in the sentence; `said` are the statistics among them; `people`
    tells that a word for patients comes last ("patients over 60"): that word is `last`; `denied`
    tells of a negation.
    """

    start: int
    subject: str
    group: str = ""
    said: frozenset[str] = frozenset()
    people: bool = False
    last: str = ""
    denied: bool = False


def share_of(sentence: Sentence, match: re.Match[str]) -> float:
    """Return the value of a match of SHARE, 0 to 1 (more if the text says so)."""

    def value(group: str) -> float:
        words = sentence.text[match.start(group) : match.end(group)].lower()
        return float(COUNTS[words]) if words in COUNTS else parse_number(words)

    if match["percent"]:
        return value("percent") / 100
    if match["fraction"]:
        return (value("parts") if match["parts"] else 1) / _FRACTIONS[match["fraction"][:3]]
    whole = value("whole")
    return value("part") / whole if whole else float("nan")


def words_behind(sentence: Sentence, position: int, names: Names) -> Behind:
    """Return what the words before a figure say about it."""
    low = sentence.before(position)
    run = sentence.plain[low:position]
    core = _strip_links(run)
    said = {_said(match[0]) for match in STATISTIC_SAID.finditer(run)}
    group = ""
    behind = _GROUP_BEHIND.search(core)
    if behind and not names.find(core.strip()):
        who = names.people(behind["who"])
        if who is not None:
            group = who
            core = _strip_links(core[: behind.start()])
    holder = None if group else _HOLDER.search(core)
    if holder and names.group(holder["who"]):
        group = holder["who"]
    denied = bool(_DENIAL.search(core) or EXCLUSION.match(sentence.plain))
    people = _PEOPLE_LAST.search(core.rstrip())
    last = people[0] if people else ""
    if last and not group and names.level(last):
        group = last
    aged = _AGED.search(core)
    cut = aged.start() if aged else _last_split(core)
    subject = " ".join(STATISTIC_SAID.sub(" ", core[cut:]).split())
    subject = "age" if aged else _RATE_OF.sub("", subject)
    cut, subject = _known_last(core, cut, subject, names)
    start = low + cut + len(core[cut:]) - len(core[cut:].lstrip())
    if not subject and not denied:
        start = low + len(core.rstrip())
        start += len(sentence.plain[start:position]) - len(sentence.plain[start:position].lstrip())
        lead = _LEADING_LINK.match(sentence.plain, start, position)
        start = lead.end() if lead else start
    elif not subject:
        start = low + len(run) - len(run.lstrip())
    if people and not subject and names.level(last):
        start = low + people.start()
    return Behind(start, subject, group, frozenset(said), bool(people), last, denied)


def group_ahead(sentence: Sentence, position: int, names: Names) -> tuple[int, str | None]:
    """Read "in women" after a figure; return its end and the patients ("" all, None unclear)."""
    occasion = OCCASION.match(sentence.plain, position)
    if occasion:
        position = occasion.end()
    ahead = _GROUP_AHEAD.match(sentence.plain, position)
    if ahead is None:
        return position, ""
    end = min(ahead.end(), sentence.after(ahead.start("who")))
    words = sentence.plain[ahead.start("who") : end].split()
    for size in range(len(words), 0, -1):
        who = names.people(" ".join(words[:size]))
        if who is not None:
            return _end_of_words(sentence, ahead.start("who"), size), who
    return end, None


def group_or_place_ahead(
    sentence: Sentence, position: int, names: Names, *, of_all: bool
) -> tuple[int, str | None]:
    """Read as `group_ahead` does, but past a place: `aged 2 to 5 years in Kenya`.

    Criteria, `of_all` patients, may stand before any place; other figures only before the one
    place that a sentence names, for they may be given for several.
    """
    end, who = group_ahead(sentence, position, names)
    if who is not None:
        return end, who
    only_one = len(_PROPER_PLACE.findall(sentence.text)) == 1
    place = only_one and _PROPER_PLACE.match(sentence.text, position)
    if place or (of_all and _SOMEWHERE.match(sentence.plain, position)):
        return position, ""
    return end, None


def of_some(sentence: Sentence, position: int) -> bool:
    """Tell whether a share of the patients follows: `over 60 in 40%`."""
    return _OF_SOME.match(sentence.plain, position) is not None


def words_before(sentence: Sentence, position: int) -> str:
    """Return the words of the clause before a figure that has none of its own.

    They are its heading (`frailty score: mean 5`, `age, years, mean 62`). There are none where the
    figure follows something that has been read.
    """
    tail = sentence.plain[sentence.plain.rfind(READ, 0, position) + 1 : position]
    pieces = [STATISTIC_SAID.sub(" ", piece).strip() for piece in _PUNCTUATION.split(tail)]
    named = [piece for piece in pieces if piece and not _JUST_A_LINK.fullmatch(piece)]
    return " ".join(named[-1].split()) if named else ""


def closed(sentence: Sentence, start: int, end: int) -> int:
    """Return the end of a stretch, with the bracket that closes one opened in it."""
    stretch = sentence.plain[start:end]
    opened = sum(stretch.count(c) for c in "([") - sum(stretch.count(c) for c in ")]")
    closing = re.compile(r" *[)\]]").match(sentence.plain, end)
    return closing.end() if opened > 0 and closing else end


def _end_of_words(sentence: Sentence, start: int, count: int) -> int:
    words = list(re.finditer(r"[a-z'-]+", sentence.plain[start:]))
    return start + words[count - 1].end()


def _said(words: str) -> str:
    return words.replace("_", " ").strip("± .")


def _strip_links(run: str) -> str:
    run = _HEADING_LAST.sub("", run)
    link = _LINKS.search(run)
    while link:
        run = _HEADING_LAST.sub("", run[: link.start()])
        link = _LINKS.search(run)
    return run


def _last_split(core: str) -> int:
    """Return where the noun phrase at the end of a run of words begins."""
    cut = 0
    for split in _SPLIT.finditer(core):
        if not _OF.search(core, 0, split.start()):
            cut = split.end()
    return cut


def _known_last(core: str, cut: int, subject: str, names: Names) -> tuple[int, str]:
    """Keep only the last words of a subject where they name a variable by themselves."""
    words = subject.split()
    if names.find(subject):
        return cut, subject
    for i in range(1, len(words)):
        last = " ".join(words[i:])
        if names.stands_alone(last):
            position = core.rfind(last)
            return (position if position >= cut else cut), last
    return cut, subject
