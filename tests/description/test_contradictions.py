from __future__ import annotations

import pytest

from synth_magic.description import parse
from synth_magic.errors import ContradictionError

CONTRADICTIONS = {
    "shares over 100 %": (
        "Sex, n (%) |\n  Female | 60 (60%)\n  Male | 50 (50%)\n",
        ["sum to 110 %", "line 2", "line 3", "Female | 60 (60%)", "Male | 50 (50%)"],
    ),
    "a mean outside its range": (
        "Age, mean (SD) | 67.9 (9.4)\nAge range | 70–94\n",
        ["mean 67.9", "below minimum 70", "line 1", "line 2"],
    ),
    "quartiles out of order": (
        "Age, median [IQR] | 60 [70–80]\n",
        ["lower quartile 70", "above median 60"],
    ),
    "a median outside its range": (
        "Name | Type | Range | Statistics\nage | int | 40-60 | median 70\n",
        ["median 70", "above maximum 60", "40-60"],
    ),
    "a share over 100 %": ("Male, % | 156\n", ["156 %", "between 0 and 100 %"]),
    "a negative SD": ("BMI, mean (SD) | 28 (-3)\n", ["SD -3", "cannot be negative"]),
    "an SD too large for the range": (
        "Name | Type | Range | Statistics\nbmi | float | 20-30 | 25 (SD 9)\n",
        ["SD 9", "minimum 20", "maximum 30", "at most 5"],
    ),
    "one statistic with two values": (
        "Age, mean (SD) | 67.9 (9.4)\nAge, mean (SD) | 61.0 (9.4)\n",
        ["mean 67.9", "mean 61", "line 1", "line 2"],
    ),
    "a level repeated": (
        "Race, n (%) |\n  White | 60 (60%)\n  White | 40 (40%)\n",
        ["the level 'White'", "line 2", "line 3"],
    ),
    "a code repeated": (
        "x: X|factor|{a: one, a: two}|\n",
        ["the code 'a'", "a: one", "a: two"],
    ),
    "a variable repeated": (
        "name,type\nage,int\nage,float\n",
        ["the variable 'age'", "line 2", "line 3", "age,int", "age,float"],
    ),
    "a diagnosis repeated": (
        "Diabetes, n (%) | 60 (60%)\nDiabetes, n (%) | 40 (40%)\n",
        ["the variable 'Diabetes'", "line 1", "line 2"],
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradiction_quotes_both_places(case: str) -> None:
    text, quoted = CONTRADICTIONS[case]
    with pytest.raises(ContradictionError) as error:
        parse(text)
    for words in quoted:
        assert words in str(error.value)


def test_all_contradictions_are_reported_at_once() -> None:
    with pytest.raises(ContradictionError) as error:
        parse("BMI, mean (SD) | 28 (-3)\nMale, % | 156\n")
    assert "SD -3" in str(error.value)
    assert "156 %" in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "Race, n (%) |\n  White | 60 (60%)\n  Black | 25 (25%)\n  Asian | 16 (16%)\n",
        "Comorbidities, n (%) |\n  Diabetes | 60 (60%)\n  Stroke | 50 (50%)\n",
        "Age, median [IQR] | 60 [60–60]\n",
        "Mean age 60.2.\n\nAge, mean | 60.23\n",
        "Age | A (N=10) | B (N=10)\nAge, mean (SD) | 60.1 (9.4) | 70.1 (9.4)\n",
    ],
)
def test_rounding_checklists_and_arms_are_no_contradictions(text: str) -> None:
    assert parse(text).facts
