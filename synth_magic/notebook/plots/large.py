"""One variable large: its marginal with summary figures, or split by another variable."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from synth_magic.notebook.plots.bars import Bars, Rows
from synth_magic.notebook.plots.canvas import WIDTH, Box, Canvas, without_glyph_warnings
from synth_magic.notebook.plots.histogram import Histogram
from synth_magic.notebook.plots.legend import Mark, legend
from synth_magic.notebook.plots.multiples import titled
from synth_magic.notebook.plots.seen import Seen, seen
from synth_magic.notebook.plots.split import draw_split
from synth_magic.notebook.plots.style import LARGE, Usual
from synth_magic.notebook.plots.summary import Figures, percent
from synth_magic.notebook.words import in_short, plain
from synth_magic.sampling import CompiledCohort
from synth_magic.sampling.expected import Expected, expected
from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import CODED_TYPES, Variable

_HEIGHT = 400
_TITLE, _TEXT = 15, 12
_STATISTICS = ("mean", "SD", "minimum", "lower quartile", "median", "upper quartile", "maximum")
_NAMES, _COLUMN, _LINE = 112, 82, 21


def large(
    patients: pd.DataFrame,
    variable: Variable,
    *,
    cohort: CompiledCohort,
    split: Variable | None = None,
    reference: pd.DataFrame | None = None,
    reference_name: str = "",
    usual: Usual | None = None,
) -> bytes:
    """Return a PNG of one variable, with axes, a legend and summary figures.

    With `split` it shows each group of patients that this other variable makes, beside all of them;
    a reference is then left out.
    """
    said = expected(cohort, variable.name)
    canvas = Canvas(WIDTH, _HEIGHT)
    with without_glyph_warnings():
        label = plain(variable.label)
        title = titled(variable) + (f": {label}" if label and label != variable.name else "")
        by = "" if split is None else f", by {plain(split.name)}"
        room = WIDTH - 12 - canvas.width_of(by, _TITLE)
        canvas.text(2, 18, canvas.fitted(title, room, _TITLE) + by, _TITLE)
        if split is not None:
            draw_split(canvas, patients, variable, split=split, said=said, usual=usual)
        else:
            column = seen(patients, variable)
            other = None if reference is None else seen(reference, variable)
            assert column is not None
            _draw(
                canvas,
                variable,
                said,
                column,
                reference=other,
                name=in_short(reference_name, 24) or "reference",
                usual=usual,
            )
        return canvas.png()


def _draw(
    canvas: Canvas,
    variable: Variable,
    said: Expected,
    column: Seen,
    *,
    reference: Seen | None,
    name: str,
    usual: Usual | None,
) -> None:
    if reference is not None and not reference.known:
        reference = None
    coded = variable.type in CODED_TYPES
    entries: list[tuple[Mark, str]] = [("bar", "these patients")]
    entries += [("spike", "values with a share of their own")] if variable.spikes else []
    entries += [("interval", "95% interval")] if coded else []
    entries += [("line", "as specified")]
    entries += [("reference", name)] if reference is not None else []
    entries += [("usual", "clinically usual")] if usual is not None and not coded else []
    legend(canvas, 2, 44, entries, _TEXT)
    columns = 2 if reference is None else 3
    table = Box(WIDTH - _NAMES - 8 - columns * _COLUMN, 66, WIDTH - 4, _HEIGHT)
    pane: Bars | Histogram
    if coded:
        box = Box(4, 66, table.left - 30, _HEIGHT - 8)
        pane = Bars(box, variable, said, LARGE, reference=reference)
    else:
        box = Box(66, 66, table.left - 40, _HEIGHT - 52)
        pane = Histogram(box, variable, said, LARGE, usual=usual, reference=reference)
        middle = (box.left + box.right) / 2
        axis = canvas.fitted(titled(variable), box.width, _TEXT)
        canvas.text(middle, _HEIGHT - 10, axis, _TEXT, "center")
    pane.still(canvas)
    pane.moving(canvas, column)
    samples = {"patients": column} | ({} if reference is None else {name: reference})
    _summary(canvas, table, variable, said, samples)
    if beyond := pane.beyond(column):
        canvas.text(table.left, _HEIGHT - 10, beyond, 11)


def _summary(
    canvas: Canvas, table: Box, variable: Variable, said: Expected, samples: Mapping[str, Seen]
) -> None:
    """Write the figures of the patients, of what is specified, and of the reference."""
    rows = Rows.of(variable, said, LARGE.bars) if variable.type in CODED_TYPES else None
    words = ["", "number", "missing", *(_STATISTICS if rows is None else rows.labels)]
    columns = []
    for name, column in samples.items():
        figures = _figures(variable, column) if rows is None else _shares(rows, column.shares)
        columns.append([name, f"{column.rows:,}", percent(column.missing), *figures])
    figures = _expected(variable, said) if rows is None else _shares(rows, said.shares)
    columns.insert(1, ["specified", "", percent(said.missing), *figures])
    for down, (word, *texts) in enumerate(zip(words, *columns, strict=True)):
        y = table.top + 10 + down * _LINE
        canvas.text(table.left, y, canvas.fitted(word, _NAMES, _TEXT), _TEXT)
        for across, text in enumerate(reversed(texts)):
            fitted = canvas.fitted(text, _COLUMN - 6, _TEXT)
            canvas.text(table.right - across * _COLUMN, y, fitted, _TEXT, "right")


def _shares(rows: Rows, shares: Floats) -> list[str]:
    return [percent(share) for share in rows.together(shares).tolist()]


def _figures(variable: Variable, seen: Seen) -> list[str]:
    figures = Figures.of(seen.numbers)
    quantiles = [figures.quantile_text(place, variable) for place in range(5)]
    return [figures.mean_text(variable), figures.sd_text(variable), *quantiles]


def _expected(variable: Variable, said: Expected) -> list[str]:
    """Return the figures without minimum and maximum: what is specified may have none."""
    figures = Figures.expected(said)
    quartiles = [figures.quantile_text(place, variable) for place in (1, 2, 3)]
    return [figures.mean_text(variable), figures.sd_text(variable), "", *quartiles, ""]
