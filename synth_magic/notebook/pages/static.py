"""Patients without controls: HTML that a page keeps when nothing runs behind it, and plain text."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pandas as pd

from synth_magic.notebook.pages import checks, notes, patients
from synth_magic.notebook.pages.head import head
from synth_magic.notebook.pages.html import said, style
from synth_magic.notebook.plots import PER_PAGE, WIDTH

if TYPE_CHECKING:
    from synth_magic.notebook.history import Version
    from synth_magic.notebook.pages.view import View


def page(
    view: View,
    png: bytes,
    pictures: int,
    *,
    note: str = "",
    version: Version | None = None,
    changes: str = "",
    uid: str = "",
) -> str:
    """Return HTML of patients: the first rows, the marginals in `png`, the checks and notes.

    `pictures` is how many variables could be drawn, `note` stands on top, `version` is the one that
    the patients are of and `changes` HTML that says what changed in it; `uid` is that of a panel
    which takes the place of this page wherever it is alive.
    """
    return "".join(
        [
            f'<div class="synthpatients {uid}-static">' if uid else '<div class="synthpatients">',
            style(),
            _hide_dead_panel(uid) if uid else "",
            _notice(note) if note else "",
            head(view, version),
            changes,
            patients.first_rows(view),
            _picture(png, pictures),
            checks.facts(view),
            checks.figures(view),
            notes.notes(view),
            "</div>",
        ]
    )


def noted(html: str, note: str) -> str:
    """Return a page with a line on top."""
    box, inside = html.split(">", 1)
    return f"{box}>{_notice(note)}{inside}"


def plain_text(view: View, frame: pd.DataFrame) -> str:
    """Return what a terminal shows: the frame as pandas prints it, the summary, and what else."""
    return "\n".join(filter(None, (f"{pd.DataFrame(frame)!r}\n", view.summary, view.remarked)))


def _notice(note: str) -> str:
    return f'<div class="sp-notice">{said(note)}</div>'


def _hide_dead_panel(uid: str) -> str:
    """Return a style that hides the output before this page if it holds no live panel.

    A notebook opened without a kernel says there that a widget's model was not found.
    """
    output = ".jp-OutputArea-child"
    return (
        f"<style>{output}:not(:has(.{uid}-panel)):has(+ {output} .{uid}-static)"
        "{display:none}</style>"
    )


def _picture(png: bytes, pictures: int) -> str:
    if not pictures:
        return ""
    data = base64.b64encode(png).decode("ascii")
    more = f"<p>{PER_PAGE} of {pictures} variables are pictured.</p>" if pictures > PER_PAGE else ""
    source = f'src="data:image/png;base64,{data}"'
    return f'<img width="{WIDTH}" alt="The marginals" {source}>{more}'
