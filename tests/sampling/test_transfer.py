"""Correlations carried over to populations with other marginals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from synth_magic.sampling.grid import Floats
from synth_magic.sampling.transfer import Pair, behind, given_by
from synth_magic.spec.model import By, Cell, MeanSD, Share, Shares

AGE = MeanSD(60, 10)


def carried_over(spearman: list[float], seen: list[Pair], here: list[Pair]) -> Floats:
    return given_by(list(behind(spearman, seen)), here)


def share(yes: float) -> Shares:
    return Shares((Share("no", 1 - yes), Share("yes", yes)))


def test_the_same_marginals_leave_a_correlation_as_it_is() -> None:
    pairs = [(AGE, share(0.3)), (share(0.1), share(0.4))]
    assert carried_over([0.25, -0.1], pairs, pairs) == pytest.approx([0.25, -0.1], abs=1e-4)


def test_numbers_carry_theirs_over_whatever_their_marginals() -> None:
    here = [(MeanSD(1, 2, 0), MeanSD(5, 1))]
    assert carried_over([0.4], [(AGE, AGE)], here) == pytest.approx([0.4], abs=1e-4)


@pytest.mark.parametrize("prevalence", [0.02, 0.1, 0.8])
def test_a_rarer_diagnosis_correlates_less_with_age_as_a_simulation_has_it(
    prevalence: float,
) -> None:
    rng = np.random.default_rng(1)
    x, e = rng.standard_normal((2, 400_000))

    def simulated(yes: float) -> float:
        return float(spearmanr(x, 0.6 * x + 0.8 * e > norm.ppf(1 - yes)).statistic)

    found = carried_over([simulated(0.5)], [(AGE, share(0.5))], [(AGE, share(prevalence))])
    assert found == pytest.approx([simulated(prevalence)], abs=0.005)
    assert found[0] < simulated(0.5)


def test_a_by_counts_as_the_mean_of_its_cells() -> None:
    cells = (Cell(("female",), share(0.2)), Cell(("male",), share(0.2)))
    here = [(AGE, By(("sex",), cells))]
    assert carried_over([0.3], [(AGE, share(0.2))], here) == pytest.approx([0.3], abs=1e-4)


def test_no_pairs_are_no_correlations() -> None:
    assert carried_over([], [], []).size == 0
