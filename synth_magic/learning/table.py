"""What is learnt from: each column in one form, numbers throughout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.grid import Bools, Floats
from synth_magic.spec.model import VariableType


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its values as numbers, NaN where there is none.

    A code is its place in `codes`, which run from low to high unless the column is `nominal`; a
    date is the days since 1970-01-01. An identifier has no values.
    """

    name: str
    type: VariableType
    values: Floats
    codes: tuple[str, ...] = ()

    @property
    def missing(self) -> Bools:
        """Which rows have no value."""
        return np.isnan(self.values)

    @property
    def present(self) -> Floats:
        """The values that there are, rising."""
        return np.sort(self.values[~self.missing])

    @property
    def nominal(self) -> bool:
        """Whether the values are codes without an order."""
        return self.type == "categorical"
