"""Missing values, by hand."""

from __future__ import annotations

import math

import pytest

from synth_magic.evaluation.fidelity.missing import MISSING, TOGETHER, scores
from tests.evaluation.fidelity.patients import clinic, compare, found

NAN = math.nan
REAL = {"age": [50, 60, 70, 80], "sbp": [NAN, NAN, 1, 1], "site": [None, None, "a", "a"]}
SPREAD = {"age": [50, 60, 70, 80], "sbp": [NAN, NAN, 1, 1], "site": ["a", "a", "a", None]}


def test_missing_values_by_hand():
    figures = list(scores(compare(SPREAD, REAL)))
    assert found(figures, MISSING, "site").value == 0.25
    assert found(figures, MISSING, "sbp").value == 0
    assert found(figures, MISSING).value == pytest.approx(0.25 / 3)
    # Half of the real patients lack both, none of the synthetic ones.
    assert found(figures, TOGETHER).value == 0.5
    assert found(figures, TOGETHER).real == 0


def test_a_variable_that_lacks_nothing_has_no_line_of_its_own():
    assert [score.of for score in scores(compare(SPREAD, REAL))] == ["", "sbp", "site", ""]


def test_the_same_patients_are_perfect():
    same = clinic(60, 1)
    assert {score.value for score in scores(compare(same, same))} == {0}


def test_nothing_missing_anywhere_is_as_it_should_be():
    figures = list(scores(compare({"age": [1, 2], "sbp": [1, 2]}, {"age": [1, 2], "sbp": [3, 4]})))
    assert found(figures, MISSING).value == 0
    assert math.isnan(found(figures, TOGETHER).value)
    assert found(figures, TOGETHER).why == "fewer than two variables have missing values"


def test_what_only_synthetic_patients_lack_counts():
    figures = list(scores(compare({"age": [NAN, NAN]}, {"age": [1, 2]})))
    assert found(figures, MISSING, "age").value == 1
    assert found(figures, MISSING).value == 1
