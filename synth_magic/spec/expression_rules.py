"""What must hold for formulas, rules and conditions: names, codes, and results that suit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synth_magic.errors import ExpressionError, did_you_mean
from synth_magic.spec.expressions import Coded, Expression, code_number
from synth_magic.spec.faults import Fault
from synth_magic.spec.model import CODED_TYPES, By, Formula, Variable
from synth_magic.spec.text import listed, shown

if TYPE_CHECKING:
    from synth_magic.spec.expressions import Column

_CONDITION = "write a condition, such as age >= 18 or sex == 'female'"


@dataclass(frozen=True, slots=True)
class Names:
    """What a name can stand for in a specification."""

    variables: Mapping[str, Variable]
    groups: frozenset[str]

    def faults(self, path: str, name: str) -> Iterator[Fault]:
        """Yield a name that is no variable with values to compute from."""
        if name in self.variables:
            if self.variables[name].type == "identifier":
                yield path, f"{shown(name)} is an identifier", "name another variable"
        elif name in self.groups:
            yield path, f"{shown(name)} is a missing group", "name a variable"
        else:
            near = did_you_mean(name, self.variables)
            yield path, f"{shown(name)} is no variable", f"name one of the variables{near}"


def needed(variable: Variable) -> frozenset[str]:
    """Return the names that a variable is drawn or computed from; none if they cannot be read."""
    if isinstance(variable.marginal, By):
        return frozenset(variable.marginal.parents)
    if isinstance(variable.marginal, Formula):
        try:
            return Expression.parse(variable.marginal.expression).names
        except ExpressionError:
            return frozenset()
    return frozenset()


def condition_faults(path: str, text: str, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with a rule or an `only_when`."""
    faults, result = _trial(path, text, names)
    yield from faults
    if not faults and (isinstance(result, Coded) or result.dtype != bool):
        yield path, f"{shown(text)} is neither true nor false", _CONDITION


def formula_faults(variable: Variable, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the expression of a formula."""
    if not isinstance(variable.marginal, Formula):
        return
    path = "marginal.expression"
    faults, result = _trial(path, variable.marginal.expression, names)
    yield from faults
    if faults:
        return
    if variable.type in CODED_TYPES:
        yield from _result_faults(path, result, variable.codes)
    elif isinstance(result, Coded):
        allowed = f"the type {variable.type} takes numbers"
        yield path, f"the results are {listed(result.codes)}", allowed


def _result_faults(path: str, result: Column, codes: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(result, Coded):
        for code in result.codes:
            if code not in codes:
                allowed = f"the codes are {listed(codes)}{did_you_mean(code, codes)}"
                yield path, f"the result {shown(code)} is not among the codes", allowed
    elif result.dtype == bool:
        if len(codes) != len((False, True)):
            yield path, "the result is true or false", "list two codes, the one for false first"
    elif words := [code for code in codes if math.isnan(code_number(code))]:
        found = f"the results are numbers, but there are codes such as {shown(words[0])}"
        yield path, found, "give text in quotes: 'yes' if … else 'no'"


def _trial(path: str, text: str, names: Names) -> tuple[list[Fault], Column]:
    """Evaluate for one patient: types and codes do not depend on the values."""
    import numpy as np

    number = np.ones(1)
    try:
        expression = Expression.parse(text)
    except ExpressionError as err:
        return _told(path, err), number
    columns: dict[str, Column] = {}
    faults: list[Fault] = []
    for name in sorted(expression.names):
        faults += names.faults(path, name)
        codes = names.variables[name].codes if name in names.variables else ()
        columns[name] = Coded(codes, np.zeros(1, dtype=np.intp)) if codes else number
    try:
        return faults, expression.evaluate(columns)
    except ExpressionError as err:
        return faults + _told(path, err), number


def _told(path: str, err: ExpressionError) -> list[Fault]:
    return [
        (path, f"{violation.path}: {violation.found}", violation.allowed)
        for violation in err.violations
    ]
