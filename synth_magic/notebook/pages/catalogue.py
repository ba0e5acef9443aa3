"""Pages of the catalogue as HTML; whatever is on them is data."""

from __future__ import annotations

from synth_magic.catalogue.pages.page import Bar, Block, Cell, Facts, Grid, Link, Page, Spread
from synth_magic.notebook.pages.html import attribute, brief, folded, heading, said, table

_LETTERS = 400


def page(shown: Page) -> str:
    """Return a page of the catalogue."""
    blocks = "".join(map(_block, shown.filled))
    return f'<div class="sp-catalogue"><h3>{said(shown.title)}</h3>{blocks}</div>'


def _block(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{said(block)}</p>"
    inside = _grid(block) if isinstance(block, Grid) else _facts(block)
    if block.folded:
        return folded(f"<strong>{said(block.title)}</strong>", inside)
    return (heading(said(block.title)) if block.title else "") + inside


def _grid(grid: Grid) -> str:
    heads, rows = grid.filled
    kind = "sp-figures" if grid.figures else "sp-rests"
    note = f"<p><small>{said(grid.note)}</small></p>" if grid.note else ""
    return table(kind, map(said, heads), (map(_cell, row) for row in rows)) + note


def _facts(facts: Facts) -> str:
    lines = (f"<dt>{said(name)}</dt><dd>{_fact(value)}</dd>" for name, value in facts.said)
    return f"<dl>{''.join(lines)}</dl>"


def _fact(value: Cell) -> str:
    """Return a fact whole, each of its addresses behind it."""
    if isinstance(value, Link) and value.addresses:
        links = " ".join(_link(address, address) for address in value.addresses)
        return links if value.text == value.address else f"{said(value)} {links}"
    return said(value) if isinstance(value, str) else _cell(value)


def _cell(cell: Cell) -> str:
    match cell:
        case Link() if cell.addresses:
            return _link(cell.text, cell.addresses[0])
        case Bar():
            return f'<span class="sp-bar" style="--share: {cell.share:.2%}"></span>{said(cell)}'
        case Spread():
            return _spread(cell)
        case _:
            return brief(cell, _LETTERS)


def _link(text: str, address: str) -> str:
    return (
        f'<a href={attribute(address)} target="_blank" rel="noopener noreferrer">{said(text)}</a>'
    )


def _spread(spread: Spread) -> str:
    """Return a box from the lower to the upper quartile, with the median."""
    width = (spread.high - spread.low) or 1
    low, middle, high = (
        (value - spread.low) / width for value in (spread.p25, spread.p50, spread.p75)
    )
    places = f"--low: {low:.1%}; --middle: {middle:.1%}; --high: {high:.1%}"
    return f'<span class="sp-spread" style="{places}"><i></i><b></b></span>'
