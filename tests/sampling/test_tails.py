"""A mean and SD stated beside quantiles of the same variable."""

from __future__ import annotations

import pytest

from synth_magic.sampling import compile_cohort
from synth_magic.sampling.facts import honour
from synth_magic.sampling.numeric import solve
from synth_magic.sampling.recording import Recording
from synth_magic.spec import CohortSpec
from synth_magic.spec.model import Fact, MeanSD, MedianIQR, Quantiles, Statistic, Variable

BASES = [
    MeanSD(64, 11),
    MedianIQR(50, 61, 70),
    Quantiles(18, 25, 35, 50, 60, 70, 85, 92, 99),
]


def stated(base: MeanSD | MedianIQR | Quantiles, **figures: float) -> CohortSpec:
    names: dict[str, Statistic] = {"mean": "mean", "sd": "sd", "p05": "p05", "p50": "p50"}
    facts = tuple(Fact(name, "age", names[name], value) for name, value in figures.items())
    age = Variable("age", "continuous", base, decimals=1)
    return CohortSpec("t", "p", (age,), facts=facts)


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.kind)
def test_both_hold(base: MeanSD | MedianIQR | Quantiles) -> None:
    spec = compile_cohort(stated(base, mean=63, sd=13, p50=65)).spec
    marginal = spec.variables[0].marginal
    assert isinstance(marginal, MeanSD | MedianIQR | Quantiles)
    recorded = solve(marginal, Recording(1)).recorded
    assert recorded.mean == pytest.approx(63, abs=0.1)
    assert recorded.sd == pytest.approx(13, abs=0.1)
    assert recorded.quantile(0.5) == pytest.approx(65, abs=0.1)


def test_honouring_them_twice_changes_nothing() -> None:
    once = honour(stated(BASES[2], mean=62, p05=38))
    assert honour(once) == once


def test_what_cannot_be_had_beside_a_quantile_leaves_the_quantile() -> None:
    spec = honour(stated(Quantiles(0, 1, 2, 4, 5, 6, 8, 9, 10), mean=9.9, p50=2))
    marginal = spec.variables[0].marginal
    assert isinstance(marginal, Quantiles)
    assert marginal.p50 == 2
