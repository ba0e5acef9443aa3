"""The first patients: rows are drawn alike, so that the first stand for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth_magic.sampling import sample

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort

LOOKED_AT = 20_000
"""So many patients are checked, compared and drawn beside others at most."""


def first_patients(cohort: Cohort) -> pd.DataFrame:
    """Draw as many patients of a cohort as are looked at; the first are always the same."""
    if cohort.written is not None:
        return cohort.frame().head(LOOKED_AT)
    return sample(cohort.compiled, min(cohort.rows, LOOKED_AT), cohort.seed)
