"""Small cohorts to break one rule at a time."""

from __future__ import annotations

from typing import Any

from synth_magic.spec import CohortSpec, Identifier, MeanSD, Quantiles, Share, Shares, Variable

AGE = Variable("age", "integer", Quantiles(18, 20, 25, 40, 55, 68, 80, 88, 95), unit="years")
SEX = Variable("sex", "binary", Shares((Share("female", 0.5), Share("male", 0.5))))
NYHA = Variable(
    "NYHA class", "ordinal", Shares((Share("I", 0.3), Share("II", 0.4), Share("III", 0.3)))
)
REGION = Variable(
    "region", "categorical", Shares((Share("north", 0.3), Share("east", 0.3), Share("south", 0.4)))
)
SBP = Variable("sbp", "continuous", MeanSD(130, 20, 70, 250), unit="mmHg")
KEY = Variable("patient", "identifier", Identifier("P-####"))
BASE = (KEY, AGE, SEX, NYHA, REGION, SBP)


def cohort(*more: Variable, **parts: Any) -> CohortSpec:
    """Return the base variables and `more`, which take the place of those of the same name."""
    variables = {variable.name: variable for variable in (*BASE, *more)}
    return CohortSpec("clinic", "adults", tuple(variables.values()), **parts)


def told(spec: CohortSpec) -> list[str]:
    """Return every violation in words."""
    return [str(violation) for violation in spec.violations()]
