"""The offline engine: what the description states, else the catalogue, else a plain guess."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.answer import Answer, Origin
from synth_magic.engines.offline.known import Sexes
from synth_magic.engines.offline.links import associations, body_mass_index, pressure_rule
from synth_magic.engines.offline.marginals import Made, make, missing_share
from synth_magic.engines.offline.subjects import Subject, read
from synth_magic.engines.writing import counted, one_line
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Formula, Variable

USUAL = (
    "age", "sex", "bmi", "systolic_bp", "diastolic_bp", "heart_rate", "creatinine",
    "total_cholesterol", "hba1c", "smoking", "hypertension", "diabetes",
)  # fmt: skip
"""What is made of a description that names no variable."""

_ADULT = 18
_NAMED = 5
_CHILDREN = re.compile(
    r"\b(?:child(?:ren)?|infants?|neonates?|newborns?|toddlers?|adolescents?|p(?:a)?ediatric)\b",
    re.IGNORECASE,
)
_GROWN = re.compile(r"\b(?:adults?|wom[ae]n|m[ae]n|mothers?|parents?)\b", re.IGNORECASE)
_NO_UNIT = "days since 2020-01-01"


def elicit(description: Description) -> Answer:
    """Turn a description into a specification, without any language model."""
    remarks: list[str] = []
    described = description.variables
    if names_nothing(description):
        described = (*described, *_usual({variable.name for variable in described}))
        names = ", ".join(variable.name for variable in described)
        remarks.append(f"The description names no variable; these are common ones: {names}.")
    adults = _are_adults(description)
    if not adults:
        remarks.append("The catalogue describes adults, so nothing was taken from it.")
    read_as = [read(variable, description.facts, adults=adults) for variable in described]
    subjects = {subject.name: subject for subject in _each_entry_once(read_as, remarks)}
    entries = {subject.entry.name: subject for subject in subjects.values() if subject.entry}
    sexes = Sexes.of(entries.get("sex"), description.population)
    formula = body_mass_index(entries)
    variables = {
        subject.name: _variable(subject, _made(subject, subjects, sexes, formula), subjects)
        for subject in subjects.values()
    }
    rule = pressure_rule(entries, variables)
    spec = CohortSpec(
        title=title(description),
        population=one_line(description.population),
        variables=tuple(variables.values()),
        associations=tuple(associations(entries, variables, description.facts)),
        rules=(rule,) if rule else (),
        facts=description.facts,
    )
    remarks += _remarks(subjects, variables)
    origin = Origin(
        engine="offline",
        summary=_summary(spec),
        description=description.text,
        not_understood=tuple(quote.text for quote in description.not_understood),
        remarks=tuple(remarks),
    )
    return Answer(spec, origin)


def names_nothing(description: Description) -> bool:
    """Tell whether the description says at most between which ages the patients are."""
    if not description.variables:
        return True
    about_ages = [variable.name for variable in description.variables] == ["age"]
    bounds = [fact.statistic in ("min", "max") for fact in description.facts]
    return about_ages and bool(bounds) and all(bounds)


def _usual(named: Collection[str]) -> Iterator[DescribedVariable]:
    for name in USUAL:
        if name not in named:
            entry = catalogue().entries[name]
            yield DescribedVariable(name, entry.label, unit=entry.unit)


def _are_adults(description: Description) -> bool:
    """Tell whether nothing says that the patients are children."""
    population = description.population
    if _CHILDREN.search(population) and not _GROWN.search(population):
        return False
    ages = {
        variable.name
        for variable in description.variables
        if (entry := find(variable.name, variable.label, variable.unit).entry)
        and entry.name == "age"
    }
    centres = [
        fact.value
        for fact in description.facts
        if fact.variable in ages and fact.statistic in ("mean", "p50", "max")
    ]
    return not centres or max(centres) >= _ADULT


def _each_entry_once(subjects: Sequence[Subject], remarks: list[str]) -> Iterator[Subject]:
    """Yield the subjects; of two that match the same entry, the second is left without."""
    first: dict[str, str] = {}
    for subject in subjects:
        entry = subject.entry
        if entry is not None and first.setdefault(entry.name, subject.name) != subject.name:
            remarks.append(
                f"{subject.name} and {first[entry.name]} both look like {entry.label}; "
                f"only {first[entry.name]} was taken from the catalogue."
            )
            yield subject.without_entry()
        else:
            yield subject


def _made(subject: Subject, subjects: Mapping[str, Subject], sexes: Sexes, formula: str) -> Made:
    if formula and subject.entry is not None and subject.entry.name == "bmi":
        return Made(Formula(formula), "catalogue", "body mass index: weight over height squared")
    return make(subject, subjects, sexes)


def _variable(subject: Subject, made: Made, subjects: Mapping[str, Subject]) -> Variable:
    return Variable(
        name=subject.name,
        type=subject.type,
        marginal=made.marginal,
        label=one_line(subject.described.label),
        unit=_NO_UNIT if subject.type == "date" and not subject.unit else one_line(subject.unit),
        decimals=subject.decimals,
        missing=missing_share(subject, subjects),
        basis=made.basis,
        provenance=made.provenance,
    )


def title(description: Description) -> str:
    """Return the beginning of what a description says of the population."""
    population = one_line(description.population).rstrip(".")
    return textwrap.shorten(population, 80, placeholder=" …") or "Synthetic patients"


def _remarks(subjects: Mapping[str, Subject], variables: Mapping[str, Variable]) -> Iterator[str]:
    for subject in subjects.values():
        if subject.reason and variables[subject.name].provenance == "assumed":
            yield f"{subject.name}: {subject.reason}."
        for group in _groups_without_figures(subject, subjects):
            yield f"{subject.name}: nothing is stated where {group}; what it has there is a guess."
    yield from on_sources(variables.values())


def on_sources(variables: Iterable[Variable]) -> Iterator[str]:
    """Yield what is to be known of variables that come from the catalogue, or are guessed."""
    origins = {variable.name: variable.provenance for variable in variables}
    if "catalogue" in origins.values():
        yield (
            "What comes from the catalogue is of the populations it names, most often the general "
            "one: the condition and the setting described change none of it."
        )
    guessed = [name for name, provenance in origins.items() if provenance == "assumed"]
    if guessed:
        yield f"Guessed, with nothing to go on: {', '.join(guessed)}. State figures instead."


def _groups_without_figures(subject: Subject, subjects: Mapping[str, Subject]) -> Iterator[str]:
    """Yield the arms, say, that lack the figures that others have."""
    for parent in dict.fromkeys(within.variable for within in subject.stated.within):
        stated = {within.code for within in subject.stated.within if within.variable == parent}
        if parent in subjects and subjects[parent].coded:
            yield from (f"{parent} is {c}" for c in subjects[parent].codes if c not in stated)


def _summary(spec: CohortSpec) -> str:
    by_origin = [variable.provenance for variable in spec.variables]
    pairs = [association.provenance for association in spec.associations]
    catalogued = [
        counted(by_origin.count("catalogue"), "variable", "variables"),
        counted(pairs.count("catalogue"), "correlation", "correlations"),
    ]
    guessed = [variable.name for variable in spec.variables if variable.provenance == "assumed"]
    parts = [
        f"{counted(len(spec.facts), 'figure', 'figures')} stated",
        f"{' and '.join(catalogued)} from the catalogue",
        f"{counted(pairs.count('assumed'), 'correlation', 'correlations')} assumed",
    ]
    guesses = f" Guessed: {_some(guessed)}." if guessed else ""
    return f"Made offline, no language model was asked: {', '.join(parts)}.{guesses}"


def _some(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
