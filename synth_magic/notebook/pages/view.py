"""What there is to show of some patients, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from synth_magic.evaluation.checks import Check, check
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort
    from synth_magic.spec import Variable
    from synth_magic.spec.model import Provenance

FIRST = 5
CHECKED = 20_000
"""Checks look at so many patients at most: rows are drawn alike, so the first stand for all."""


@dataclass(frozen=True, slots=True)
class View:
    """Some patients, but for the patients: it keeps the first few rows and the checks."""

    cohort: Cohort
    first: pd.DataFrame
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, cohort: Cohort, frame: pd.DataFrame) -> View:
        """Look at a frame that `cohort` drew."""
        checks = check(cohort.compiled, frame.head(CHECKED))
        return cls(cohort, frame.head(FIRST).copy(), checks)

    @property
    def facts(self) -> tuple[Check, ...]:
        """The checks of what the user stated."""
        return tuple(c for c in self.checks if c.kind == "fact")

    @property
    def figures(self) -> tuple[Check, ...]:
        """The other checks, those not reached first."""
        others = (c for c in self.checks if c.kind != "fact")
        return tuple(sorted(others, key=lambda c: c.reached))

    @property
    def patients(self) -> str:
        """How many there are, and that they are nobody."""
        return counted(self.cohort.rows, "synthetic patient") + ", no real person among them"

    @property
    def reached(self) -> str:
        """How many of the stated facts came true."""
        facts = self.facts
        if not facts:
            return "no facts were stated"
        met = sum(fact.reached for fact in facts)
        return f"{met:,} of {counted(len(facts), 'stated fact')} reached"

    @property
    def summary(self) -> str:
        """One line: what these are, what made them, and how well."""
        made = self.cohort.origin.summary.rstrip(".")
        return f"{self.patients}. {made}. {self.reached.capitalize()}."

    @property
    def remarked(self) -> str:
        """Where to find what was not understood and remarks; nothing if there is neither."""
        origin = self.cohort.origin
        found = {
            "not_understood": counted(len(origin.not_understood), "passage") + " not understood",
            "remarks": counted(len(origin.remarks), "remark"),
        }
        said = [
            f"{words}: .cohort.origin.{name}"
            for name, words in found.items()
            if getattr(origin, name)
        ]
        return "; ".join(said)

    @property
    def catalogued(self) -> tuple[Variable, ...]:
        """The columns whose distribution is the catalogue's."""
        return self._resting_on("catalogue")

    @property
    def modelled(self) -> tuple[Variable, ...]:
        """The columns whose distribution a language model gave."""
        return self._resting_on("model")

    @property
    def assumed(self) -> tuple[Variable, ...]:
        """The columns whose distribution rests on no source."""
        return tuple(v for v in self._resting_on("assumed") if v.type != "identifier")

    def _resting_on(self, provenance: Provenance) -> tuple[Variable, ...]:
        shown = (v for v in self.cohort.spec.variables if not v.hidden)
        return tuple(v for v in shown if v.provenance == provenance)
