"""The tab of the associations: correlations achieved beside those specified, and any pair large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from synth_magic.notebook.pages.html import said
from synth_magic.notebook.pages.view import CHECKED
from synth_magic.notebook.panel import correlations
from synth_magic.notebook.panel.correlations import Difference, Maps
from synth_magic.notebook.panel.pair import PairPicture, figure, first_patients, hide
from synth_magic.notebook.plots.associations import FAINT, MOST_LABELLED, heat_maps
from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.words import counted, plain, short

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

MOST = 60
"""So many variables are on the map at most."""

_UNSEARCHED = 12
_LISTED = 10
_LETTERS = 60
_VISIBLE = 0.01


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
        patients = frame.head(CHECKED)
        self._ranked = correlations.ranked(scene.cohort.spec, frame)
        hide(self.search, when=len(self._ranked) <= _UNSEARCHED)
        found = self._show_maps(patients)
        self.differences.value = _differences(scene)
        self.pair.show(
            scene.cohort, patients, correlations.strongest_pair(found) if found else None
        )

    # --- the maps

    def _searched(self, _: Any) -> None:
        with self._notice.catching():
            self._show_maps(first_patients(self._scene.cohort))

    def _show_maps(self, patients: pd.DataFrame) -> Maps | None:
        chosen, words = self._sought()
        if len(chosen) < 2:
            hide(self.heat_maps, when=True)
            self.note.value = f"<p>{said(words or _too_few(self._ranked))}</p>"
            return None
        compiled = self._scene.cohort.compiled
        found = correlations.maps(compiled, patients, chosen)
        names = [variable.name for variable in chosen]
        self.heat_maps.value = heat_maps(names, found.achieved, found.specified, found.stated)
        self.heat_maps.tooltip = (
            "Heat maps of Spearman correlations, achieved and specified, of "
            f"{counted(len(names), 'variable')}; the table below lists the largest differences"
        )
        hide(self.heat_maps, when=False)
        lines = filter(None, (words, *_explained(found, self._scene.cohort.rows)))
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


# --- words


def _too_few(variables: Sequence[Variable]) -> str:
    only = f"only {short(plain(variables[0].name), _LETTERS)}" if variables else "no variable"
    return (
        f"There is no map: {only} has values with an order. Identifiers and categorical variables "
        "have none."
    )


def _explained(found: Maps, rows: int) -> Iterator[str]:
    if found.rows < rows:
        yield f"Achieved in the first {found.rows:,} of {counted(rows, 'patient')}."
    yield (
        "Full squares on the right are stated in the specification; small ones follow from it, as "
        f"{correlations.IMPLIED_ROWS:,} other patients show."
    )
    yield f"Grey: weaker than {FAINT}."
    if len(found.variables) > MOST_LABELLED:
        yield f"Names have room beside {MOST_LABELLED} variables at most."
    alone = np.flatnonzero(np.isnan(found.achieved).all(axis=1))
    if len(alone):
        names = [found.variables[place].name for place in alone]
        listed = ", ".join(short(plain(name), _LETTERS) for name in names[:_LISTED])
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        yield f"Without a correlation, for too few values are known or differ: {listed}{more}."


def _differences(scene: Scene) -> str:
    """Return the stated correlations as a table, those furthest from achieved first."""
    found = correlations.differences(scene.view)
    changed = _restated(scene)
    if not found:
        return f"{changed}<p>No correlation of two columns is stated.</p>"
    met = sum(one.check.reached for one in found)
    rows = "".join(map(_row, found[:_LISTED]))
    which = f" The {_LISTED} furthest off:" if len(found) > _LISTED else ""
    return (
        f"{changed}<p>{met:,} of {counted(len(found), 'stated correlation')} reached: within 3 "
        f"standard errors.{which}</p>"
        '<div class="sp-wide"><table class="sp-checks"><tr><th></th><th>Pair</th><th>Stated</th>'
        f"<th>Achieved</th><th>Standard error</th></tr>{rows}</table></div>"
    )


def _row(one: Difference) -> str:
    mark = '<td class="sp-yes">✓</td>' if one.check.reached else '<td class="sp-no">✗ missed</td>'
    names = said(" – ".join(short(plain(name), _LETTERS) for name in one.pair))
    stated = figure(one.check.stated)
    if abs(one.check.stated - one.within_reach) > _VISIBLE:
        stated += f"<br><small>{figure(one.within_reach)} can be had</small>"
    figures = (stated, "–", "") if math.isnan(one.check.achieved) else (
        stated, figure(one.check.achieved), f"{one.check.standard_error:.3f}"
    )  # fmt: skip
    return f"<tr>{mark}<td>{names}</td>{''.join(f'<td>{one}</td>' for one in figures)}</tr>"


def _restated(scene: Scene) -> str:
    before = scene.version.before
    if before is None:
        return ""
    specs = (version.cohort.compiled.spec for version in (before, scene.version))
    changes = list(correlations.restated(*specs))
    if not changes:
        return ""
    listed = "; ".join(said(short(plain(one), 2 * _LETTERS)) for one in changes[:_LISTED])
    more = f"; and {len(changes) - _LISTED:,} more" if len(changes) > _LISTED else ""
    return f"<p><strong>Stated anew since version {before.number}:</strong> {listed}{more}.</p>"
