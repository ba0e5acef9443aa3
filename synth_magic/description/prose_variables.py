"""Settles which variables the statements of prose are about, and turns them into facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synth_magic.description.model import Code, DescribedVariable, Quote
from synth_magic.description.phrases import FAMILIES, fold, singular
from synth_magic.description.prose_names import Names
from synth_magic.description.prose_reading import Mention, Reading, Statement
from synth_magic.spec.model import NUMERIC_TYPES, Fact, VariableType, Within

_YES = frozenset({"yes", "y", "1", "true", "present", "positive"})
_NO = frozenset({"no", "n", "0", "false", "absent", "negative", "none"})
_DIGITS = frozenset({"0", "1"})
_NO_YES = (Code("no"), Code("yes"))
_FEMALE_MALE = tuple(Code(level) for level, _ in FAMILIES["sex"])


class Settler:
    """Holds the variables and facts settled so far, and the quotes that led to nothing."""

    def __init__(self, reading: Reading) -> None:
        self.names: Names = reading.names
        self.variables: dict[str, DescribedVariable] = {}
        self.facts: list[Fact] = []
        self.units: list[tuple[Fact, str]] = []
        self.unread: list[Quote] = []
        self._reading = reading

    def settle(self, of_table: Sequence[DescribedVariable]) -> None:
        """Settle everything that was read."""
        statements = [
            found
            for statement in sorted(self._reading.statements, key=lambda s: s.at)
            if (found := self._with_subject(statement)) is not None
        ]
        named: list[Statement | Mention] = [*self._reading.mentions, *statements]
        for one in sorted(named, key=_position):
            if isinstance(one, Mention):
                self._mention(one)
            else:
                self._introduce(one)
        for statement in statements:
            self._state(statement)
        for quote in self._reading.complete:
            self._complete(quote, of_table)

    def _with_subject(self, statement: Statement) -> Statement | None:
        """Give a statement that names no variable the one its sentence spoke of last."""
        if statement.subject:
            return statement
        before = [
            one
            for one in self._reading.statements
            if one.sentence == statement.sentence and one.subject and one.at < statement.at
        ]
        last = max(before, key=lambda one: one.at, default=None)
        if (
            statement.statistic == "share"
            and last
            and last.statistic != "share"
            and last.unit == "%"
        ):
            percent = round(100 * statement.value, 10)
            return replace(
                statement, subject=last.subject, statistic="mean", value=percent, code="", unit="%"
            )
        about_shares = statement.statistic == "share"
        about_all = statement.statistic == "missing"
        spoken = [
            (one.at, self._of_level(one.subject) if about_all else one.subject)
            for one in before
            if about_all or (one.statistic == "share") == about_shares
        ]
        if not about_shares:
            spoken += [
                (one.quote.start, one.subject)
                for one in self._reading.mentions
                if one.sentence == statement.sentence and one.quote.start < statement.at
            ]
        if not spoken:
            self.unread.append(statement.quote)
            return None
        return replace(statement, subject=max(spoken)[1])

    def _of_level(self, words: str) -> str:
        """Return the column that words name, or one of its levels."""
        level = self.names.level(words)
        return level[0] if level else words

    def _mention(self, mention: Mention) -> None:
        variable = self._variable(mention.subject)
        if mention.codes and not variable.codes:
            kind: VariableType = "ordinal" if mention.ordered else "categorical"
            codes = tuple(Code(code) for code in mention.codes)
            self._put(replace(variable, codes=codes, type=variable.type or kind))
        elif self.names.find("sex") == variable.name and not variable.codes:
            self._put(replace(variable, codes=_FEMALE_MALE, type=variable.type or "binary"))

    def _introduce(self, statement: Statement) -> None:
        """Add the variables of a statement, in the order in which they are named."""
        if statement.statistic == "share":
            self._level(statement.subject, statement.code)
            return
        variable = self._variable(statement.subject)
        self._put(
            replace(
                variable,
                unit=variable.unit or statement.unit,
                decimals=_most(variable.decimals, statement.decimals),
            )
        )
        if statement.other:
            self._variable(statement.other)

    def _state(self, statement: Statement) -> None:
        within = None
        if statement.group:
            within = self._group(statement.group)
            if within is None:
                self.unread.append(statement.quote)
                return
        name, code, other = "", "", ""
        if statement.statistic == "share":
            place = self._level(statement.subject, statement.code)
            if place is None:
                self.unread.append(statement.quote)
                return
            name, code = place
        else:
            name = self._variable(statement.subject).name
            other = self._variable(statement.other).name if statement.other else ""
        other_bound = self._other_bound(statement, name, within)
        if other_bound is not None:
            if not statement.narrows:
                self.unread.append(statement.quote)
                return
            if _narrower(other_bound, statement):
                return
            self.facts.remove(other_bound)
        fact = Fact(
            statement.quote.text, name, statement.statistic, statement.value, code, other,
            within, statement.quote.start,
        )  # fmt: skip
        self.facts.append(fact)
        if statement.unit:
            self.units.append((fact, statement.unit.strip(" .")))
        if within is None and statement.statistic in ("min", "max"):
            self._bound(name, statement)

    def _bound(self, name: str, statement: Statement) -> None:
        variable = self.variables[name]
        if statement.statistic == "min" and (variable.low is None or statement.narrows):
            self._put(replace(variable, low=statement.value))
        elif statement.statistic == "max" and (variable.high is None or statement.narrows):
            self._put(replace(variable, high=statement.value))

    def _other_bound(self, bound: Statement, name: str, within: Within | None) -> Fact | None:
        """Return another bound that was set before; the later is that of a subgroup.

        The patients may be just that subgroup: then the narrower bound holds.
        """
        if bound.statistic not in ("min", "max"):
            return None
        same = (name, bound.statistic, within)
        others = (
            fact
            for fact in self.facts
            if (fact.variable, fact.statistic, fact.within) == same and fact.value != bound.value
        )
        return next(others, None)

    def _variable(self, words: str) -> DescribedVariable:
        """Return the variable that words name, adding it if it is new."""
        name = self.names.new_name(words)
        found = self.variables.get(name) or self.names.described(name)
        return self._put(found or DescribedVariable(name, label=self._as_printed(words)))

    def _as_printed(self, words: str) -> str:
        """Return words as the user capitalised them."""
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)"
        printed = re.search(pattern, self._reading.text, re.I)
        return " ".join(printed[0].split()) if printed else words

    def _put(self, variable: DescribedVariable) -> DescribedVariable:
        self.variables[variable.name] = variable
        self.names.register(variable)
        return variable

    def _level(self, words: str, code: str) -> tuple[str, str] | None:
        """Return the column and code of a share, adding a variable or its codes if need be."""
        level = self.names.level(words)
        if level is not None and code in ("yes", "no"):
            name, meant = level
            variable = self.names.described(name) or DescribedVariable(name, label=name)
            if _is_number(variable):
                return None
            if not variable.codes and self.names.find("sex") == name:
                variable = replace(variable, codes=_FEMALE_MALE, type=variable.type or "binary")
            self._put(variable)
            return (name, meant) if code == "yes" else self._opposite(variable, meant)
        variable = self._variable(words)
        if _is_number(variable) or (code in ("yes", "no") and self._needs_levels(variable)):
            return None
        if code not in ("yes", "no"):
            return variable.name, _code_like(variable, {fold(code)}) or code
        if not variable.codes:
            variable = self._put(replace(variable, codes=_NO_YES, type=variable.type or "binary"))
        meant_codes = _YES if code == "yes" else _NO
        if len(variable.codes) > len(_DIGITS):
            meant_codes -= _DIGITS  # `1` of three is any of them
        found = _code_like(variable, meant_codes) or _family_code(variable, words, code)
        return (variable.name, found) if found is not None else None

    def _needs_levels(self, variable: DescribedVariable) -> bool:
        return variable.name in {self.names.find(family) for family in ("sex", "ethnicity")}

    def _opposite(self, variable: DescribedVariable, code: str) -> tuple[str, str] | None:
        others = [c.code for c in variable.codes if c.code != code]
        return (variable.name, others[0]) if len(others) == 1 else None

    def _group(self, words: str) -> Within | None:
        """Return the patients that words mean, if a variable says who they are."""
        group = self.names.group(words)
        if group is None:
            return None
        what, absent = group
        level = self.names.level(what)
        if level:
            place = self._level(what, "no" if absent else "yes")
        else:
            name = self.names.find(what)
            if name is None or (name not in self.variables and not self.names.described(name)):
                return None
            variable = self.variables.get(name) or self.names.described(name)
            if variable is None or not variable.codes:
                return None
            found = _code_like(variable, _NO if absent else _YES)
            place = (name, found) if found is not None else None
        return Within(*place) if place else None

    def _complete(self, quote: Quote, of_table: Sequence[DescribedVariable]) -> None:
        """State that nothing is missing, of each variable of which nothing else was stated."""
        stated = {fact.variable for fact in self.facts if fact.statistic == "missing"}
        names = dict.fromkeys([*(v.name for v in of_table), *self.variables])
        for name in names:
            if name not in stated:
                self.facts.append(Fact(quote.text, name, "missing", 0.0, start=quote.start))
                self._variable(name)


def _position(one: Statement | Mention) -> int:
    return one.quote.start if isinstance(one, Mention) else one.at


def _narrower(bound: Fact, other: Statement) -> bool:
    return bound.value > other.value if bound.statistic == "min" else bound.value < other.value


def _is_number(variable: DescribedVariable) -> bool:
    """Tell whether a table says that a variable is a number, and no code of it."""
    return variable.type in NUMERIC_TYPES and not variable.codes


def _code_like(variable: DescribedVariable, meant: set[str] | frozenset[str]) -> str | None:
    codes = (c.code for c in variable.codes if {fold(c.code), fold(c.label)} & meant)
    by_label = (c.code for c in variable.codes if c.label and fold(c.label) in meant)
    return next(by_label, None) or next(codes, None)


def _family_code(variable: DescribedVariable, words: str, code: str) -> str | None:
    """Return the code for `smokers` where a table lists never, former and current."""
    if code != "yes":
        return None
    meant = {fold(words), singular(fold(words))}
    for levels in FAMILIES.values():
        for level, aliases in levels:
            names = {fold(level), *map(fold, aliases), *(singular(fold(a)) for a in aliases)}
            if meant & names:
                return _code_like(variable, names)
    return None


def _most(a: int | None, b: int | None) -> int | None:
    return max((d for d in (a, b) if d is not None), default=None)
