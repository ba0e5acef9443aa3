"""The uniform grid of normal scores on which every numeric variable is tabulated.

A variable is a monotone function of a standard normal score z. It is stored as its values at the
`NODES` and read by linear interpolation, because an index computed from z costs a fraction of
what a search would.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.integer[Any]]

CELLS = 4096
REACH = 6.0
NODES: Floats = np.linspace(-REACH, REACH, CELLS + 1)
CELLS_PER_UNIT = CELLS / (2 * REACH)


def probability(z: npt.ArrayLike) -> Floats:
    """Return the standard normal distribution function at `z`."""
    return np.asarray(special.ndtr(z), dtype=np.float64)


def score(p: npt.ArrayLike) -> Floats:
    """Return the standard normal quantile at `p`."""
    return np.asarray(special.ndtri(p), dtype=np.float64)
