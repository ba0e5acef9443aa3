"""A published "Table 1": each row becomes a variable, each of its numbers a fact.

Where columns are the arms of a trial, they become the variable `Arm`, and each fact holds within
its arm; a column of all patients then counts only where no arm states the same. A lone row of
counts is a variable with the codes `no` and `yes`; `Male` or `Female sex` is the variable `Sex`.
Rows under a heading are the levels of one variable if they exclude each other, else variables of
their own. Shares are those of the patients with a value: where `Missing` is printed as a level
whose percentage the others need to reach 100 %, theirs are divided by what remains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from synth_magic.description.cells import Stat
from synth_magic.description.columns import Column, Heading, no_patients, read_heading
from synth_magic.description.conventions import Convention
from synth_magic.description.gathering import Gathering
from synth_magic.description.labels import is_missing, sex_of
from synth_magic.description.layout import Table
from synth_magic.description.levels import (
    NEARLY_ALL,
    adopt,
    complete,
    exclusive,
    low_to_high,
    outside,
    overlap,
    share_of,
    sums,
    type_of_levels,
)
from synth_magic.description.model import Code, DescribedVariable, Quote
from synth_magic.description.rows import Node, grow, read_rows, unread_cells
from synth_magic.errors import ContradictionError
from synth_magic.spec.model import STATISTICS, Fact, Statistic, Within

NO_YES = (Code("no"), Code("yes"))
SEXES = (Code("female"), Code("male"))
ARM = "Arm"
_ALL = re.compile(r"|sample size|(?:all )?(?:patients|participants|subjects)|total", re.IGNORECASE)
_OF_VALUES = frozenset({"min", "p01", "p05", "p25", "p50", "p75", "p95", "p99", "max"})


def read_table_one(
    table: Table, notes: Sequence[Convention], patients: int | None, gathering: Gathering
) -> None:
    """Read a table into the gathering.

    `notes` are the conventions that caption and footnotes state, `patients` is the number there.
    Raises DescriptionError for ragged rows and for a column of no patients, ContradictionError for
    what is there twice.
    """
    heading = read_heading(table)
    nodes, unread = grow(gathering.text, table, heading)
    nodes, heading = _without_totals(nodes, heading)
    columns = tuple(
        replace(c, total=c.total or patients) if c.kind == "overall" else c for c in heading.columns
    )
    read_rows(nodes, columns, tuple(notes), heading.convention)
    gathering.not_understood += [*heading.not_understood, *unread]
    _Reader(gathering, columns, tuple(notes)).read(nodes)


def _without_totals(nodes: list[Node], heading: Heading) -> tuple[list[Node], Heading]:
    """Take the patients of each column from a row such as `No. of patients`, if there is one."""
    for node in nodes:
        counts_all = _ALL.fullmatch(node.label.name) and not node.label.unit
        if not counts_all or node.label.convention not in ((), ("count",)) or node.children:
            continue
        read_rows([node], tuple(replace(c, convention=("count",)) for c in heading.columns), ())
        counts = {i: r.get("count") for i, r in node.readings.items() if r.complete}
        if not any(counts.values()):
            continue
        for column in heading.columns:
            if counts.get(column.index) == 0:
                raise no_patients(column.heading.text)
        sizes = {c.name: counts[c.index] for c in heading.columns if counts.get(c.index)}
        columns = tuple(replace(c, total=c.total or sizes.get(c.name)) for c in heading.columns)
        return [other for other in nodes if other is not node], replace(heading, columns=columns)
    return nodes, heading


class _Reader:
    """Walks the tree of rows and adds what it says to a gathering."""

    def __init__(
        self, gathering: Gathering, columns: tuple[Column, ...], notes: tuple[Convention, ...]
    ) -> None:
        self.gathering = gathering
        self.notes = notes
        self.columns = tuple(c for c in columns if c.kind in ("overall", "arm"))
        self.missing = tuple(c for c in columns if c.kind == "missing")
        self.arms = list(dict.fromkeys(c.name for c in columns if c.kind == "arm"))
        self.patients = self._patients()

    def read(self, nodes: list[Node]) -> None:
        if self.patients is not None:
            self.gathering.rows = self.gathering.rows or int(self.patients)
        self._add_arms()
        self._walk(nodes, "")
        for node in (below for top in nodes for below in top.below()):
            self.gathering.not_understood += unread_cells(node)

    def _patients(self) -> float | None:
        overall = next((c.total for c in self.columns if c.kind == "overall" and c.total), None)
        return overall or (sum(sizes.values()) if (sizes := self._sizes()) else None)

    def _sizes(self) -> dict[str, float]:
        """Return the patients of each arm, if all are stated."""
        sizes = {c.name: c.total for c in self.columns if c.kind == "arm" and c.total}
        return sizes if len(sizes) == len(self.arms) else {}

    def _add_arms(self) -> None:
        if not self.arms:
            return
        codes = tuple(Code(arm) for arm in self.arms)
        first = {c.name: c.heading for c in reversed(self.columns) if c.kind == "arm"}
        kind = type_of_levels(()) if len(codes) == 2 else "categorical"
        arm = DescribedVariable(ARM, "Treatment arm", kind, codes=codes)
        self.gathering.add(arm, first[self.arms[0]])
        sizes = self._sizes()
        for name, size in sizes.items():
            share = size / sum(sizes.values())
            quote = first[name]
            self.gathering.facts.append(
                Fact(quote.text, ARM, "share", share, code=name, start=quote.start)
            )

    def _walk(self, nodes: list[Node], heading: str) -> None:
        for node in adopt(nodes, self.columns, self._read_again):
            if node.children:
                self._read_group(node, heading)
            else:
                self._read_row(node, heading)

    def _read_again(self, node: Node, convention: Convention) -> None:
        read_rows([node], (*self.columns, *self.missing), self.notes, convention)

    def _read_row(self, node: Node, heading: str) -> None:
        if node.is_number and node.label.name:
            self._add_number(node, [node], heading)
        elif node.is_share and node.label.name:
            self._add_yes_no(node, heading)
        elif node.has_values and not any(r.stats for r in node.readings.values()):
            self._give_up(node)
            if node.names_quantity:
                self._add_number(node, [], heading)

    def _read_group(self, node: Node, heading: str) -> None:
        """Read a row with others below it: statistics of it, levels, or a section of the table."""
        statistics = [row for row in node.children if row.names_statistics]
        missing = [row for row in node.children if is_missing(row.label.name)]
        rest = [row for row in node.children if row not in statistics and row not in missing]
        for row in outside(rest, self.columns):
            rest.remove(row)
            self._give_up(row)
        name = ""
        if node.is_number or statistics:
            name = self._add_number(node, [node, *statistics], heading)
        elif node.is_share:
            name = self._add_yes_no(node, heading)
        elif node.has_values:
            self._give_up(node)
        if self._are_levels(node, rest):
            own = node.label.name if not name else f"{name} group"
            name = self._add_levels(node, own, rest, missing, heading) if own else name
            rest = []
        if missing and name:
            self._add_missing(name, missing)
        elif missing:
            rest += missing
        self._walk(rest, node.label.name)

    def _are_levels(self, node: Node, rows: list[Node]) -> bool:
        plain = all(row.is_share and not row.children and row.label.name for row in rows)
        if not plain or not rows or node.is_share:
            return False
        if len(rows) == 1:
            return not overlap(node.label.name) and bool(sex_of(rows[0].label.name))
        return exclusive(node.label.name, rows, self.columns)

    def _add_number(self, node: Node, rows: list[Node], heading: str) -> str:
        stats = [s for row in rows for r in row.readings.values() for s in r.stats]
        printed = [s.decimals for s in stats if s.statistic in _OF_VALUES]
        unit = node.label.unit or next((row.label.unit for row in rows if row.label.unit), "")
        variable = DescribedVariable(
            node.label.name,
            unit=unit,
            decimals=max(printed, default=None),
            low=min((s.value for s in stats if s.statistic == "min"), default=None),
            high=max((s.value for s in stats if s.statistic == "max"), default=None),
        )
        name = self.gathering.add(variable, node.line, heading)
        for row in rows:
            for column, stat in self._stated(row):
                if stat.statistic in STATISTICS:
                    self._add_fact(row, column, name, stat)
            self._add_missing_column(name, row)
        return name

    def _add_yes_no(self, node: Node, heading: str) -> str:
        label = node.label.name
        sex = sex_of(label)
        variable = (
            DescribedVariable("Sex", label, "binary", codes=SEXES)
            if sex
            else DescribedVariable(label, type="binary", codes=NO_YES)
        )
        name = self.gathering.add(variable, node.line, "" if sex else heading)
        self._add_shares(node, name, sex or "yes", {})
        self._add_missing_column(name, node)
        return name

    def _add_levels(
        self, node: Node, name: str, levels: list[Node], missing: list[Node], heading: str
    ) -> str:
        """Add one variable whose codes are the levels."""
        places: dict[str, Quote] = {}
        for level in levels:
            if level.label.name in places:
                first, what = (
                    places[level.label.name],
                    f"the level {level.label.name!r} of {name!r}",
                )
                raise ContradictionError(self.gathering.repeated(what, first, level.line))
            places[level.label.name] = level.line
        codes = low_to_high(list(places))
        kind = type_of_levels(codes)
        recorded: dict[int, float] = {}
        if not complete(levels, self.columns) and complete([*levels, *missing], self.columns):
            recorded = {c.index: 1 - self._missing_share(missing, c) for c in self.columns}
        if sex := sex_of(codes[0]) if len(codes) == 1 else "":
            other = "male" if sex == "female" else "female"
            codes = [codes[0], other]
            kind = "binary"
        elif not recorded and all(total < NEARLY_ALL for total, _ in sums(levels, self.columns)):
            codes.append("other")
            kind = "categorical"
        described = tuple(
            Code(code, "" if code in places else "none of the stated") for code in codes
        )
        name = self.gathering.add(
            DescribedVariable(name, type=kind, unit=node.label.unit, codes=described),
            node.line,
            heading,
        )
        for level in levels:
            self._add_shares(level, name, level.label.name, recorded)
        self._add_missing_column(name, node)
        return name

    def _add_shares(self, node: Node, name: str, code: str, recorded: dict[int, float]) -> None:
        """Add the share of a code in each column, among the patients with a value."""
        for column in self._columns_of(node):
            share = share_of(node.readings[column.index], column)
            if share is not None:
                share /= recorded.get(column.index, 1.0)
                self._add_fact(node, column, name, Stat("share", share, 0), code)
            else:
                self.gathering.not_understood.append(node.cells[column.index])

    def _add_missing(self, name: str, rows: list[Node]) -> None:
        for row in rows:
            for column in self._columns_of(row):
                share = share_of(row.readings[column.index], column)
                if share is not None:
                    self._add_fact(row, column, name, Stat("missing", share, 0))

    def _missing_share(self, rows: list[Node], column: Column) -> float:
        readings = [row.readings[column.index] for row in rows if column.index in row.readings]
        return sum(share_of(reading, column) or 0.0 for reading in readings)

    def _add_missing_column(self, name: str, node: Node) -> None:
        for column in self.missing:
            reading = node.absent.get(column.index)
            if reading is None or not reading.stats:
                continue
            share = share_of(reading, replace(column, total=self.patients))
            if share is not None:
                self._add_fact(node, column, name, Stat("missing", share, 0))

    def _stated(self, node: Node) -> Iterator[tuple[Column, Stat]]:
        """Yield the statistics of a row, those of all patients only where no arm states them."""
        by_arms = {
            stat.statistic
            for column in self.columns
            if column.kind == "arm" and column.index in node.readings
            for stat in node.readings[column.index].stats
        }
        for column in self.columns:
            reading = node.readings.get(column.index)
            for stat in reading.stats if reading else ():
                if column.kind == "arm" or stat.statistic not in by_arms:
                    yield column, stat

    def _columns_of(self, node: Node) -> list[Column]:
        """Return the columns in which a row counts patients: the arms, or else the overall one."""
        counting = [
            column
            for column in self.columns
            if (reading := node.readings.get(column.index))
            and {"count", "share"} & {stat.statistic for stat in reading.stats}
        ]
        arms = [column for column in counting if column.kind == "arm"]
        return self._once(node, arms or counting)

    def _once(self, node: Node, columns: list[Column]) -> list[Column]:
        """Where count and percentage have a column each, keep that of the percentage."""
        best: dict[str, Column] = {}
        for column in columns:
            if column.name not in best or node.readings[column.index].get("share") is not None:
                best[column.name] = column
        return list(best.values())

    def _add_fact(self, node: Node, column: Column, name: str, stat: Stat, code: str = "") -> None:
        statistic: Statistic = stat.statistic  # type: ignore[assignment]
        within = Within(ARM, column.name) if column.kind == "arm" else None
        quote = self._quote(node, column)
        self.gathering.facts.append(
            Fact(quote.text, name, statistic, stat.value, code, "", within, quote.start)
        )

    def _quote(self, node: Node, column: Column) -> Quote:
        """Quote the cell, with the row's label where nothing but space and a mark is between."""
        cell = node.cells[column.index]
        first = min(node.cells)
        if self.arms or column.index != first or node.quote.start >= cell.start:
            return cell
        end = cell.start + len(cell.text)
        return Quote(self.gathering.text[node.quote.start : end], node.quote.start)

    def _give_up(self, node: Node) -> None:
        """List a row of which no number was read, and not its cells as well."""
        self.gathering.not_understood.append(node.line)
        node.readings.clear()
        node.absent.clear()
