"""What the patients of two versions came out as, where they were to differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synth_magic.evaluation.checks import Check
    from synth_magic.frame import Cohort

DRAWN = 20_000
"""So many patients are drawn at most: rows are drawn alike, so the first stand for all."""


@dataclass(frozen=True, slots=True)
class Achieved:
    """A figure of the patients of two versions, in words; empty where one does not have it."""

    what: str
    before: str
    after: str


def achieved(before: Cohort, after: Cohort) -> Iterator[Achieved]:
    """Yield what came out of each figure that is specified otherwise in the other version."""
    old, new = _checked(before), _checked(after)
    for what in old | new:
        one, other = old.get(what), new.get(what)
        if one is None or other is None or one.stated != other.stated:
            yield Achieved(what, _figure(one), _figure(other))


def _checked(cohort: Cohort) -> dict[str, Check]:
    """Return the checks of the first patients but for facts, which repeat other checks."""
    from synth_magic.evaluation.checks import check

    frame = replace(cohort, rows=min(cohort.rows, DRAWN)).frame()
    return {_name(one): one for one in check(cohort.compiled, frame) if one.kind != "fact"}


def _name(one: Check) -> str:
    return f"{one.variable}: {one.of}" + (f", {one.among}" if one.among else "")


def _figure(one: Check | None) -> str:
    if one is None or one.achieved != one.achieved:  # not there, or of no patient
        return "–"
    if one.of == "missing" or one.of.startswith(("share of", "holds in")):
        return f"{one.achieved:.1%}"
    return f"{one.achieved:.4g}" if abs(one.achieved) < 1e4 else f"{one.achieved:,.0f}"
