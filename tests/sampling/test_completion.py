"""From stated pairs to a whole correlation matrix."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.correlation_tools import corr_nearest

from synth_magic.sampling.completion import (
    SMALLEST_EIGENVALUE,
    complete,
    covariance_selection,
    nearest_correlation,
)
from synth_magic.sampling.grid import Bools, Floats


def pairs(size: int, **stated: float) -> tuple[Floats, Bools]:
    """Return `pairs(3, _01=0.9, _12=0.9)` as a matrix, and which of its entries are stated."""
    matrix, known = np.eye(size), np.eye(size, dtype=bool)
    for places, value in stated.items():
        i, j = map(int, places.strip("_"))
        matrix[i, j] = matrix[j, i] = value
        known[i, j] = known[j, i] = True
    return matrix, known


def smallest(matrix: Floats) -> float:
    return float(np.linalg.eigvalsh(matrix)[0])


def random_correlation(size: int, rng: np.random.Generator) -> Floats:
    root = rng.standard_normal((size, size + 4))
    matrix = root @ root.T
    scale = np.sqrt(np.diag(matrix))
    return matrix / np.outer(scale, scale)


def random_mask(size: int, share: float, rng: np.random.Generator) -> Bools:
    half = np.triu(rng.random((size, size)) < share, 1)
    return half | half.T | np.eye(size, dtype=bool)


# --- where the stated pairs can stand --------------------------------------------------------


def test_a_chain_multiplies() -> None:
    result = complete(*pairs(3, _01=0.9, _12=0.9))
    assert not result.moved
    assert result.matrix == pytest.approx(np.array([[1, 0.9, 0.81], [0.9, 1, 0.9], [0.81, 0.9, 1]]))


def test_a_longer_chain_multiplies() -> None:
    size, step = 8, -0.9
    places = np.arange(size)
    whole = step ** np.abs(places[:, None] - places)
    near = np.abs(places[:, None] - places) <= 1
    result = complete(np.where(near, whole, 0.0), near)
    assert not result.moved
    assert result.matrix == pytest.approx(whole, abs=1e-5)


def test_the_published_example_of_covariance_selection() -> None:
    """Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, section 17.3.1.

    A cycle of four; the printed estimates of the two unstated covariances are 1.31 and 0.87, of
    variances 10. Also in https://github.com/probml/pmtk3, ggmFitDemo.m.
    """
    printed = np.array([[10, 1, 1.31, 4], [1, 10, 2, 0.87], [1.31, 2, 10, 3], [4, 0.87, 3, 10]])
    result = complete(*pairs(4, _01=0.1, _12=0.2, _23=0.3, _03=0.4))
    assert not result.moved
    assert result.matrix * 10 == pytest.approx(printed, abs=0.005)


@settings(max_examples=25, derandomize=True)
@given(size=st.integers(3, 12), share=st.floats(0.1, 0.9), seed=st.integers(0, 10_000))
def test_an_unstated_pair_is_explained_by_the_stated_ones(
    size: int, share: float, seed: int
) -> None:
    """Dempster: the inverse is zero exactly where nothing is stated."""
    rng = np.random.default_rng(seed)
    whole, mask = random_correlation(size, rng), random_mask(size, share, rng)
    result = complete(np.where(mask, whole, 0.0), mask)
    assert not result.moved
    assert result.matrix[mask] == pytest.approx(whole[mask], abs=1e-9)
    assert np.linalg.inv(result.matrix)[~mask] == pytest.approx(0, abs=2e-3)


def test_no_other_completion_has_a_larger_determinant() -> None:
    rng = np.random.default_rng(5)
    whole, mask = random_correlation(7, rng), random_mask(7, 0.5, rng)
    best = complete(np.where(mask, whole, 0.0), mask).matrix
    largest = np.linalg.slogdet(best)[1]
    for size in (1e-3, 1e-2, 0.1, 0.3):
        for _ in range(50):
            step = np.where(mask, 0.0, size * rng.standard_normal((7, 7)))
            other = best + step + step.T
            if smallest(other) > 0:
                assert np.linalg.slogdet(other)[1] < largest


def test_variables_without_stated_pairs_stay_independent() -> None:
    result = complete(*pairs(3, _01=0.5)).matrix
    assert result[2, :2].tolist() == [0, 0]


def test_a_cycle_whose_zero_filled_matrix_is_not_positive() -> None:
    stated, known = pairs(5, _01=0.8, _12=0.8, _23=0.8, _34=0.8, _04=0.8)
    assert smallest(stated) < 0
    result = complete(stated, known)
    assert not result.moved
    assert smallest(result.matrix) > 0.01
    assert np.linalg.inv(result.matrix)[~known] == pytest.approx(0, abs=1e-3)


def test_sixty_variables_with_half_of_the_pairs_stated() -> None:
    rng = np.random.default_rng(60)
    whole, mask = random_correlation(60, rng), random_mask(60, 0.5, rng)
    result = complete(np.where(mask, whole, 0.0), mask)
    assert not result.moved
    assert result.matrix[mask] == pytest.approx(whole[mask], abs=1e-9)
    assert smallest(result.matrix) >= SMALLEST_EIGENVALUE * 0.999


def test_everything_stated_stays_as_it_is() -> None:
    whole = random_correlation(10, np.random.default_rng(1))
    result = complete(whole, np.ones((10, 10), dtype=bool))
    assert not result.moved
    assert result.matrix == pytest.approx(whole, abs=1e-12)


def test_selection_alone_holds_what_is_stated() -> None:
    selected = covariance_selection(*pairs(3, _01=0.3, _12=-0.6))
    assert selected[0, 1] == 0.3
    assert selected[0, 2] == pytest.approx(-0.18)


# --- where they cannot -----------------------------------------------------------------------


def test_the_published_nearest_correlation_matrix() -> None:
    """Higham, IMA J. Numer. Anal. 22 (2002) 329-343; .760690 in the help of R's Matrix::nearPD.

    His answer is singular; ours keeps its smallest eigenvalue at 1e-4 and so lies a trifle off.
    """
    stated = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    near = nearest_correlation(stated, np.ones((3, 3)))
    assert near[0, 1] == pytest.approx(0.7607, abs=2e-4)
    assert near[0, 2] == pytest.approx(0.1573, abs=2e-4)
    assert smallest(near) == pytest.approx(SMALLEST_EIGENVALUE, rel=0.02)


@settings(max_examples=25, derandomize=True)
@given(size=st.integers(3, 10), noise=st.floats(0.1, 1.5), seed=st.integers(0, 10_000))
def test_none_that_statsmodels_finds_is_nearer(size: int, noise: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    wish = rng.uniform(-1, 1, (size, size)) * noise
    stated = np.clip(np.triu(wish, 1) + np.triu(wish, 1).T, -0.98, 0.98) + np.eye(size)
    near = nearest_correlation(stated, np.ones((size, size)))
    assert np.diag(near) == pytest.approx(1)
    assert smallest(near) > SMALLEST_EIGENVALUE * 0.98
    with warnings.catch_warnings(action="ignore"):  # it stops after a number of rounds
        other = corr_nearest(stated, threshold=1e-4)
    ours, theirs = (np.linalg.norm(found - stated) for found in (near, other))
    assert ours <= theirs * 1.001 + 1e-3


def test_what_cannot_stand_is_moved_as_little_as_possible_and_then_completed() -> None:
    stated, known = pairs(4, _01=0.9, _12=0.9, _02=-0.9, _23=0.5)
    result = complete(stated, known)
    assert result.moved
    assert smallest(result.matrix) >= SMALLEST_EIGENVALUE * 0.99
    assert result.matrix[2, 3] == pytest.approx(0.5, abs=1e-3)  # it is in nobody's way
    moves = np.abs(result.matrix - stated)[[0, 1, 0], [1, 2, 2]]
    assert moves == pytest.approx(moves.mean(), abs=1e-3)  # alike by symmetry
    assert result.matrix[0, 1] == pytest.approx(0.5, abs=1e-3)
    expected = result.matrix[2, 3] * result.matrix[2, 0]
    assert result.matrix[0, 3] == pytest.approx(expected, abs=1e-3)


def test_a_fact_moves_less() -> None:
    weights = np.ones((3, 3))
    weights[0, 1] = weights[1, 0] = 100.0
    result = complete(*pairs(3, _01=0.9, _12=0.9, _02=-0.9), weights)
    assert result.moved
    assert result.matrix[0, 1] == pytest.approx(0.9, abs=0.02)
    assert abs(result.matrix[0, 2] + 0.9) > 0.2
    assert smallest(result.matrix) >= SMALLEST_EIGENVALUE * 0.99


def test_a_feasible_matrix_at_the_edge_is_hardly_moved() -> None:
    edge = 2 * 0.9**2 - 1  # the least that .9 and .9 allow
    stated, known = pairs(3, _01=0.9, _12=0.9, _02=edge)
    result = complete(stated, known)
    assert result.matrix == pytest.approx(stated, abs=1e-3)
    assert smallest(result.matrix) >= SMALLEST_EIGENVALUE * 0.99


@settings(max_examples=15, derandomize=True)
@given(size=st.integers(4, 15), share=st.floats(0.3, 1.0), seed=st.integers(0, 10_000))
def test_whatever_is_stated_there_is_a_correlation_matrix(
    size: int, share: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    wish = np.triu(rng.uniform(-0.98, 0.98, (size, size)), 1)
    stated, mask = wish + wish.T + np.eye(size), random_mask(size, share, rng)
    matrix = complete(stated, mask).matrix
    assert matrix == pytest.approx(matrix.T, abs=1e-12)
    assert np.diag(matrix) == pytest.approx(1)
    assert smallest(matrix) >= SMALLEST_EIGENVALUE * 0.98
    np.linalg.cholesky(matrix)
