"""The label of a table's row: its name, freed of unit, footnote marks and `mean (SD)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_magic.description.codes import SEMICOLON
from synth_magic.description.conventions import (
    Convention,
    convention_of,
    leading_statistic,
    only_statistics,
    trailing_statistic,
)

_ATOM = (
    r"(?:years?|yrs?|y|months?|mo|weeks?|wks?|days?|d|hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s"
    r"|msec|ms|kg|mg|[µμu]g|mcg|ng|pg|g|[kmµμ]?mol|[µμnp]mol|mm\s?Hg|mmHg|kPa|cm\s?H2O|[kc]?m[²³23]?"
    r"|mm[²³23]?|[µμ]m|d[lL]|m[lL]|[µμ][lL]|fl|fL|[lL]|m?I?U|kU|mEq|mOsm|beats|breaths|bpm|points?"
    r"|scores?|units?|pack|drinks?|cigarettes?|copies|cells|kcal|kJ|Gy|Hz|METs?|°\s?[CF]|[CF]|cm"
    r"|lbs?|pounds?|stones?|ft|feet|inch(?:es)?|in"
    r"|(?:[×x*·]\s?)?10[\^]?[⁰¹²³⁴⁵⁶⁷⁸⁹0-9]+|log10|percent|per|%|predicted|of|1[.·]73|1000|1)"
)
UNIT = rf"(?:(?:in\s+)?{_ATOM}(?:\s*(?:[/·×*.^‐-]|\s|⁻¹|⁻²|-1)\s*{_ATOM})*(?:⁻¹|⁻²|-1)?)"
_LONGEST = 500
_UNIT = re.compile(UNIT)
_MARKS = re.compile(
    r"<sup>[^<]*</sup>|\^[^\s^]{1,3}\^|\^(?:[a-z](?:,[a-z])*|[*†‡§])(?!\w)|[†‡§¶‖∥]+"
    r"|\\?\*+|(?<=\w)#+(?=\s|$)|[\u02B0-\u02B8\u1D43-\u1D6A\u1DA0-\u1DBF\u2071\u207F]+"
    r"|(?:(?<=[^\W\d]{3})|(?<=[)\]%]))[¹²³⁴-⁹](?:,[¹²³⁴-⁹])*(?=\s*(?:$|[,(—–-]))"
)
_BULLET = re.compile(r"^(?:[-–—•·◦○‣▪●►→]\s+|&(?:nbsp|emsp|ensp|bull|middot);|[•◦○‣▪●►]|\s)+")
_SEPARATOR = re.compile(rf"([()\[\]]|—|{SEMICOLON}|,(?!\d{{3}})|:|\s[-–]\s)")
_SEX = re.compile(
    r"(?:(?:sex|gender)\W*)?\b(?P<sex>females?|women|woman|males?|men|man)\b(?:\W*(?:sex|gender|[fmw]\b))?\W*",
    re.I,
)
_MISSING = re.compile(
    r"(?:missing|unknown|not (?:known|reported|recorded|available|stated|classified|assessed|done)"
    r"|unclassified|unspecified|no data|data missing|n/?a|undetermined)"
    r"(?: (?:data|values?|status|or missing|or unknown|/ ?unknown))?",
    re.I,
)
_PERCENT_MEASURED = re.compile(
    r"h(?:a|b)a1c|a1c|glycated|glycosylated|h(?:a)?ematocrit|ejection fraction|lvef|saturation"
    r"|s[pa]o2|fev|fvc|dlco|shortening|strain|body fat|neutrophils|lymphocytes|adherence",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a row's label says: `Age, years, mean (SD)` is `Age`, `years`, `("mean", "sd")`."""

    name: str
    unit: str = ""
    convention: Convention = ()


def read_label(text: str, *, has_unit: bool = True) -> Label:
    """Part a label into name, unit and convention, or keep its unit in the name.

    What is longer than any label is a name as it is.
    """
    if len(text) > _LONGEST:
        return Label(text.strip())
    text = plain(text)
    head = leading_statistic(text)
    convention: Convention = ()
    if head and not only_statistics(text):
        convention = convention_of(head[0])
        text = text[head.end() :]
        text = text[:1].upper() + text[1:]
    tail = trailing_statistic(text)
    if tail and not only_statistics(text):
        convention += convention_of(tail)
        text = text.removesuffix(tail)
    unit = ""
    kept: list[str] = []
    for piece in _SEPARATOR.split(text):
        content = piece.strip()
        if content and only_statistics(content) and not (content == "%" and _is_number(convention)):
            convention += convention_of(content)
        elif has_unit and not unit and "".join(kept).strip(" ([,—:;") and _UNIT.fullmatch(content):
            unit = content
        elif kept and content.startswith("±"):
            convention += convention_of(content)
        else:
            kept.append(piece)
    name = _tidy("".join(kept))
    convention = tuple(dict.fromkeys(convention))
    if convention == ("share",) and _PERCENT_MEASURED.search(name):
        return Label(name, unit or "%", ())
    return Label(name, unit, convention)


def plain(text: str) -> str:
    """Free a label or heading of footnote marks, bullets, line breaks and Markdown emphasis."""
    text = re.sub(r"<br\s*/?>|\s+", " ", text, flags=re.I)
    return _BULLET.sub("", _MARKS.sub("", text)).strip().strip("_").strip()


def sex_of(name: str) -> str:
    """Return `female` or `male` if a label names just that (`Male sex`, `Women`), or nothing."""
    match = _SEX.fullmatch(name.strip())
    if match is None:
        return ""
    return "female" if match["sex"].lower().startswith(("f", "w")) else "male"


def is_missing(name: str) -> bool:
    """Tell whether a level stands for patients without a value."""
    return _MISSING.fullmatch(name.strip()) is not None


def is_unit(name: str) -> bool:
    """Tell whether a text is a unit and nothing else: `mg/dL`, `years`."""
    return _UNIT.fullmatch(name.strip()) is not None


def measured_in_percent(name: str) -> bool:
    """Tell whether a lone percentage may be the quantity itself, as for HbA1c."""
    return _PERCENT_MEASURED.search(name) is not None


def _is_number(convention: Convention) -> bool:
    """Tell whether a percent sign after this convention is a unit."""
    return bool({"mean", "p50", "sd", "min", "p25"} & set(convention))


def _tidy(name: str) -> str:
    """Drop the brackets and separators that nothing is left in."""
    before = None
    while before != name:
        before = name
        name = re.sub(r"\(\s*[,;±]*\s*\)|\[\s*[,;±]*\s*\]", "", name)
        name = re.sub(rf"\s*(?:,|{SEMICOLON})\s*(?=[,;)\]])", "", name)
        name = re.sub(rf"^[\s,;:—–±)-]+|(?:[\s,:—–±(\[-]|{SEMICOLON})+$", "", name)
    return re.sub(r"\s{2,}", " ", name)
