"""The specifications to be measured."""

from __future__ import annotations

from pathlib import Path

import synth_magic as sm
from tests.benchmarks.fidelity.cohorts import Cohort


def specification(cohort: Cohort, answers: Path) -> sm.CohortSpec | None:
    """Return the specification of a cohort that saw no data, if there is one."""
    path = answers / f"{cohort.name}.json"
    if not path.exists():
        return None
    try:
        return sm.CohortSpec.read(path)
    except sm.SynthMagicError as error:
        raise SystemExit(f"{path}: {error}") from error
