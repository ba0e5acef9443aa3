"""Figures of numeric variables in prose: means, spreads, quantiles, ranges and bounds.

A sentence is first searched for single items (`SD 11`, `IQR 4-35`, `over 60`, `mean 62`). Items
with nothing but punctuation between them make a run, which is about one subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from synth_magic.description.numbers import decimals_of, parse_number
from synth_magic.description.phrases import of_the_study, plain_noun
from synth_magic.description.prose_names import Names
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_units import unit_at, without_unit
from synth_magic.description.prose_words import (
    PERCENT,
    Behind,
    closed,
    group_or_place_ahead,
    of_some,
    words_before,
    words_behind,
)
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import QUANTILE_LEVELS, Statistic

_IS = r"(?: (?:of|is|was|were|being|equal to|around|about))*(?: ?[=:])? *"
_TO = r" *(?:-? ?to|-|and) *"
_TIMES = r"(?:years?|months?|weeks?|days?)"
_LEVELS: dict[int, tuple[Statistic, ...]] = {
    1: ("p01",), 5: ("p05",), 25: ("p25",), 50: ("p50",), 75: ("p75",), 95: ("p95",), 99: ("p99",),
}  # fmt: skip
_NAMED_QUARTILES = {"lower": 25, "first": 25, "q1": 25, "upper": 75, "third": 75, "q3": 75}

_QUARTILES = (
    r"(?:\binter-?quartile range|\bquartiles|\biqr\b|\bq1 ?(?:-|to|,|and) ?q3"
    r"|\b25th(?: percentile)? ?(?:-|to|and) ?75th percentiles?)(?: ?[=:,])?"
    r"(?: (?:of|is|was|from|between))* *[\[(]? *(?P<low>#+)(?: ?[a-z/%]+(?:/[a-z]+)?)?"
    rf"(?:{_TO}|[,;] ?)(?P<high>#+)"
)
_QUARTILES_FIRST = (
    rf"(?P<low>#+){_TO}(?P<high>#+)(?: ?(?:{PERCENT}|[a-z]+(?:/[a-z]+)?))? ?"
    r"_(?:iqr|interquartile_range|q1_?-_?q3)_"
)
_QUANTILE = (
    r"\b(?:(?P<level>[0-9]{1,2})(?:st|nd|rd|th) (?:per)?centile"
    r"|(?P<named>lower|upper|first|third) quartile|(?P<q>q[13]))"
    rf"(?: of (?P<of>[a-z][a-z0-9 -]{{0,40}}?))?{_IS}(?P<value>#+)"
)
_SD = (
    rf"(?:(?:\bsd|\bs\.d\.|\bstandard deviation|\bst\.? ?dev\.?)(?: ?,)?{_IS}(?:±|\+/-)?"
    r"|±|\+/-|\+-) *(?P<value>#+)"
)
_OVER = (
    r"(?:\b(?:over|above|more than|greater than|higher than|older than|exceeding|beyond|at least"
    r"|not? (?:less|younger|lower|fewer) than|not (?:under|below))|≥|>=|=>|>)"
    r"(?: the age of| age)? *(?P<value>#+)(?! ?(?:-|to) ?#)"
)
_UNDER = (
    r"(?:\b(?:under|below|less than|lower than|younger than|fewer than|not exceeding|up to|at most"
    r"|not? (?:more|older|higher|greater) than|not (?:over|above))|≤|<=|=<|<)"
    r"(?: the age of| age)? *(?P<value>#+)(?! ?(?:-|to) ?#)"
)
_AND = r" ?(?:years?|yrs?|%|mm ?hg|[a-z]+/[a-z0-9./]+(?: m2)?)?(?: of age| old)? (?:and|or) "
_AND_OVER = rf"(?P<value>#+)(?:\+(?!/)|{_AND}(?:over|older|above|more|greater|higher)\b)"
_AND_UNDER = rf"(?P<value>#+){_AND}(?:under|younger|below|less|lower|fewer)\b"
_RANGE = (
    r"(?:\b(?P<lead>rang(?:e|es|ed|ing)|spanning|span|between|from)"
    r"(?: (?:from|of|is|was|between))*(?: ?[=:])? *)?"
    rf"(?P<low>#+)(?: ?(?P<low_unit>{_TIMES}|mm ?hg|{PERCENT}|[a-z]+/[a-z]+))?{_TO}(?P<high>#+)"
)
_CENTRE = (
    r"(?:\b(?P<said>means?|average[sd]?|averaging|avg|median|around|about|approximately|approx"
    rf"|roughly|circa|ca|typically|minimum|maximum|min|max)\b\.?{_IS}|~ ?)?"
    r"(?<![#/])(?P<value>#+)(?!#| ?/ ?#)"
)
_ITEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("quartiles", re.compile(_QUARTILES)),
    ("quartiles", re.compile(_QUARTILES_FIRST)),
    ("quantile", re.compile(_QUANTILE)),
    ("sd", re.compile(_SD)),
    ("low", re.compile(_OVER)),
    ("high", re.compile(_UNDER)),
    ("low", re.compile(_AND_OVER)),
    ("high", re.compile(_AND_UNDER)),
    ("range", re.compile(_RANGE)),
    ("centre", re.compile(_CENTRE)),
)
_GLUE = re.compile(r"[ ,;:()\[\]]*(?:(?:with|and|to) )?(?:an? )?(?:its )?")
_OPENED = re.compile(r" *[(\[] *")
_NO_SUBJECT = ("follow-up", "followup", "visit", "visits", "day", "week", "month", "year", "group")
_BOUNDS = ("low", "high", "range")
_DURATION = re.compile(
    r"\b(?:for|after|before|within|during|every|lasted|took|past|last|first)(?: an?)? *$"
)
_LASTING = re.compile(
    r"[ -]*(?:years?|yrs?)?[ -]*(?:risk|mortality|survival|follow|period|outcome|incidence|event)"
)
_COMPARED_AGES = re.compile(r"\b(?:older|younger) than\b")
_CENTRES: dict[str, Statistic] = {
    "median": "p50", "minimum": "min", "min": "min", "maximum": "max", "max": "max",
}  # fmt: skip
_MEANS = frozenset({"mean", "means", "average", "averages", "averaged", "averaging", "avg"})
_SPREADS = frozenset({"sd", "iqr", "range", "standard deviation", "interquartile range"})
_IN_OTHERS = re.compile(r" (?:in|among|for) ")
_VERB = re.compile(r"ed(?: \w+)?$")
_WAS = re.compile(r"\b(?:is|was|were) *$")
_MOST_WORDS = 5


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
            end, unit = unit_at(sentence, end)
            low_unit = groups.get("low_unit")
            two_units = low_unit and unit and low_unit[0] != unit[0].lower()
            before = sentence.plain[:start].rstrip()
            bracketed = before.endswith(("(", "["))
            yield _Item(
                "unclear" if two_units else kind, start, end, figures, said, unit, bracketed,
                groups.get("of") or "",
            )  # fmt: skip
            plain = plain[:start] + "|" * (end - start) + plain[end:]


def _read_run(sentence: Sentence, run: list[_Item], reading: Reading) -> None:
    names = reading.names
    if _ends_in_sd(sentence, run):
        run = [run[0], replace(run[1], kind="sd")]
    behind = words_behind(sentence, run[0].start, names)
    found = _statistics(run, behind)
    unit = next((item.unit for item in run if item.unit), "")
    bounds = run[0].kind in _BOUNDS
    start = behind.start
    if bounds and behind.people and not behind.denied and not behind.subject:
        start = run[0].start
    end = closed(sentence, start, run[-1].end)
    if not unit:
        end, unit = unit_at(sentence, end)
    subject = run[0].of.strip() or behind.subject or _unnamed(sentence, run[0], behind, unit)
    before = words_before(sentence, start)
    if not subject and before:
        if unit == "%" and _is_of_what_follows(sentence, end, names):
            return
        subject = before
        if not names.find(subject) and (names.misspelt(subject) or not plain_noun(subject)):
            return
    if not subject and behind.people and not behind.group:
        return
    subject, in_unit = without_unit(sentence, start, subject)
    unit = unit or in_unit
    again = _as_before(sentence, run, reading) if not subject else None
    if again and found:
        subject, found = again.subject, [(again.statistic, found[0][1])]
    elif not found or not _plausible(subject, _Evidence.of(run, behind, unit), names):
        return
    if _VERB.search(subject) and _DURATION.search(sentence.plain, 0, run[0].start):
        return  # `followed for about 2.5 years`
    end, group = group_or_place_ahead(sentence, end, names, of_all=bounds)
    of_bounded = bounds and bool(behind.last)
    if group is None or (group and behind.group) or (bounds and of_some(sentence, end)):
        return
    group = group or ("" if of_bounded else behind.group)
    quote = sentence.take(start, end)
    decimals = _decimals(found)
    for statistic, figure in found:
        reading.state(
            sentence,
            Statement(
                quote, quote.start, subject, statistic, parse_number(figure), group, unit=unit,
                decimals=decimals,
            ),
        )  # fmt: skip


def _is_of_what_follows(sentence: Sentence, end: int, names: Names) -> bool:
    """Tell whether a percentage is the share of a state: `FEV1, 50% male`."""
    words = sentence.plain[end : sentence.after(end)].split()
    first = [" ".join(words[:count]) for count in range(1, len(words) + 1)]
    return any(names.level(state) or names.is_coded(state) for state in first)


def _ends_in_sd(sentence: Sentence, run: list[_Item]) -> bool:
    """Tell whether a figure in brackets that nothing names is an SD: `was 152 (26) mmHg`."""
    if [item.kind for item in run] != ["centre", "centre"] or not run[1].bracketed:
        return False
    centre, spread = run
    if spread.said or spread.unit == "%" or centre.said not in ("", *_MEANS):
        return False
    _, unit = unit_at(sentence, closed(sentence, centre.start, spread.end))
    measured = {centre.unit, spread.unit, unit} - {"", "%"}
    told = centre.said.startswith("averag") or _WAS.search(sentence.plain[: centre.start])
    value, deviation = (parse_number(item.figures[0]) for item in run)
    return bool(measured or told) and 0 < deviation < value


def _as_before(sentence: Sentence, run: list[_Item], reading: Reading) -> Statement | None:
    """Return the statement that `68 in women` repeats after `age 65 in men`."""
    bare = len(run) == 1 and run[0].kind == "centre" and not run[0].said
    if not bare or not _IN_OTHERS.match(sentence.plain, run[0].end):
        return None
    before = (s for s in reversed(reading.statements) if s.sentence == sentence.start)
    last = next(before, None)
    if last is None or not last.group or run[0].unit not in ("", last.unit):
        return None
    return last if last.statistic in ("mean", "p50") else None


def _statistics(run: list[_Item], behind: Behind) -> list[tuple[Statistic, str]]:
    """Return what each figure of a run is, or nothing if one of them is unclear."""
    found: list[tuple[Statistic, str]] = []
    for item in run:
        if item.bracketed and item.unit and run[0].unit not in ("", item.unit) and not item.said:
            continue  # `180 lb (82 kg)`
        if item.unit and run[0].unit not in ("", item.unit):
            return []  # `1.75 m, range 150 to 200 cm`
        statistics = _of_item(item, behind, found)
        if not statistics:
            return []
        found += zip(statistics, item.figures, strict=True)
    unnamed = run[0].kind == "centre" and not behind.said and not run[0].said
    if unnamed and found[-1][0] == "p75":
        found[0] = ("p50", found[0][1])
    repeated = len({statistic for statistic, _ in found}) < len(found)
    denied = behind.denied and any(item.kind not in ("low", "high") for item in run)
    return [] if denied or repeated else found


def _of_item(
    item: _Item, behind: Behind, before: list[tuple[Statistic, str]]
) -> tuple[Statistic, ...]:
    """Return the statistics of an item's figures, or nothing if that is unclear."""
    match item.kind:
        case "sd" | "quartiles":
            return ("sd",) if item.kind == "sd" else ("p25", "p75")
        case "quantile" | "unclear":
            return _LEVELS.get(int(item.said or 0), ()) if item.kind == "quantile" else ()
        case "low" | "high":
            return ("max",) if (item.kind == "high") != behind.denied else ("min",)
        case "range":
            if item.said or not item.bracketed or behind.said & {"range", "min-max"}:
                return ("min", "max")
            quartiles = behind.said & {"iqr", "interquartile range", "q1-q3"}
            after_median = [statistic for statistic, _ in before] == ["p50"]
            return ("p25", "p75") if quartiles or after_median else ()
        case _:
            return _of_centre(item, behind, follows=bool(before))


def _of_centre(item: _Item, behind: Behind, follows: bool) -> tuple[Statistic, ...]:
    if follows and item.bracketed and not item.said:
        return ("sd",) if behind.said & {"sd", "standard deviation", ""} else ()
    said = {item.said} if item.said or follows else behind.said
    for word, statistic in _CENTRES.items():
        if word in said:
            return (statistic,)
    return () if said & _SPREADS and not said & _MEANS else ("mean",)


def _unnamed(sentence: Sentence, item: _Item, behind: Behind, unit: str) -> str:
    """Return "age" where only ages are spoken of so: `patients over 60`, `18+`, `62 years`."""
    words = sentence.plain[item.start : item.end]
    of_people = item.kind in _BOUNDS and behind.people and not unit
    lasting = _DURATION.search(sentence.plain, 0, item.start) or _LASTING.match(
        sentence.plain, item.end
    )
    aged = unit == "years" and not lasting
    if aged or of_people or words.endswith("+") or _COMPARED_AGES.search(words):
        return "age"
    return ""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for figures being those of a numeric variable."""

    certain: bool
    bounds: bool
    led: bool
    spoken: bool
    unit: str

    @classmethod
    def of(cls, run: list[_Item], behind: Behind, unit: str) -> _Evidence:
        said = {*behind.said, *(item.said for item in run)} - {""}
        kinds = {item.kind for item in run}
        certain = bool(said & (_MEANS | {"median"}) or kinds & {"sd", "quartiles", "quantile"})
        led = (bool(run[0].said) and run[0].kind == "range") or bool(said & set(_CENTRES))
        return cls(certain, run[0].kind in ("low", "high"), led, bool(said), unit)


def _plausible(subject: str, evidence: _Evidence, names: Names) -> bool:
    """Tell whether figures are surely those of a subject ("": of the one before it)."""
    in_percent = names.in_percent(subject) if subject else evidence.led
    if evidence.unit == "%" and not evidence.certain and not in_percent:
        return False
    if not subject:
        return evidence.certain or evidence.led
    if names.is_number(subject):
        return True
    if names.is_coded(subject) or names.misspelt(subject) or subject in _NO_SUBJECT:
        return False
    verb = evidence.bounds and not evidence.certain and _VERB.search(subject)
    too_long = "#" in subject or len(subject.split()) > _MOST_WORDS
    if verb or too_long or of_the_study(subject):
        return False
    measured = bool(re.search(r"/|^mm|\bper ", evidence.unit.lower()))
    enough = evidence.certain or evidence.bounds or evidence.spoken or measured
    return enough or names.find(subject) is not None


def _decimals(found: list[tuple[Statistic, str]]) -> int | None:
    """Return the decimals that quantiles show; a range in whole numbers may just be a criterion."""
    quantiles = [decimals_of(figure) for s, figure in found if s in QUANTILE_LEVELS]
    bounds = [d for s, figure in found if s in ("min", "max") and (d := decimals_of(figure))]
    return max([*quantiles, *bounds], default=None)
