from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.notebook.plots.levels import left_out, levels
from synth_magic.spec import MeanSD, Variable
from tests.notebook.plots.builders import AGE, CRP, MANY, SEX, VISIT, compiled, patients


def test_codes_are_groups() -> None:
    frame = patients(compiled(SEX), 100)
    female, male = levels(frame, SEX)
    assert (female.words, male.words) == ("female", "male")
    assert np.array_equal(female.there, frame["sex"] == "female")


def test_a_number_is_cut_at_its_quartiles() -> None:
    frame = pd.DataFrame({"age": np.arange(40, 80)})
    groups = levels(frame, AGE)
    assert [group.words for group in groups] == [
        "below 50",
        "50 to below 60",
        "60 to below 70",
        "70 and above",
    ]
    assert [int(group.there.sum()) for group in groups] == [10, 10, 10, 10]


def test_many_equal_numbers_make_fewer_groups() -> None:
    frame = pd.DataFrame({"age": [0] * 80 + [5] * 20})
    assert [group.words for group in levels(frame, AGE)] == ["all"]
    frame = pd.DataFrame({"age": [0] * 60 + [5] * 40})
    assert [group.words for group in levels(frame, AGE)] == ["below 5", "5 and above"]


def test_dates_are_read_as_such() -> None:
    groups = levels(patients(compiled(VISIT)), VISIT)
    assert groups[0].words.startswith("below 2016-")


def test_at_most_six_groups_hold_every_patient() -> None:
    frame = patients(compiled(MANY))
    groups = levels(frame, MANY)
    assert len(groups) == 6
    assert groups[-1].words == "35 others together"
    assert left_out(len(frame), groups) == 0


def test_patients_without_a_value_are_in_no_group() -> None:
    frame = patients(compiled(CRP))
    assert left_out(len(frame), levels(frame, CRP)) == frame["crp"].isna().sum() > 0


@pytest.mark.parametrize("rows", [0, 3])
def test_nothing_known_makes_no_groups(rows: int) -> None:
    gone = Variable("m", "continuous", MeanSD(5, 1), missing=1.0)
    assert levels(patients(compiled(gone), rows), gone) == []
