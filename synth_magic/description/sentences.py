"""Prose cut into sentences; what has been read of a sentence is crossed out.

Each sentence has a plain copy of itself, character for character as long, in which patterns can be
short: lower case, one kind of dash and space, and every figure written as a run of `#`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from synth_magic.description.model import Quote
from synth_magic.description.numbers import NUMBER

READ = "|"
"""Stands in the plain copy for each character that has been read."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\t\n\r\x0b\x0c\u00a0\u2007\u2009\u202f", " "),
        **dict.fromkeys("’‘", "'"),
        **dict.fromkeys("#", READ),
        "²": "2",
        "μ": "µ",
        "ρ": "r",
        "≈": "~",
    }
)
_FIGURE = re.compile(NUMBER)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    rf"\b(?:[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} [0-9]{{1,2}}(?![0-9.]))"
    rf"(?:,? (?:19|20)[0-9]{{2}}\b)?"
    rf"|\b{_MONTH},? (?:19|20)[0-9]{{2}}\b"
    r"|\b[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)[0-9]{2}\b"
    r"|\b(?:19|20)[0-9]{2}[-/][0-9]{2}(?:[-/][0-9]{2})?\b",
    re.I,
)
_NAMED_AFTER_NUMBER = re.compile(
    r"(?:st|nd|rd|th)\b|:[0-9]|-[a-z]{3,}\b(?![ -]old)",
    re.I,
)
_NAMED_BY_NUMBER = re.compile(
    r"(?:\b(?:type|stages?|grades?|class|phase|category|tier|covid|icd|vitamin|omega|killip|part"
    r"|version|grant|wave|cycle|protocol)[ -]?(?:[0-9][a-d]?(?: ?- ?| or | to | and ))?|[a-z][/-]"
    r"|[0-9]:|\bper |(?:\bx|×) ?(?:10\^)?)$",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?!\s*(?:%|[a-zµ]+/|patients|adults|people|participants))")
_YEAR_AHEAD = re.compile(
    r"\s*(?:-|–|to|or|,?\s*and|,|/)\s*(?:19|20)[0-9]{2}\b(?!\s*%)"
    r"|\s*(?:study |calendar )?(?:years|cycle|census|waves?|guidelines?|criteria|definition)\b",
    re.I,
)
_BRACKETED_YEAR = re.compile(r"[a-z.]\s?\($", re.I)
_DATED = re.compile(
    r"(?:\b(?:in|since|during|until|till|through|before|after|by|early|late|mid|year|from|between|the"
    r"|end of|start of|spring|summer|autumn|fall|winter)[\s-]+"
    r"|\b(?:19|20)[0-9]{2}\s*(?:-|–|to|or|,?\s*and|,|/)\s*)$",
    re.I,
)
_BRACKETED_WORD = re.compile(
    r"[(\[]( *(?:± ?)?"
    r"(?:sd|iqr|range|min-max|q1 ?- ?q3|interquartile range|standard deviation) *)[)\]]"
)
_STATISTIC_COLON = re.compile(r"((?:\b(?:mean|median|sd|iqr|range)|_)\b *):")

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|al|vs|approx|ca|dr|st|no|incl|resp|avg|min|max|s\.d|std|dev)|\b[a-z])$",
    re.I,
)
_STOP = re.compile(r"[.!?]+(?=\s|$)")
_BULLET = re.compile(r"\s*(?:[-*+•–‣>]\s+|#+\s+|[0-9]{1,2}[.)]\s+(?=[A-Za-z]))")
_RUNS_ON = re.compile(
    r"(?:[,(\[/±=<>≤≥-]|\b"
    r"(?:a|an|the|of|in|on|at|to|and|or|with|for|by|from|between|than|is|are|was"
    r"|were|have|has|had|mean|median|aged|around|about|over|under|per|type|least|most))\s*$",
    re.I,
)
_LONGEST_FIGURE = 30
_LONG_LINE, _SHORT_LINE = 60, 25

_BOUNDARY = re.compile(r"[,;:|()\[\]]| - |\b(?:and|but|while|whereas|plus)\b")
_WINDOW = 120


class Sentence:
    """One sentence: its `text` and full `stop`, its `start` in the cell body, its `plain` copy."""

    __slots__ = ("plain", "start", "stop", "text")

    def __init__(self, text: str, start: int, stop: str = "") -> None:
        self.text = text
        self.start = start
        self.stop = stop
        self.plain = _plain(text)

    def take(self, start: int, end: int) -> Quote:
        """Cross out a stretch and return its words."""
        self.plain = self.plain[:start] + READ * (end - start) + self.plain[end:]
        return self.quote(start, end)

    def quote(self, start: int, end: int) -> Quote:
        words = self.text[start:end]
        lead = len(words) - len(words.lstrip())
        return Quote(words.strip(), self.start + start + lead)

    def blank(self, start: int, end: int) -> None:
        """Cross out a stretch so that the words around it join."""
        self.plain = self.plain[:start] + " " * (end - start) + self.plain[end:]

    def before(self, position: int, joined: bool = False) -> int:
        """Return where the words that end at `position` start; `joined` reads past an "and"."""
        low = max(0, position - _WINDOW)
        for boundary in reversed(list(_BOUNDARY.finditer(self.plain, low, position))):
            if not (joined and boundary[0] == "and"):
                return boundary.end()
        return low

    def after(self, position: int) -> int:
        """Return where the words that start at `position` end."""
        high = min(len(self.plain), position + _WINDOW)
        boundary = _BOUNDARY.search(self.plain, position, high)
        return boundary.start() if boundary else high


def split_sentences(text: str, start: int) -> Iterator[Sentence]:
    """Yield the sentences of a text; `start` is its position in the cell body."""
    for block_start, block in _blocks(text):
        begin = 0
        for stop in _STOP.finditer(block):
            if stop[0] == "." and _ABBREVIATION.search(block, begin, stop.start()):
                continue
            yield from _sentence(block[begin : stop.start()], start + block_start + begin, stop[0])
            begin = stop.end()
        yield from _sentence(block[begin:], start + block_start + begin)


def _sentence(text: str, start: int, stop: str = "") -> Iterator[Sentence]:
    if text.strip():
        lead = len(text) - len(text.lstrip())
        yield Sentence(text.strip(), start + lead, stop)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches of text that no line break divides, with their positions."""
    begin = end = 0
    previous = ""
    for line in text.splitlines(keepends=True):
        bullet = _BULLET.match(line)
        if bullet or not _wrapped(previous, line):
            yield begin, text[begin:end]
            begin = end + (bullet.end() if bullet else 0)
        end += len(line)
        previous = line
    yield begin, text[begin:end]


def _wrapped(line: str, following: str) -> bool:
    """Tell whether a line break only wraps a sentence that goes on in the following line."""
    line, following = line.strip(), following.strip()
    if not line or not following:
        return False
    goes_on = following[0].islower() or following[0] in "(["
    return (
        len(line) >= _LONG_LINE
        or bool(_RUNS_ON.search(line))
        or (goes_on and len(line) >= _SHORT_LINE)
    )


def _plain(text: str) -> str:
    lower = "".join(low if len(low := c.lower()) == 1 else c for c in text).translate(_PLAIN)
    dated = {position for date in _DATE.finditer(text) for position in range(*date.span())}
    for figure in _FIGURE.finditer(text):
        start, end = figure.span()
        if start not in dated and not _part_of_a_name(text, start, end):
            lower = lower[:start] + "#" * (end - start) + lower[end:]
    return _STATISTIC_COLON.sub(r"\1 ", _BRACKETED_WORD.sub(_underlined, lower))


def _underlined(bracketed: re.Match[str]) -> str:
    """Mark the words of `mean (SD)` as a heading, which is not about the figure after it."""
    return re.sub(r"[ ()\[\]]", "_", bracketed[0])


def _part_of_a_name(text: str, start: int, end: int) -> bool:
    """Tell whether a number is no figure: `type 2`, the year 2019, 1.73 in a unit, `5th`."""
    if end - start > _LONGEST_FIGURE:
        return True
    lead = text[max(0, start - 24) : start]
    if _NAMED_AFTER_NUMBER.match(text, end) or _NAMED_BY_NUMBER.search(lead):
        return True
    year = _YEAR.match(text, start)
    dated = year and year.end() == end
    if dated and text[end : end + 1] == ")" and _BRACKETED_YEAR.search(lead):
        return True
    return bool(dated and (_DATED.search(lead) or _YEAR_AHEAD.match(text, end)))
