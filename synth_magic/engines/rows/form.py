"""The columns that a model is asked to fill, with all that the description says of them."""

from __future__ import annotations

from dataclasses import dataclass

from synth_magic.description.layout import lay_out
from synth_magic.description.model import Code, Description
from synth_magic.errors import DescriptionError
from synth_magic.spec.model import Fact, Variable, VariableType


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `gaps` tells whether a patient may be without a value."""

    name: str
    type: VariableType
    label: str = ""
    unit: str = ""
    codes: tuple[Code, ...] = ()
    low: float | None = None
    high: float | None = None
    facts: tuple[Fact, ...] = ()
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked: a database in words, and its columns. `left_out` are columns not asked for."""

    prose: str
    columns: tuple[Column, ...]
    facts: tuple[Fact, ...]
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, description: Description) -> Form:
        """Return the form of a description.

        A type, unit or codes that it leaves open are those of the clinical catalogue, and so are
        the columns where it names none. Raises DescriptionError where there are none to ask for.
        """
        from synth_magic.engines.offline.elicit import elicit

        known = elicit(description).spec
        asked = [v for v in known.variables if not v.hidden and v.type != "identifier"]
        if not asked:
            raise DescriptionError(
                "the rows method asks for named columns, and this description names none: add a "
                "table of variables (name, description, type, codes)"
            )
        prose = "\n\n".join(quote.text.strip() for quote in lay_out(description.text).prose)
        columns = tuple(_column(variable, description) for variable in asked)
        names = {column.name for column in columns}
        return cls(
            prose,
            columns,
            tuple(fact for fact in description.facts if _names(fact) <= names),
            tuple(v.name for v in known.variables if v.type == "identifier"),
        )


def _column(variable: Variable, description: Description) -> Column:
    name = variable.name
    described = next((v for v in description.variables if v.name == name), None)
    codes = described.codes if described and described.codes else ()
    facts = tuple(fact for fact in description.facts if fact.variable == name)
    return Column(
        name,
        variable.type,
        described.label if described and described.label else variable.label,
        variable.unit if variable.type != "date" else "",
        codes or tuple(map(Code, variable.codes)),
        described.low if described else None,
        described.high if described else None,
        facts,
        gaps=any(fact.statistic == "missing" and fact.value > 0 for fact in facts),
    )


def _names(fact: Fact) -> set[str]:
    within = fact.within.variable if fact.within else ""
    return {fact.variable, fact.other_variable, within} - {""}
