from __future__ import annotations

import struct

import pandas as pd
import pytest

from synth_magic.notebook.plots import WIDTH, large
from synth_magic.spec import Variable
from tests.notebook.plots.builders import (
    AGE,
    AWKWARD,
    CRP,
    MANY,
    REFERENCES,
    SEX,
    VISIT,
    compiled,
    patients,
)
from tests.notebook.plots.pixels import BLUE, ORANGE, PINK, count, where

ALL = (AGE, SEX, CRP, VISIT, MANY)
COHORT = compiled(*ALL)
PATIENTS = patients(COHORT)


@pytest.mark.parametrize("variable", ALL, ids=lambda v: v.name)
def test_a_picture_is_as_wide_as_all_and_400_high(variable: Variable) -> None:
    png = large(PATIENTS, variable, cohort=COHORT)
    assert struct.unpack(">II", png[16:24]) == (2 * WIDTH, 800)
    assert count(png, BLUE) > 1000


def test_spikes_stand_out() -> None:
    assert count(large(PATIENTS, CRP, cohort=COHORT), ORANGE) > 1000


def test_a_reference_is_outlined() -> None:
    other = pd.DataFrame({"age": [70, 75, 80]})
    assert count(large(PATIENTS, AGE, cohort=COHORT, reference=other), PINK) > 500
    assert count(large(PATIENTS, SEX, cohort=COHORT, reference=other), PINK) == 0


def test_a_split_has_a_histogram_for_each_group() -> None:
    rows = where(large(PATIENTS, AGE, cohort=COHORT, split=SEX), BLUE)[120:].any(axis=1)
    stretches = int((rows[1:] & ~rows[:-1]).sum()) + int(rows[0])
    assert stretches >= 2


def test_shares_of_a_split_stand_side_by_side() -> None:
    columns = where(large(PATIENTS, SEX, cohort=COHORT, split=AGE), BLUE)[200:].any(axis=0)
    bars = int((columns[1:] & ~columns[:-1]).sum())
    assert bars >= 4


@pytest.mark.parametrize("split", ALL, ids=lambda v: f"by {v.name}")
@pytest.mark.parametrize("variable", ALL, ids=lambda v: v.name)
@pytest.mark.parametrize("rows", [0, 1, 500])
def test_any_variable_is_split_by_any(variable: Variable, split: Variable, rows: int) -> None:
    png = large(PATIENTS[:rows], variable, cohort=COHORT, split=split, usual=(1, None))
    assert png.startswith(b"\x89PNG")


@pytest.mark.parametrize("variable", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("rows", [0, 1, 50])
def test_awkward_variables_are_drawn_without_a_warning(variable: Variable, rows: int) -> None:
    cohort = compiled(variable)
    frame = patients(cohort, rows)
    for split in (None, variable):
        assert large(frame, variable, cohort=cohort, split=split).startswith(b"\x89PNG")


@pytest.mark.parametrize("values", REFERENCES.values(), ids=REFERENCES.keys())
@pytest.mark.parametrize("variable", ALL, ids=lambda v: v.name)
def test_any_frame_of_the_users_can_be_overlaid(values: list[object], variable: Variable) -> None:
    reference = pd.DataFrame({variable.name: pd.Series(values, dtype=object)})
    png = large(PATIENTS, variable, cohort=COHORT, reference=reference, reference_name="mine")
    assert png.startswith(b"\x89PNG")
