"""Fragments of HTML shared by the panel and the static page; whatever comes in is escaped."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from synth_magic.evaluation.checks import Check
from synth_magic.notebook.pages.view import CHECKED, View
from synth_magic.notebook.words import counted, plain, short

if TYPE_CHECKING:
    from synth_magic.engines.answer import Origin
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

MOST = 200
"""So many checks are listed at most; `cohort.checks()` has them all."""

_LETTERS = 60
_PASSAGE = 400


def style() -> str:
    """Return the style sheet, as an element."""
    sheet = files("synth_magic.notebook.pages").joinpath("style.css").read_text(encoding="utf-8")
    return f"<style>{sheet}</style>"


def said(text: object) -> str:
    """Return text that came from elsewhere, safe in HTML, in one line and in its own direction."""
    return f"<bdi>{html.escape(plain(str(text)))}</bdi>"


def head(view: View) -> str:
    """Return the line over everything: what these are, what made them, how well."""
    patients, _, nobody = view.patients.partition(", ")
    return (
        f'<div class="sp-head"><strong>{patients}</strong>, {nobody}. '
        f"{said(view.cohort.origin.summary)} <strong>{view.reached.capitalize()}.</strong>"
        f"{_left_out(view)}</div>"
    )


def _left_out(view: View) -> str:
    words = len(view.cohort.origin.not_understood)
    return f" <em>{counted(words, 'passage')} not understood: see the notes.</em>" if words else ""


def changes(scene: Scene) -> str:
    """Return what changed from the version before, in words and figures."""
    if scene.changes is None:
        return ""
    return f"<p>{said(scene.version.title)}. {said(str(scene.changes))}</p>"


def first_rows(view: View) -> str:
    """Return the first patients as a table, with the units."""
    variables = {v.name: v for v in view.cohort.spec.variables}
    columns = [variables[name] for name in view.first.columns]
    names = "".join(f"<th title={_quoted(v.label)}>{_name(v)}</th>" for v in columns)
    shown = [[_value(value, v) for value in view.first[v.name]] for v in columns]
    rows = "".join(
        f"<tr><th>{index}</th>{''.join(f'<td>{value}</td>' for value in row)}</tr>"
        for index, row in zip(view.first.index, zip(*shown, strict=True), strict=True)
    )
    size = f"{counted(view.cohort.rows, 'row')} × {counted(len(columns), 'column')}"
    return (
        f'<div class="sp-wide"><table class="sp-patients"><tr><th></th>{names}</tr>{rows}</table>'
        f"</div><p>{size}</p>"
    )


def facts(view: View) -> str:
    """Return what the user stated beside what was achieved."""
    if not view.facts:
        return "<p>The description states no figures to check.</p>"
    return _checks(view.facts, "Stated", quoted=True) + _basis(view)


def figures(view: View) -> str:
    """Return the other figures of the specification beside what was achieved."""
    others = view.figures
    if not others:
        return ""
    met = sum(one.reached for one in others)
    return (
        f"<details><summary>Other figures of the specification: {met:,} of {len(others):,} reached"
        f"</summary>{_checks(others, 'Specified', quoted=False)}</details>"
    )


def notes(view: View) -> str:
    """Return what was not understood, how the rest was read, what had to give or was assumed."""
    origin = view.cohort.origin
    assumed = [f"{v.name}: {v.basis}" if v.basis else v.name for v in view.assumed]
    lists = (
        _list("Not understood, and left out", origin.not_understood),
        _list("How the description was read", origin.remarks),
        _list("What had to give", view.cohort.compiled.notes),
        _list("Assumed, with no source", assumed),
        _list("From the catalogue", [f"{v.name}: {v.basis}" for v in view.catalogued]),
        _list("What the model rests them on", [_rests(v) for v in view.modelled]),
        _list("The answer", list(_answer(origin))),
    )
    return "".join(lists) or "<p>All was understood and stated; nothing was assumed.</p>"


def _rests(variable: Variable) -> str:
    sure = f" ({variable.certainty} certainty)" if variable.certainty else ""
    return f"{variable.name}: {variable.basis or 'it does not say'}{sure}"


def _answer(origin: Origin) -> Iterator[str]:
    """Say of a model's answer who gave it and when, what it took, and where it is kept."""
    if not origin.model:
        return
    yield f"{origin.model}, {origin.date[:10]}, version {origin.prompt_version} of the question"
    usage = origin.usage
    if usage.tokens:
        about = "about " if usage.estimated else ""
        tokens = f"{about}{usage.input_tokens:,} tokens in and {usage.output_tokens:,} out"
        price = f": {origin.cost}" if origin.cost else ""
        yield f"it took {tokens}, in {counted(usage.calls, 'request')}{price}"
    if origin.recording:
        yield f"kept in {origin.recording}"


def _list(heading: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    more = f"<li>… and {len(items) - MOST:,} more</li>" if len(items) > MOST else ""
    points = "".join(f"<li>{said(short(item, _PASSAGE))}</li>" for item in items[:MOST])
    return f"<p><strong>{heading}</strong></p><ul>{points}{more}</ul>"


def _basis(view: View) -> str:
    of = ""
    if view.cohort.rows > CHECKED:
        of = f" Checked on the first {CHECKED:,} patients."
    return (
        "<p>Reached: within 3 standard errors, which is what chance does to a figure at this "
        f"number of patients.{of}</p>"
    )


def _checks(checks: Iterable[Check], stated: str, *, quoted: bool) -> str:
    checks = list(checks)
    words = "<th>Your words</th>" if quoted else ""
    rows = "".join(_check(one, quoted=quoted) for one in checks[:MOST])
    more = ""
    if len(checks) > MOST:
        more = f"<p>… and {len(checks) - MOST:,} more in <code>.cohort.checks()</code></p>"
    return (
        f'<div class="sp-wide"><table class="sp-checks"><tr><th></th><th>Figure</th>'
        f"<th>{stated}</th><th>Achieved</th><th>Standard error</th>{words}</tr>{rows}</table></div>"
        f"{more}"
    )


def _check(one: Check, *, quoted: bool) -> str:
    mark = '<td class="sp-yes">✓</td>' if one.reached else '<td class="sp-no">✗ missed</td>'
    among = f", {one.among}" if one.among else ""
    if one.of.startswith(("rises", "falls")):
        numbers = ("", f"Spearman {one.achieved:.2f}", "")
    else:
        error = _figure(one, one.standard_error, 2, 2) if one.standard_error else ""
        numbers = (_figure(one, one.stated), _figure(one, one.achieved), error)
    cells = "".join(f"<td>{number}</td>" for number in numbers)
    words = f"<td>{said(short(one.quote, _LETTERS))}</td>" if quoted else ""
    what = said(short(f"{one.variable}: {one.of}{among}", 2 * _LETTERS))
    return f"<tr>{mark}<td>{what}</td>{cells}{words}</tr>"


def _figure(one: Check, value: float, digits: int = 4, percent_decimals: int = 1) -> str:
    if math.isnan(value):  # no patient to compute it from
        return "–"
    if one.of == "missing" or one.of.startswith(("share of", "holds in")):
        return f"{value:.{percent_decimals}%}"
    return f"{value:.{digits}g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _name(variable: Variable) -> str:
    unit = variable.unit if variable.type != "date" else ""
    below = f"<br><small>{said(short(unit, _LETTERS))}</small>" if unit else ""
    return said(short(variable.name, _LETTERS)) + below


def _value(value: Any, variable: Variable) -> str:
    if pd.isna(value):
        return '<span class="sp-missing">missing</span>'
    if variable.type == "continuous":
        return f"{value:.{variable.decimals}f}"
    if variable.type == "date":
        return f"{value:%Y-%m-%d}"
    return said(short(str(value), _LETTERS))


def _quoted(text: str) -> str:
    return f'"{html.escape(plain(text))}"'
