"""Marginals as small multiples, a page of twelve at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from synth_magic.notebook.plots.bars import Bars
from synth_magic.notebook.plots.canvas import WIDTH, Box, Canvas, without_glyph_warnings
from synth_magic.notebook.plots.histogram import Histogram
from synth_magic.notebook.plots.legend import Mark, legend
from synth_magic.notebook.plots.seen import Seen, seen
from synth_magic.notebook.plots.style import SMALL, Usual
from synth_magic.notebook.plots.summary import missing_text
from synth_magic.notebook.words import in_short, plain
from synth_magic.sampling import CompiledCohort
from synth_magic.sampling.expected import Expected, expectations
from synth_magic.spec import CohortSpec
from synth_magic.spec.model import CODED_TYPES, Variable

PER_PAGE = 12

_ACROSS = 4
_HEIGHT = 164
_LEGEND = 26
_TITLE, _SMALLER = 12.5, 11.0


def pictured(spec: CohortSpec, frame: pd.DataFrame) -> tuple[Variable, ...]:
    """Return the variables that have a picture: the columns, without identifiers."""
    columns = set(frame.columns)
    return tuple(v for v in spec.variables if v.name in columns and v.type != "identifier")


@dataclass(frozen=True, slots=True)
class _Page:
    """What stays the same when other patients are drawn."""

    variables: tuple[Variable, ...]
    cohort: CompiledCohort
    reference: pd.DataFrame | None
    reference_name: str
    usual: Mapping[str, Usual]

    def same(self, other: _Page) -> bool:
        return (
            self.cohort is other.cohort
            and self.reference is other.reference
            and self.reference_name == other.reference_name
            and self.variables == other.variables
            and self.usual == other.usual
        )


@dataclass(frozen=True, slots=True)
class _Multiple:
    """One variable of the page."""

    variable: Variable
    said: Expected
    box: Box
    pane: Histogram | Bars

    def still(self, canvas: Canvas) -> None:
        title = canvas.fitted(titled(self.variable), self.box.width - 12, _TITLE)
        canvas.text(self.box.left + 2, self.box.top + 12, title, _TITLE)
        self.pane.still(canvas)

    def moving(self, canvas: Canvas, column: Seen) -> None:
        parts = [missing_text(column, self.said), self.pane.beyond(column)]
        words = " · ".join(part for part in parts if part)
        fitted = canvas.fitted(words, self.box.width - 12, _SMALLER)
        canvas.text(self.box.left + 2, self.box.top + 26, fitted, _SMALLER)
        self.pane.moving(canvas, column)


class SmallMultiples:
    """A page of pictures that keeps what only the specification decides.

    Axes, bins and titles follow from the specification and the reference: they are drawn once, and
    stay where they are when other patients are drawn.
    """

    def __init__(self) -> None:
        self._page: _Page | None = None
        self._canvas: Canvas
        self._multiples: list[_Multiple] = []

    def draw(
        self,
        patients: pd.DataFrame,
        variables: Sequence[Variable],
        *,
        cohort: CompiledCohort,
        reference: pd.DataFrame | None = None,
        reference_name: str = "",
        usual: Mapping[str, Usual] | None = None,
    ) -> bytes:
        """Return a PNG with a histogram, or the share of each code, of each variable.

        `reference` is overlaid where it has a column of the same name. `usual` gives limits that
        are clinically usual, None for an open one; they are shaded.
        """
        page = _Page(tuple(variables), cohort, reference, reference_name, dict(usual or {}))
        with without_glyph_warnings():
            if self._page is None or not self._page.same(page):
                self._prepare(page)
            self._canvas.restore()
            for multiple in self._multiples:
                column = seen(patients, multiple.variable)
                if column is not None:
                    multiple.moving(self._canvas, column)
            return self._canvas.png()

    def _prepare(self, page: _Page) -> None:
        down = max(1, math.ceil(len(page.variables) / _ACROSS))
        height = _LEGEND + down * _HEIGHT
        if self._page is None or self._canvas.box.height != height:
            self._canvas = Canvas(WIDTH, height)
        self._canvas.clear()
        said = expectations(page.cohort)
        references: list[Seen | None] = [
            None if page.reference is None else seen(page.reference, v) for v in page.variables
        ]
        self._multiples = [
            _multiple(
                place, variable, said[variable.name], reference, page.usual.get(variable.name)
            )
            for place, (variable, reference) in enumerate(
                zip(page.variables, references, strict=True)
            )
        ]
        for one in self._multiples:
            one.still(self._canvas)
        legend(self._canvas, 2, 12, _entries(page, references), _SMALLER)
        self._canvas.keep()
        self._page = page


def _entries(page: _Page, references: Sequence[Seen | None]) -> list[tuple[Mark, str]]:
    entries: list[tuple[Mark, str]] = [("bar", "these patients")]
    if any(variable.spikes for variable in page.variables):
        entries.append(("spike", "values with a share of their own"))
    if any(variable.type in CODED_TYPES for variable in page.variables):
        entries.append(("interval", "95% interval"))
    entries.append(("line", "as specified"))
    if any(reference is not None and reference.known for reference in references):
        entries.append(("reference", in_short(page.reference_name, 30) or "reference"))
    numbers = [v.name for v in page.variables if v.type not in CODED_TYPES]
    if not page.usual.keys().isdisjoint(numbers):
        entries.append(("usual", "clinically usual"))
    return entries


def _multiple(
    place: int, variable: Variable, said: Expected, reference: Seen | None, usual: Usual | None
) -> _Multiple:
    """Return the picture of a variable at its place on the page."""
    down, across = divmod(place, _ACROSS)
    wide = WIDTH / _ACROSS
    top = _LEGEND + down * _HEIGHT
    box = Box(across * wide, top, (across + 1) * wide, top + _HEIGHT)
    pane: Histogram | Bars
    if variable.type in CODED_TYPES:
        inner = box.inner(left=2, top=34, right=12, bottom=14)
        pane = Bars(inner, variable, said, SMALL, reference=reference)
    else:
        inner = box.inner(left=6, top=34, right=18, bottom=30)
        pane = Histogram(inner, variable, said, SMALL, usual=usual, reference=reference)
    return _Multiple(variable, said, box, pane)


def titled(variable: Variable) -> str:
    """Return the name with its unit."""
    unit = "" if variable.type == "date" else in_short(variable.unit, 30)
    return f"{plain(variable.name)} ({unit})" if unit else plain(variable.name)
