from __future__ import annotations

import pandas as pd
import pytest

from synth_magic.notebook.plots import described
from synth_magic.spec import Variable
from tests.notebook.plots.builders import AGE, AWKWARD, MANY, SEX, VISIT, compiled, patients


def test_each_variable_has_a_line() -> None:
    frame = pd.DataFrame(
        {
            "age": [50, 60, 70, None],
            "sex": pd.Categorical(["male", "male", "female", "male"], ["female", "male"]),
            "visit": pd.to_datetime(["2016-01-01", "2016-01-03", "2016-01-05", None]),
        }
    )
    assert described(frame, (AGE, SEX, VISIT)).splitlines() == [
        "age: median 60, quartiles 55 and 65, 25.0% missing",
        "sex: female 25.0%, male 75.0%, 0.0% missing",
        "visit: median 2016-01-03, quartiles 2016-01-02 and 2016-01-04, 25.0% missing",
    ]


def test_of_many_codes_the_commonest_are_named() -> None:
    frame = pd.DataFrame({"k": ["c7"] * 50 + [f"c{i}" for i in range(10)] * 5})
    words = described(frame, (MANY,))
    assert words.startswith("k: c7 55.0%, c0 5.0%")
    assert "34 others 20.0%" in words


def test_nothing_known_is_said() -> None:
    assert described(pd.DataFrame({"age": [None]}), (AGE,)) == "age: no known value"


def test_a_column_that_is_gone_is_left_out() -> None:
    assert described(pd.DataFrame({"sex": ["male"]}), (AGE, SEX)).startswith("sex:")


@pytest.mark.parametrize("variable", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_names_stay_in_one_short_line(variable: Variable) -> None:
    words = described(patients(compiled(variable), 50), (variable,))
    assert len(words.splitlines()) == 1
    assert len(words) < 500
