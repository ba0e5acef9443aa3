"""What the words of a baseline table say about its numbers: `mean (SD)`, `median [IQR]`, `n (%)`.

A convention names the numbers of a cell in the order in which they are printed, so that
`median (IQR)` is `("p50", "p25", "p75")`. Beside the statistics of a Fact it knows `count`
(patients), `total` (patients with a value), and what is recognised but leads to no fact: `se`,
`ci_low`, `ci_high`.
"""

from __future__ import annotations

import re

Convention = tuple[str, ...]

LOW_HIGH: frozenset[Convention] = frozenset(
    {("p25", "p75"), ("min", "max"), ("ci_low", "ci_high"), ("p05", "p95"), ("p01", "p99")}
)
MEAN_SD: Convention = ("mean", "sd")
MEDIAN_IQR: Convention = ("p50", "p25", "p75")
COUNT_SHARE: Convention = ("count", "share")
SHARE_COUNT: Convention = ("share", "count")

_PEOPLE = r"(?:patients?|participants?|subjects?|persons?|people|individuals?|cases)"
_TO = r"\s*(?:to|and|[-‐‑–—,;/:]|\.\.)\s*"
_WORDS: tuple[tuple[Convention, str], ...] = (
    (
        ("p25", "p75"),
        (
            rf"inter-?\s?quartile\s+ranges?|IQRs?|Q1{_TO}Q3|Q25{_TO}Q75|p25{_TO}p75|quartiles"
            rf"|1st{_TO}3rd\s+quartiles?|(?:lower|first){_TO}(?:upper|third)\s+quartiles?"
            rf"|25(?:th|%){_TO}75(?:th|%)(?:\s*(?:per)?centiles?)?|25{_TO}75\s*(?:per)?centiles?"
        ),
    ),
    (("p05", "p95"), rf"5th{_TO}95th(?:\s*(?:per)?centiles?)?|p5{_TO}p95"),
    (("ci_low", "ci_high"), r"(?:95\s*%?\s*)?(?:confidence\s+intervals?|CIs?)"),
    (("min", "max"), rf"min(?:imum)?\.?{_TO}max(?:imum)?\.?|(?:full\s+)?ranges?"),
    (("mean",), r"means?|averages?"),
    (("p50",), r"medians?|p50"),
    (("sd",), r"standard\s+deviations?|std\.?(?:\s*dev(?:iation)?s?\.?)?|s\.\s?d\.|SDs?"),
    (("se",), r"standard\s+errors?(?:\s+of\s+the\s+mean)?|SEM?s?"),
    (("min",), r"min(?:imum)?"),
    (("max",), r"max(?:imum)?"),
    (("p25",), r"p25|q1|q25|(?:lower|first|1st)\s+quartile"),
    (("p75",), r"p75|q3|q75|(?:upper|third|3rd)\s+quartile"),
    (
        ("count", "total"),
        r"n\s?/\s?N|no\.\s?/\s?total(?:\s+no\.)?|number\s?/\s?total(?:\s+number)?",
    ),
    (
        ("count",),
        rf"(?:no\.|nos\.?|no(?=\s*[,(\[]?\s*%)|numbers?|counts?|n)(?:\s+of\s+{_PEOPLE})?(?!\s+of\b)",
    ),
    (("share",), rf"%(?:\s+of\s+{_PEOPLE})?|per\s?cent(?:age)?s?|proportions?|shares?"),
)
_WORD = re.compile(
    "|".join(rf"(?P<w{i}>(?<![^\W_])(?:{words})(?![^\W_]))" for i, (_, words) in enumerate(_WORDS)),
    re.IGNORECASE,
)
_JOINERS = re.compile(
    r"±|\+\s?/\s?[-−]|plus[-–]minus|\b(?:or|and|as|the|are)\b|_|[^\w+]", re.IGNORECASE
)
_BESIDE = re.compile(r"\s*(?:[(\[,;±/]|\+/[-−]|and|with)*\s*(?:±|\+/[-−]|the)?\s*", re.IGNORECASE)


def convention_of(text: str) -> Convention:
    """Return the statistics that the words of a text name, in their order."""
    return sum((_meaning(match) for match in _WORD.finditer(text)), ())


def only_statistics(text: str) -> bool:
    """Tell whether a text consists of nothing but names of statistics."""
    rest, words = _WORD.subn(" ", text)
    return words > 0 and not _JOINERS.sub("", rest)


def without_statistics(text: str) -> str:
    """Return a text with the names of statistics blanked."""
    return _WORD.sub(" ", text)


def leading_statistic(text: str) -> re.Match[str] | None:
    """Match the `Mean` of `Mean age`, or the `Median (IQR)` of `Median (IQR) age`."""
    return re.match(
        r"\s*(?:means?|medians?|average)\b(?!\s+(?:arterial|corpuscular|cell|platelet))(?:\s*(?:\([^()]*\)|\[[^\[\]]*\]|±\s*SD)(?=\s*\w))?\s*",
        text,
        re.IGNORECASE,
    )


def trailing_statistic(text: str) -> str:
    """Return the `range` of `Age range`, or the `n (%)` of `Diabetes n (%)`."""
    words = re.compile(r"(?:range|means?|medians?|IQR|SD|n|no\.|%)(?!\w)", re.IGNORECASE)
    ends = (text[match.end() :] for match in re.finditer(r"(?<=[\w)\]])\s+", text))
    return next((end for end in ends if words.match(end) and only_statistics(end)), "")


def conventions_in(text: str) -> tuple[Convention, ...]:
    """Return the conventions that a caption or footnote states, of two numbers or more each.

    `Data are mean (SD), median [IQR] or n (%)` states three of them.
    """
    found: list[Convention] = []
    end = 0
    for match in _WORD.finditer(text):
        meaning = _meaning(match)
        beside = bool(found) and _BESIDE.fullmatch(text[end : match.start()]) is not None
        if beside and _continues(found[-1], meaning):
            found[-1] += meaning
        else:
            found.append(meaning)
        end = match.end()
    stated = [convention for convention in found if len(convention) > 1]
    return tuple(dict.fromkeys(c for c in stated if c[0] in ("mean", "p50", "count", "share")))


def _meaning(match: re.Match[str]) -> Convention:
    return _WORDS[int((match.lastgroup or "w0")[1:])][0]


def _continues(convention: Convention, meaning: Convention) -> bool:
    """Tell whether a statistic is printed after the others in the same cell."""
    if convention[0] in ("mean", "p50"):
        return meaning[0] not in ("mean", "p50", "count", "share") and meaning[0] not in convention
    pair = {convention[0], meaning[0]}
    return pair == {"count", "share"} and meaning[0] not in convention
