"""The specifications to be measured: recorded answers, replayed by the product, or files."""

from __future__ import annotations

from pathlib import Path

import synth_magic as sm
from synth_magic.errors import RecordingError
from tests.benchmarks.fidelity.cohorts import Cohort
from tests.benchmarks.fidelity.subgroups import Subgroup

RECORDINGS = Path(__file__).with_name("recordings")
"""Answers to the descriptions of six cohorts and four subgroups, for whoever has their data."""


def offline(cohort: Cohort) -> sm.CohortSpec:
    """Return the specification that the offline engine makes of the cohort's description."""
    return sm.generate(described(cohort), rows=1, engine="offline").cohort.spec


def specification(cohort: Cohort, answers: Path | None) -> sm.CohortSpec | None:
    """Return the specification of a cohort that saw no data, if there is one.

    Without a folder it is that of the offline engine. Else it is `<cohort>.json` in the folder, or
    what the recorded answer to the cohort's description and table of variables says.
    """
    if answers is None:
        return offline(cohort)
    path = answers / f"{cohort.name}.json"
    try:
        if path.exists():
            return sm.CohortSpec.read(path)
        patients = sm.generate(described(cohort), rows=1, engine="recorded", recordings=answers)
    except RecordingError:
        return None
    except sm.SynthMagicError as error:
        raise SystemExit(f"{path}: {error}") from error
    return patients.cohort.spec


def described(cohort: Cohort) -> str:
    """Return all that a specification may rest on, as the cell of a notebook would hold it."""
    text = (cohort.folder / "description.txt").read_text(encoding="utf-8").strip()
    if isinstance(cohort, Subgroup):
        text = f"{text} {cohort.sentence}"
    return f"{text}\n\n{(cohort.folder / 'variables.csv').read_text(encoding='utf-8')}"
