"""Codes without an order, which take no rank correlation, as hidden questions with yes or no.

Is it the most common code? If not, is it the next? And so on: each answer is a hidden binary
variable that goes with the other variables as it does among the patients whom the question is put
to, and the code is a formula of the answers. So each code may go with each other variable in its
own way, and all shares are exact, because the answers are uncorrelated with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_magic.errors import ExpressionError
from synth_magic.learning.table import Column
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import Formula
from synth_magic.spec.text import MAX_NAME

MOST_QUESTIONS = 8
_NO, _YES = "no", "yes"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Questions:
    """A nominal variable as a formula of hidden binary ones.

    `rest` has the codes that no question is put about, if there are two or more of them.
    """

    formula: Formula
    answers: tuple[Column, ...]
    rest: Column | None


def questions(column: Column, taken: set[str], most: int = MOST_QUESTIONS) -> Questions | None:
    """Return at most so many hidden questions about a nominal column, if there is any to be put.

    `taken` are names that are in use; those of the questions are added.
    """
    sizes = np.bincount(column.present.astype(int), minlength=len(column.codes))
    places = [int(place) for place in np.argsort(-sizes, kind="stable")]
    asked = places[: min(most, len(places) - 1)]
    if not asked:
        return None
    answers, parts = [], []
    left = ~column.missing
    for place in asked:
        code = column.codes[place]
        values = np.where(left, (column.values == place).astype(np.float64), np.nan)
        answers.append(Column(_name(column, code, taken), "binary", values, (_NO, _YES)))
        parts.append(f"{code!r} if {quoted(answers[-1].name)} == {_YES!r} else ")
        left &= column.values != place
    rest = _rest(column, places[len(asked) :], taken)
    last = quoted(rest.name) if rest else repr(column.codes[places[-1]])
    text = "".join(parts) + last
    try:
        Expression.parse(text)
    except ExpressionError:  # too long
        return None
    return Questions(Formula(text, column.codes), tuple(answers), rest)


def quoted(name: str) -> str:
    """Write a name as expressions take it."""
    return f"`{name.replace('`', '``')}`"


def _rest(column: Column, places: list[int], taken: set[str]) -> Column | None:
    if len(places) == 1:
        return None
    values = np.full(len(column.values), np.nan)
    for new, place in enumerate(places):
        values[column.values == place] = new
    codes = tuple(column.codes[place] for place in places)
    return Column(_name(column, "rest", taken), "categorical", values, codes)


def _name(column: Column, code: str, taken: set[str]) -> str:
    """Return a new name, short enough for a formula of several."""
    name = f"{column.name[:_LONGEST]}_{code[:_LONGEST]}".replace(" ", "_")
    while name in taken:
        name += "_"
    assert len(name) <= MAX_NAME
    taken.add(name)
    return name
