"""Pictures of patients, drawn without pyplot: the user's current figure stays theirs."""

from __future__ import annotations

from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.plots.described import described
from synth_magic.notebook.plots.large import large
from synth_magic.notebook.plots.multiples import PER_PAGE, SmallMultiples, pictured

__all__ = ["PER_PAGE", "WIDTH", "SmallMultiples", "described", "large", "pictured"]
