"""Latent correlations: which correlation of two normals gives a Spearman correlation as recorded.

A recorded variable is a step function of its normal score, and its Spearman grade (mid-rank) one
too. Two such grades have the covariance sum over k of a_k b_k r^k (Mehler 1866), where a_k is the
k-th coefficient of the first in normalised Hermite polynomials. For a step function these are
exact: the sum over its edges e of (height) * he_(k-1)(e) phi(e) / sqrt(k), which is Price's theorem
integrated term by term. So each variable is expanded once, and all pairs are solved together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from synth_magic.sampling.grid import NODES, Floats
from synth_magic.sampling.recording import Recorded

CAP = 0.98
"""Largest latent correlation: beyond it two variables are one."""

TERMS = 300
"""Terms of the series; at the cap, those left out change a correlation by less than 1e-5."""

_FAR = 10.0


def _hermite(edges: Floats) -> Floats:
    """Return he_(k-1)(e) phi(e) / sqrt(k) for k = 1..TERMS, shape (edges, TERMS)."""
    out = np.empty((TERMS, len(edges)))
    edges = np.clip(edges, -_FAR, _FAR)
    out[0] = np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
    out[1] = edges * out[0]
    for k in range(2, TERMS):
        out[k] = (edges * out[k - 1] - np.sqrt(k - 1) * out[k - 2]) / np.sqrt(k)
    return out.T / np.sqrt(np.arange(1, TERMS + 1))


@cache
def _grid_hermite() -> Floats:
    return _hermite(NODES[1:-1])


def grade_coefficients(recorded: Recorded) -> Floats:
    """Return the Hermite coefficients (TERMS,) of the standardised mid-rank of a recorded variable.

    A constant has no ranks: all its coefficients are zero.
    """
    grades = np.cumsum(recorded.mass) - recorded.mass / 2
    spread = np.sqrt(max((1 - np.sum(recorded.mass**3)) / 12, 0.0))
    total = np.zeros(TERMS)
    if spread < 1e-9:
        return total
    for weight, piece in recorded.parts:
        heights = np.diff(grades[np.searchsorted(recorded.values, piece.values)])
        on_grid = len(piece.edges) == len(NODES) - 2
        basis = _grid_hermite() if on_grid else _hermite(piece.edges)
        total += weight * (heights @ basis)
    return np.asarray(total / spread)


def spearman(latent: Floats, products: Floats) -> Floats:
    """Return the Spearman correlations that latent correlations give.

    `products` holds a_k * b_k for each pair, shape (pairs, TERMS).
    """
    total = np.zeros_like(latent)
    for column in products.T[::-1]:
        total = (total + column) * latent
    return total


def solve(targets: Floats, products: Floats) -> tuple[Floats, Floats]:
    """Return latent correlations (pairs,) for the stated Spearman ones, and what they give.

    A target out of reach of its marginals is set to the bound, where the second differs from it.
    """
    sign = np.where(targets < 0, -1.0, 1.0)
    low, high = np.zeros_like(targets), np.full_like(targets, CAP)
    goal = np.abs(targets)
    for _ in range(45):
        middle = (low + high) / 2
        short = sign * spearman(sign * middle, products) < goal
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    latent = sign * (low + high) / 2
    return latent, spearman(latent, products)


def pair_products(coefficients: Floats, pairs: Sequence[tuple[int, int]]) -> Floats:
    """Return the products of the coefficients of each pair, shape (pairs, TERMS)."""
    a, b = np.array(pairs, dtype=int).reshape(-1, 2).T
    return np.asarray(coefficients[a] * coefficients[b])
