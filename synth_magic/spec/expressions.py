"""The one grammar of formulas, rules and conditions; parsed as data and never run as Python.

Names (in backticks where they are no identifiers: `` `HbA1c (%)` > 6.5 ``), numbers, text in
quotes, `+ - * / **`, comparisons, `and or not`, `in (…)`, `a if c else b`, and a few functions.
"""

from __future__ import annotations

import ast
import math
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from synth_magic.errors import ExpressionError, Violation, did_you_mean
from synth_magic.spec.text import is_one_line, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column: TypeAlias = "NDArray[Any] | Coded"

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_TEXT = 500
MAX_DECIMALS = 12
FUNCTIONS: dict[str, tuple[int, int]] = {  # with the fewest and the most arguments
    "min": (2, MAX_LENGTH), "max": (2, MAX_LENGTH), "abs": (1, 1), "sqrt": (1, 1), "log": (1, 1),
    "exp": (1, 1), "round": (1, 2), "floor": (1, 1),
}  # fmt: skip
GRAMMAR = (
    "allowed are names (in backticks where they are no plain words: `HbA1c (%)`), numbers, text in "
    "quotes, + - * / **, comparisons, and, or, not, in (…), "
    f"… if … else …, and the functions {', '.join(FUNCTIONS)}"
)

_OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
_BACKTICKED = re.compile(r"`((?:[^`]|``)+)`")
_TEXT_OR_BACKTICKED = re.compile(f"{_TEXT.pattern}|{_BACKTICKED.pattern}")
_REFUSED: dict[type[ast.AST], str] = {
    ast.Attribute: "attribute access",
    ast.Subscript: "a subscript",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment",
    ast.JoinedStr: "an f-string",
    ast.Starred: "a star",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
}


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A coded column: `codes` from low to high, and each row's `index` in them (-1: no value)."""

    codes: tuple[str, ...]
    index: NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its `text` and the `names` of the variables that it needs.

    In `tree` the names are as written, numbers are floats, and offsets count characters of `text`.
    """

    text: str
    names: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Parse `text`, or raise ExpressionError naming every place that the grammar refuses."""
        text = text.strip()
        tree = _syntax_tree(text)
        if violations := list(_too_deep(tree, text)) or list(_refusals(tree, text)):
            raise ExpressionError(violations)
        return cls(text, frozenset(_names(tree)), tree)

    def evaluate(self, columns: Mapping[str, Column]) -> Column:
        """Evaluate over arrays of equal length; a constant gives a 0-d result, to be broadcast.

        Numbers are float arrays, conditions boolean arrays, coded variables `Coded`. Raises
        ExpressionError where a name is unknown or codes are used as what they are not.
        """
        from synth_magic.spec.arithmetic import evaluate

        return evaluate(self, columns)


def code_number(code: str) -> float:
    """Return the number that a code is, or NaN if it is none."""
    try:
        number = float(code)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def constant(node: ast.expr) -> str | float | None:
    """Return the text or (signed) number that `node` states, or None if it is no constant."""
    match node:
        case ast.Constant(value=str() | float()):
            return node.value  # type: ignore[return-value]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=float() as number)):
            return -number
        case ast.UnaryOp(op=ast.UAdd(), operand=ast.Constant(value=float() as number)):
            return number
    return None


def options(node: ast.expr) -> list[ast.expr]:
    """Return what stands on the right of `in`: a list, or one text as a list of one."""
    return node.elts if isinstance(node, ast.Tuple | ast.List) else [node]


def refusal(text: str, node: ast.expr, found: str, allowed: str) -> Violation:
    """Return the violation at `node` of the expression `text`."""
    piece = shown(text[node.col_offset : node.end_col_offset], 40)
    return Violation(f"column {node.col_offset + 1} of {shown(text)}", f"{piece} {found}", allowed)


def _syntax_tree(text: str) -> ast.expr:
    where = shown(text)
    if len(text) > MAX_LENGTH:
        found = f"the expression has {len(text):,} characters"
        raise _error(where, found, f"at most {MAX_LENGTH:,} are allowed")
    if not text:
        raise _error("the expression", "it is empty", GRAMMAR)
    if not is_one_line(text):
        raise _error(where, "it has a line break or control character", "write it in one line")
    if "#" in _TEXT_OR_BACKTICKED.sub("", text):
        raise _error(where, "it has a comment", GRAMMAR)
    masked = _TEXT_OR_BACKTICKED.sub(_without_backticks, text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python only warns of `1if x` and of "\\d"
            tree = ast.parse(masked, mode="eval").body
    except SyntaxError as err:
        where = f"column {err.offset or len(text) + 1} of {where}"
        raise _error(where, f"this cannot be read: {err.msg}", GRAMMAR) from err
    except (ValueError, RecursionError, MemoryError, Warning) as err:
        raise _error(where, f"this cannot be read: {err}", GRAMMAR) from err
    _settle(tree, text, masked)
    return tree


def _without_backticks(match: re.Match[str]) -> str:
    """Give a name in backticks the shape of an identifier, at the same place and length."""
    return match[0] if match[1] is None else "_" * len(match[0])


def _settle(tree: ast.expr, text: str, masked: str) -> None:
    """Make offsets count characters, names read as written, and numbers floats."""
    character = [place for place, letter in enumerate(masked) for _ in letter.encode()]
    character.append(len(masked))
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset = character[node.col_offset]
            node.end_col_offset = character[node.end_col_offset or 0]
        if isinstance(node, ast.Name):  # not as Python has it, which folds µ (micro) into μ (mu)
            written = text[node.col_offset : node.end_col_offset]
            quoted = _BACKTICKED.fullmatch(written)
            node.id = quoted[1].replace("``", "`") if quoted else written
        if isinstance(node, ast.Constant) and type(node.value) is int:
            fits = node.value.bit_length() < sys.float_info.max_exp
            node.value = float(node.value) if fits else math.inf


def _names(tree: ast.expr) -> Iterator[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node not in functions:
            yield node.id


def _too_deep(tree: ast.expr, text: str) -> Iterator[Violation]:
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [operand for node in level for operand in _operands(node)]
    if level:
        allowed = f"at most {MAX_DEPTH} levels are allowed; bracket the parts of a long sum"
        yield refusal(text, level[0], "is nested too deeply", allowed)


def _refusals(node: ast.expr, text: str) -> Iterator[Violation]:
    """Yield everything from `node` downwards that is outside the grammar."""
    own = [refusal(text, node, found, allowed) for found, allowed in _faults(node, text)]
    yield from own
    for operand in [] if own else _operands(node):
        yield from _refusals(operand, text)


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Call(args=args):
            return args
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            rights = [
                options(right) if isinstance(op, ast.In | ast.NotIn) else [right]
                for op, right in zip(ops, comparators, strict=True)
            ]
            return [left, *chain.from_iterable(rights)]
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _faults(node: ast.expr, text: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with `node` itself, and what is allowed instead."""
    match node:
        case ast.Name():
            written = text[node.col_offset : node.end_col_offset]
            if "`" in written and not _BACKTICKED.fullmatch(written):
                yield "runs into a name in backticks", "put an operator between them"
        case ast.Constant():
            yield from _constant_faults(node, text)
        case ast.UnaryOp(op=op) | ast.BinOp(op=op) | ast.BoolOp(op=op):
            if not isinstance(op, _OPERATORS):
                yield "has an operator outside the grammar", GRAMMAR
        case ast.Compare():
            yield from _comparison_faults(node)
        case ast.Call():
            yield from _call_faults(node)
        case ast.IfExp():
            pass
        case _:
            yield f"is {_REFUSED.get(type(node), 'outside the grammar')}", GRAMMAR


def _constant_faults(node: ast.Constant, text: str) -> Iterator[tuple[str, str]]:
    match node.value:
        case str(value):
            if not _TEXT.fullmatch(text[node.col_offset : node.end_col_offset]):
                yield "is no plain text", "text stands once, in quotes, with no letter before them"
            elif len(value) > MAX_TEXT:
                yield f"has {len(value)} characters", f"at most {MAX_TEXT} are allowed in a text"
        case float(value):
            if not math.isfinite(value):
                yield "is too large", "numbers up to 1e308 are allowed"
        case _:
            yield "is no number and no text", GRAMMAR


def _comparison_faults(node: ast.Compare) -> Iterator[tuple[str, str]]:
    for op, right in zip(node.ops, node.comparators, strict=True):
        if not isinstance(op, _OPERATORS):
            yield "has an operator outside the grammar", GRAMMAR
        elif isinstance(op, ast.In | ast.NotIn) and not (
            options(right) and all(constant(option) is not None for option in options(right))
        ):
            yield "does not list texts or numbers after `in`", "write x in ('a', 'b') or in (1, 2)"


def _call_faults(node: ast.Call) -> Iterator[tuple[str, str]]:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        near = did_you_mean(node.func.id, FUNCTIONS) if isinstance(node.func, ast.Name) else ""
        yield "calls no known function", f"the functions are {', '.join(FUNCTIONS)}{near}"
        return
    fewest, most = FUNCTIONS[node.func.id]
    if node.keywords or not fewest <= len(node.args) <= most:
        wanted = f"{fewest} or more" if most == MAX_LENGTH else f"{fewest}"
        yield f"gives {node.func.id} the wrong arguments", f"it takes {wanted}, without names"
    elif node.func.id == "round" and len(node.args) > 1:
        decimals = constant(node.args[1])
        if decimals not in range(MAX_DECIMALS + 1):
            yield "rounds to no number of decimals", f"write a whole number, 0 to {MAX_DECIMALS}"


def _error(path: str, found: str, allowed: str) -> ExpressionError:
    return ExpressionError([Violation(path, found, allowed)])
