"""Patients that a language model wrote itself, by the rows method: recorded answers, replayed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import synth_magic as sm
from synth_magic.errors import RecordingError
from tests.benchmarks.fidelity.answers import described
from tests.benchmarks.fidelity.cohorts import Cohort

ROWS = 100
"""So many patients are recorded of each cohort."""

PARTS = ("name", "description", "labels", "example", "shuffling")
"""What of a request is left out in turn, to see what it is good for."""

_FOLDER = Path(__file__).with_name("rows")


def written(cohort: Cohort, *without: str) -> sm.PatientFrame | None:
    """Return the patients that were written of a cohort, if there are any.

    They are the answers to requests `without` some of their parts.
    """
    requests = tomllib.loads((_FOLDER / "requests.toml").read_text(encoding="utf-8"))
    if cohort.name not in requests:
        return None
    try:
        return sm.generate(
            described(cohort),
            rows=ROWS,
            engine="recorded",
            method="rows",
            recordings=_FOLDER,
            without=without,
            **requests[cohort.name],
        )
    except RecordingError:
        return None
