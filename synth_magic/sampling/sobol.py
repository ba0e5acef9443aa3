"""Points that fill a cube evenly, the same each time."""

from __future__ import annotations

import numpy as np

from synth_magic.sampling.grid import Floats

LOG_ROWS = 16
"""The binary logarithm of the number of pilot patients, for which Sobol points are balanced."""


def shifted_sobol(dimensions: int) -> Floats:
    """Return Sobol points (dimensions, 2**LOG_ROWS), each dimension shifted by its own constant.

    Unlike SciPy's scrambling, more dimensions leave the first ones as they were.
    """
    from scipy.stats import qmc  # half a second that most cohorts do without

    if not dimensions:
        return np.empty((0, 2**LOG_ROWS))
    points = qmc.Sobol(dimensions, scramble=False).random_base2(LOG_ROWS).T
    shifts = [np.random.default_rng(i).random() for i in range(dimensions)]
    return np.asarray(np.clip((points + np.array(shifts)[:, None]) % 1.0, 1e-9, 1 - 1e-9))
