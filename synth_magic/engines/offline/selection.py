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

_HELD = 0.2
"""Added to the diagonal, so that selected variables that say the same do not count twice."""


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
    among = after[np.ix_(chosen, chosen)]
    ridge = (among + _HELD * np.eye(len(chosen))) / (1 + _HELD)
    while np.linalg.eigvalsh(ridge)[0] < _HELD / 2:
        ridge = (ridge + _HELD * np.eye(len(chosen))) / (1 + _HELD)
    slopes = np.linalg.solve(ridge, after[chosen]).T
    slopes[chosen] = np.eye(len(chosen))
    spread = np.sqrt(variances)
    now = ridge * np.outer(spread, spread)
    covariances = after + slopes @ (now - ridge) @ slopes.T
    variance = np.clip(np.diag(covariances), _NARROWEST, _WIDEST)
    sds = np.sqrt(variance)
    after = np.clip(covariances / np.outer(sds, sds), -0.97, 0.97)
    np.fill_diagonal(after, 1.0)
    return Selected(np.clip(slopes @ means, -_MOST, _MOST), sds, after)
