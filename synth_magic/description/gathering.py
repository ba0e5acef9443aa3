"""Variables, facts and unread words of a table, gathered while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from synth_magic.description.layout import line_number
from synth_magic.description.model import DescribedVariable, Quote
from synth_magic.errors import ContradictionError
from synth_magic.spec.model import Fact


@dataclass(slots=True)
class Gathering:
    """What the tables of a text say, in their order."""

    text: str
    variables: dict[str, DescribedVariable] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    not_understood: list[Quote] = field(default_factory=list)
    rows: int | None = None
    _places: dict[str, tuple[Quote, str]] = field(default_factory=dict)

    def add(self, variable: DescribedVariable, place: Quote, heading: str = "") -> str:
        """Add a variable and return its name.

        Names repeated under different headings ("Other") are told apart by the heading; rows of the
        same quantity, or of the two sexes, describe one variable. Any other repetition raises
        ContradictionError.
        """
        name = variable.name
        earlier = self.variables.get(name)
        if earlier is None:
            self.variables[name] = variable
            self._places[name] = (place, heading)
            return name
        first, first_heading = self._places[name]
        if heading != first_heading and heading:
            return self.add(replace(variable, name=f"{heading}: {name}"), place)
        if earlier.codes != variable.codes or (variable.codes and name != "Sex"):
            raise ContradictionError(self.repeated(f"the variable {name!r}", first, place))
        self.variables[name] = replace(
            earlier,
            unit=earlier.unit or variable.unit,
            decimals=_larger(earlier.decimals, variable.decimals),
            low=variable.low if earlier.low is None else earlier.low,
            high=variable.high if earlier.high is None else earlier.high,
        )
        return name

    def place_of(self, name: str) -> Quote:
        """Return the row that a variable was read from."""
        return self._places[name][0]

    def repeated(self, what: str, first: Quote, second: Quote) -> str:
        """Say where something stands twice."""
        lines = line_number(self.text, first.start), line_number(self.text, second.start)
        return (
            f"{what} is there twice: line {lines[0]} has {first.text!r} and line {lines[1]} has "
            f"{second.text!r}; give each its own name, or leave one out"
        )


def _larger(a: int | None, b: int | None) -> int | None:
    return max((d for d in (a, b) if d is not None), default=None)
