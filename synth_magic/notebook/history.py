"""The versions of a name: every specification that it has stood for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from synth_magic.errors import SettingError

if TYPE_CHECKING:
    from synth_magic.frame import Cohort

How = Literal["described", "refined", "edited", "drawn in Python"]


@dataclass(frozen=True, slots=True)
class Version:
    """One specification of a name, with the seed and rows that it was first drawn with.

    `how` is the way it came about and `words` what was asked for, in one line. `source` is the
    magic's line without rows and seed (empty where no line makes it), `before` the version that it
    was made from, if there is one.
    """

    number: int
    cohort: Cohort
    how: How
    words: str = ""
    source: str = ""
    before: Version | None = None

    @property
    def title(self) -> str:
        """Its number and how it came about, in one line."""
        return f"{self.number}: {self.how}" + (f", {self.words}" if self.words else "")

    @property
    def label(self) -> str:
        """Its title, and where that has no words what it changed: to tell it from the others."""
        if self.words or self.before is None:
            return self.title
        return f"{self.title}, {self.before.cohort.spec.diff(self.cohort.spec).brief(1)}"

    def line(self, cohort: Cohort) -> str:
        """The magic's line that makes the patients of a cohort of it; empty where none does.

        None makes patients that were drawn from what was learnt from others, whom a model wrote.
        """
        if self.cohort.written is not None and cohort.written is None:
            return ""
        return f"{self.source} --rows {cohort.rows} --seed {cohort.seed}" if self.source else ""

    @property
    def lineage(self) -> Iterator[Version]:
        """Itself and what it was made from, the latest first."""
        version: Version | None = self
        while version is not None:
            yield version
            version = version.before


class History:
    """Versions by number, from 1; none is ever lost or changed."""

    def __init__(self) -> None:
        self._versions: list[Version] = []

    def __iter__(self) -> Iterator[Version]:
        return iter(self._versions)

    def __len__(self) -> int:
        return len(self._versions)

    def __getitem__(self, number: int) -> Version:
        """Return a version, or raise SettingError with the numbers that there are."""
        if not 1 <= number <= len(self):
            there = f"there are 1 to {len(self)}" if len(self) > 1 else "there is only version 1"
            raise SettingError(f"there is no version {number}: {there}")
        return self._versions[number - 1]

    def make(
        self,
        cohort: Cohort,
        how: How,
        words: str = "",
        source: str = "",
        before: Version | None = None,
    ) -> Version:
        """Return a version that may be kept next, or the one that is the same already.

        Running a cell again is no new version.
        """
        for version in self._versions:
            if (version.how, version.words) == (how, words) and _same(version.cohort, cohort):
                return version
        return Version(len(self) + 1, cohort, how, words, source, before)

    def keep(self, version: Version) -> Version:
        """Keep a version for good, and return it."""
        if version.number > len(self):
            self._versions.append(version)
        return version

    def described(self, text: str) -> Version | None:
        """Return the version that was last made from this description, if there is one."""
        texts = (v for v in reversed(self._versions) if v.how == "described")
        return next((v for v in texts if v.cohort.origin.description == text), None)


def _same(one: Cohort, other: Cohort) -> bool:
    return (one.spec, one.origin.description) == (other.spec, other.origin.description)
