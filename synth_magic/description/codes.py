"""Codes of a variable as analysts write them: `0=no, 1=yes`, `{0: male, 1: female}`, `I, II`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth_magic.description.model import Code, Quote
from synth_magic.description.numbers import DASH, NUMBER, parse_number

_ENTITIES = ("lt", "gt", "le", "ge", "amp", "nbsp", "quot", "#39", "#60", "#62")
SEMICOLON = "".join(f"(?<!&{entity})" for entity in _ENTITIES) + ";"
"""Matches a semicolon that parts words, and is not the end of an entity of HTML (`&lt;65`)."""

_OUTER = re.compile(r"\s*(?:[\[{(](?P<inner>.*)[\]})]|(?P<bare>.*))\s*", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|\n|\\\|")
_MEANS = re.compile(r"\s*(?:=>|=|:|→|->|\s[-–—]\s)\s*")
_SHARE = re.compile(rf"\s*[(:=]?\s*(?P<share>{NUMBER})\s*%\s*\)?\s*$")
_LONE = re.compile(rf"(?P<share>{NUMBER})\s*%\s+(?P<code>[^\W\d].*)")
_BETWEEN = re.compile(
    rf"\s*(?:between\s+|from\s+)?[\[(]?\s*(?P<low>{NUMBER})\s*%?\s*(?:{DASH}|\.\.+|,|;|\bto\b|\band\b|…)"
    rf"\s*(?P<high>{NUMBER})\s*%?\s*[\])]?\s*",
    re.IGNORECASE,
)
_NO_YES = re.compile(r"\s*[\[({]?\s*0\s*[,;/]\s*1\s*[\])}]?\s*")
_LOW = re.compile(
    rf"\s*(?:(?:>=?|≥|at\s+least|from|min(?:imum)?\.?|over|above)\s*(?P<a>{NUMBER})"
    rf"|(?P<b>{NUMBER})\s*(?:\+|and\s+(?:over|above|more)|or\s+(?:more|over)|{DASH}))\s*",
    re.IGNORECASE,
)
_HIGH = re.compile(
    rf"\s*(?:<=?|≤|at\s+most|up\s+to|to|max(?:imum)?\.?|under|below)\s*(?P<a>{NUMBER})\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One code with the words that it was read from, and its share where one is stated."""

    code: Code
    quote: Quote
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Stated bounds; None where there is none. `printed` are the numbers as they stand."""

    low: float | None
    high: float | None
    printed: tuple[str, ...]


def read_range(text: str) -> Range | None:
    """Read `40–85`, `[40, 85]`, `40 to 85`, `>= 18`, `18+` or `<100`; `0, 1` are codes."""
    if _NO_YES.fullmatch(text):
        return None
    if match := _BETWEEN.fullmatch(text):
        printed = (match["low"], match["high"])
        return Range(parse_number(printed[0]), parse_number(printed[1]), printed)
    if match := _LOW.fullmatch(text):
        number = match["a"] or match["b"]
        return Range(parse_number(number), None, (number,))
    if match := _HIGH.fullmatch(text):
        return Range(None, parse_number(match["a"]), (match["a"],))
    return None


def read_codes(cell: Quote) -> tuple[CodeItem, ...]:
    """Read a list of codes, or a single one; nothing if a code is empty."""
    items = tuple(_item(part) for part in _split(cell))
    return items if all(item.code.code for item in items) else ()


def _split(cell: Quote) -> Iterator[Quote]:
    outer = _OUTER.fullmatch(cell.text)
    if outer is None:
        return
    group = "inner" if outer["inner"] is not None else "bare"
    text, start = outer[group], cell.start + outer.start(group)
    separator = next((mark for mark in _separators(text) if mark.search(text)), None)
    position = 0
    for match in separator.finditer(text) if separator else ():
        yield _stripped(text[position : match.start()], start + position)
        position = match.end()
    rest = _stripped(text[position:], start + position)
    if rest.text or not separator:
        yield rest


def _separators(text: str) -> Iterator[re.Pattern[str]]:
    """Yield what may part the codes, the surest first: a `/` may also be part of a label."""
    outside = r"(?![^()\[\]{}]*[)\]}])(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"
    yield re.compile(rf"{SEMICOLON}{outside}")
    yield _BREAK
    yield re.compile(rf",(?!\d{{3}}(?!\d)){outside}")
    yield re.compile(rf"\|{outside}")
    if not re.search(r"[=:]", text) or re.search(r"/[^/]*[=:]", text):
        yield re.compile(rf"/{outside}")
        yield re.compile(rf"\s+or\s+{outside}")


def _stripped(text: str, start: int) -> Quote:
    left = len(text) - len(text.lstrip())
    return Quote(text.strip(), start + left)


def _item(part: Quote) -> CodeItem:
    text, share = part.text, None
    if match := _LONE.fullmatch(text):
        text, share = match["code"], parse_number(match["share"]) / 100
    elif match := _SHARE.search(text):
        text, share = text[: match.start()], parse_number(match["share"]) / 100
    code, *label = _MEANS.split(text, maxsplit=1)
    return CodeItem(Code(_unquoted(code), _unquoted(label[0]) if label else ""), part, share)


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = re.fullmatch(r"(['\"`“‘])(.*)['\"`”’]", text, re.DOTALL)
    return quoted[2].strip() if quoted else text
