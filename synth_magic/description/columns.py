"""The columns of a published table: the arms with their patients, the total, what to pass over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from synth_magic.description.cells import is_blank, is_data
from synth_magic.description.conventions import Convention, only_statistics
from synth_magic.description.labels import plain, read_label
from synth_magic.description.layout import Row, Table
from synth_magic.description.model import Quote
from synth_magic.description.numbers import NUMBER, parse_number
from synth_magic.errors import DescriptionError

Kind = Literal["level", "overall", "arm", "missing", "ignored"]

N_PATTERN = re.compile(
    rf"(?:[(\[,;]|(?<!\s))\s*(?:\b(?:total\s+)?(?:n|no\.)\s*[=:]\s*(?P<n>{NUMBER})|\(\s*n?\s*(?P<b>(?=[1-9]){NUMBER})"
    rf"(?:\s*(?:patients|participants|subjects))?(?=\s*\)))\s*(?:patients|participants|subjects)?\s*[)\]]?",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(r"\bn\s*[=:]\s*(?:[)\],;]|$)", re.IGNORECASE)
_OVERALL = re.compile(
    r"(?:the\s+)?(?:overall|total|all|whole|entire|full|value|values|pooled|combined|summary|statistics?"
    r"|result|results|baseline|measurement|measure)"
    r"(?:\s+(?:patients?|participants?|subjects?|population|cohort|sample|group|study|set|values?"
    r"|characteristics?))*|(?:study\s+)?(?:patients|participants|subjects|population|cohort|sample)",
    re.IGNORECASE,
)
_IGNORED = re.compile(
    r"(?:[pq](?:\s*-?\s*values?)?(?:\s+for\s+\w+)?|a?smds?|(?:absolute\s+)?(?:standardi[sz]ed\s+)?"
    r"(?:mean\s+)?differences?.*|(?:adjusted\s+)?(?:hazard|odds|risk|rate)\s+ratios?.*|[ho]r\b.*|rr\b.*"
    r"|(?:95\s*%?\s*)?(?:ci|confidence\s+intervals?)|tests?|(?:test\s+)?statistic|χ2?|chi.square|z|t|f"
    r"|std\.?\s*diff\.?.*|effect\s+size|references?|notes?|comments?|source)",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"levels?|categor(?:y|ies)|codes?|groups?|values?", re.IGNORECASE)
_MISSING = re.compile(
    r"(?:%\s*)?(?:missing|unknown|na)(?:\s*(?:values?|data|,?\s*[(\[]?(?:n|%|n\s*\(%\))[)\]]?))*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column after the labels: `index` counts from the first cell of a row."""

    index: int
    kind: Kind
    heading: Quote
    name: str = ""
    total: float | None = None
    convention: Convention = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table, what its label column says of all rows, and its rows below."""

    columns: tuple[Column, ...]
    convention: Convention
    rows: tuple[Row, ...]
    not_understood: tuple[Quote, ...] = ()

    @property
    def arms(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind == "arm")


def read_heading(table: Table) -> Heading:
    """Read the columns of a table from its heading, if it has one.

    Raises DescriptionError for a column of no patients.
    """
    width = max(len(row.cells) for row in table.rows)
    rows = list(table.rows)
    if not (table.has_rule or _is_heading(rows[0])):
        empty = Quote("", rows[0].line.start)
        columns = tuple(Column(i, "overall", empty) for i in range(1, width))
        return Heading(columns, (), tuple(rows))
    if not table.aligned:
        width = len(rows[0].cells)
    first = _fill(rows.pop(0), width)
    headings = list(first.cells)
    texts = [cell.text for cell in headings]
    while rows and len(rows[0].cells) <= width and _continues_heading(rows[0]):
        for i, cell in enumerate(_fill(rows.pop(0), width).cells):
            if cell.text:
                texts[i] = f"{texts[i]} {cell.text}"
                headings[i] = headings[i] if headings[i].text else cell
    columns = tuple(
        _column(i, headings[i], texts[i], [row.cells[i].text for row in rows if i < len(row.cells)])
        for i in range(1, len(headings))
    )
    columns, unread = _judged(columns)
    return Heading(columns, read_label(texts[0]).convention, tuple(rows), unread)


def has_rows(table: Table) -> bool:
    """Tell whether a table has more than its heading."""
    rows = table.rows if table.kind == "seed" else read_heading(table).rows
    return any(cell.text for row in rows for cell in row.cells)


def total_in(text: str) -> float | None:
    """Return the number of patients that a heading or caption states as `N = 299`."""
    match = N_PATTERN.search(text)
    return parse_number(match["n"] or match["b"]) if match else None


def no_patients(heading: str) -> DescriptionError:
    """Return the error for a column with `N=0`, or with nothing after `N=`."""
    return DescriptionError(
        f"the column {heading!r} states no patients; write how many it has, as in (N=100), "
        "or leave the column out"
    )


def _is_heading(row: Row) -> bool:
    values = [cell.text for cell in row.cells[1:] if not is_blank(cell.text)]
    if len(row.cells) == 1:
        return total_in(row.line.text) is not None and is_blank(row.line.text) is False
    return bool(values) and not any(is_data(value) for value in values)


def _continues_heading(row: Row) -> bool:
    """Tell whether a row only adds patients or conventions to the heading above it."""
    values = [cell.text for cell in row.cells[1:] if not is_blank(cell.text)]
    if row.cells[0].text or not values:
        return False
    return all(N_PATTERN.fullmatch(value.strip()) or only_statistics(value) for value in values)


def _fill(row: Row, width: int) -> Row:
    """Put empty cells before a heading that leaves out the one above the labels."""
    missing = width - len(row.cells)
    empty = Quote("", row.line.start)
    return Row(row.line, (empty,) * missing + row.cells, row.indent)


def _column(index: int, heading: Quote, text: str, cells: Sequence[str]) -> Column:
    label = read_label(N_PATTERN.sub(" ", plain(text)))
    worded = [cell for cell in cells if cell]
    if (not label.name and not label.convention and total_in(text) is None) or (
        index == 1 and _LEVEL.fullmatch(label.name)
    ):
        levels = index == 1 and any(not is_data(cell) for cell in worded)
        return Column(index, "level" if levels else "overall", heading)
    kind: Kind = "arm"
    if _MISSING.fullmatch(plain(text)):
        kind = "missing"
    elif _IGNORED.fullmatch(label.name):
        kind = "ignored"
    elif not label.name or _OVERALL.fullmatch(label.name):
        kind = "overall"
    total = total_in(text)
    if kind in ("arm", "overall") and (
        _NO_NUMBER.search(text) or (total is not None and total < 1)
    ):
        raise no_patients(text)
    return Column(index, kind, heading, label.name, total, label.convention)


def _judged(columns: tuple[Column, ...]) -> tuple[tuple[Column, ...], tuple[Quote, ...]]:
    """Take a single column of patients for all of them; pass over one beside a total."""
    names = {column.name for column in columns if column.kind == "arm"}
    if len(names) != 1:
        return columns, ()
    if any(column.kind == "overall" for column in columns):
        kept = tuple(replace(c, kind="ignored") if c.kind == "arm" else c for c in columns)
        return kept, tuple(c.heading for c in columns if c.kind == "arm")
    return tuple(replace(c, kind="overall") if c.kind == "arm" else c for c in columns), ()
