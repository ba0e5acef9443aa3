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

from synth_magic.description.cells import is_data
from synth_magic.description.model import Quote
from synth_magic.description.vocabulary import FIRST_HEADINGS, type_of

_PIPE = re.compile(r"(?<!\\)\|")
_ABSOLUTE = re.compile(r"\|\s*(?:r|rho|ρ|β|z|t)\s*\|")
_RULE = re.compile(r"[\s|:+=-]*-{2,}[\s|:+=-]*")
_GAP = re.compile(r"[^\S\n]{2,}")
_HEADING_GAP = re.compile(r"^\s{4,}|(?<=[^\s.!?])[^\S\n]{2,}(?=\S)")
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
    """Part a text into tables and prose."""
    lines = [Quote(match[0].rstrip("\r"), match.start()) for match in re.finditer(r"[^\n]+", text)]
    kinds = _kinds(text, lines)
    tables: list[Table] = []
    prose: list[Quote] = []
    at = 0
    position = 0
    while at < len(lines):
        if not kinds[at]:
            at += 1
            continue
        end = _end(text, lines, kinds, at)
        before = text[position : lines[at].start]
        if before.strip():
            prose.append(trimmed(before, position))
        tables.append(_table(text, lines[at:end], kinds[at]))
        position = lines[end - 1].start + len(lines[end - 1].text)
        at = end
    if text[position:].strip():
        prose.append(trimmed(text[position:], position))
    return Layout(tuple(tables), tuple(prose))


def _kinds(text: str, lines: list[Quote]) -> list[str]:
    """Say of each line what parts its cells, or nothing."""
    kinds: list[str] = []
    csv = ""
    for i, line in enumerate(lines):
        if i and "\n\n" in re.sub(r"[^\S\n]", "", text[_after(lines[i - 1]) : line.start]):
            csv = ""
        csv = csv or _separated(line.text)
        kinds.append(csv or _kind(line.text))
    for i in reversed(range(len(lines) - 1)):
        adjacent = text[_after(lines[i]) : lines[i + 1].start].count("\n") == 1
        if (
            not kinds[i]
            and kinds[i + 1] == "gap"
            and adjacent
            and _HEADING_GAP.search(lines[i].text)
        ):
            kinds[i] = "gap"
    return kinds


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


def _end(text: str, lines: list[Quote], kinds: list[str], start: int) -> int:
    """Return the index after the last line of the table that starts at a line."""
    kind = kinds[start]
    end = start + 1
    for at in range(start + 1, len(lines)):
        gap = text[_after(lines[at - 1]) : lines[at].start].count("\n") > 1
        if kinds[at] == kind:
            if (
                gap
                and at + 1 < len(lines)
                and kind == "pipe"
                and _RULE.fullmatch(lines[at + 1].text)
            ):
                break
            end = at + 1
        elif kinds[at] or gap:
            if kinds[at] or not _goes_on(text, lines, kinds, at, kind):
                break
    return end


def _goes_on(text: str, lines: list[Quote], kinds: list[str], at: int, kind: str) -> bool:
    """Tell whether a line without cells, after a blank one, heads further rows of the table."""
    following = at + 1 < len(lines) and kinds[at + 1] == kind
    blank = following and text[_after(lines[at]) : lines[at + 1].start].count("\n") > 1
    return following and not blank and len(lines[at].text.split()) <= 8


def _after(line: Quote) -> int:
    return line.start + len(line.text)


def _table(text: str, lines: list[Quote], kind: str) -> Table:
    if kind in (",", ";", "tab"):
        block = text[lines[0].start : _after(lines[-1])]
        separator = "\t" if kind == "tab" else kind
        rows = [row for row in _records(block, lines[0].start, separator) if row.line.text]
        return Table(kind, tuple(rows))
    split: Callable[[Quote], tuple[Quote, ...]] = {
        "pipe": _pipe_cells, "seed": _seed_cells, "gap": _gap_cells
    }[kind]  # fmt: skip
    rules = [line for line in lines if _RULE.fullmatch(line.text)]
    rows = [_row(line, split(line)) for line in lines if line not in rules]
    rows = _aligned(rows) if kind == "gap" else rows
    return Table(kind, tuple(rows), bool(rules) and kind == "pipe")


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
    """Put the cells of incomplete rows under the columns that they are nearest to."""
    width = max(len(row.cells) for row in rows)
    full = [row for row in rows if len(row.cells) == width]
    starts = [
        median(row.cells[i].start - row.line.start + row.indent for row in full)
        for i in range(width)
    ]

    def place(row: Row) -> Row:
        if len(row.cells) in (1, width):
            return row
        places: dict[int, Quote] = {}
        for i, cell in enumerate(row.cells):
            middle = cell.start - row.line.start + row.indent
            nearest = min(range(width), key=lambda c: abs(starts[c] - middle))
            places[nearest if i or nearest else 0] = cell
        if len(places) < len(row.cells):
            return row
        empty = Quote("", row.line.start)
        return Row(row.line, tuple(places.get(i, empty) for i in range(width)), row.indent)

    return [place(row) for row in rows]


def _records(block: str, start: int, separator: str) -> Iterator[Row]:
    """Yield the records of CSV or TSV, with quoted cells (which may span lines)."""
    quoted = rf'[^\S\n\t]*"((?:[^"]|"")*)"[^\S\n\t]*(?=[{separator}\r\n]|$)'
    cell = re.compile(rf"(?:{quoted}|([^{separator}\n]*))({separator}|\r?\n|$)")
    cells: list[Quote] = []
    position = begin = 0
    while position <= len(block):
        match = cell.match(block, position)
        if match is None:
            break
        group = 1 if match[1] is not None else 2
        cells.append(Quote(match[group].rstrip("\r"), start + match.start(group)))
        position = match.end()
        if match[3] != separator:
            line = Quote(block[begin : match.start(3)], start + begin)
            yield _row(line, tuple(cells))
            cells, begin = [], position
            if position >= len(block):
                break
