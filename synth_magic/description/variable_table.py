"""A table of variables: one row a variable, columns recognised by their headings.

The lines `name: description|type|mapping|statistics` are read the same way. Bounds are stated as
ranges; each bound is also a fact, so that it can be quoted.
"""

from __future__ import annotations

import re
from dataclasses import replace

from synth_magic.description.cells import (
    Context,
    figures_and_unit,
    is_blank,
    is_data,
    pieces,
    read_cell,
)
from synth_magic.description.codes import CodeItem, Range, read_codes, read_range
from synth_magic.description.columns import total_in
from synth_magic.description.conventions import (
    MEAN_SD,
    MEDIAN_IQR,
    Convention,
    convention_of,
    only_statistics,
    without_statistics,
)
from synth_magic.description.gathering import Gathering
from synth_magic.description.labels import is_unit, plain
from synth_magic.description.layout import Row, Table, line_number
from synth_magic.description.levels import low_to_high, type_of_levels
from synth_magic.description.model import Code, DescribedVariable, Quote
from synth_magic.description.numbers import DASH, NUMBER, decimals_of, parse_number
from synth_magic.description.vocabulary import role_of, type_of
from synth_magic.errors import ContradictionError, DescriptionError
from synth_magic.spec.model import (
    CODED_TYPES,
    NUMERIC_TYPES,
    STATISTICS,
    Fact,
    Statistic,
    VariableType,
)

SEED_ROLES = ("name", "label", "type", "codes", "statistics", "missing")
_MOST_CODES = 20
_DESCRIBING = frozenset({"label", "type", "unit", "codes", "range", "low", "high"})
_PERCENTILES = frozenset({"p01", "p05", "p25", "p50", "p75", "p95", "p99", "min", "max"})
_BRACKETED: dict[Convention, Convention] = {("mean",): MEAN_SD, ("p50",): MEDIAN_IQR}
_BOUNDS_LAST = re.compile(
    rf"\w[\s:,(\[]+(?P<range>(?!(?:19|20)\d\d\b){NUMBER}\s*(?:{DASH}|\bto\b)\s*{NUMBER})[)\]]?$"
)
_CODES_LAST = re.compile(
    r"[(\[{]?(?P<codes>(?:^0\s*[/,]\s*1|\b\d{1,2}\s*[=:][^=:,;()]+(?:[,;/]\s*\d{1,2}\s*[=:][^=:,;()]+)+))"
    r"[)\]}]?$"
)
_MISSING = re.compile(rf"(?P<number>{NUMBER})\s*(?P<percent>%)?(?:\s*missing)?", re.IGNORECASE)
_SHARE_MISSING = rf"(?:{NUMBER}\s*%\s*missing|missing\s*[:=(]?\s*{NUMBER}\s*%\)?)"
_MISSING_APART = re.compile(
    rf"^(?P<first>{_SHARE_MISSING})(?:\s*[,;]\s*|\s*$)|\s*[,;(]\s*(?P<last>{_SHARE_MISSING})\)?\s*$",
    re.IGNORECASE,
)
_NONE_MISSING = re.compile(r"no|none|never|complete", re.IGNORECASE)


def is_variable_table(table: Table) -> bool:
    """Tell whether the headings are those of a table of variables, not of a published table."""
    if table.kind == "seed":
        return True
    heading, *rows = table.rows
    if any(total_in(cell.text) for cell in heading.cells):
        return False
    found = _DESCRIBING & {role_of(cell.text) for cell in heading.cells[1:]}
    figures = (
        is_data(cell.text) and read_range(cell.text) is None
        for row in rows
        for cell in row.cells[1:]
    )
    return bool(found) and not (found <= {"codes"} and any(figures))


def read_variable_table(table: Table, gathering: Gathering) -> None:
    """Read a table into the gathering.

    Raises DescriptionError for ragged rows, ContradictionError for a variable or code repeated.
    """
    if table.kind == "seed":
        for row in table.rows:
            roles = dict(zip(SEED_ROLES, row.cells, strict=False))
            gathering.not_understood += row.cells[len(SEED_ROLES) :]
            _VariableRow(gathering, row, roles, {}).read()
        return
    heading, *rows = table.rows
    titles = [_role(cell.text) for cell in heading.cells]
    if "name" not in titles:
        titles[0] = "name"
    conventions = {
        role: convention_of(cell.text) for role, cell in zip(titles, heading.cells, strict=True)
    }
    unknown = [c for c, role in zip(heading.cells, titles, strict=True) if not role and c.text]
    gathering.not_understood += unknown
    for row in rows:
        cells = row.cells
        while len(cells) > len(titles) and not cells[-1].text:
            cells = cells[:-1]
        if len(cells) != len(titles):
            raise DescriptionError(
                f"line {line_number(gathering.text, row.line.start)} of the description has "
                f"{len(cells)} cells where the heading has {len(titles)}: {row.line.text[:80]!r}; "
                "give every row as many cells as the heading"
            )
        roles = {role: cell for role, cell in zip(titles, cells, strict=True) if role}
        if roles["name"].text:
            _VariableRow(gathering, row, roles, conventions).read()
        elif any(cell.text for cell in cells):
            gathering.not_understood.append(row.line)


def _role(heading: str) -> str:
    """Return what a column holds; a column named by statistics (`Mean (SD)`) goes by itself."""
    heading = plain(heading)
    return role_of(heading) or (heading if only_statistics(heading) else "")


class _VariableRow:
    """Reads the cells of one variable."""

    def __init__(
        self,
        gathering: Gathering,
        row: Row,
        cells: dict[str, Quote],
        conventions: dict[str, Convention],
    ) -> None:
        self.gathering = gathering
        self.row = row
        self.cells = cells
        self.conventions = conventions
        self.variable = DescribedVariable(_unescaped(cells["name"].text))
        self.facts: list[Fact] = []

    def read(self) -> None:
        label, unit = self._text("label"), self._text("unit")
        self.variable = replace(self.variable, label=label, unit=unit, type=self._type())
        for role, cell in self.cells.items():
            if is_blank(cell.text) or role in ("name", "label", "unit", "type"):
                continue
            if not self._read(role, cell):
                self.gathering.not_understood.append(cell)
        self._read_codes_of_label()
        self._read_unit_of_label()
        self._read_bounds_of_label()
        self._settle_type()
        if self.variable.name in self.gathering.variables:
            place = self.gathering.place_of(self.variable.name)
            what = f"the variable {self.variable.name!r}"
            raise ContradictionError(self.gathering.repeated(what, place, self.row.line))
        self.gathering.add(self.variable, self.row.line)
        self.gathering.facts += self.facts

    def _text(self, role: str) -> str:
        text = self.cells[role].text if role in self.cells else ""
        return "" if is_blank(text) else _unescaped(text)

    def _type(self) -> VariableType | None:
        word = self._text("type")
        found = type_of(word)
        if word and found is None:
            self.gathering.not_understood.append(self.cells["type"])
        return found

    def _read(self, role: str, cell: Quote) -> bool:
        """Read one cell; return whether all of it was understood."""
        if role not in ("missing", "range", "low", "high"):
            cell = self._without_missing(cell)
            if not cell.text:
                return True
        if role == "codes":
            coded = self._read_codes(cell) or self._read_range(cell) or self._read_shares(cell)
            return coded or self._read_unit(cell)
        if role == "range":
            return self._read_range(cell)
        if role in ("low", "high"):
            return self._read_bound(role, cell)
        if role == "missing":
            return self._read_missing(cell)
        return self._read_unit(cell) or self._read_statistics(cell, self.conventions.get(role, ()))

    def _read_codes(self, cell: Quote) -> bool:
        items = read_codes(cell)
        is_coded = self.variable.type in CODED_TYPES
        if len(items) < 2 or (read_range(cell.text) and not is_coded):
            return False
        seen: dict[str, CodeItem] = {}
        for item in items:
            if item.code.code in seen:
                what = f"the code {item.code.code!r} of {self.variable.name!r}"
                first = seen[item.code.code].quote
                raise ContradictionError(self.gathering.repeated(what, first, item.quote))
            seen[item.code.code] = item
        codes = tuple(seen[code].code for code in low_to_high(list(seen)))
        self.variable = replace(self.variable, codes=codes)
        for item in items:
            if item.share is not None:
                self._add("share", item.share, item.quote, item.code.code)
        return True

    def _read_range(self, cell: Quote) -> bool:
        found = read_range(cell.text)
        if found is None:
            return False
        if self.variable.type in CODED_TYPES:
            return self._count_codes(found)
        self._show_decimals(max(map(decimals_of, found.printed)))
        if found.low is not None:
            self._bound("low", found.low, cell)
        if found.high is not None:
            self._bound("high", found.high, cell)
        return True

    def _count_codes(self, found: Range) -> bool:
        """Read `1-4` of a coded variable as its four codes."""
        if found.low is None or found.high is None or found.low % 1 or found.high % 1:
            return False
        codes = range(int(found.low), int(found.high) + 1)
        if not 2 <= len(codes) <= _MOST_CODES:
            return False
        self.variable = replace(self.variable, codes=tuple(Code(str(code)) for code in codes))
        return True

    def _read_codes_of_label(self) -> None:
        """Read `Sex, 0 = male, 1 = female`, or `0/1`, where nothing else says what codes are."""
        cell = self.cells.get("label")
        match = _CODES_LAST.search(cell.text) if cell and not self.variable.codes else None
        if cell and match and self._read_codes(Quote(match["codes"], cell.start + match.start())):
            label = cell.text[: match.start()].rstrip(" ,;:([{-–—")
            self.variable = replace(self.variable, label=_unescaped(label))

    def _read_unit(self, cell: Quote) -> bool:
        """Read a cell that is a unit and nothing else: `mg/dL`."""
        variable = self.variable
        said = variable.unit or variable.codes or variable.type in CODED_TYPES
        if said or len(cell.text) < 2 or not is_unit(cell.text):
            return False
        self.variable = replace(variable, unit=cell.text)
        return True

    def _read_unit_of_label(self) -> None:
        """Read a unit where a row describes its variable by nothing else."""
        cell = self.cells.get("label")
        if cell and self._read_unit(cell):
            self.variable = replace(self.variable, label="")

    def _read_bounds_of_label(self) -> None:
        """Read `Mini-mental score 0-30` where nothing else says what values there are."""
        variable = self.variable
        bounded = variable.low is not None or variable.high is not None
        if bounded or variable.codes or variable.type in CODED_TYPES:
            return
        cell = self.cells.get("label")
        match = _BOUNDS_LAST.search(cell.text) if cell else None
        if cell and match:
            self._read_range(Quote(match["range"], cell.start + match.start("range")))

    def _read_bound(self, role: str, cell: Quote) -> bool:
        if not re.fullmatch(NUMBER, cell.text):
            return False
        self._show_decimals(decimals_of(cell.text))
        self._bound(role, parse_number(cell.text), cell)
        return True

    def _bound(self, role: str, value: float, quote: Quote) -> None:
        if role == "low":
            self.variable = replace(self.variable, low=value)
            self._add("min", value, quote)
        else:
            self.variable = replace(self.variable, high=value)
            self._add("max", value, quote)

    def _without_missing(self, cell: Quote) -> Quote:
        """Read the missing share in `40% male, 12% missing`; return the rest of the cell."""
        match = _MISSING_APART.search(cell.text)
        codes = {word.lower() for code in self.variable.codes for word in (code.code, code.label)}
        if match is None or "missing" in codes:
            return cell
        group = "first" if match["first"] else "last"
        share = re.search(NUMBER, match[group])
        if share:
            quote = Quote(match[group], cell.start + match.start(group))
            self._add("missing", parse_number(share[0]) / 100, quote)
        if group == "first":
            return Quote(cell.text[match.end() :], cell.start + match.end())
        return Quote(cell.text[: match.start()], cell.start)

    def _read_missing(self, cell: Quote) -> bool:
        """Read `10%`, `10` under `missing %`, or a fraction below 1; `10` alone may be a count."""
        if _NONE_MISSING.fullmatch(cell.text):
            self._add("missing", 0.0, cell)
            return True
        match = _MISSING.fullmatch(cell.text)
        if match is None:
            return False
        value = parse_number(match["number"])
        if match["percent"] or "share" in self.conventions.get("missing", ()):
            value /= 100
        elif value >= 1:
            return False
        self._add("missing", value, cell)
        return True

    def _read_statistics(self, cell: Quote, convention: Convention) -> bool:
        """Read `mean 7.4 (SD 1.3)`, or several such between semicolons or commas, or shares."""
        if self._read_stats(cell, convention) or self._read_shares(cell):
            return True
        parts = pieces(cell)
        if len(parts) == 1:
            return False
        for piece in parts:
            if not (self._read_stats(piece, ()) or self._read_shares(piece)):
                self.gathering.not_understood.append(piece)
        return True

    def _read_stats(self, cell: Quote, convention: Convention) -> bool:
        figures, unit = figures_and_unit(cell.text)
        if unit and self.variable.unit in ("", unit):
            self.variable = replace(self.variable, unit=unit)
            cell = Quote(figures, cell.start)
        has_unit = bool(self.variable.unit) or self.variable.type in NUMERIC_TYPES
        reading = read_cell(cell.text, Context(convention, has_unit=has_unit))
        spread = _BRACKETED.get(convention_of(cell.text))
        if spread and not reading.complete:  # `median 88 (70-110)`: the bracket names nothing
            figures = without_statistics(cell.text)
            reading = read_cell(figures, Context(spread, has_unit=has_unit))
        if not reading.stats or not reading.complete:
            return False
        for stat in reading.stats:
            if stat.statistic == "share":
                self._add("share", stat.value, cell, self._yes())
            elif stat.statistic in STATISTICS:
                statistic: Statistic = stat.statistic  # type: ignore[assignment]
                self._add(statistic, stat.value, cell)
            if stat.statistic in _PERCENTILES:
                self._show_decimals(stat.decimals)
            if stat.statistic == "min":
                self.variable = replace(self.variable, low=stat.value)
            if stat.statistic == "max":
                self.variable = replace(self.variable, high=stat.value)
        return True

    def _read_shares(self, cell: Quote) -> bool:
        """Read `56% male` or `male 56%, female 44%`."""
        items = read_codes(cell)
        if not items or any(item.share is None for item in items):
            return False
        known = {word.lower(): c.code for c in self.variable.codes for word in (c.label, c.code)}
        if known and not all(item.code.code.lower() in known for item in items):
            return False
        if not known and len(items) > 1:
            self.variable = replace(self.variable, codes=tuple(item.code for item in items))
        elif not known and items[0].code.code.lower() in ("no", "yes"):
            self.variable = replace(self.variable, codes=(Code("no"), Code("yes")))
            known = {"no": "no", "yes": "yes"}
        for item in items:
            code = known.get(item.code.code.lower(), item.code.code)
            self._add("share", item.share or 0.0, item.quote, code)
        return True

    def _yes(self) -> str:
        """Return the code that a lone percentage is the share of: the second of two."""
        if not self.variable.codes:
            self.variable = replace(self.variable, codes=(Code("no"), Code("yes")))
        return self.variable.codes[-1].code

    def _show_decimals(self, decimals: int) -> None:
        """Note the decimals; whole numbers say nothing about a variable that is continuous."""
        if decimals or self.variable.type != "continuous":
            shown = max(decimals, self.variable.decimals or 0)
            self.variable = replace(self.variable, decimals=shown)

    def _settle_type(self) -> None:
        """Codes make a variable coded, whatever its storage type; two of them make it binary."""
        codes = [c.label or c.code for c in self.variable.codes]
        coded = self.variable.type in CODED_TYPES and len(codes) != 2
        if codes and not coded:
            self.variable = replace(self.variable, type=type_of_levels(codes), decimals=None)

    def _add(self, statistic: Statistic, value: float, quote: Quote, code: str = "") -> None:
        fact = Fact(quote.text, self.variable.name, statistic, value, code, start=quote.start)
        self.facts.append(fact)


def _unescaped(text: str) -> str:
    """Undo the doubled quotes of CSV and the escaped pipes of Markdown."""
    return text.replace('""', '"').replace("\\|", "|")
