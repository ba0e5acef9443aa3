"""What there is to show of some patients, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from synth_magic.evaluation.checks import Check, check
from synth_magic.notebook.first import LOOKED_AT
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort
    from synth_magic.sampling import CompiledCohort
    from synth_magic.spec import Variable
    from synth_magic.spec.model import Provenance

FIRST = 100
PAIRS = 200
"""So many correlations are checked at most, the strongest: 200 variables have 20,000."""


@dataclass(frozen=True, slots=True)
class View:
    """Some patients, but for the patients: it keeps the first rows and the checks.

    `missing` is the share of values that each column lacks; `unchecked` counts the correlations
    that were left out.
    """

    cohort: Cohort
    first: pd.DataFrame
    missing: Mapping[str, float]
    checks: tuple[Check, ...]
    unchecked: int = 0

    @classmethod
    def of(cls, cohort: Cohort, frame: pd.DataFrame) -> View:
        """Look at a frame that `cohort` drew."""
        compiled, unchecked = _strongest(cohort.compiled)
        return cls(
            cohort,
            frame.head(FIRST).copy(),
            {str(name): float(share) for name, share in frame.isna().mean().items()},
            check(compiled, frame.head(LOOKED_AT)),
            unchecked,
        )

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that are columns, in their order."""
        variables = {v.name: v for v in self.cohort.spec.variables}
        return tuple(variables[name] for name in self.first.columns)

    @property
    def facts(self) -> tuple[Check, ...]:
        """The checks of what the user stated."""
        return tuple(c for c in self.checks if c.kind == "fact")

    @property
    def figures(self) -> tuple[Check, ...]:
        """The checks of the other figures, those not reached first."""
        others = (c for c in self.checks if c.kind not in ("fact", "rule"))
        return tuple(sorted(others, key=lambda c: c.reached))

    @property
    def rules(self) -> tuple[Check, ...]:
        """In how many patients each rule holds."""
        return tuple(c for c in self.checks if c.kind == "rule")

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

    def resting_on(self, provenance: Provenance) -> tuple[Variable, ...]:
        """The columns whose distribution rests on this; an identifier rests on nothing."""
        return tuple(
            v for v in self.variables if v.provenance == provenance and v.type != "identifier"
        )


def _strongest(compiled: CompiledCohort) -> tuple[CompiledCohort, int]:
    """Leave the strongest correlations, and return how many were left out."""
    pairs = compiled.spec.associations
    if len(pairs) <= PAIRS:
        return compiled, 0
    strongest = sorted(pairs, key=lambda pair: abs(pair.spearman), reverse=True)[:PAIRS]
    spec = replace(compiled.spec, associations=tuple(strongest))
    return replace(compiled, spec=spec), len(pairs) - PAIRS
