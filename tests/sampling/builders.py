"""Small specifications in few words, for tests that read like examples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec import (
    By,
    Cell,
    CohortSpec,
    Fact,
    MeanSD,
    Quantiles,
    Share,
    Shares,
    Variable,
    Within,
)

PATIENTS = 200_000


def cohort(*variables: Variable, **parts: Any) -> CohortSpec:
    """Return a specification of these variables."""
    return CohortSpec("A cohort", "Patients made up for a test.", variables, **parts)


def draw(spec: CohortSpec, rows: int = PATIENTS, seed: int = 1, **options: Any) -> pd.DataFrame:
    """Compile and sample a specification."""
    return sample(compile_cohort(spec), rows, seed, **options)


def shares(**of: float) -> Shares:
    """Return `shares(no=0.7, yes=0.3)` as a marginal."""
    return Shares(tuple(Share(code, share) for code, share in of.items()))


def yes_no(name: str, share: float, **fields: Any) -> Variable:
    """Return a binary variable; `share` is that of yes."""
    return Variable(name, "binary", shares(no=1 - share, yes=share), **fields)


def number(name: str, mean: float = 0.0, sd: float = 1.0, decimals: int = 3,
           **fields: Any) -> Variable:  # fmt: skip
    """Return a continuous variable of a mean and SD without bounds."""
    return Variable(name, "continuous", MeanSD(mean, sd), decimals=decimals, **fields)


def by(parent: str, **marginals: Any) -> By:
    """Return `by("sex", female=..., male=...)` as a marginal."""
    return By((parent,), tuple(Cell((level,), marginal) for level, marginal in marginals.items()))


def said(variable: str, within: tuple[str, str] | None = None, **figures: float) -> list[Fact]:
    """Return `said("age", mean=67, sd=9)` as facts; `within` names a group."""
    group = None if within is None else Within(*within)
    return [
        Fact(f"{name} {value}", variable, name, value, within=group)  # type: ignore[arg-type]
        for name, value in figures.items()
    ]


def share(variable: str, code: str, value: float, within: tuple[str, str] | None = None) -> Fact:
    group = None if within is None else Within(*within)
    return Fact(f"{value:.0%} {code}", variable, "share", value, code=code, within=group)


def with_facts(spec: CohortSpec, *facts: Fact) -> CohortSpec:
    return replace(spec, facts=facts)


SEX = Variable("sex", "binary", shares(female=0.55, male=0.45))
AGE = Variable("age", "integer", MeanSD(64.0, 11.0, 18.0, 95.0), unit="years")
STAGE = Variable("stage", "ordinal", shares(I=0.35, II=0.3, III=0.2, IV=0.15))
HAEMOGLOBIN = Variable(
    "haemoglobin",
    "continuous",
    by("sex", female=MeanSD(13.1, 1.2, 6.0, 18.0), male=MeanSD(14.6, 1.4, 6.0, 19.0)),
    unit="g/dL",
    decimals=1,
)
CRP = Variable(
    "crp", "continuous", Quantiles(0.2, 0.3, 0.5, 1.1, 2.4, 5.6, 24.0, 90.0, 350.0), decimals=1
)
