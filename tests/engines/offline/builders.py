"""Descriptions in few words, as the parser would give them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from synth_magic.catalogue.entries import Condition, Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.description.model import Code, DescribedVariable, Description
from synth_magic.engines.answer import Answer
from synth_magic.engines.offline import curves
from synth_magic.engines.offline.elicit import elicit
from synth_magic.sampling.grid import NODES, Floats
from synth_magic.spec.model import (
    By,
    Fact,
    Formula,
    Identifier,
    Marginal,
    Share,
    Shares,
    Variable,
    Within,
)

LEVELS = (np.arange(20_000) + 0.5) / 20_000


def named(name: str, **fields: Any) -> DescribedVariable:
    """Return a described variable; `codes` may be words, `low to high`."""
    if isinstance(fields.get("codes"), str):
        fields["codes"] = tuple(Code(*word.split("=")) for word in fields["codes"].split())
    return DescribedVariable(name, **fields)


def facts(variable: str, within: tuple[str, str] | None = None, **figures: float) -> list[Fact]:
    """Return `facts("age", mean=64, sd=9)`; `within` is a variable and its code."""
    group = Within(*within) if within else None
    return [
        Fact(f"{statistic} {value:g}", variable, statistic, value, within=group)  # type: ignore[arg-type]
        for statistic, value in figures.items()
    ]


def share(variable: str, code: str, value: float, within: tuple[str, str] | None = None) -> Fact:
    """Return the fact that a share of patients has a code."""
    group = Within(*within) if within else None
    return Fact(f"{value:.0%} {code}", variable, "share", value, code=code, within=group)


def tie(a: str, b: str, statistic: str, value: float) -> Fact:
    """Return a fact on a pair: `spearman` or `direction`."""
    return Fact(f"{a} and {b}", a, statistic, value, other_variable=b)  # type: ignore[arg-type]


def answer(*parts: DescribedVariable | Fact | list[Fact], population: str = "") -> Answer:
    """Return what the offline engine makes of variables and facts."""
    variables = tuple(part for part in parts if isinstance(part, DescribedVariable))
    stated = [part for part in parts if isinstance(part, Fact)]
    for part in parts:
        stated += part if isinstance(part, list) else []
    return elicit(
        Description(population, population=population, variables=variables, facts=tuple(stated))
    )


def made(*parts: DescribedVariable | Fact | list[Fact], population: str = "") -> Variable:
    """Return the first variable of the answer."""
    return answer(*parts, population=population).spec.variables[0]


def entry(name: str) -> Entry:
    """Return an entry of the catalogue."""
    return catalogue().entries[name]


def line(variable: str, *, sex: str = "", ages: str = "", **numbers: float) -> Figures:
    """Return figures of a variable, as a condition has them."""
    population = "such patients in the USA"
    return Figures(variable, population, "assumed", numbers, sex=sex, ages=ages)


def condition(*figures: Figures, **fields: Any) -> Condition:
    """Return a disease with these figures."""
    known = {"name": "illness", "label": "An illness", "kind": "disease"} | fields
    return Condition(**known, population="such patients", source="assumed", figures=figures)


def with_shares(**of_codes: float) -> Shares:
    """Return `Shares` of codes: `with_shares(no=0.9, yes=0.1)`."""
    return Shares(tuple(Share(code, share) for code, share in of_codes.items()))


def values(marginal: Marginal) -> Floats:
    """Return the values of 20,000 patients, in order."""
    assert not isinstance(marginal, Formula | Identifier)
    return np.asarray(np.interp(stats.norm.ppf(LEVELS), NODES, curves.curve(marginal)))


def share_of(marginal: Marginal, code: str) -> float:
    """Return the share of a code; of a `by`, the mean of its cells."""
    cells = [cell.marginal for cell in marginal.cells] if isinstance(marginal, By) else [marginal]
    shares = [item for cell in cells if isinstance(cell, Shares) for item in cell.shares]
    return sum(item.share for item in shares if item.code == code) / len(cells)


SEX = named("sex", codes="female male", type="binary")
ARM: list[DescribedVariable | Fact] = [
    named("arm", codes="active placebo", type="binary"),
    share("arm", "active", 0.4),
    share("arm", "placebo", 0.6),
]
