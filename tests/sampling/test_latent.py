"""Latent correlations, against closed forms, exact tables and quadrature."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from synth_magic.sampling import latent
from synth_magic.sampling.grid import NODES, Floats
from synth_magic.sampling.marginals import share_edges
from synth_magic.sampling.recording import Flat, Pieces, Recorded, recorded
from synth_magic.spec import Share, Shares

CORRELATIONS = [-0.98, -0.7, -0.3, 0.05, 0.4, 0.8, 0.98]

CONTINUOUS = recorded(NODES, 4)


def coded(*of: float) -> Recorded:
    """Return a coded variable with these shares."""
    marginal = Shares(tuple(Share(str(i), share) for i, share in enumerate(of)))
    return Recorded.of((1.0, Pieces(share_edges(marginal), np.arange(float(len(of))))))


def products(a: Recorded, b: Recorded) -> Floats:
    coefficients = np.array([latent.grade_coefficients(a), latent.grade_coefficients(b)])
    return latent.pair_products(coefficients, [(0, 1)])


def spearman(a: Recorded, b: Recorded, correlation: float) -> float:
    return float(latent.spearman(np.array([correlation]), products(a, b))[0])


def solved(a: Recorded, b: Recorded, target: float) -> tuple[float, float]:
    found, reached = latent.solve(np.array([target]), products(a, b))
    return float(found[0]), float(reached[0])


def spearman_of_table(table: Floats) -> float:
    """Return the mid-rank correlation of a table of probabilities."""
    grades = []
    for margin in (table.sum(axis=1), table.sum(axis=0)):
        middle = np.cumsum(margin) - margin / 2 - 0.5
        grades.append(middle / np.sqrt(margin @ middle**2))
    return float(grades[0] @ table @ grades[1])


def exact_table(a: tuple[float, ...], b: tuple[float, ...], correlation: float) -> Floats:
    """Return the table of two cut normals, from SciPy's bivariate normal."""
    normal = stats.multivariate_normal(cov=[[1, correlation], [correlation, 1]])
    cuts = [stats.norm.ppf(np.clip([0, *np.cumsum(of)], 1e-300, 1)) for of in (a, b)]
    cuts = [np.clip(edges, -12, 12) for edges in cuts]
    below = np.array([[normal.cdf([x, y]) for y in cuts[1]] for x in cuts[0]])
    return np.diff(np.diff(below, axis=0), axis=1)


@pytest.mark.parametrize("target", [-0.95, -0.5, -0.1, 0.02, 0.3, 0.6, 0.9])
def test_two_continuous_variables_have_the_closed_form(target: float) -> None:
    found, reached = solved(CONTINUOUS, CONTINUOUS, target)
    assert found == pytest.approx(2 * np.sin(np.pi * target / 6), abs=2e-4)
    assert reached == pytest.approx(target, abs=1e-6)


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0.5, 0.5), (0.5, 0.5)),
        ((0.9, 0.1), (0.7, 0.3)),
        ((0.35, 0.3, 0.2, 0.15), (0.55, 0.45)),
        ((0.1, 0.2, 0.4, 0.2, 0.1), (0.6, 0.25, 0.1, 0.05)),
        ((0.99, 0.01), (0.999, 0.001)),
        ((0.999, 0.001), (0.001, 0.999)),
    ],
)
def test_coded_variables_have_the_correlation_of_their_exact_table(
    a: tuple[float, ...], b: tuple[float, ...], correlation: float
) -> None:
    exact = spearman_of_table(exact_table(a, b, correlation))
    assert spearman(coded(*a), coded(*b), correlation) == pytest.approx(exact, abs=2e-4)


def test_two_even_binaries_at_a_small_correlation() -> None:
    """Quadrature of a step function gets this badly wrong; 2 asin(r) / pi is exact."""
    assert spearman(coded(0.5, 0.5), coded(0.5, 0.5), 0.1) == pytest.approx(
        2 * np.arcsin(0.1) / np.pi, abs=1e-6
    )


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("share", [0.5, 0.12, 0.001])
def test_a_binary_and_a_continuous_variable(share: float, correlation: float) -> None:
    """P(Z' < Z, B) for an independent Z' is a bivariate normal probability at r / sqrt(2)."""
    edge = stats.norm.isf(share)
    r = correlation / np.sqrt(2)
    together = stats.multivariate_normal(cov=[[1, r], [r, 1]]).cdf([0.0, -edge])
    covariance = together - share / 2
    exact = covariance / np.sqrt(share * (1 - share) / 12)
    assert spearman(coded(1 - share, share), CONTINUOUS, correlation) == pytest.approx(
        exact, abs=3e-4
    )


def by_quadrature(
    grade: Callable[[float], float], breaks: list[float], other: Callable[[float], float],
    other_spread: float,
) -> float:  # fmt: skip
    """Correlate a grade of the first normal with what is expected of the other's."""
    ends = [-8.0, *breaks, 8.0]

    def mean(of: Callable[[float], float]) -> float:
        return sum(
            integrate.quad(lambda z: of(z) * stats.norm.pdf(z), a, b)[0] for a, b in pairwise(ends)
        )

    centre = mean(grade)
    spread = np.sqrt(mean(lambda z: (grade(z) - centre) ** 2))
    return mean(lambda z: (grade(z) - centre) * other(z)) / spread / other_spread


@pytest.mark.parametrize("correlation", [-0.9, -0.2, 0.5, 0.95])
@pytest.mark.parametrize(("start", "stop"), [(0.0, 0.4), (0.3, 0.7), (0.9, 1.0)])
def test_a_spike_and_a_continuous_variable(start: float, stop: float, correlation: float) -> None:
    low, high = stats.norm.ppf([start, stop])
    value = float(np.clip((low + high) / 2, low if stop == 1 else -9, high if start == 0 else 9))
    nodes = np.where((low < NODES) & (high > NODES), value, NODES)
    spiked = recorded(nodes, 4, [Flat(low, high, value)])

    def grade(z: float) -> float:
        return (start + stop) / 2 if low < z < high else stats.norm.cdf(z)

    def expected_rank(z: float) -> float:
        return float(stats.norm.cdf(correlation * z / np.sqrt(2 - correlation**2)))

    breaks = [edge for edge in (low, high) if np.isfinite(edge)]
    exact = by_quadrature(grade, breaks, expected_rank, np.sqrt(1 / 12))
    assert spearman(spiked, CONTINUOUS, correlation) == pytest.approx(exact, abs=1e-3)


@pytest.mark.parametrize(
    "a", [coded(0.5, 0.5), coded(0.2, 0.3, 0.5), coded(0.99, 0.01), CONTINUOUS]
)
def test_spearman_rises_with_the_latent_correlation(a: Recorded) -> None:
    rising = [spearman(a, coded(0.7, 0.3), r) for r in np.linspace(-0.98, 0.98, 41)]
    assert (np.diff(rising) > -1e-5).all()
    assert rising[-1] > 0.05
    assert rising[20] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("target", [-0.4, -0.1, 0.2, 0.5])
def test_what_is_solved_is_what_the_table_has(target: float) -> None:
    a, b = (0.3, 0.5, 0.2), (0.6, 0.4)
    found, reached = solved(coded(*a), coded(*b), target)
    assert reached == pytest.approx(target, abs=1e-9)
    assert spearman_of_table(exact_table(a, b, found)) == pytest.approx(target, abs=1e-4)


def test_a_correlation_out_of_reach_is_set_to_the_bound() -> None:
    found, reached = solved(coded(0.99, 0.01), coded(0.5, 0.5), 0.6)
    assert found == pytest.approx(latent.CAP)
    exact = spearman_of_table(exact_table((0.99, 0.01), (0.5, 0.5), latent.CAP))
    assert reached == pytest.approx(exact, abs=2e-4)
    assert reached < 0.11


def test_a_constant_has_no_correlation() -> None:
    constant = recorded(np.full_like(NODES, 7.0), 0)
    assert not latent.grade_coefficients(constant).any()
    assert solved(constant, CONTINUOUS, 0.5)[1] == 0
