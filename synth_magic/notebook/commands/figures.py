"""What the patients of two versions came out as, where they were to differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synth_magic.evaluation.checks import check
from synth_magic.notebook.first import first_patients
from synth_magic.notebook.pages.checks import figure, what

if TYPE_CHECKING:
    from synth_magic.evaluation.checks import Check
    from synth_magic.frame import Cohort


@dataclass(frozen=True, slots=True)
class Achieved:
    """A figure of the patients of two versions, in words; empty where one does not have it."""

    what: str
    before: str
    after: str


def achieved(before: Cohort, after: Cohort) -> Iterator[Achieved]:
    """Yield what came out of each figure that is specified otherwise in the other version."""
    old, new = _checked(before), _checked(after)
    for name in old | new:
        one, other = old.get(name), new.get(name)
        if one is None or other is None or one.stated != other.stated:
            yield Achieved(name, _figure(one), _figure(other))


def _checked(cohort: Cohort) -> dict[str, Check]:
    """Return the checks of the first patients but for facts, which repeat other checks."""
    checks = check(cohort.compiled, first_patients(cohort))
    return {what(one): one for one in checks if one.kind != "fact"}


def _figure(one: Check | None) -> str:
    return "–" if one is None else figure(one, one.achieved)
