"""One variable by two names that the catalogue knows: `trestbps`, systolic blood pressure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import Match, find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.offline.codes import meanings
from synth_magic.spec.model import Fact, Within


@dataclass(frozen=True, slots=True)
class Renaming:
    """Which variables of a description go by another name elsewhere, and by which other codes."""

    names: Mapping[str, str]
    codes: Mapping[tuple[str, str], str]

    @classmethod
    def to(
        cls, own: Collection[DescribedVariable], named: Collection[DescribedVariable]
    ) -> Renaming:
        """Find for each of the variables that are named the one of `own` that it is.

        It goes by its own name where its codes have no counterpart.
        """
        said = {variable.name for variable in named}
        free = {e.name: v for v in own if v.name not in said and (e := entry_of(v))}
        names: dict[str, str] = {}
        codes: dict[tuple[str, str], str] = {}
        own_names = {variable.name for variable in own}
        for one in named:
            known = _match(one).entry
            if one.name in own_names or known is None or known.name not in free:
                continue
            same = _codes(one, free[known.name], known)
            if {(one.name, code.code) for code in one.codes} <= same.keys():
                names[one.name] = free.pop(known.name).name
                codes.update(same)
        return cls(names, codes)

    def of_all(self, description: Description) -> Description:
        """Return a description in these names and codes."""
        return replace(
            description,
            variables=tuple(
                replace(v, name=self.names.get(v.name, v.name)) for v in description.variables
            ),
            facts=tuple(map(self.of, description.facts)),
            listed=tuple(self.names.get(name, name) for name in description.listed),
        )

    def of(self, fact: Fact) -> Fact:
        """Return a fact in these names and codes."""
        within = fact.within and Within(
            self.names.get(fact.within.variable, fact.within.variable),
            self.codes.get((fact.within.variable, fact.within.code), fact.within.code),
        )
        return replace(
            fact,
            variable=self.names.get(fact.variable, fact.variable),
            other_variable=self.names.get(fact.other_variable, fact.other_variable),
            code=self.codes.get((fact.variable, fact.code), fact.code),
            within=within,
        )


def entry_of(variable: DescribedVariable) -> Entry | None:
    """Return the catalogue's entry of a variable: what its name says, if its label is no help."""
    return _match(variable).entry or _match(replace(variable, label="")).entry


def _match(variable: DescribedVariable) -> Match:
    return find(
        variable.name,
        variable.label,
        variable.unit,
        variable_type=variable.type,
        codes=variable.codes,
    )


def _codes(
    one: DescribedVariable, variable: DescribedVariable, entry: Entry
) -> Mapping[tuple[str, str], str]:
    """Return the codes of a variable by those that a description gives it, where both are known."""
    said = meanings(one, entry) or {}
    own = meanings(variable, entry) or {}
    by_meaning = {meaning: code for code, meaning in own.items()}
    return {
        (one.name, code): by_meaning[meaning]
        for code, meaning in said.items()
        if meaning in by_meaning
    }
