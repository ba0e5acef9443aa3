"""Pieces of HTML; whatever came from elsewhere is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from importlib.resources import files

from synth_magic.notebook.words import NAME, plain, short

MOST = 200
"""So many lines of a list or a table are shown at most."""
_PASSAGE = 400
_TEXT = 200_000
_OPEN = 20


def style() -> str:
    """Return the style sheet, as an element."""
    sheet = files("synth_magic.notebook.pages").joinpath("style.css").read_text(encoding="utf-8")
    return f"<style>{sheet}</style>"


def said(text: object) -> str:
    """Return text that came from elsewhere, safe in HTML, in one line and in its own direction."""
    return f"<bdi>{html.escape(plain(str(text)))}</bdi>"


def brief(text: object, letters: int = NAME) -> str:
    """Return text as `said` does, cut to so many letters."""
    return said(short(str(text), letters))


def attribute(text: str) -> str:
    """Return text that came from elsewhere as the value of an attribute, with its quotes."""
    return f'"{html.escape(plain(text))}"'


def verbatim(text: str) -> str:
    """Return a text that came from elsewhere with its lines, in a box that scrolls."""
    return f'<pre class="sp-text" tabindex="0">{letters(short(text, _TEXT))}</pre>'


def letters(text: str) -> str:
    """Return text that came from elsewhere with its lines, without what prints nothing."""
    return html.escape("".join(c for c in text if c in "\n\t" or c.isprintable()))


def points(items: Sequence[str]) -> str:
    """Return texts that came from elsewhere as a list; long lists and long texts are cut."""
    more = f"<li>… and {len(items) - MOST:,} more</li>" if len(items) > MOST else ""
    lines = "".join(f"<li>{brief(item, _PASSAGE)}</li>" for item in items[:MOST])
    return f"<ul>{lines}{more}</ul>"


def listed(text: str, items: Sequence[str]) -> str:
    """Return texts that came from elsewhere as a list with a heading, folded if it is long.

    Nothing is made of nothing.
    """
    if len(items) > _OPEN:
        return folded(f"<strong>{text}</strong> ({len(items):,})", points(items))
    return f"{heading(text)}{points(items)}" if items else ""


def heading(text: str) -> str:
    """Return a heading."""
    return f"<p><strong>{text}</strong></p>"


def table(kind: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of HTML cells that scrolls where it is too wide."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return wide(
        f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def wide(inside: str) -> str:
    """Return HTML in a box that scrolls sideways where it is too wide, with the keyboard too."""
    return f'<div class="sp-wide" tabindex="0">{inside}</div>'


def folded(line: str, inside: str) -> str:
    """Return HTML that is seen on a click on its line."""
    return f"<details><summary>{line}</summary>{inside}</details>"


def unseen(text: str) -> str:
    """Return lines of text for screen readers, which nobody sees."""
    return f'<div class="sp-unseen">{letters(text).replace(chr(10), "<br>")}</div>'
