"""What the tabs of a panel look at: the patients of a binding at one moment, but no patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

import ipywidgets as widgets

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort
    from synth_magic.notebook.history import History, How, Version
    from synth_magic.notebook.pages.view import View
    from synth_magic.spec.difference import Difference

Change: TypeAlias = "Callable[[How, str, Callable[[Cohort], Cohort]], None]"
"""Makes a new version: how it came about, the words for it, and what makes its cohort."""


@dataclass(frozen=True)
class Scene:
    """A view of the patients, the version that they are of, and all versions of their name."""

    name: str
    view: View
    version: Version
    history: History

    @property
    def cohort(self) -> Cohort:
        """What draws the patients."""
        return self.view.cohort

    @cached_property
    def changes(self) -> Difference | None:
        """What changed from the version that this one was made from, if there is one."""
        before = self.version.before
        return before.cohort.spec.diff(self.cohort.spec) if before else None


class Tab(Protocol):
    """One tab. It is drawn when it is looked at, and keeps no patients."""

    title: str
    box: widgets.Widget

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Show what there is to see now; `frame` is what the cohort of the scene draws."""
