"""Where a text has tables, and what their rows and cells are, each cell with its position.

A table is recognised by what parts its cells: pipes (Markdown, with or without a heading), tabs,
commas or semicolons under a heading that starts with a word such as `Variable`, gaps of two spaces
or more, or the lines `name: description|type|mapping|statistics`. It ends where the text goes on
without them; blank lines within a table are skipped, and lines without cells are its headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from synth_magic.description.cells import is_blank, is_data
from synth_magic.description.model import Quote
from synth_magic.description.vocabulary import FIRST_HEADINGS, role_of, type_of
from synth_magic.errors import DescriptionError

_LINE = re.compile(r"[^\n]*\n?")
_PIPE = re.compile(r"(?<!\\)\|")
_ABSOLUTE = re.compile(r"\|\s*(?:r|rho|ρ|β|z|t)\s*\|")
_RULE = re.compile(r"[\s|:+=-]*-{2,}[\s|:+=-]*")
_MARKS = {"tab": "\t", "pipe": "|"}
_GAP = re.compile(r"[^\S\n]{2,}")
_HEADING_GAP = re.compile(r"^\s{4,}|(?<=[^\s.!?])[^\S\n]{2,}(?=\S)")
_HEADING_WORDS = 8
_ALIGNED = 2
_INDENT = re.compile(r"(?:&(?:nbsp|emsp|ensp);|\s)*")
_BULLETS = re.compile(r"(?:[-–—•·◦○‣▪●►→*]\s+|[•◦○‣▪●►→])")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its words, its cells, and how far its first cell is indented."""

    line: Quote
    cells: tuple[Quote, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `aligned` tells that gaps part the cells, so that empty ones leave no trace."""

    kind: str
    rows: tuple[Row, ...]
    has_rule: bool = False

    @property
    def aligned(self) -> bool:
        return self.kind == "gap"


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of a text, and the stretches of text before, between and after them."""

    tables: tuple[Table, ...]
    prose: tuple[Quote, ...]


def line_number(text: str, start: int) -> int:
    """Return the number of the line, counted from 1, that a position is in."""
    return text.count("\n", 0, start) + 1


def trimmed(text: str, start: int) -> Quote:
    """Return a stretch of the description without the white space around it."""
    left = len(text) - len(text.lstrip())
    return Quote(text.strip(), start + left)


def lay_out(text: str) -> Layout:
    """Part a text into tables and prose; raises DescriptionError for a cell's quote left open."""
    lines = _lines(text)
    tables: list[Table] = []
    prose: list[Quote] = []
    at = 0
    position = _begin(text)
    while at < len(lines):
        if not lines[at].kind:
            at += 1
            continue
        end = _end(lines, at)
        if lines[at].kind in _MARKS and not _is_tabular(lines[at:end], _MARKS[lines[at].kind]):
            at = end
            continue
        prose.append(trimmed(text[position : lines[at].quote.start], position))
        tables.append(_table(text, [line.quote for line in lines[at:end]], lines[at].kind))
        position = lines[end - 1].quote.start + len(lines[end - 1].quote.text)
        at = end
    prose.append(trimmed(text[position:], position))
    return Layout(
        tuple(tables),
        tuple(stretch for stretch in prose if stretch.text),
    )


@dataclass(slots=True)
class _Line:
    """A line that is not blank; `kind` says what parts its cells, `apart` that it follows one."""

    quote: Quote
    kind: str
    apart: bool


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    csv, apart = "", False
    for match in _LINE.finditer(text, _begin(text)):
        words = match[0].rstrip("\r\n")
        if not words.strip():
            csv, apart = "", True
            continue
        csv = csv or _separated(words)
        lines.append(_Line(Quote(words, match.start()), csv or _kind(words), apart))
        apart = False
    _mark_headings(lines)
    return lines


def _begin(text: str) -> int:
    """Return where a text begins, after a byte order mark."""
    return 1 if text.startswith("\ufeff") else 0


def _mark_headings(lines: list[_Line]) -> None:
    """Add to a table parted by gaps the lines of its paragraph that head it."""
    for first, line in enumerate(lines):
        if line.kind != "gap":
            continue
        at = first
        for above in range(first - 1, -1, -1):
            if lines[above].kind or lines[above + 1].apart:
                break
            words = lines[above].quote.text
            indented = lines[above + 1].quote.text[:1].isspace() and not words.rstrip().endswith(
                "."
            )
            if _HEADING_GAP.search(words) or (above + 1 == at and indented and _is_short(words)):
                at = above
        for i in range(at, first):
            lines[i].kind = "gap"


def _is_short(words: str) -> bool:
    return len(words.split()) <= _HEADING_WORDS


def _kind(line: str) -> str:
    parts = _PIPE.split(line.strip())
    if len(parts) > 1 and not _ABSOLUTE.search(line):
        colon = not line.lstrip().startswith("|") and ":" in parts[0]
        seed = colon and len(parts) > 2 and (not parts[1].strip() or type_of(parts[1]))
        return "seed" if seed else "pipe"
    if "\t" in line.strip():
        return "tab"
    cells = _GAP.split(line.strip())
    if len(cells) > 1 and (is_data(cells[-1]) or is_data(cells[1])):
        return "gap"
    return ""


def _separated(line: str) -> str:
    """Return the separator if a line is the heading of a table in CSV."""
    if _GAP.search(line.strip()) or "\t" in line or "|" in line:
        return ""
    for separator in ",;":
        cells = [cell.strip().strip('"').lower() for cell in line.split(separator)]
        if len(cells) > 1 and cells[0] in FIRST_HEADINGS and len(cells[0]) + 1 < len(line):
            return separator
    return ""


def _end(lines: list[_Line], start: int) -> int:
    """Return the index after the last line of the table that starts at a line."""
    kind = lines[start].kind
    end = start + 1
    for at in range(start + 1, len(lines)):
        line, following = lines[at], lines[at + 1 : at + 2]
        if line.kind == kind:
            if line.apart and following and _RULE.fullmatch(following[0].quote.text):
                break
            end = at + 1
        elif line.kind or (line.apart and not _goes_on(line, following, kind)):
            break
    return end


def _is_tabular(lines: list[_Line], mark: str) -> bool:
    """Tell whether tabs or pipes part the cells of a table, and not the words of a sentence.

    A table has a heading that says so, or figures; a single row has nothing else after its label.
    """
    words = [line.quote.text.strip().strip(mark).split(mark) for line in lines]
    heading, *rows = ([cell.strip(' "') for cell in cells] for cells in words)
    ruled = any(_RULE.fullmatch(line.quote.text) for line in lines)
    if ruled or heading[0].lower() in FIRST_HEADINGS or any(map(role_of, heading)):
        return True
    cells = [cell for row in (heading, *rows) for cell in row[1:] if not is_blank(cell)]
    return bool(cells) and (any if rows else all)(map(is_data, cells))


def _goes_on(line: _Line, following: list[_Line], kind: str) -> bool:
    """Tell whether a line without cells, after a blank one, heads further rows of the table."""
    heads = bool(following) and following[0].kind == kind and not following[0].apart
    return heads and _is_short(line.quote.text)


def _after(line: Quote) -> int:
    return line.start + len(line.text)


def _table(text: str, lines: list[Quote], kind: str) -> Table:
    if kind in (",", ";", "tab"):
        separator = "\t" if kind == "tab" else kind
        records = _records(text, lines[0].start, _after(lines[-1]), separator)
        return Table(kind, tuple(row for row in records if row.line.text))
    split: Callable[[Quote], tuple[Quote, ...]] = {
        "pipe": _pipe_cells, "seed": _seed_cells, "gap": _gap_cells
    }[kind]  # fmt: skip
    worded = [line for line in lines if not _RULE.fullmatch(line.text)]
    rows = [_row(line, split(line)) for line in worded or lines[:1]]
    rows = _aligned(rows) if kind == "gap" else rows
    return Table(kind, tuple(rows), len(worded) < len(lines) and kind == "pipe")


def _row(line: Quote, cells: tuple[Quote, ...]) -> Row:
    first = cells[0]
    space = _INDENT.match(first.text)
    depth = len(re.sub(r"&[a-z]+;", " ", space[0]).expandtabs(4)) if space else 0
    rest = first.text[space.end() if space else 0 :]
    bullet = _BULLETS.match(rest)
    return Row(
        trimmed(line.text, line.start),
        tuple(trimmed(cell.text, cell.start) for cell in cells),
        depth + (1 if bullet else 0),
    )


def _parts(line: Quote, separator: re.Pattern[str], begin: int, end: int) -> tuple[Quote, ...]:
    cells: list[Quote] = []
    position = begin
    for match in separator.finditer(line.text, begin, end):
        cells.append(Quote(line.text[position : match.start()], line.start + position))
        position = match.end()
    cells.append(Quote(line.text[position:end], line.start + position))
    return tuple(cells)


def _pipe_cells(line: Quote) -> tuple[Quote, ...]:
    stripped = line.text.strip()
    begin = len(line.text) - len(line.text.lstrip())
    end = begin + len(stripped)
    if stripped.startswith("|"):
        begin += 1
    elif not _PIPE.search(line.text):
        return (line,)
    else:
        begin = 0
    if re.search(r"(?<!\\)\|$", stripped) and end - 1 > begin:
        end -= 1
    return _parts(line, _PIPE, begin, end)


def _seed_cells(line: Quote) -> tuple[Quote, ...]:
    """Part `name: description|type|mapping|statistics`."""
    first, *rest = _parts(line, _PIPE, 0, len(line.text))
    name, _, label = first.text.partition(":")
    bullet = re.match(r"\s*[-*•]\s+", name)
    skip = bullet.end() if bullet else 0
    return (
        Quote(name[skip:], first.start + skip),
        Quote(label, first.start + len(name) + 1),
        *rest,
    )


def _gap_cells(line: Quote) -> tuple[Quote, ...]:
    begin = len(line.text) - len(line.text.lstrip())
    first, *rest = _parts(line, _GAP, begin, len(line.text.rstrip()))
    return (Quote(line.text[:begin] + first.text, line.start), *rest)


def _aligned(rows: list[Row]) -> list[Row]:
    """Put the cells of incomplete rows under the columns that they are aligned with.

    A row with a cell that is aligned with none keeps its cells as they are.
    """
    width = max(len(row.cells) for row in rows)
    full = [row for row in rows if len(row.cells) == width]
    columns = [
        tuple(median(edges) for edges in zip(*(_edges(row, i) for row in full), strict=True))
        for i in range(width)
    ]

    def column_of(edges: tuple[float, ...]) -> int | None:
        off = [min(abs(a - b) for a, b in zip(edges, c, strict=True)) for c in columns[1:]]
        return 1 + off.index(min(off)) if min(off) <= _ALIGNED else None

    def place(row: Row) -> Row:
        if len(row.cells) == width or (len(row.cells) == 1 and row.indent < columns[1][0] / 2):
            return row
        first = 1 if len(row.cells) > 1 and row.indent < columns[1][0] / 2 else 0
        places = {column_of(_edges(row, i)): row.cells[i] for i in range(first, len(row.cells))}
        if None in places or len(places) < len(row.cells) - first:
            return row
        empty = Quote("", row.line.start)
        label = row.cells[0] if first else empty
        values = (places.get(i, empty) for i in range(1, width))
        return Row(row.line, (label, *values), row.indent)

    return [place(row) for row in rows] if width > 1 else rows


def _edges(row: Row, index: int) -> tuple[float, float, float]:
    """Return where a cell starts, has its middle, and ends in its line."""
    cell = row.cells[index]
    start = cell.start - row.line.start + row.indent
    return start, start + len(cell.text) / 2, start + len(cell.text)


def _records(text: str, start: int, end: int, separator: str) -> Iterator[Row]:
    """Yield the records of CSV or TSV, with quoted cells (which may span lines)."""
    quoted = rf'[^\S\n\t]*"((?:[^"]|"")*)"[^\S\n\t]*(?=[{separator}\r\n]|$)'
    cell = re.compile(rf"(?:{quoted}|([^{separator}\n]*))({separator}|\r?\n|$)")
    cells: list[Quote] = []
    position = begin = start
    while position <= end:
        match = cell.match(text, position, end)
        if match is None:
            break
        group = 1 if match[1] is not None else 2
        if group == 2 and _opens_quote(match[2]):
            raise DescriptionError(
                f"line {line_number(text, match.start(2))} of the description opens a quote and "
                f"does not close it: {match[2].strip()[:80]!r}; close it, or leave it out"
            )
        cells.append(Quote(match[group].rstrip("\r"), match.start(group)))
        position = match.end()
        if match[3] != separator:
            yield _row(Quote(text[begin : match.start(3)], begin), tuple(cells))
            cells, begin = [], position
            if position >= end:
                break


def _opens_quote(cell: str) -> bool:
    return cell.lstrip().startswith('"') and cell.count('"') % 2 == 1
