"""The code that makes patients again, run as a stranger would run it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.frame import Cohort
from synth_magic.spec.edits import edit, with_edit
from tests.sampling.builders import AGE, CRP, SEX, STAGE, cohort, yes_no

AWKWARD = ['"""', "'''", "\\", '\\"', '"', '\\\\\'\\"""', "{rows}", "🩺 العمر", "%s \\n \\u0041"]


def run(code: str) -> sm.PatientFrame:
    names: dict[str, Any] = {}
    exec(code, names)
    patients = names["patients"]
    assert isinstance(patients, sm.PatientFrame)
    return patients


@pytest.mark.parametrize("text", AWKWARD)
def test_the_code_makes_the_same_patients_whatever_their_names(text: str) -> None:
    spec = replace(
        cohort(replace(AGE, label=text, basis=text), CRP, yes_no(text, 0.2, missing=0.3)),
        title=text,
        population=text,
    )
    patients = sm.sample(spec, rows=40, seed=3)
    again = run(patients.cohort.as_code())
    pd.testing.assert_frame_equal(again, patients)
    assert again.cohort.spec == patients.cohort.spec


def test_what_was_edited_by_hand_is_made_again() -> None:
    described = sm.generate("60 patients. 40% female. Age 61 (SD 12).", engine="offline")
    spec = with_edit(described.cohort.spec, edit("age", "mean", 70))
    patients = sm.sample(spec, rows=30, seed=5)
    pd.testing.assert_frame_equal(run(patients.cohort.as_code()), patients)


def test_a_frame_that_had_to_be_allowed_is_allowed_again() -> None:
    small = sm.sample(cohort(SEX, STAGE), rows=1).cohort
    assert "large" not in small.as_code()
    large = Cohort(small.spec, 0, 900_000_000, small.origin)
    assert large.as_code().endswith("rows=900000000, seed=0, large=True)\n")
