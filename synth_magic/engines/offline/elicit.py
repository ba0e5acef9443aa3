"""The offline engine: what the description states, else the catalogue, else a plain guess."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from synth_magic.catalogue.matching import find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.answer import Answer, Origin
from synth_magic.engines.offline.ages import are_all_ages
from synth_magic.engines.offline.choosing import names_nothing, usual
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.formulas import beyond, formulas, rules
from synth_magic.engines.offline.guesses import is_guess
from synth_magic.engines.offline.limits import limited, without_values
from synth_magic.engines.offline.links import associations
from synth_magic.engines.offline.marginals import Made, make, missing_share
from synth_magic.engines.offline.naming import with_known_names
from synth_magic.engines.offline.recognition import recognise
from synth_magic.engines.offline.setting import Setting
from synth_magic.engines.offline.shares import short_of_whole
from synth_magic.engines.offline.strangers import without_strangers
from synth_magic.engines.offline.subjects import Subject, read
from synth_magic.engines.offline.survival import time_to
from synth_magic.engines.offline.unknown import unknown_diseases
from synth_magic.engines.writing import counted, one_line
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Variable

_NAMED = 5
_DATED = "days since 2020-01-01"


def elicit(description: Description) -> Answer:
    """Turn a description into a specification, without any language model."""
    description, strange = without_strangers(with_known_names(description))
    remarks = list(strange)
    setting = recognise(description)
    described = description.variables
    if names_nothing(description):
        more = tuple(usual(setting, _entry_names(described)))
        described = (*described, *more)
        names = ", ".join(variable.name for variable in more)
        remarks.append(f"Variables that were not named, but are usual in such patients: {names}.")
    read_as = [
        read(variable, description.facts, children=setting.children) for variable in described
    ]
    subjects = {subject.name: subject for subject in _each_entry_once(read_as, remarks)}
    if are_all_ages(subjects.values()) or any(c.name == "all_ages" for c in setting.conditions):
        setting = replace(setting, all_ages=True)
    cohort = Cohort.of(subjects, setting)
    computed = formulas(cohort)
    made = {
        name: _possible(make(subject, subjects, _made(subject, cohort, computed)), subject, cohort)
        for name, subject in subjects.items()
    }
    variables = {
        name: _variable(subject, made[name], subjects) for name, subject in subjects.items()
    }
    spec = CohortSpec(
        title=title(description),
        population=one_line(description.population),
        variables=tuple(variables.values()),
        associations=associations(cohort, variables, description.facts),
        missing_groups=tuple(without_values(subjects.values(), cohort.demographics)),
        rules=tuple(rules(cohort, variables)),
        facts=description.facts,
    )
    unknown = ", ".join(dict.fromkeys(unknown_diseases(description)))
    if unknown:
        remarks.append(f"Not in the catalogue, so nothing was made of it: {unknown}.")
    remarks += _remarks(subjects, variables, setting)
    origin = Origin(
        engine="offline",
        summary=_summary(spec, setting),
        description=description.text,
        not_understood=tuple(quote.text for quote in description.not_understood),
        remarks=tuple(remarks),
    )
    return Answer(spec, origin)


def _entry_names(described: Iterable[DescribedVariable]) -> Collection[str]:
    matches = (find(variable.name, variable.label, variable.unit) for variable in described)
    return {match.entry.name for match in matches if match.entry}


def _each_entry_once(subjects: Sequence[Subject], remarks: list[str]) -> Iterator[Subject]:
    """Yield the subjects; of two that match the same entry, the second is left without.

    What only tells whether a value of the entry is beyond a limit is another matter.
    """
    first: dict[str, str] = {}
    whole = {s.entry.name: s.name for s in subjects if s.entry and not s.threshold}
    for subject in subjects:
        entry = subject.entry
        if entry is None or (subject.threshold and entry.name in whole):
            yield subject
        elif first.setdefault(entry.name, subject.name) != subject.name:
            remarks.append(
                f"{subject.name} and {first[entry.name]} both look like {entry.label}; "
                f"only {first[entry.name]} was taken from the catalogue."
            )
            yield subject.without_entry()
        else:
            yield subject


def _made(subject: Subject, cohort: Cohort, computed: Mapping[str, Made]) -> Made | None:
    """Return what follows for a variable from the others, else what the catalogue knows of it."""
    return (
        beyond(subject, cohort.entries)
        or computed.get(subject.entry.name if subject.entry else "")
        or time_to(subject, cohort)
        or cohort.made(subject)
    )


def _possible(made: Made, subject: Subject, cohort: Cohort) -> Made:
    """Leave to those whom a variable cannot concern its lowest code, if nobody said otherwise."""
    if made.provenance == "stated":
        return made
    return replace(made, marginal=limited(made.marginal, subject, cohort.demographics))


def _variable(subject: Subject, made: Made, subjects: Mapping[str, Subject]) -> Variable:
    return Variable(
        name=subject.name,
        type=subject.type,
        marginal=made.marginal,
        label=one_line(subject.described.label),
        unit=_DATED if subject.type == "date" and not subject.unit else one_line(subject.unit),
        decimals=subject.decimals,
        missing=missing_share(subject, subjects),
        basis=made.basis,
        provenance=made.provenance,
    )


def title(description: Description) -> str:
    """Return the beginning of what a description says of the population."""
    population = one_line(description.population).rstrip(".")
    return textwrap.shorten(population, 80, placeholder=" …") or "Synthetic patients"


def _remarks(
    subjects: Mapping[str, Subject], variables: Mapping[str, Variable], setting: Setting
) -> Iterator[str]:
    for subject in subjects.values():
        if subject.reason and variables[subject.name].provenance == "assumed":
            yield f"{subject.name}: {subject.reason}."
        if subject.entry is not None and subject.is_taken:
            yield f"{subject.name}: taken for {subject.entry.label}."
        if subject.coded and short_of_whole(subject.stated.overall, subject.codes):
            total = 100 * sum(subject.stated.overall.shares.values())
            yield f"{subject.name}: the shares sum to {total:.4g} %, and are drawn in proportion."
        for group in _groups_without_figures(subject, subjects):
            yield f"{subject.name}: nothing is stated where {group}; what it has there is a guess."
    if not setting.conditions:
        yield (
            "No disease, setting or region of the catalogue was recognised: its figures are those "
            "of the general population."
        )
    yield from on_sources(variables.values())


def on_sources(variables: Iterable[Variable]) -> Iterator[str]:
    """Yield what is to be known of variables that are guessed."""
    guessed = [variable.name for variable in variables if is_guess(variable)]
    if guessed:
        yield f"Guessed, with nothing to go on: {', '.join(guessed)}. State figures instead."


def _groups_without_figures(subject: Subject, subjects: Mapping[str, Subject]) -> Iterator[str]:
    """Yield the arms, say, that lack the figures that others have."""
    for parent in dict.fromkeys(within.variable for within in subject.stated.within):
        stated = {within.code for within in subject.stated.within if within.variable == parent}
        if parent in subjects and subjects[parent].coded:
            yield from (f"{parent} is {c}" for c in subjects[parent].codes if c not in stated)


def _summary(spec: CohortSpec, setting: Setting) -> str:
    pairs = [association.provenance for association in spec.associations]
    guessed = [variable.name for variable in spec.variables if is_guess(variable)]
    judged = [v for v in spec.variables if v.provenance == "assumed" and not is_guess(v)]
    sourced = [variable for variable in spec.variables if variable.provenance == "catalogue"]
    catalogued = [
        counted(len(sourced), "variable", "variables"),
        counted(pairs.count("catalogue"), "correlation", "correlations"),
    ]
    assumed = [
        counted(len(judged), "variable", "variables"),
        counted(pairs.count("assumed"), "correlation", "correlations"),
    ]
    parts = [
        f"{counted(len(spec.facts), 'figure', 'figures')} stated",
        f"{' and '.join(catalogued)} from the catalogue's sources",
        f"{' and '.join(assumed)} from its own assumptions",
    ]
    guesses = f" Guessed: {_some(guessed)}." if guessed else ""
    read_as = "; ".join(condition.label for condition in setting.conditions)
    patients = f" Patients taken for: {read_as}." if read_as else ""
    return f"Made offline, no language model was asked: {', '.join(parts)}.{patients}{guesses}"


def _some(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
