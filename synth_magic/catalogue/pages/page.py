"""A page: facts and tables in order, with a plain text of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import fill

_WIDTH = 100
_LETTERS = 44
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address, or to several that spaces part."""

    text: str
    address: str

    @property
    def addresses(self) -> Sequence[str]:
        """The addresses of the web: no other may be clicked on."""
        return [a for a in self.address.split() if a.startswith(("https://", "http://"))]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Bar:
    """A share (0-1), as a figure and as the length of a bar."""

    share: float

    def __str__(self) -> str:
        return percent(self.share)


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of a distribution on an axis from `low` to `high`: a picture, without words."""

    p25: float
    p50: float
    p75: float
    low: float
    high: float

    def __str__(self) -> str:
        return ""


Cell = str | Link | Bar | Spread


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `folded` ones are seen on a click; what `figures` hold is set to the right."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: bool = False
    figures: bool = False

    def in_two(self, first: int) -> Iterator[Grid]:
        """Yield so many rows as a table, and those beyond as a folded one."""
        yield replace(self, rows=self.rows[:first])
        if more := self.rows[first:]:
            yield replace(self, title=f"{len(more):,} more", rows=more, folded=True)

    @property
    def filled(self) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
        """The head and the rows without empty columns."""
        return _filled(self.heads, self.rows)

    def __str__(self) -> str:
        parts = [self.title, _columns(self.heads, self.rows), self.note]
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to say, each under its name; what is empty is left out."""

    rows: Sequence[tuple[str, Cell]]
    title: str = ""
    folded: bool = False

    @property
    def said(self) -> Sequence[tuple[str, Cell]]:
        """The facts that are not empty."""
        return [(name, value) for name, value in self.rows if str(value)]

    def __str__(self) -> str:
        if self.folded:
            rows = [(name, value, _address(value)) for name, value in self.said]
            return f"{self.title}\n{_columns(('', '', ''), rows).lstrip()}"
        lines = [_wrapped(f"{name}: {value} {_address(value)}") for name, value in self.said]
        return "\n".join([*([self.title] if self.title else []), *lines])


Block = str | Grid | Facts


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say of one thing."""

    title: str
    blocks: Sequence[Block]

    @property
    def filled(self) -> Iterator[Block]:
        """The blocks that hold something."""
        for block in self.blocks:
            if block if isinstance(block, str) else block.rows:
                yield block

    def __str__(self) -> str:
        texts = (_wrapped(b, 0) if isinstance(b, str) else str(b) for b in self.filled)
        return "\n\n".join([self.title, *texts])


def _filled(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    kept = [place for place in range(len(heads)) if any(row[place] != "" for row in rows)]
    return [heads[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _columns(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table as text in columns; long cells are cut."""
    head, cells = _filled(heads, [[cut(str(cell), _LETTERS) for cell in row] for row in rows])
    lines = [head, *([str(cell) for cell in row] for row in cells)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def cut(text: str, letters: int) -> str:
    """Return text in one line, of so many letters at most, without what prints nothing."""
    plain = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return plain if len(plain) <= letters else f"{plain[: letters - 1].rstrip()}…"


def listed(texts: Sequence[str], most: int) -> str:
    """Return texts joined by commas, and how many there are beyond so many."""
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def number(value: float) -> str:
    """Return a number in up to four figures, none of a large one rounded away."""
    return f"{value:.4g}" if abs(value) < 9999.5 else f"{value:,.0f}"


def percent(share: float) -> str:
    """Return a share (0-1) as a percentage."""
    return f"{100 * share:.3g}%"


def _address(cell: Cell) -> str:
    return cell.address if isinstance(cell, Link) and cell.address != cell.text else ""


def _wrapped(text: str, indent: int = _INDENT) -> str:
    return fill(
        text,
        _WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
