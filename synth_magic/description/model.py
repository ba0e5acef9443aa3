"""What a description says, as data."""

from __future__ import annotations

from dataclasses import dataclass

from synth_magic.spec.model import Fact, VariableType


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of the description and where they start in it."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a coded variable, with its meaning."""

    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class DescribedVariable:
    """A variable that the user named. Empty or None: the description does not say.

    `low` and `high` are bounds that were stated (a range, "aged 40 to 85"); `decimals` is what the
    stated numbers show. Statistics are not here but among the facts of the Description.
    """

    name: str
    label: str = ""
    type: VariableType | None = None
    unit: str = ""
    decimals: int | None = None
    codes: tuple[Code, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A cell body, read. `not_understood` holds the words that led to nothing.

    `listed` names the variables that a table lists; the others were found in prose. `units` are
    those that prose states, of the facts that it states in one.
    """

    text: str
    population: str = ""
    rows: int | None = None
    variables: tuple[DescribedVariable, ...] = ()
    facts: tuple[Fact, ...] = ()
    not_understood: tuple[Quote, ...] = ()
    listed: tuple[str, ...] = ()
    units: tuple[tuple[Fact, str], ...] = ()
