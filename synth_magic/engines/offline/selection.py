"""What a selection of patients does to the variables that nobody selected them by.

Patients chosen by age, say, or by a diagnosis, differ from all others in whatever is correlated
with it: the mean follows the regression, and variances and correlations shrink or grow as the
variance of the selected variables does (Pearson 1903; Lawley 1943). On normal scores, so that it
holds for any marginal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import Floats

_MOST = 2.0
"""Furthest that normal scores are moved: a long extrapolation is no knowledge."""

_NARROWEST, _WIDEST = 0.25, 2.0
"""Smallest and largest variance that a selection leaves."""

_CONSTANT = 1e-3
"""Variance of a variable that all selected patients have alike."""

_NEAREST = 6
"""How many selected variables say something of another: those most correlated with it."""

_LEAST_EIGENVALUE = 0.2
"""Of the correlations among those, so that variables that say the same do not count twice."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Means (p,) and SDs (p,) of normal scores after a selection, and their correlations (p, p)."""

    means: Floats
    sds: Floats
    correlations: Floats


def select(correlations: Floats, chosen: Floats, means: Floats, variances: Floats) -> Selected:
    """Select patients by the variables at the places `chosen` (k,).

    `correlations` (p, p) are those before; zero where nothing is known. `means` (k,) and
    `variances` (k,) are those of the normal scores of the chosen variables afterwards.
    """
    after = correlations.copy()
    np.fill_diagonal(after, 1.0)
    if not len(chosen):
        p = len(correlations)
        return Selected(np.zeros(p), np.ones(p), after)
    slopes = np.zeros((len(after), len(chosen)))
    others = np.setdiff1d(np.arange(len(after)), chosen)
    for place in others:
        nearest = np.argsort(-np.abs(after[place, chosen]))[:_NEAREST]
        near = chosen[nearest]
        slopes[place, nearest] = _slopes(after[np.ix_(near, near)], after[place, near])
    slopes[chosen, np.arange(len(chosen))] = 1.0
    spread = np.sqrt(variances)
    change = after[np.ix_(chosen, chosen)] * (np.outer(spread, spread) - 1)
    covariances = after + slopes @ change @ slopes.T
    variance = np.clip(np.diag(covariances), _NARROWEST, _WIDEST)
    variance[chosen] = np.maximum(variances, _CONSTANT)
    sds = np.sqrt(variance)
    after = np.clip(covariances / np.outer(sds, sds), -0.97, 0.97)
    np.fill_diagonal(after, 1.0)
    return Selected(np.clip(slopes @ means, -_MOST, _MOST), sds, after)


def _slopes(among: Floats, with_target: Floats) -> Floats:
    """Return the regression of a target on variables with these correlations."""
    unit = np.eye(len(among))
    while (least := np.linalg.eigvalsh(among)[0]) < _LEAST_EIGENVALUE:
        share = (_LEAST_EIGENVALUE - least) / (1 - least) + 1e-6
        among = (1 - share) * among + share * unit
    return np.asarray(np.linalg.solve(among, with_target), dtype=np.float64)
