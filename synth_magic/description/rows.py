"""The rows of a published table as a tree: headings, the rows below them, and their readings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from synth_magic.description.cells import (
    Context,
    Reading,
    figures_and_unit,
    is_blank,
    read_cell,
)
from synth_magic.description.columns import Column, Heading
from synth_magic.description.conventions import COUNT_SHARE, Convention
from synth_magic.description.labels import Label, is_missing, read_label
from synth_magic.description.layout import Row, Table, line_number
from synth_magic.description.model import Quote
from synth_magic.errors import DescriptionError

_SLACK = 0.01
_P_VALUE = re.compile(r"[<>=]?\s*[01]?[.·,][0-9]+|n\.?s\.?", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """A row with what stands below it; `cells` and what was read are keyed by the column's index.

    `absent` are the readings of the columns that count the patients without a value.
    """

    label: Label
    quote: Quote
    line: Quote
    indent: int
    cells: dict[int, Quote] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    absent: dict[int, Reading] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    @property
    def has_values(self) -> bool:
        return any(not is_blank(cell.text) for cell in self.cells.values())

    @property
    def is_share(self) -> bool:
        """Tell whether the row counts patients."""
        stats = {s.statistic for reading in self.readings.values() for s in reading.stats}
        return bool(stats & {"count", "share"})

    @property
    def is_number(self) -> bool:
        """Tell whether the row describes a quantity."""
        return any(reading.stats for reading in self.readings.values()) and not self.is_share

    @property
    def names_quantity(self) -> bool:
        """Tell whether the label alone says that the row describes a quantity."""
        stated = self.label.convention
        return bool(self.label.name and (self.label.unit or stated)) and not _is_count(stated)

    @property
    def names_statistics(self) -> bool:
        """Tell whether the label only says which statistics of the heading's variable follow."""
        return not self.label.name and bool(self.label.convention)

    def below(self) -> Iterator[Node]:
        """Yield this row and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


def grow(text: str, table: Table, heading: Heading) -> tuple[list[Node], list[Quote]]:
    """Build the tree of a table's rows; also return the rows that have too many or few cells.

    Raises DescriptionError for those where the cells are parted by a mark, not by space.
    """
    width = _width(heading)
    has_levels = any(column.kind == "level" for column in heading.columns)
    values = tuple(c for c in heading.columns if c.kind in ("overall", "arm", "missing"))
    nodes: list[Node] = []
    unread: list[Quote] = []
    parent: Node | None = None
    for row in heading.rows:
        row = _shifted(row, width)  # noqa: PLW2901
        if not any(cell.text for cell in row.cells):
            continue
        if len(row.cells) not in (1, width):
            if not table.aligned:
                raise DescriptionError(_ragged(text, row, width))
            if not _fills(row, width, values):
                unread.append(row.line)
                continue
        if not has_levels:
            nodes.append(_node(row, 0, values))
            continue
        if row.cells[0].text or parent is None:
            level = len(row.cells) > 1 and row.cells[1].text
            parent = _node(row, 0, () if level else values)
            nodes.append(parent)
        if len(row.cells) > 1 and row.cells[1].text:
            child = _node(row, 1, values)
            child.indent = parent.indent + 1
            nodes.append(child)
    return _nested(nodes), unread


def read_rows(
    nodes: list[Node],
    columns: tuple[Column, ...],
    notes: tuple[Convention, ...],
    inherited: Convention = (),
) -> None:
    """Read the cells of all rows, each by its label, its column or the heading that it is under."""
    by_index = {column.index: column for column in columns}
    are_levels = _sum_to_all(nodes, columns)
    for node in nodes:
        _take_unit(node)
        label = node.label
        has_unit = _has_unit(label) and not are_levels
        is_free = has_unit and _is_count(inherited) and not _counts_patients(node, by_index)
        section = () if is_free else inherited
        if is_missing(label.name):
            section = ("count",)
        for index, cell in node.cells.items():
            column = by_index[index]
            if column.kind == "missing":
                context = Context(column.convention or ("count",), (), column.total)
                node.absent[index] = read_cell(cell.text, context)
                continue
            stated = label.convention or column.convention or section
            node.readings[index] = read_cell(
                cell.text, Context(stated, notes, column.total, has_unit)
            )
        _read_alike([node], by_index)
        if node.is_share and _has_unit(label):
            node.label = read_label(node.quote.text, has_unit=False)
        passed_on = label.convention or inherited
        if node.has_values and not _is_count(passed_on):
            passed_on = ()
        read_rows(node.children, columns, notes, passed_on)
        if not any(child.is_number for child in node.children):
            _read_alike(node.children, by_index)


def _take_unit(node: Node) -> None:
    """Move the unit that all cells of a row show, `64 (SD 9) years`, to its label."""
    filled = {index: cell for index, cell in node.cells.items() if not is_blank(cell.text)}
    parted = {index: figures_and_unit(cell.text) for index, cell in filled.items()}
    units = {unit for _, unit in parted.values()}
    if len(units) != 1 or node.label.unit not in ("", *units) or units == {""}:
        return
    node.label = replace(node.label, unit=units.pop())
    for index, (figures, _) in parted.items():
        node.cells[index] = Quote(figures, node.cells[index].start)


def _has_unit(label: Label) -> bool:
    return label.unit not in ("", "%")


def _counts_patients(node: Node, columns: dict[int, Column]) -> bool:
    """Tell whether each cell is a count with its percentage of the column's patients."""
    readings = [
        read_cell(cell.text, Context(total=columns[index].total))
        for index, cell in node.cells.items()
        if columns[index].kind != "missing" and not is_blank(cell.text)
    ]
    return all(_is_count(reading.convention) for reading in readings)


def _sum_to_all(nodes: Sequence[Node], columns: Sequence[Column]) -> bool:
    """Tell whether rows, some with what looks like a unit, are counts that make up all patients."""
    if len(nodes) < 2 or not any(_has_unit(node.label) for node in nodes):
        return False
    for column in columns:
        cells = [node.cells[column.index].text for node in nodes if column.index in node.cells]
        readings = [read_cell(cell, Context(COUNT_SHARE)) for cell in cells if not is_blank(cell)]
        total = sum(reading.get("share") or 0 for reading in readings)
        if column.kind != "missing" and abs(total - 1) > _SLACK:
            return False
    return True


def _read_alike(nodes: Sequence[Node], columns: dict[int, Column]) -> None:
    """Read a bare `0` beside `2 (1%)`, or a doubtful cell beside clear ones, as the others are."""
    known = Counter(
        reading.convention
        for node in nodes
        for index, reading in node.readings.items()
        if reading.stats
    )
    if not known:
        return
    usual = known.most_common(1)[0][0]
    for node in nodes:
        for index, reading in node.readings.items():
            if not reading.stats:
                context = Context(usual, (), columns[index].total)
                node.readings[index] = read_cell(node.cells[index].text, context)


def _is_count(convention: Convention) -> bool:
    return convention[:1] in (("count",), ("share",))


def _width(heading: Heading) -> int:
    if any(column.heading.text for column in heading.columns):
        return len(heading.columns) + 1
    sizes = Counter(len(row.cells) for row in heading.rows if len(row.cells) > 1)
    return sizes.most_common(1)[0][0] if sizes else 1


def _fills(row: Row, width: int, values: tuple[Column, ...]) -> bool:
    """Tell whether a row without alignment still has a cell for each column but the last ones."""
    last = max((column.index for column in values), default=0)
    return last < len(row.cells) < width and not _P_VALUE.fullmatch(row.cells[-1].text)


def _shifted(row: Row, width: int) -> Row:
    """Take empty cells before a label for its indentation."""
    cells, depth = row.cells, 0
    while len(cells) > max(width, 1) and not cells[0].text:
        cells, depth = cells[1:], depth + 1
    while len(cells) > width > 1 and not cells[-1].text:
        cells = cells[:-1]
    return Row(row.line, cells, row.indent + depth)


def _ragged(text: str, row: Row, width: int) -> str:
    line = line_number(text, row.line.start)
    return (
        f"line {line} of the description has {len(row.cells)} cells where the table has {width}: "
        f"{row.line.text[:80]!r}; give every row as many cells as the heading"
    )


def _node(row: Row, at: int, values: tuple[Column, ...]) -> Node:
    cells = {c.index: row.cells[c.index] for c in values if c.index < len(row.cells)}
    return Node(read_label(row.cells[at].text), row.cells[at], row.line, row.indent, cells)


def _nested(nodes: list[Node]) -> list[Node]:
    """Put each row under the nearest one above it that is indented less."""
    top: list[Node] = []
    path: list[Node] = []
    for node in nodes:
        while path and path[-1].indent >= node.indent:
            path.pop()
        (path[-1].children if path else top).append(node)
        path.append(node)
    return top


def unread_cells(node: Node) -> Iterator[Quote]:
    """Yield the cells of a row that hold something and were not, or not wholly, read."""
    for index, reading in (node.readings | node.absent).items():
        cell = node.cells[index]
        if not reading.complete and not is_blank(cell.text):
            yield cell
