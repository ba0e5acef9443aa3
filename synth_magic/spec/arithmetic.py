"""Expressions evaluated over arrays. Imported when the first expression is evaluated, for NumPy."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from synth_magic.errors import ExpressionError, Violation, did_you_mean
from synth_magic.spec.expressions import (
    Coded,
    Expression,
    code_number,
    constant,
    options,
    refusal,
)
from synth_magic.spec.text import listed, shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth_magic.spec.expressions import Column

    Numbers = NDArray[Any]

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.Pow: np.power, ast.USub: np.negative, ast.UAdd: np.positive,
    ast.Eq: np.equal, ast.NotEq: np.not_equal, ast.Lt: np.less, ast.LtE: np.less_equal,
    ast.Gt: np.greater, ast.GtE: np.greater_equal,
    ast.And: np.logical_and, ast.Or: np.logical_or,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "sqrt": np.sqrt, "log": np.log, "exp": np.exp, "floor": np.floor,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "round": lambda values, decimals=0: np.round(values, int(decimals)),
}  # fmt: skip


def evaluate(expression: Expression, columns: Mapping[str, Column]) -> Column:
    """See `Expression.evaluate`."""
    evaluation = _Evaluation(expression.text, columns)
    with np.errstate(all="ignore"):
        result = evaluation.value(expression.tree)
    if evaluation.violations:
        raise ExpressionError(evaluation.violations)
    return result


def recode(column: Coded, codes: tuple[str, ...]) -> NDArray[np.intp]:
    """Return the indices of the column's rows in `codes`, which hold all of its own."""
    position = {code: place for place, code in enumerate(codes)}
    places = [*(position[code] for code in column.codes), -1]
    return np.asarray(np.array(places, dtype=np.intp)[column.index])


class _Evaluation:
    """One walk over a tree. Faults are gathered, a stand-in is used, and the walk goes on."""

    def __init__(self, text: str, columns: Mapping[str, Column]) -> None:
        self.text = text
        self.columns = columns
        self.violations: list[Violation] = []

    def refuse(self, node: ast.expr, found: str, allowed: str) -> None:
        self.violations.append(refusal(self.text, node, found, allowed))

    def value(self, node: ast.expr) -> Column:
        result: Column | float
        match node:
            case ast.Constant(value=str(text)):
                result = Coded((text,), np.zeros((), dtype=np.intp))
            case ast.Constant(value=float(number)):
                result = number
            case ast.Name(id=name):
                result = self.column(node, name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                result = np.logical_not(self.truth(operand))
            case ast.UnaryOp(op=op, operand=operand):
                result = _OPERATORS[type(op)](self.number(operand))
            case ast.BinOp(op=op, left=left, right=right):
                result = _OPERATORS[type(op)](self.number(left), self.number(right))
            case ast.BoolOp(op=op, values=values):
                result = reduce(_OPERATORS[type(op)], map(self.truth, values))
            case ast.Compare():
                result = self.comparison(node)
            case ast.IfExp():
                result = self.choice(node)
            case ast.Call(func=ast.Name(id=name), args=args):
                result = _FUNCTIONS[name](*map(self.number, args))
            case _:
                raise AssertionError(ast.dump(node))
        return result if isinstance(result, Coded) else np.asarray(result)

    def column(self, node: ast.expr, name: str) -> Column:
        if name not in self.columns:
            near = did_you_mean(name, self.columns)
            self.refuse(node, "is no variable", f"name a variable of the specification{near}")
            return np.asarray(math.nan)
        return self.columns[name]

    def number(self, node: ast.expr) -> Numbers:
        return self.as_number(node, self.value(node))

    def as_number(self, node: ast.expr, value: Column) -> Numbers:
        if not isinstance(value, Coded):
            return np.asarray(value, dtype=np.float64)
        numbers = np.array([code_number(code) for code in value.codes])
        if isinstance(constant(node), str):
            self.refuse(node, "is text where a number is needed", "write a number")
        elif np.isnan(numbers).any():
            found = f"is used as a number, but has the codes {listed(value.codes)}"
            self.refuse(node, found, "compare it with a code, in quotes")
        return np.asarray(np.append(numbers, math.nan)[value.index])

    def truth(self, node: ast.expr) -> NDArray[np.bool_]:
        value = self.value(node)
        if isinstance(value, np.ndarray) and value.dtype == np.bool_:
            return value
        return np.asarray(self.as_number(node, value) != 0)

    def comparison(self, node: ast.Compare) -> Column:
        sides = pairwise([node.left, *node.comparators])
        steps = [
            self.membership(op, left, right)
            if isinstance(op, ast.In | ast.NotIn)
            else self.compared(op, left, right)
            for op, (left, right) in zip(node.ops, sides, strict=True)
        ]
        return np.asarray(reduce(np.logical_and, steps))

    def membership(self, op: ast.cmpop, left: ast.expr, right: ast.expr) -> NDArray[np.bool_]:
        equal = [self.compared(ast.Eq(), left, option) for option in options(right)]
        found = np.asarray(reduce(np.logical_or, equal))
        return ~found if isinstance(op, ast.NotIn) else found

    def compared(self, op: ast.cmpop, left: ast.expr, right: ast.expr) -> NDArray[np.bool_]:
        first, second = self.value(left), self.value(right)
        operator = _OPERATORS[type(op)]
        if isinstance(first, Coded) and constant(right) is not None:
            return np.asarray(operator(first.index, self.rank(first, left, right)))
        if isinstance(second, Coded) and constant(left) is not None:
            return np.asarray(operator(self.rank(second, right, left), second.index))
        if (
            isinstance(first, Coded)
            and isinstance(second, Coded)
            and (isinstance(op, ast.Eq | ast.NotEq) or first.codes == second.codes)
        ):
            codes = _merged(first, second)
            return np.asarray(operator(recode(first, codes), recode(second, codes)))
        numbers = self.as_number(left, first), self.as_number(right, second)
        return np.asarray(operator(*numbers))

    def rank(self, column: Coded, coded_node: ast.expr, constant_node: ast.expr) -> int:
        """Return the place of a constant among the column's codes."""
        wanted = constant(constant_node)
        for place, code in enumerate(column.codes):
            if code == wanted or code_number(code) == wanted:
                return place
        near = did_you_mean(str(wanted), column.codes)
        name = self.text[coded_node.col_offset : coded_node.end_col_offset]
        allowed = f"the codes of {shown(name)} are {listed(column.codes)}{near}"
        self.refuse(constant_node, "is not among the codes", allowed)
        return -1

    def choice(self, node: ast.IfExp) -> Column:
        condition = self.truth(node.test)
        yes, no = self.value(node.body), self.value(node.orelse)
        if isinstance(yes, Coded) and isinstance(no, Coded):
            codes = _merged(yes, no)
            return Coded(codes, np.where(condition, recode(yes, codes), recode(no, codes)))
        if not isinstance(yes, Coded) and not isinstance(no, Coded) and yes.dtype == no.dtype:
            return np.where(condition, yes, no)  # two conditions stay a condition
        numbers = self.as_number(node.body, yes), self.as_number(node.orelse, no)
        return np.where(condition, *numbers)


def _merged(first: Coded, second: Coded) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first.codes + second.codes))
