"""The specification learnt from patients that a model wrote, so that others can be drawn."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from synth_magic.description.model import Description
from synth_magic.engines.rows.form import Column, Form
from synth_magic.engines.rows.written import Written, as_variable
from synth_magic.engines.writing import counted, one_line
from synth_magic.errors import LearningWarning, SpecificationError, SynthMagicError
from synth_magic.sampling import compiled
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Variable


def learnt(
    written: Written, form: Form, description: Description
) -> tuple[CohortSpec, tuple[str, ...]]:
    """Return the specification, and what the user should know of it.

    What the description states is stated in it too, unless these patients leave no room for it.
    """
    told = f"learnt from {counted(len(written.rows), 'patient', 'patients')} that the model wrote"
    found, remarks = _fitted(written, form.columns)
    columns = {column.name: column for column in form.columns}
    spec = replace(
        found,
        population=one_line(description.population),
        variables=tuple(_named(v, columns.get(v.name), told) for v in found.variables),
        associations=tuple(replace(pair, basis=told) for pair in found.associations),
    )
    known = {variable.name for variable in spec.variables}
    facts = tuple(fact for fact in form.facts if fact.variable in known)
    try:
        stated = compiled(replace(spec, facts=facts)).spec
        stated.validate()
    except SynthMagicError as error:
        remark = (
            "Of patients drawn from what was learnt, the figures of the description are not kept, "
            f"for the patients that the model wrote leave no room for them: {_in_short(error)}."
        )
        return spec, (*remarks, remark)
    return stated, remarks


def _fitted(written: Written, columns: Iterable[Column]) -> tuple[CohortSpec, tuple[str, ...]]:
    """Return what the patients are like, and what of it is left out.

    Nobody is to be kept safe, so figures may rest on one patient; a single one is learnt from as if
    there were two of it.
    """
    from synth_magic.learning import fit

    frame = written.frame([as_variable(column) for column in columns])
    if len(frame) == 1:
        frame = pd.concat([frame, frame])
    types = {column.name: column.type for column in columns if not column.codes}
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        spec = fit(frame, types=types, smallest=1, synthetic=True, provenance="model")
    said = [str(one.message) for one in given if issubclass(one.category, LearningWarning)]
    return spec, tuple(f"What was learnt from these patients: {words}." for words in said)


def _in_short(error: SynthMagicError) -> str:
    """Return what is wrong in one line."""
    if isinstance(error, SpecificationError):
        return str(error.violations[0])
    return str(error).partition("\n")[0].rstrip(".:")


def _named(variable: Variable, column: Column | None, told: str) -> Variable:
    """Return a variable with the words of its column; a hidden one has none."""
    if column is None:
        return replace(variable, basis=told)
    return replace(variable, label=column.label, unit=column.unit or variable.unit, basis=told)
