"""Pictures of patients, drawn without pyplot: the user's current figure stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.plots.described import described
from synth_magic.notebook.plots.large import large
from synth_magic.notebook.plots.multiples import PER_PAGE, SmallMultiples, pictured

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.spec import Variable

__all__ = ["PER_PAGE", "WIDTH", "SmallMultiples", "described", "large", "marginals", "pictured"]


def marginals(frame: pd.DataFrame, variables: Sequence[Variable]) -> bytes:
    """Return a PNG of a page of marginals of a frame that knows its cohort."""
    from synth_magic.frame import Cohort

    return SmallMultiples().draw(frame, variables, cohort=Cohort.of(frame).compiled)
