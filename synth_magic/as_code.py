"""A cohort as Python that draws its patients again."""

from __future__ import annotations

from synth_magic.errors import RowsError
from synth_magic.frame import Cohort, checked_rows


def as_code(cohort: Cohort) -> str:
    """Return Python that makes the patients of a cohort again, complete on its own."""
    rows, seed = cohort.rows, cohort.seed
    try:
        checked_rows(rows, len(cohort.spec.variables), large=False)
        large = ""
    except RowsError:
        large = ", large=True"
    # JSON fits in a raw string as it is: it escapes each quote and backslash within its own
    # strings, never has three quotes in a row, and ends with a brace.
    return (
        "import synth_magic as sm\n\n"
        f'spec = sm.CohortSpec.from_json(r"""\n{cohort.spec.to_json()}""")\n'
        f"patients = sm.sample(spec, rows={rows}, seed={seed}{large})\n"
    )
