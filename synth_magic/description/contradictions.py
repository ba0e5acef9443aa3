"""Statements that cannot all be true.

One small function a rule; each yields a message that quotes both places. `check` raises all of them
at once. What differs by no more than the rounding of the printed figures is no contradiction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import inf

from synth_magic.description.layout import line_number
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.errors import ContradictionError
from synth_magic.spec.model import Fact, Statistic, Within

_RISING: tuple[Statistic, ...] = ("min", "p01", "p05", "p25", "p50", "p75", "p95", "p99", "max")
_NAMES = {
    "sd": "SD", "min": "minimum", "max": "maximum", "p25": "lower quartile", "p50": "median",
    "p75": "upper quartile", "missing": "missing share", "spearman": "correlation",
    "p01": "1st percentile", "p05": "5th percentile", "p95": "95th percentile",
    "p99": "99th percentile",
}  # fmt: skip
_LIMITS = {
    "share": (0, 1, "it lies between 0 and 100 %"),
    "missing": (0, 1, "it lies between 0 and 100 %"),
    "spearman": (-1, 1, "it lies between -1 and 1"),
    "sd": (0, inf, "it cannot be negative"),
}
_SHARES = ("share", "missing")
_TOLERANCE = 1e-9


def check(description: Description) -> None:
    """Raise ContradictionError, naming every contradiction, if there is one."""
    found = list(contradictions(description))
    if found:
        raise ContradictionError("\n".join(found))


def contradictions(description: Description) -> Iterator[str]:
    """Yield a message for each contradiction between the facts of a description."""
    quoted = _Quoting(description.text)
    known = {variable.name: variable for variable in description.variables}
    groups: dict[tuple[str, Within | None], list[Fact]] = defaultdict(list)
    for fact in description.facts:
        groups[fact.variable, fact.within].append(fact)
        yield from _impossible(fact, quoted)
    for (name, _), facts in groups.items():
        yield from _stated_twice(facts, quoted)
        yield from _over_all(facts, known.get(name), quoted)
        single = _single(facts)
        yield from _falling(single, quoted)
        yield from _outside(single, known.get(name), quoted)
        yield from _too_spread(single, known.get(name), quoted)


class _Quoting:
    """Quotes facts with the lines that they stand in."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, fact: Fact) -> str:
        line = "" if fact.start is None else f"line {line_number(self.text, fact.start)}, "
        name = _NAMES.get(fact.statistic, fact.statistic)
        code = f" of {fact.code!r}" if fact.code else ""
        value = f"{100 * fact.value:g} %" if fact.statistic in _SHARES else f"{fact.value:g}"
        return f"{name}{code} {value} ({line}{fact.quote!r})"

    def about(self, fact: Fact) -> str:
        group = f" in {fact.within.code!r}" if fact.within else ""
        return f"{fact.variable}{group}"


def _single(facts: Sequence[Fact]) -> dict[Statistic, Fact]:
    """Return a fact for each statistic of a quantity; of several bounds the narrowest."""
    single: dict[Statistic, Fact] = {}
    for fact in facts:
        known = single.get(fact.statistic)
        narrower = known is None or (fact.value > known.value) == (fact.statistic == "min")
        if not fact.code and narrower:
            single[fact.statistic] = fact
    return single


def _impossible(fact: Fact, quoted: _Quoting) -> Iterator[str]:
    low, high, allowed = _LIMITS.get(fact.statistic, (-inf, inf, ""))
    if not low <= fact.value <= high:
        yield f"{quoted.about(fact)}: {quoted(fact)} is impossible; {allowed}"


def _stated_twice(facts: Sequence[Fact], quoted: _Quoting) -> Iterator[str]:
    """Compare what is stated more than once; of two bounds, both can hold."""
    same: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.statistic not in ("min", "max"):
            same[fact.statistic, fact.code, fact.other_variable].append(fact)
    for repeated in same.values():
        for first, second in combinations(repeated, 2):
            if abs(first.value - second.value) > max(_rounding(first), _rounding(second)):
                yield (
                    f"{quoted.about(first)}: {quoted(first)} and {quoted(second)} differ; "
                    "keep one of them"
                )
                break


def _over_all(
    facts: Sequence[Fact], variable: DescribedVariable | None, quoted: _Quoting
) -> Iterator[str]:
    """Compare the shares of codes that exclude each other with 100 %, but for rounding."""
    if variable is None or not variable.codes:
        return
    shares = {fact.code: fact for fact in facts if fact.statistic == "share"}
    total = sum(fact.value for fact in shares.values())
    if len(shares) > 1 and total > 1 + sum(_rounding(f) for f in shares.values()) + _TOLERANCE:
        stated = ", ".join(quoted(fact) for fact in shares.values())
        first = next(iter(shares.values()))
        yield (
            f"{quoted.about(first)}: the shares sum to {100 * total:.4g} %, over 100 %: {stated}; "
            "correct one, or give what can occur together a row of its own"
        )


def _falling(single: Mapping[Statistic, Fact], quoted: _Quoting) -> Iterator[str]:
    for lower, upper in pairwise(single[s] for s in _RISING if s in single):
        if lower.value > upper.value:
            yield f"{quoted.about(lower)}: {quoted(lower)} is above {quoted(upper)}"


def _outside(
    single: Mapping[Statistic, Fact], variable: DescribedVariable | None, quoted: _Quoting
) -> Iterator[str]:
    """Compare mean, median and quantiles with the bounds."""
    low, high = _bounds(single, variable)
    for statistic, fact in single.items():
        if statistic != "mean" and statistic not in _RISING:
            continue
        if low is not None and fact.value < low and (statistic == "mean" or "min" not in single):
            bound = _bound("min", low, single, quoted)
            yield f"{quoted.about(fact)}: {quoted(fact)} is below {bound}"
        if high is not None and fact.value > high and (statistic == "mean" or "max" not in single):
            bound = _bound("max", high, single, quoted)
            yield f"{quoted.about(fact)}: {quoted(fact)} is above {bound}"


def _too_spread(
    single: Mapping[Statistic, Fact], variable: DescribedVariable | None, quoted: _Quoting
) -> Iterator[str]:
    """Compare SD² with (mean - low)(high - mean), the largest variance that the bounds allow."""
    low, high = _bounds(single, variable)
    if low is None or high is None or not {"mean", "sd"} <= set(single):
        return
    mean, sd = single["mean"], single["sd"]
    largest = (mean.value - low) * (high - mean.value)
    if 0 <= largest < (max(sd.value - _rounding(sd), 0)) ** 2:
        yield (
            f"{quoted.about(sd)}: {quoted(sd)} is impossible with {quoted(mean)} between "
            f"{_bound('min', low, single, quoted)} and {_bound('max', high, single, quoted)}; "
            f"it is at most {largest**0.5:.3g}"
        )


def _bounds(
    single: Mapping[Statistic, Fact], variable: DescribedVariable | None
) -> tuple[float | None, float | None]:
    """Return the bounds that hold: those of the same patients, or else the variable's."""
    low = single["min"].value if "min" in single else variable.low if variable else None
    high = single["max"].value if "max" in single else variable.high if variable else None
    return low, high


def _bound(end: Statistic, value: float, single: Mapping[Statistic, Fact], quoted: _Quoting) -> str:
    return quoted(single[end]) if end in single else f"the stated {_NAMES[end]} {value:g}"


def _rounding(fact: Fact) -> float:
    """Return half of the last digit in which a value is known to be printed."""
    value = fact.value * 100 if fact.statistic in _SHARES else fact.value
    decimals = _decimals(f"{value:.10g}")
    half = 0.5 * 10.0**-decimals
    return half / 100 if fact.statistic in _SHARES else half


def _decimals(number: str) -> int:
    return len(number.partition(".")[2]) if "e" not in number else 0
