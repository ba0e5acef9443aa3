"""A score within a cell, beside the bivariate normal distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm, qmc

from synth_magic.sampling.conditional import Conditional

PATIENTS = 2**16
PROBES = np.array([-2.3, -1.0, 0.0, 0.7, 2.0])
CUT = 0.4


def scores(correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrix of two latents and the scores of 65,536 patients who have it."""
    matrix = np.array([[1.0, correlation], [correlation, 1.0]])
    z = norm.ppf(qmc.Sobol(2, seed=1).random(PATIENTS)).T
    return matrix, np.linalg.cholesky(matrix) @ z


def in_upper_cell(level: float, correlation: float) -> float:
    """Return the quantile of one latent in those in whom the other is above the cut."""
    joint = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])

    def excess(t: float) -> float:
        return (norm.cdf(t) - joint.cdf([CUT, t])) / norm.sf(CUT) - level

    return brentq(excess, -6, 6)


@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.1, 0.6, 0.98])
def test_quantiles_in_a_cell_are_those_of_the_truncated_normal(correlation: float) -> None:
    matrix, z = scores(correlation)
    conditional = Conditional.of(matrix, 1, [0], z)
    assert conditional is not None
    found = conditional.quantiles((z[0] > CUT).astype(int), 2, PROBES)
    expected = [in_upper_cell(level, correlation) for level in norm.cdf(PROBES)]
    assert found[1] == pytest.approx(expected, abs=2e-3)


def test_without_correlation_there_is_nothing_to_condition_on() -> None:
    matrix, z = scores(0.0)
    assert Conditional.of(matrix, 1, [0], z) is None


def test_cells_of_a_few_pilot_patients_are_left_alone() -> None:
    matrix, z = scores(0.5)
    conditional = Conditional.of(matrix, 1, [0], z)
    assert conditional is not None
    cells = np.zeros(PATIENTS, dtype=int)
    cells[:49], cells[49:99] = 1, 2
    assert set(conditional.quantiles(cells, 4, PROBES)) == {0, 2}


def test_over_all_cells_together_the_score_stays_standard_normal() -> None:
    matrix, z = scores(0.7)
    conditional = Conditional.of(matrix, 1, [0], z)
    assert conditional is not None
    everybody = conditional.quantiles(np.zeros(PATIENTS, dtype=int), 1, PROBES)
    assert everybody[0] == pytest.approx(PROBES, abs=2e-3)
