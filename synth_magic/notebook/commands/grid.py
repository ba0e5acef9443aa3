"""A table as plain text and as HTML; whatever is in its cells is data."""

from __future__ import annotations

from collections.abc import Sequence

from synth_magic.notebook.words import in_short

_LETTERS = 60


def in_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in columns."""
    table = [[in_short(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in table
    )
    return "\n".join(line.rstrip() for line in lines)


def in_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the first cell of a row may mark it."""
    from synth_magic.notebook.pages.html import brief, table

    return table(
        "sp-versions sp-rests", head, ([brief(cell, 4 * _LETTERS) for cell in row] for row in rows)
    )


def page(*parts: str) -> str:
    """Return parts of HTML with the style of the panel."""
    from synth_magic.notebook.pages.html import style

    return f'<div class="synthpatients">{style()}{"".join(parts)}</div>'


def paragraph(text: str) -> str:
    """Return text with its lines."""
    from synth_magic.notebook.pages.html import said

    return f"<p>{'<br>'.join(map(said, text.splitlines()))}</p>"
