"""One cell of a table, such as `67.9 (9.4)`, `51 [43–70]` or `1,234 (56.1%)`, read as statistics.

What the numbers mean is decided by, in this order: words in the cell itself; the convention that
the row's label, its section or its column states; the conventions of the caption and footnotes;
the shape alone. By shape, `a ± b` is mean and SD, `a [b–c]` median and quartiles, `a%` a share,
`a (b%)` and `a/n (b)` a count and a share. A bare `a (b)` is a count with its percentage if a of
the column's patients are b %, and mean (SD) if it cannot be that. Anything else stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth_magic.description.conventions import (
    COUNT_SHARE,
    LOW_HIGH,
    MEAN_SD,
    MEDIAN_IQR,
    SHARE_COUNT,
    Convention,
    convention_of,
    without_statistics,
)
from synth_magic.description.labels import UNIT
from synth_magic.description.model import Quote
from synth_magic.description.numbers import DASH, NUMBER, POINT, decimals_of, parse_number

_BLANK = re.compile(
    rf"(?:[\s.…·*]|{DASH}|&nbsp;|n\.?/?a\.?|nr|none reported|not applicable)*", re.I
)
_MARKS = re.compile(
    r"<sup>[^<]*</sup>|\^\S+$|\\?[†‡§¶‖∥#*]+|[\u02B0-\u02B8\u1D43-\u1D6A\u1DA0-\u1DBF\u2071\u207F]+"
)
_ARABIC_PERCENT = "٪"
_PIECES = re.compile(r";|\n|<br\s*/?>|,\s+(?=[^\W\d])")
_PERCENT = re.compile(r"(?<=[0-9])\s*%(?!\s*(?:CI|confidence))")
_PRINTED = re.compile(rf"(?P<number>{NUMBER})\s*(?P<percent>{_ARABIC_PERCENT})?")
_RANGE_SIGN = re.compile(rf"(?<=[#%])\s*(?:{DASH}|\bto\b|\band\b|\.\.|[,;](?=[^()\[\]]*[)\]]))\s*#")
_PAIR = re.compile(
    rf"(?<=[(\[])\s*([0-9]+(?:{POINT}[0-9]+)?),([0-9]+(?:{POINT}[0-9]+)?)\s*(?=[)\]])"
)
_SPREADS: dict[Convention, Convention] = {("sd",): MEAN_SD, ("p25", "p75"): MEDIAN_IQR}
_UNIT_LAST = re.compile(rf"(?P<figures>.*[0-9)\]])\s*(?P<unit>(?![%0-9]){UNIT})")
_LONGEST = 100
_NO_FACT = frozenset({"se", "ci_low", "ci_high"})
_SHAPES: dict[str, Convention] = {
    "#±#": MEAN_SD,
    "#(±#)": MEAN_SD,
    "#±#(#-#)": (*MEAN_SD, "min", "max"),
    "#[#-#]": MEDIAN_IQR,
    "#%": ("share",),
    "#(#%)": COUNT_SHARE,
    "##%": COUNT_SHARE,
    "#%(#)": SHARE_COUNT,
    "#/#": ("count", "total"),
    "#/#(#)": ("count", "total", "share"),
    "#/#(#%)": ("count", "total", "share"),
    "#%(#/#)": ("share", "count", "total"),
    "#(#/#)": ("share", "count", "total"),
}


@dataclass(frozen=True, slots=True)
class Stat:
    """One statistic of a cell; shares are 0-1; `decimals` are those printed."""

    statistic: str
    value: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a cell before reading it."""

    convention: Convention = ()
    notes: tuple[Convention, ...] = ()
    total: float | None = None
    has_unit: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as read: nothing if `stats` is empty, only in part if not `complete`."""

    stats: tuple[Stat, ...] = ()
    convention: Convention = ()
    complete: bool = False

    def get(self, statistic: str) -> float | None:
        """Return the value of a statistic, or None."""
        return next((s.value for s in self.stats if s.statistic == statistic), None)


@dataclass(frozen=True, slots=True)
class _Printed:
    value: float
    decimals: int
    percent: bool


def is_blank(text: str) -> bool:
    """Tell whether a cell holds nothing: empty, a dash, dots, `NA`."""
    return _BLANK.fullmatch(text) is not None


def is_data(text: str) -> bool:
    """Tell whether a cell holds numbers and no words other than names of statistics."""
    shape, numbers = _outline(text)
    return bool(numbers) and not re.search(r"[^\W\d_]", shape)


def figures_and_unit(text: str) -> tuple[str, str]:
    """Part `64 (SD 9) years` into its figures and its unit, which is empty if there is none."""
    match = _UNIT_LAST.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or not is_data(match["figures"]):
        return text, ""
    return match["figures"], match["unit"]


def read_cell(text: str, context: Context = Context()) -> Reading:
    """Read the statistics of one cell."""
    shape, numbers = _outline(text)
    if not numbers or re.search(r"[^\W\d_]", shape):
        return Reading()
    for convention in _candidates(shape, numbers, convention_of(_without_marks(text)), context):
        if _fits(convention, shape, numbers):
            complete = len(convention) == len(numbers) and not _NO_FACT & set(convention)
            return Reading(_assign(convention, numbers), convention, complete)
    return Reading()


def _outline(text: str) -> tuple[str, tuple[_Printed, ...]]:
    """Return a cell's shape (`67.9 (9.4)` is `#(#)`) and its numbers."""
    text = _split_pairs(without_statistics(_without_marks(text)))
    numbers = tuple(
        _Printed(parse_number(m["number"]), decimals_of(m["number"]), bool(m["percent"]))
        for m in _PRINTED.finditer(text)
    )
    shape = _PRINTED.sub(lambda m: "#%" if m["percent"] else "#", text)
    shape = re.sub(r"\+\s?/\s?[-−]", "±", shape)
    shape = _RANGE_SIGN.sub("-#", shape)
    shape = re.sub(r"(?<=[#%])\s*\bof\b\s*#", "/#", shape)
    return re.sub(r"\(\)|\[\]|[\s,;:={}]", "", shape), numbers


def _without_marks(text: str) -> str:
    """Drop footnote marks, and keep percent signs apart from the word for a share."""
    return _PERCENT.sub(_ARABIC_PERCENT, _MARKS.sub("", text)).strip()


def _split_pairs(text: str) -> str:
    """Part `60 [51,70]` into two numbers where the comma is no decimal comma.

    It is none if the number before the brackets lies between the two, and shows no decimal comma;
    in round brackets, a comma before three digits parts thousands.
    """
    lead = re.match(NUMBER, text)
    if lead is None or re.search(r"[0-9],[0-9]", lead[0]):
        return text
    middle = parse_number(lead[0])

    def part(match: re.Match[str]) -> str:
        thousands = re.fullmatch(r"[0-9]{3}", match[2]) and text[match.start() - 1] == "("
        if thousands:
            return match[0]
        low, high = parse_number(match[1]), parse_number(match[2])
        return f"{match[1]} - {match[2]}" if low <= middle <= high else match[0]

    return _PAIR.sub(part, text)


def _candidates(
    shape: str, numbers: tuple[_Printed, ...], words: Convention, context: Context
) -> Iterator[Convention]:
    """Yield the conventions that may hold for a cell, the best founded first."""
    stated = context.convention
    if words:
        yield words
        yield _SPREADS.get(words, words)
        yield from _completed(words, context)
    if stated != ("share",) or len(numbers) == 1:
        yield from _completed(stated, context)
    if shape == "#(#)":
        yield from _bare(numbers, context)
    else:
        yield from context.notes
    known = shape.replace("%", "") if "±" in shape else shape
    if known in _SHAPES:
        yield _SHAPES[known]
    if stated[:1] in (("mean",), ("p50",)) and shape.startswith("#"):
        yield stated[:1]


def _completed(stated: Convention, context: Context) -> Iterator[Convention]:
    """Yield a stated convention, then its longer and shorter forms (`mean` for `mean (SD)`)."""
    if not stated:
        return
    yield stated
    yield from (note for note in context.notes if note[: len(stated)] == stated)
    if stated == ("mean",):
        yield MEAN_SD
    if "count" in stated or stated == ("share",):
        yield from (COUNT_SHARE, ("count", "total", "share"), SHARE_COUNT)
    if "share" in stated:
        yield ("share",) if stated[0] == "share" else ("count",)
        yield ("share",)
    yield stated[:1]


def _bare(numbers: tuple[_Printed, ...], context: Context) -> Iterator[Convention]:
    """Decide what `a (b)` is; see the module's docstring."""
    first, second = numbers
    if context.has_unit and context.convention != ("share",):
        yield from (note for note in context.notes if note[0] == "mean")
        yield MEAN_SD
    elif _counts(first, second, context.total):
        yield COUNT_SHARE
    elif _counts(second, first, context.total):
        yield SHARE_COUNT
    elif not _may_count(first, second, context.total):
        yield from (note for note in context.notes if note[0] == "mean")
        yield MEAN_SD
    elif context.convention == ("share",):
        yield COUNT_SHARE
    else:
        pairs = [note for note in context.notes if len(note) == len(numbers)]
        if len(pairs) == 1:
            yield pairs[0]


def _counts(count: _Printed, share: _Printed, total: float | None) -> bool:
    """Tell whether `share` is the percentage of `count` among all patients, as printed."""
    if not total or count.decimals or count.value > total:
        return False
    return abs(100 * count.value / total - share.value) <= 0.51 * 10.0**-share.decimals


def _may_count(count: _Printed, share: _Printed, total: float | None) -> bool:
    """Tell whether they may be a count and its percentage, some patients having no value."""
    percentage = 0 <= share.value <= 100
    if count.decimals or not percentage:
        return False
    return not total or 100 * count.value / total <= share.value + 0.51 * 10.0**-share.decimals


def _fits(convention: Convention, shape: str, numbers: tuple[_Printed, ...]) -> bool:
    """Tell whether a convention can describe a cell of this shape."""
    if len(convention) != len(numbers):
        return convention in (("mean",), ("p50",))
    signs = re.findall(r"#%?([^#]*)", shape)
    percents = [number.percent for number in numbers]
    for i, statistic in enumerate(convention):
        unlike = (
            statistic in ("count", "total") and (numbers[i].decimals or percents[i]),
            statistic == "share" and any(percents) and not percents[i],
            "±" in signs[i] and convention[i + 1 : i + 2] not in (("sd",), ("se",)),
            ("/" in signs[i]) != (convention[i + 1 : i + 2] == ("total",)),
            signs[i] == "-" and convention[i : i + 2] not in LOW_HIGH,
        )
        if any(unlike):
            return False
    return True


def _assign(convention: Convention, numbers: tuple[_Printed, ...]) -> tuple[Stat, ...]:
    return tuple(
        Stat(
            statistic,
            round(number.value / 100, number.decimals + 2)
            if statistic == "share"
            else number.value,
            number.decimals,
        )
        for statistic, number in zip(convention, numbers, strict=False)
    )


def pieces(cell: Quote) -> list[Quote]:
    """Part a cell that states several things between semicolons, commas or line breaks."""
    parts: list[Quote] = []
    position = 0
    for match in [*_PIECES.finditer(cell.text), None]:
        end = match.start() if match else len(cell.text)
        text = cell.text[position:end]
        left = len(text) - len(text.lstrip())
        if text.strip():
            parts.append(Quote(text.strip(), cell.start + position + left))
        position = match.end() if match else end
    return parts
