"""Descriptions in few words, as the parser would give them."""

from __future__ import annotations

from typing import Any

from synth_magic.description.model import Code, DescribedVariable, Description
from synth_magic.engines.answer import Answer
from synth_magic.engines.offline.elicit import elicit
from synth_magic.spec.model import Fact, Variable, Within


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
    return elicit(Description("", population=population, variables=variables, facts=tuple(stated)))


def made(*parts: DescribedVariable | Fact | list[Fact], population: str = "") -> Variable:
    """Return the first variable of the answer."""
    return answer(*parts, population=population).spec.variables[0]


SEX = named("sex", codes="female male", type="binary")
ARM = [
    named("arm", codes="active placebo", type="binary"),
    share("arm", "active", 0.4),
    share("arm", "placebo", 0.6),
]
