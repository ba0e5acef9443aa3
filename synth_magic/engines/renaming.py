"""One variable by two names that the catalogue knows: `trestbps`, systolic blood pressure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import Match, find
from synth_magic.catalogue.spelling import content, plain_name
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.offline.codes import meanings
from synth_magic.spec.model import CODED_TYPES, Fact, Within

_SAYS_NOTHING = frozenset(
    ("mellitus", "arterial", "status", "history", "any", "known", "present", "diagnosis", "disease",
     "diagnosed", "prior", "previous", "comorbid", "comorbidity", "flag", "indicator", "current"),
)  # fmt: skip
_MOMENT = re.compile(
    r"\b((?:pre|post)(?:op|operative|treatment|natal|partum|prandial)?|discharge|fasting|random|after"
    r"|before|within|peak|max(?:imum|imal)?|min(?:imum|imal)?|lowest|highest|worst|nadir|final|last"
    r"|follow|change|(?:[0-9]+|one|two) ?(?:h|hours?|days?|weeks?|months?|years?))\b"
)

_OLDEST_CHILD = 12


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

        It goes by its own name where several may be meant, a part of it or another moment, and
        where its codes have no counterpart.
        """
        said = {variable.name for variable in named}
        candidates: dict[str, list[DescribedVariable]] = {}
        for variable in own:
            if variable.name not in said and (entry := entry_of(variable)):
                candidates.setdefault(_kind(entry), []).append(variable)
        names: dict[str, str] = {}
        codes: dict[tuple[str, str], str] = {}
        own_names = {variable.name for variable in own}
        for one in named:
            known = _match(one).entry
            others = candidates.get(_kind(known), []) if known else []
            if one.name in own_names or known is None or len(others) != 1:
                continue
            same = _codes(one, others[0], known)
            has_codes = {(one.name, code.code) for code in one.codes} <= same.keys()
            if has_codes and _mean_the_same(one, others[0], known):
                names[one.name] = others.pop().name
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


def _kind(entry: Entry) -> str:
    return "age" if entry.name in ("age_months", "mother_age") else entry.name


def _mean_the_same(one: DescribedVariable, other: DescribedVariable, entry: Entry) -> bool:
    """Tell whether neither is a part of the other, nor its value at another moment.

    Where the table lists the age of mothers alone, an age of adults is theirs.
    """
    own = entry_of(other) or entry
    if entry.type in CODED_TYPES:
        return _says_all(one.name, entry) and _says_all(other.label or other.name, entry)
    if "mother_age" in (entry.name, own.name) and entry is not own:
        return one.unit in ("", "years") and (one.high is None or one.high > _OLDEST_CHILD)
    moments = (set(_MOMENT.findall(plain_name(f"{v.name} {v.label}"))) for v in (one, other))
    return next(moments) == next(moments)


def _says_all(name: str, entry: Entry) -> bool:
    """Tell whether a name means all that an entry holds: not `ischaemic stroke` for a stroke."""
    plain = plain_name(name)
    if plain == plain_name(entry.name) or (" " not in plain and plain in map(str, entry.synonyms)):
        return True
    known = content(plain_name(f"{entry.name} {entry.label}"))
    return content(plain) - known <= _SAYS_NOTHING


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
