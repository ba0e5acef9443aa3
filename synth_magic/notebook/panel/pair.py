"""A pair of variables, chosen and pictured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.evaluation.columns import as_numbers
from synth_magic.evaluation.sampling_error import spearman
from synth_magic.notebook.correlations import figure, ranked, stated_pairs
from synth_magic.notebook.first import first_patients
from synth_magic.notebook.pages.html import said
from synth_magic.notebook.panel.pieces import Listener, dropdown, hide, row
from synth_magic.notebook.plots.canvas import WIDTH
from synth_magic.notebook.plots.pair import MOST_CODES, MOST_POINTS, kind, known, pair
from synth_magic.notebook.words import counted, in_short

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.spec import Variable


class PairPicture:
    """Two dropdowns with all variables, a caption, and the picture of one against the other."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._user = Listener()
        self.across = dropdown("Across", "associations-across", width="24em")
        self.up = dropdown("Up", "associations-up", width="24em")
        self._choice = row([self.across, self.up])
        self.caption = widgets.HTML()
        self.image = widgets.Image(format="png", width=WIDTH)
        self.image.add_class("sp-associations-pair")
        self.across.observe(self._chosen, "value")
        self.up.observe(self._chosen, "value")
        self.box = widgets.VBox([self._choice, self.caption, self.image])

    def show(
        self, cohort: Cohort, patients: pd.DataFrame, strongest: tuple[str, str] | None
    ) -> None:
        """Draw the pair that was chosen; where it is not there the strongest, or else the first."""
        self._cohort = cohort
        self._variables = {
            v.name: v
            for v in cohort.spec.variables
            if v.name in patients.columns and v.type != "identifier"
        }
        names = list(self._variables)
        chosen = (self.across.value, self.up.value)
        there = set(chosen) <= set(names)
        self._offer(names, chosen if there else strongest or names[:2])
        self._draw(patients)

    def _offer(self, names: Sequence[str], chosen: Sequence[str]) -> None:
        with self._user.deaf():
            for choice, name in zip((self.across, self.up), chosen, strict=False):
                choice.options = [(in_short(name), name) for name in names]
                choice.value = name
        hide(self._choice, when=len(names) < 2)

    def _chosen(self, _: Any) -> None:
        if self._user.listens:
            with self._notice.catching():
                self._draw(first_patients(self._cohort))

    def _draw(self, patients: pd.DataFrame) -> None:
        if len(self._variables) < 2:
            self.caption.value = "<p>A pair needs two variables.</p>"
            hide(self.image, when=True)
            return
        across, up = self._variables[self.across.value], self._variables[self.up.value]
        both = patients[known(patients, (across, up))]
        drawable = len(both) > 0 and across is not up
        if drawable:
            self.image.value = pair(both, across, up)
        hide(self.image, when=not drawable)
        lines = self._described(both, len(patients), across, up)
        self.caption.value = f"<p>{' '.join(said(line) for line in lines)}</p>"

    def _described(
        self, both: pd.DataFrame, rows: int, across: Variable, up: Variable
    ) -> Iterator[str]:
        if across is up:
            yield "Choose two different variables."
            return
        yield f"{in_short(up.name)} by {in_short(across.name)}:"
        if len(ranked(self._cohort.spec, (across.name, up.name))) == 2:
            yield self._correlation(both, across, up)
        yield f"{len(both):,} of {counted(rows, 'patient')} have both values."
        if self._cohort.rows > rows:
            yield f"These are the first of {self._cohort.rows:,}."
        if len(both):
            yield from _drawn(len(both), across, up)

    def _correlation(self, both: pd.DataFrame, across: Variable, up: Variable) -> str:
        achieved, error = spearman(*(as_numbers(both[v.name], v) for v in (across, up)))
        named = frozenset((across.name, up.name))
        stated = stated_pairs(self._cohort.compiled.spec).get(named)
        beside = "not stated" if stated is None else f"{figure(stated)} stated"
        if math.isnan(achieved):
            return f"no Spearman correlation, for too few values are known or differ; {beside}."
        return f"Spearman {figure(achieved)} achieved (standard error {error:.3f}), {beside}."


def _drawn(both: int, across: Variable, up: Variable) -> Iterator[str]:
    how = kind(across, up)
    if how == "points" and both > MOST_POINTS:
        yield f"The first {MOST_POINTS:,} of them are drawn."
    if how == "boxes":
        yield "Boxes: quartiles and median; whiskers: 5th to 95th percentile."
    if how == "shares":
        yield f"Shares of {in_short(up.name)} in each column."
    if max(len(across.codes), len(up.codes)) > MOST_CODES:
        yield f"Only the {MOST_CODES} most frequent codes are drawn."
