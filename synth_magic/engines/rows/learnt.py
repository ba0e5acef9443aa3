"""The specification learnt from patients that a model wrote, so that others can be drawn."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from synth_magic.description.model import Description
from synth_magic.engines.rows.form import Column, Form
from synth_magic.engines.rows.written import Written, as_variable
from synth_magic.engines.writing import counted, one_line
from synth_magic.errors import SynthMagicError
from synth_magic.sampling import compiled
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import Variable


def learnt(
    written: Written, form: Form, description: Description
) -> tuple[CohortSpec, tuple[str, ...]]:
    """Return the specification, and what the user should know of it.

    What the description states is stated in it too, unless these patients leave no room for it.
    """
    from synth_magic.learning import fit

    frame: pd.DataFrame = written.frame([as_variable(column) for column in form.columns])
    told = f"learnt from {counted(len(frame), 'patient', 'patients')} that the model wrote"
    columns = {column.name: column for column in form.columns}
    found = fit(frame, population=one_line(description.population), smallest=1, synthetic=True)
    variables = [_named(variable, columns[variable.name], told) for variable in found.variables]
    spec = replace(found, variables=tuple(variables))
    try:
        stated = compiled(replace(spec, facts=form.facts)).spec
        stated.validate()
    except SynthMagicError as error:
        why = str(error).partition("\n")[0]
        remark = (
            "Of patients drawn from what was learnt, the figures of the description are not kept, "
            f"for the patients that the model wrote leave no room for them: {why}."
        )
        return spec, (remark,)
    return stated, ()


def _named(variable: Variable, column: Column, told: str) -> Variable:
    return replace(
        variable, label=column.label, unit=column.unit or variable.unit, basis=told,
        provenance="model",
    )  # fmt: skip
