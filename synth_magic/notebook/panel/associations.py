"""The tab of the associations: correlations achieved beside those specified, and any pair large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.notebook import correlations
from synth_magic.notebook.correlations import Maps
from synth_magic.notebook.first import LOOKED_AT, first_patients
from synth_magic.notebook.pages import associations as words
from synth_magic.notebook.pages.html import said
from synth_magic.notebook.panel.pair import PairPicture
from synth_magic.notebook.panel.pieces import hide
from synth_magic.notebook.plots.associations import heat_maps
from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

MOST = 60
"""So many variables are on the map at most."""

_UNSEARCHED = 12


class Associations:
    """Two heat maps with a search, the largest differences, and a pair of variables at a time."""

    title = "Associations"

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self.search = widgets.Text(
            description="Variables",
            placeholder="all, or parts of names: hba1c, age",
            continuous_update=False,
            layout=widgets.Layout(width="24em"),
        )
        self.heat_maps = widgets.Image(format="png", width=WIDTH)
        self.note = widgets.HTML()
        self.differences = widgets.HTML()
        self.pair = PairPicture(notice)
        for widget, name in (
            (self.search, "search"),
            (self.heat_maps, "heat-maps"),
            (self.differences, "differences"),
        ):
            widget.add_class(f"sp-associations-{name}")
        self.search.observe(self._searched, "value")
        self.box = widgets.VBox(
            [self.search, self.heat_maps, self.note, self.differences, self.pair.box]
        )

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Draw the maps, the differences, and the pair that was chosen if it is still there."""
        self._scene = scene
        patients = frame.head(LOOKED_AT)
        self._ranked = correlations.ranked(scene.cohort.spec, frame)
        hide(self.search, when=len(self._ranked) <= _UNSEARCHED)
        found = self._show_maps(patients)
        self.differences.value = words.differences(scene)
        self.pair.show(
            scene.cohort, patients, correlations.strongest_pair(found) if found else None
        )

    # --- the maps

    def _searched(self, _: Any) -> None:
        with self._notice.catching():
            self._show_maps(first_patients(self._scene.cohort))

    def _show_maps(self, patients: pd.DataFrame) -> Maps | None:
        chosen, others = self._sought()
        if len(chosen) < 2:
            hide(self.heat_maps, when=True)
            self.note.value = f"<p>{said(others or words.too_few(self._ranked))}</p>"
            return None
        compiled = self._scene.cohort.compiled
        found = correlations.maps(compiled, patients, chosen)
        names = [variable.name for variable in chosen]
        self.heat_maps.value = heat_maps(names, found.achieved, found.specified, found.stated)
        hide(self.heat_maps, when=False)
        lines = filter(None, (others, *words.explained(found, self._scene.cohort.rows)))
        self.note.value = f"<p>{' '.join(said(line) for line in lines)}</p>"
        return found

    def _sought(self) -> tuple[tuple[Variable, ...], str]:
        """Return the variables on the map, and what to say of the others."""
        found, wanted = self._ranked, self._parts()
        if wanted:
            found = tuple(
                v for v in found if any(part in f"{v.name} {v.label}".casefold() for part in wanted)
            )
            if len(found) < 2:
                return found, (
                    f"{counted(len(found), 'variable')} of {len(self._ranked)} found: a map needs "
                    "two. Write parts of names, with commas between them."
                )
        if len(found) > MOST:
            associations = self._scene.cohort.compiled.spec.associations
            return correlations.strongest(found, associations, MOST), (
                f"{MOST} of {len(found)} variables: those in the strongest stated associations. "
                "Write parts of names to see others."
            )
        return found, f"{len(found)} of {len(self._ranked)} variables." if wanted else ""

    def _parts(self) -> list[str]:
        if len(self._ranked) <= _UNSEARCHED:
            return []
        parts = (part.strip().casefold() for part in self.search.value.split(","))
        return [part for part in parts if part]
