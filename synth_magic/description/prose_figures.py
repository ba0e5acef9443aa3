"""Figures of numeric variables in prose: means, spreads, quantiles, ranges and bounds.

A sentence is first searched for single items (`SD 11`, `IQR 4-35`, `over 60`, `mean 62`). Items
with nothing but punctuation between them make a run, which is about one subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth_magic.description.numbers import decimals_of, parse_number
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import PERCENT, Behind, group_ahead, words_behind
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import QUANTILE_LEVELS, Statistic

_IS = r"(?: (?:of|is|was|were|being|equal to|around|about))*(?: ?[=:])? *"
_TO = r" *(?:-? ?to|-|and) *"
_UNIT = re.compile(
    rf" ?(?P<unit>{PERCENT}(?: predicted)?"
    r"|[a-zµ]+(?:/[a-z0-9.]+)+(?: ?m2)?|[x×] ?10\^?[0-9]+/[a-zµ]+|kg per m2|mm ?hg|bpm|beats per minute"
    r"|years?[ -]olds?|years of age|years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|min|kpa|pack-years"
    r"|kg|cm|mm|mg|µg|ug|mcg|ng|pg|ml|iu|mmol|points?|units?|°c|[ygmlh](?= ?[,;.)\]]|$))(?![a-z0-9])",
)
_AGE_UNIT = re.compile(r"(?:years?|yrs?|y)(?:[ -]olds?| of age)?")
_OLD = re.compile(r"[ -]?(?:years?|yrs?|y)?[ -]?(?:olds?\b|of age\b)|s\b")
_LEVELS = {round(100 * level): name for name, level in QUANTILE_LEVELS.items()}
_NAMED_QUARTILES = {"lower": 25, "first": 25, "q1": 25, "upper": 75, "third": 75, "q3": 75}

_ITEMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("quartiles",
         r"(?:\biqr\b|\binter-?quartile range|\bquartiles|\bq1 ?(?:-|to|,|and) ?q3"
         r"|\b25th(?: percentile)? ?(?:-|to|and) ?75th percentiles?)(?: ?[=:,])?(?: (?:of|is|was|from|between))*"
         r" *[\[(]? *(?P<low>#+)(?: ?[a-z/%]+(?:/[a-z]+)?)?(?:" + _TO + r"|[,;] ?)(?P<high>#+)"),
        ("quantile",
         r"\b(?:(?P<level>[0-9]{1,2})(?:st|nd|rd|th) (?:per)?centile|(?P<named>lower|upper|first|third)"
         r" quartile|(?P<q>q[13]))(?: of (?P<of>[a-z][a-z0-9 -]{0,40}?))?" + _IS + r"(?P<value>#+)"),
        ("sd",
         r"(?:\bsd|\bs\.d\.|\bstandard deviation|\bst\.? ?dev\.?)(?: ?,)?" + _IS + r"(?:±|\+/-)? *(?P<value>#+)"),
        ("sd", r"(?:±|\+/-|\+-) *(?P<value>#+)"),
        ("low",
         r"(?:\b(?:over|above|more than|greater than|higher than|older than|exceeding|beyond"
         r"|no(?:t)? (?:less|younger|lower|fewer) than|not (?:under|below)|at least|from age)|≥|>=|=>|>)"
         r"(?: the age of| age)? *(?P<value>#+)(?! ?(?:-|to) ?#)"),
        ("high",
         r"(?:\b(?:under|below|less than|lower than|younger than|fewer than|not exceeding|up to"
         r"|no(?:t)? (?:more|older|higher|greater) than|not (?:over|above)|at most)|≤|<=|=<|<)"
         r"(?: the age of| age)? *(?P<value>#+)(?! ?(?:-|to) ?#)"),
        ("low", r"(?P<value>#+)(?:\+(?!/)| ?(?:years?|yrs?)?(?: of age| old)? (?:and|or) "
                r"(?:over|older|above|more|greater|higher|upwards)\b)"),
        ("high", r"(?P<value>#+) ?(?:years?|yrs?)?(?: of age| old)? (?:and|or) "
                 r"(?:under|younger|below|less|lower|fewer)\b"),
        ("range",
         r"(?:\b(?P<lead>rang(?:e|es|ed|ing)|spanning|span|between|from)(?: (?:from|of|is|was|between))*"
         r"(?: ?[=:])? *)?(?P<low>#+)(?: ?(?:mm ?hg|" + PERCENT + r"|[a-z]+/[a-z]+))?" + _TO
         + r"(?P<high>#+)"),
        ("centre",
         r"(?:\b(?P<said>means?|average[sd]?|averaging|avg|median|around|about|approximately|approx|roughly"
         r"|circa|ca|typically|minimum|maximum|min|max)\b\.?" + _IS + r"|~ ?)?(?<![#/])(?P<value>#+)(?!#| ?/ ?#)"),
    )
)  # fmt: skip
_GLUE = re.compile(r"[ ,;:()\[\]]*(?:(?:with|and|to) )?(?:an? )?(?:its )?")
_OPENED = re.compile(r" *[(\[] *")
_OPENING, _CLOSING = "([", ")]"
_NO_SUBJECT = ("follow-up", "followup", "visit", "visits", "day", "week", "month", "year", "group")
_LONGEST_SUBJECT = 5


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    start: int
    end: int
    figures: tuple[str, ...]
    said: str = ""
    unit: str = ""
    bracketed: bool = False
    of: str = ""


def read_figures(sentence: Sentence, reading: Reading) -> None:
    """Read the means, spreads, quantiles, ranges and bounds of a sentence."""
    for run in _runs(sentence):
        _read_run(sentence, run, reading)


def _runs(sentence: Sentence) -> Iterator[list[_Item]]:
    run: list[_Item] = []
    for item in sorted(_items(sentence), key=lambda item: item.start):
        gap = sentence.plain[run[-1].end : item.start] if run else ""
        if run and not (_GLUE if _says_what_it_is(item) else _OPENED).fullmatch(gap):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _says_what_it_is(item: _Item) -> bool:
    """Tell whether an item needs no bracket around it to belong to the figure before."""
    return item.kind in ("sd", "quartiles", "quantile") or bool(item.said)


def _items(sentence: Sentence) -> Iterator[_Item]:
    plain = sentence.plain
    for kind, pattern in _ITEMS:
        for match in pattern.finditer(plain):
            groups = match.groupdict()
            if kind == "range" and groups["lead"] is None and " and " in match[0]:
                continue
            if kind == "range" and "and" in match[0] and groups["lead"] not in ("between", None):
                continue
            names = ("low", "high") if kind in ("quartiles", "range") else ("value",)
            figures = tuple(sentence.text[match.start(n) : match.end(n)] for n in names)
            start, end = match.span()
            said = groups.get("said") or groups.get("lead") or ""
            if kind == "quantile":
                said = str(_NAMED_QUARTILES.get(groups["named"] or groups["q"], groups["level"]))
            end, unit = _unit(sentence, end)
            before = sentence.plain[:start].rstrip()
            bracketed = before.endswith(tuple(_OPENING))
            yield _Item(kind, start, end, figures, said, unit, bracketed, groups.get("of") or "")
            plain = plain[:start] + "|" * (end - start) + plain[end:]


def _unit(sentence: Sentence, end: int) -> tuple[int, str]:
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


def _read_run(sentence: Sentence, run: list[_Item], reading: Reading) -> None:
    names = reading.names
    behind = words_behind(sentence, run[0].start, names)
    said = behind.said | {item.said for item in run}
    found = _statistics(run, behind)
    unit = next((item.unit for item in run if item.unit), "")
    subject = run[0].of.strip() or _subject(sentence, behind, unit, run)
    if not found or not _plausible(subject, unit, said, found, run, reading):
        return
    end = _closed(sentence, run[-1].end, behind.start)
    if not unit:
        end, unit = _unit(sentence, end)
    end, group = group_ahead(sentence, end, names)
    of_bounded = behind.last and run[0].kind in ("low", "high", "range")
    if (
        group is None
        or (group and behind.group)
        or (behind.people and not behind.group and not subject)
    ):
        return
    group = group or ("" if of_bounded else behind.group)
    quote = sentence.quote(behind.start, end)
    decimals = _decimals(found)
    for statistic, figure in found:
        value = parse_number(figure)
        reading.state(
            sentence,
            Statement(
                quote, sentence.start + behind.start, subject, statistic, value,
                group, unit=unit, decimals=decimals,
            ),
        )  # fmt: skip
    sentence.take(behind.start, end)


def _statistics(run: list[_Item], behind: Behind) -> list[tuple[Statistic, str]]:
    """Return what each figure of a run is, or nothing if one of them is unclear."""
    found: list[tuple[Statistic, str]] = []
    for item in run:
        first, last = item.figures[0], item.figures[-1]
        match item.kind:
            case "sd":
                found.append(("sd", first))
            case "quartiles":
                found += [("p25", first), ("p75", last)]
            case "quantile":
                level = _LEVELS.get(int(item.said))
                if level is None:
                    return []
                found.append((level, first))  # type: ignore[arg-type]
            case "low" | "high":
                upper = (item.kind == "high") != behind.denied
                found.append(("max" if upper else "min", first))
            case "range":
                quartiles = behind.said & {"iqr", "interquartile range", "q1-q3"}
                if item.bracketed and quartiles and not item.said:
                    found += [("p25", first), ("p75", last)]
                elif item.bracketed and not item.said and not behind.said & {"range", "min-max"}:
                    return []
                else:
                    found += [("min", first), ("max", last)]
            case _:
                statistic = _centre(item, behind, bool(found))
                if statistic is None:
                    return []
                found.append((statistic, first))
    if run[0].kind == "centre" and not behind.said and not run[0].said and found[-1][0] == "p75":
        found[0] = ("p50", found[0][1])
    names = [statistic for statistic, _ in found]
    denied = behind.denied and any(item.kind not in ("low", "high") for item in run)
    return [] if denied or len(set(names)) < len(names) else found


def _centre(item: _Item, behind: Behind, follows: bool) -> Statistic | None:
    if follows and item.bracketed and not item.said:
        return "sd" if behind.said & {"sd", "standard deviation", ""} else None
    said = {item.said.rstrip(".")} if item.said or follows else set(behind.said)
    if said & {"median"}:
        return "p50"
    if said & {"minimum", "min"}:
        return "min"
    if said & {"maximum", "max"}:
        return "max"
    spread_only = {"sd", "iqr", "range", "standard deviation", "interquartile range"}
    if said & spread_only and not said & {"mean", "average"}:
        return None
    return "mean"


def _subject(sentence: Sentence, behind: Behind, unit: str, run: list[_Item]) -> str:
    """Return the words for the variable, "" for the one that the sentence spoke of last."""
    if behind.subject:
        return behind.subject
    bounds = run[0].kind in ("low", "high", "range")
    plus = sentence.plain[run[0].start : run[0].end].endswith("+")
    compared = re.search(r"\b(?:older|younger) than", sentence.plain[run[0].start : run[0].end])
    if unit == "years" or (bounds and behind.people and not unit) or plus or compared:
        return "age"
    return ""


def _plausible(
    subject: str, unit: str, said: frozenset[str] | set[str], found: list[tuple[Statistic, str]],
    run: list[_Item], reading: Reading,
) -> bool:  # fmt: skip
    """Tell whether a subject can have such figures, and whether they are surely its own."""
    names = reading.names
    statistics = {statistic for statistic, _ in found}
    spoken = bool(
        said & {"mean", "means", "average", "averages", "averaged", "averaging", "median"}
    )
    certain = spoken or bool(statistics & {"sd", "p25", "p75", "p50"})
    if unit == "%" and not certain and not (names.in_percent(subject) if subject else run[0].said):
        return False
    if not subject:
        led = run[0].kind == "range" and (run[0].said or run[0].unit == "years")
        return certain or run[0].kind == "quantile" or bool(led) or bool(said & {"min", "max"})
    if names.is_number(subject):
        return True
    if names.is_coded(subject) or names.misspelt(subject) or "#" in subject:
        return False
    if len(subject.split()) > _LONGEST_SUBJECT or subject in _NO_SUBJECT:
        return False
    if names.find(subject):
        return True
    measured = bool(unit) and ("/" in unit or unit.lower().startswith("mm"))
    return certain or measured or run[0].kind in ("low", "high") or bool(said - {""})


def _closed(sentence: Sentence, end: int, start: int) -> int:
    """Return the end of a stretch, with the bracket that closes one opened in it."""
    stretch = sentence.plain[start:end]
    opened = sum(stretch.count(c) for c in _OPENING) - sum(stretch.count(c) for c in _CLOSING)
    closing = re.match(r" *[)\]]", sentence.plain[end:])
    return end + closing.end() if opened > 0 and closing else end


def _decimals(found: list[tuple[Statistic, str]]) -> int | None:
    """Return the decimals that quantiles show; a range in whole numbers may just be a criterion."""
    quantiles = [decimals_of(figure) for s, figure in found if s in QUANTILE_LEVELS]
    bounds = [d for s, figure in found if s in ("min", "max") and (d := decimals_of(figure))]
    return max([*quantiles, *bounds], default=None)
