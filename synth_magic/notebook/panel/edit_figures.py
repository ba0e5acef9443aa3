"""Changing a figure of one variable: a number field for each, filled with what holds now."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import ipywidgets as widgets
import numpy as np

from synth_magic.errors import SettingError
from synth_magic.evaluation.columns import as_coded, as_numbers, where
from synth_magic.notebook.pages.html import brief, said
from synth_magic.notebook.panel.pieces import Listener, dropdown, hide, row
from synth_magic.notebook.words import counted, in_short, plain, plain_number
from synth_magic.sampling.figures import Codes, Numbers, figures, groups
from synth_magic.spec.edits import PERCENT, WORDS, edit, fixed, of, told
from synth_magic.spec.model import CODED_TYPES, Fact, Statistic, Within
from synth_magic.spec.text import figure

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change, Scene
    from synth_magic.spec import CohortSpec, Variable

OF_NUMBERS: tuple[Statistic, ...] = (
    "min", "p05", "p25", "p50", "p75", "p95", "max", "mean", "sd",
)  # fmt: skip
MOST_CODES = 40

_LABEL = 26

Stated: TypeAlias = Mapping[tuple[Statistic, str], float]
"""What is stated of a variable, by statistic and code."""


class Figures:
    """A choice of a variable and of a group, and the fields; each change is a new version."""

    def __init__(self, notice: Notice, change: Change) -> None:
        self._notice, self._change = notice, change
        self._user = Listener()
        self.variable = dropdown(
            "Change",
            "edit-variable",
            width="28em",
            labels="5em",
            tooltip="The variable whose figures are changed",
        )
        self.group = dropdown(
            "in",
            "edit-group",
            width="20em",
            labels="2em",
            tooltip="The patients whose figures are changed",
        )
        self.variable.observe(self._chosen, "value")
        self.group.observe(self._chosen, "value")
        self.fields = {name: self._field(name) for name in OF_NUMBERS}
        self.shares = [self._share(place) for place in range(2)]
        self.missing = self._field("missing")
        self.note = widgets.HTML()
        self._grid = row([])
        self._lay()
        self.box = widgets.VBox([row([self.variable, self.group]), self._grid, self.note])

    def _field(self, statistic: Statistic) -> widgets.FloatText:
        unit = " %" if statistic in PERCENT else ""
        return self._listened(statistic, f"{WORDS[statistic]}{unit}")

    def _share(self, place: int) -> widgets.FloatText:
        return self._listened("share", "", place)

    def _listened(self, statistic: Statistic, label: str, place: int = 0) -> widgets.FloatText:
        field = widgets.FloatText(description=label, layout=widgets.Layout(width="17em"))
        field.style.description_width = "10em"
        field.add_class(f"sp-edit-{statistic}")
        field.observe(lambda change: self._asked(statistic, place, change["new"]), "value")
        return field

    def _lay(self) -> None:
        self._grid.children = [*self.fields.values(), *self.shares, self.missing]

    # --- showing -----------------------------------------------------------------------------

    def show(self, scene: Scene, frame: pd.DataFrame, offered: Sequence[Variable]) -> None:
        """Offer variables, and show the figures of the chosen one, or else of the first."""
        self._scene = scene
        self._spec: CohortSpec = scene.cohort.compiled.spec
        names = [v.name for v in offered if v.type != "identifier"]
        chosen = self.variable.value
        if chosen not in names:
            chosen = names[0] if names else None
        with self._user.deaf():
            self.variable.options = [(in_short(name), name) for name in names]
            self.variable.value = chosen
            self._offer_groups()
            self._fill(frame)

    def _offer_groups(self) -> None:
        chosen = self.group.value
        found = groups(self._spec, self.variable.value) if self.variable.value else ()
        parents = {group.variable for group in found}
        self.group.options = [
            ("all patients", None),
            *((_grouped(group, alone=len(parents) == 1), group) for group in found),
        ]
        self.group.value = chosen if chosen in found else None
        hide(self.group, when=not found)

    def _fill(self, frame: pd.DataFrame) -> None:
        name, within = self.variable.value, self.group.value
        self._shown: dict[tuple[Statistic, int], float] = {}
        if name is None:
            hide(self._grid, when=True)
            self.note.value = "<p>No variable has these letters.</p>"
            return
        variable = self._spec.variable(name)
        now = figures(self._spec, name, within)
        stated: Stated = {
            (fact.statistic, fact.code): fact.value
            for fact in self._spec.facts
            if fact.variable == name and fact.within == within
        }
        self._fill_numbers(variable, now if isinstance(now, Numbers) else None, stated)
        self._fill_shares(variable, now.shares if isinstance(now, Codes) else {}, stated)
        self._set(self.missing, "missing", 0, round(100 * self._lacking(variable), 2))
        self.missing.tooltip = plain(f"missing values of {name}, %")
        hide(self.missing, when=now is None or within is not None)
        hide(self._grid, when=now is None)
        self.note.value = "".join(f"<p>{line}</p>" for line in self._notes(variable, frame))

    def _fill_numbers(self, variable: Variable, now: Numbers | None, stated: Stated) -> None:
        for statistic, field in self.fields.items():
            if now is not None:
                value = stated.get((statistic, ""), now.figure(statistic))
                self._set(field, statistic, 0, _rounded(value, statistic, variable))
                field.tooltip = plain(f"{WORDS[statistic]} of {variable.name} {variable.unit}")
            hide(field, when=now is None)

    def _fill_shares(self, variable: Variable, shares: Mapping[str, float], stated: Stated) -> None:
        codes = variable.codes[:MOST_CODES] if shares else ()
        self._offer_shares(len(codes))
        for place, (field, code) in enumerate(zip(self.shares, codes, strict=False)):
            field.description = f"{in_short(code, _LABEL)} %"
            field.tooltip = plain(f"share of {code} of {variable.name}, %")
            value = stated.get(("share", code), shares[code])
            self._set(field, "share", place, round(100 * value, 2))
        for place, field in enumerate(self.shares):
            hide(field, when=place >= len(codes))

    def _lacking(self, variable: Variable) -> float:
        alone = [g for g in self._spec.missing_groups if variable.name in g.variables]
        return max([variable.missing, *(g.fraction for g in alone if not g.only_when)])

    def _offer_shares(self, number: int) -> None:
        if number > len(self.shares):
            self.shares += [self._share(place) for place in range(len(self.shares), number)]
            self._lay()

    def _set(
        self, field: widgets.FloatText, statistic: Statistic, place: int, value: float
    ) -> None:
        field.value = self._shown[statistic, place] = value

    def _notes(self, variable: Variable, frame: pd.DataFrame) -> Iterator[str]:
        if reason := fixed(variable):
            yield f"{said(reason)}."
        elif variable.type == "date":
            yield f"In {said(variable.unit)}."
        elif variable.unit:
            yield f"In {brief(variable.unit)}."
        if len(variable.codes) > MOST_CODES:
            more = len(variable.codes) - MOST_CODES
            yield f"{counted(more, 'more code')}: change them in the JSON."
        stated = [
            of(fact)
            for fact in self._spec.facts
            if fact.variable == variable.name and fact.within == self.group.value
        ]
        if stated:
            yield f"Stated: {said(', '.join(stated))}; the other figures follow from these."
        if variable.name in frame.columns:
            yield said(self._came_out(variable, frame))

    def _came_out(self, variable: Variable, frame: pd.DataFrame) -> str:
        """Return the figures of the patients, which chance moves about those of the fields."""
        within: Within | None = self.group.value
        if within is not None:
            if within.variable not in frame.columns:
                return ""
            parent = self._spec.variable(within.variable)
            frame = frame[where(frame[within.variable], parent, within.code)]
        column = frame[variable.name]
        head = f"What came out in {counted(len(frame), 'patient')}: "
        lacking = 100 * float(column.isna().mean()) if len(column) else 0.0
        gone = f"; {lacking:.1f}% missing" if lacking else ""
        if variable.type in CODED_TYPES:
            codes = as_coded(column, variable)
            known = codes.index[codes.index >= 0]
            shares = np.bincount(known, minlength=len(codes.codes)) / max(len(known), 1)
            pairs = zip(codes.codes[:MOST_CODES], shares, strict=False)
            return head + ", ".join(f"{code} {100 * s:.1f}%" for code, s in pairs) + gone
        numbers = as_numbers(column, variable)
        numbers = numbers[~np.isnan(numbers)]
        if len(numbers) < 2:
            return f"{head}too few values{gone}"
        low, p25, p50, p75, high = map(plain_number, np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1]))
        mean, sd = plain_number(numbers.mean()), plain_number(numbers.std(ddof=1))
        return f"{head}median {p50} ({p25}–{p75}), {low} to {high}, mean {mean} (SD {sd}){gone}"

    # --- changing ----------------------------------------------------------------------------

    def _chosen(self, _: Any) -> None:
        if self._user.listens:
            with self._notice.catching():
                self._notice.clear()
                self._refill()

    def _refill(self) -> None:
        with self._user.deaf():
            self._offer_groups()
            self._fill(self._scene.cohort.frame())

    def _asked(self, statistic: Statistic, place: int, value: float) -> None:
        if not self._user.listens or value == self._shown.get((statistic, place)):
            return
        with self._notice.catching():
            fact = self._fact(statistic, place, value)
            if reason := _impossible(fact, value):
                self._refill()
                raise SettingError(f"{fact.variable}: {reason}")
            self._change("edited", told(fact), lambda cohort: cohort.edited(fact))

    def _fact(self, statistic: Statistic, place: int, value: float) -> Fact:
        name = self.variable.value
        code = self._spec.variable(name).codes[place] if statistic == "share" else ""
        stated = value / 100 if statistic in PERCENT else value
        return edit(name, statistic, stated, code=code, within=self.group.value)


def _grouped(group: Within, *, alone: bool) -> str:
    code = in_short(group.code)
    return code if alone else f"{in_short(group.variable)}: {code}"


def _impossible(fact: Fact, typed: float) -> str:
    """Return why what was typed is no such figure, in the unit in which it was typed."""
    if not math.isfinite(typed):
        return f"{of(fact)} is a number"
    if fact.statistic in PERCENT and not 0 <= typed <= 100:
        return f"{of(fact)}: {figure(typed)}% is not between 0 and 100%"
    return ""


def _rounded(value: float, statistic: Statistic, variable: Variable) -> float:
    decimals = variable.decimals if variable.type == "continuous" else 0
    finer = 2 if statistic in ("mean", "sd") else 1
    return round(value, decimals + finer)
