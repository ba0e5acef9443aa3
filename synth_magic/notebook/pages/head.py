"""The line over everything: what these are, how many, what made them, how well."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from synth_magic.frame import LEARNT
from synth_magic.notebook.pages.html import brief, folded, said
from synth_magic.notebook.words import NAME, counted, short
from synth_magic.spec.edits import is_edit

if TYPE_CHECKING:
    from synth_magic.engines.answer import Origin
    from synth_magic.notebook.history import Version
    from synth_magic.notebook.pages.view import View

_TITLE = 90


def head(view: View, version: Version | None = None) -> str:
    """Return the line, with a full account of what made the patients folded under it."""
    patients, _, nobody = view.patients.partition(", ")
    cohort = view.cohort
    parts = [
        f"<strong>{patients}</strong>, {nobody}",
        brief(cohort.spec.title, _TITLE) if cohort.spec.title else "",
        ", ".join([said(made(cohort.origin)), *_since(view, version)]),
        f"<strong>{view.reached}</strong>",
        _left_out(cohort.origin),
    ]
    line = " · ".join(filter(None, parts))
    return f'<div class="sp-head">{folded(line, f"<p>{said(cohort.origin.summary)}</p>")}</div>'


def made(origin: Origin) -> str:
    """Return in a few words what made the specification, or the patients themselves."""
    day, model = origin.date[:10], short(origin.model, NAME)
    if LEARNT in origin.summary:
        return f"drawn like the patients that {model} wrote on {day}"
    match origin.engine:
        case "claude":
            return f"written by {model} on {day}"
        case "recorded":
            return f"recorded answer of {model} of {day}, no model was asked"
        case "offline":
            return "made offline from the catalogue, no model was asked"
        case "specification":
            return "drawn from a specification"
    return short(origin.engine, NAME)


def _since(view: View, version: Version | None) -> Iterator[str]:
    """Say what was done since, as far as the version and the facts tell."""
    lineage = version.lineage if version else ()
    hows = [one.how for one in takewhile(lambda one: one.how in ("refined", "edited"), lineage)]
    if refined := hows.count("refined"):
        yield "refined once" if refined == 1 else f"refined {refined:,} times"
    figures = sum(map(is_edit, view.cohort.spec.facts))
    if figures:
        yield f"<strong>edited by hand</strong> ({counted(figures, 'figure')})"
    elif "edited" in hows:
        yield "<strong>edited by hand</strong>"


def _left_out(origin: Origin) -> str:
    passages = len(origin.not_understood)
    return f"<em>{counted(passages, 'passage')} not understood</em>" if passages else ""
