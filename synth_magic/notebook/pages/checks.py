"""Stated beside achieved, and in how many patients the rules hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from synth_magic.evaluation.checks import TOLERANCE
from synth_magic.notebook.first import LOOKED_AT
from synth_magic.notebook.pages.html import MOST, brief, folded, table
from synth_magic.notebook.words import NAME, counted, plain_number

if TYPE_CHECKING:
    from synth_magic.evaluation.checks import Check
    from synth_magic.notebook.pages.view import View

YES, NO = '<span class="sp-yes">✓</span>', '<span class="sp-no">✗</span> missed'


def facts(view: View) -> str:
    """Return what the user stated beside what was achieved."""
    if not view.facts:
        return "<p>The description states no figures to check.</p>"
    return _cut(view.facts, stated) + scope(view)


def figures(view: View) -> str:
    """Return the other figures of the specification, and the rules, folded."""
    parts = ""
    if others := view.figures:
        line = f"Other figures of the specification: {_reached(others)}"
        parts += folded(line, _cut(others, specified) + unchecked(view))
    if kept := view.rules:
        parts += folded(f"Rules: {_reached(kept)}", rules(view, kept[:MOST]))
    return parts


def stated(checks: Sequence[Check]) -> str:
    """Return a table of what the user stated, with the words it was read from."""
    heads = ("", "Figure", "Stated", "Achieved", "Standard error", "Your words")
    return table("sp-checks", heads, ((*_cells(c), brief(c.quote)) for c in checks))


def specified(checks: Sequence[Check]) -> str:
    """Return a table of other figures."""
    heads = ("", "Figure", "Specified", "Achieved", "Standard error")
    return table("sp-checks", heads, map(_cells, checks))


def rules(view: View, checks: Sequence[Check]) -> str:
    """Return a table of rules: in how many of the patients each holds."""
    rows = min(view.cohort.rows, LOOKED_AT)
    return table(
        "sp-checks sp-rules",
        ("", "Rule", "Holds in", "Why"),
        (
            (
                YES if c.reached else NO,
                brief(c.variable, 2 * NAME),
                f"{round(c.achieved * rows):,} of {counted(rows, 'row')}",
                brief(c.quote, 2 * NAME),
            )
            for c in checks
        ),
    )


def scope(view: View) -> str:
    """Say what reached means, and of which patients."""
    of = ""
    if view.cohort.rows > LOOKED_AT:
        of = f" Checked on the first {LOOKED_AT:,} patients."
    return (
        f"<p>Reached: within {TOLERANCE:g} standard errors, which is what chance does to a figure "
        f"at this number of patients.{of}</p>"
    )


def unchecked(view: View) -> str:
    """Say how many correlations were not checked, if any."""
    if not view.unchecked:
        return ""
    more = counted(view.unchecked, "weaker correlation")
    return f"<p>{more} were not checked here: <code>.cohort.checks()</code> has them all.</p>"


def words(one: Check) -> str:
    """Return what a check is found by: what it is of, and the words that it was read from."""
    return f"{what(one)} {one.quote}"


def _reached(checks: Sequence[Check]) -> str:
    return f"{sum(c.reached for c in checks):,} of {len(checks):,} reached"


def _cut(checks: Sequence[Check], shown: Callable[[Sequence[Check]], str]) -> str:
    more = ""
    if len(checks) > MOST:
        more = f"<p>… and {len(checks) - MOST:,} more in <code>.cohort.checks()</code></p>"
    return shown(checks[:MOST]) + more


def what(one: Check) -> str:
    """Return what is checked, and in whom: `crp: median, sex = male`."""
    return f"{one.variable}: {one.of}{f', {one.among}' if one.among else ''}"


def _cells(one: Check) -> Iterator[str]:
    yield YES if one.reached else NO
    yield brief(what(one), 2 * NAME)
    if one.is_direction:
        yield from (one.of.split()[0], f"Spearman {one.achieved:.2f}")
    else:
        yield from (figure(one, one.stated), figure(one, one.achieved))
    yield figure(one, one.standard_error, 2, 2) if one.standard_error else ""


def figure(one: Check, value: float, digits: int = 4, percent_decimals: int = 1) -> str:
    """Return a value of what is checked as it is read: a percentage, a correlation, a number."""
    if math.isnan(value):  # no patient to compute it from
        return "–"
    if one.of == "missing" or one.of.startswith(("share of", "holds in")):
        return f"{value:.{percent_decimals}%}"
    if one.is_direction or one.of.startswith("Spearman"):
        return f"{value:.2f}"
    return plain_number(value, digits)
