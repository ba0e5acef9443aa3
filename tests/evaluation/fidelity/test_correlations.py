"""Rank correlations, beside SciPy's."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import spearmanr

from synth_magic.evaluation.fidelity.correlations import (
    ERROR,
    SIGNS,
    correlation_errors,
    mean_error,
    scores,
)
from tests.evaluation.fidelity.patients import clinic, compare, found

ORDER = {"none": 0, "school": 1, "college": 2, "female": 0, "male": 1}


def test_correlations_are_scipy_s_over_the_patients_who_have_both_values():
    tables = compare(clinic(90, 1), clinic(60, 2))
    by_hand = []
    for a, b in combinations(["age", "sbp", "sex", "education"], 2):  # sites have no order
        rhos = []
        for part in (tables.test, tables.synthetic):
            both = part[[a, b]].dropna().map(lambda value: ORDER.get(value, value))
            rhos.append(spearmanr(both[a], both[b]).statistic)
        by_hand.append(abs(rhos[0] - rhos[1]))
    assert mean_error(correlation_errors(tables)) == pytest.approx(np.mean(by_hand))


def test_a_constant_column_is_correlated_with_nothing():
    real = clinic(60, 1)
    errors = correlation_errors(compare({**real, "age": [50] * 60}, real))
    of_age = errors[(errors["a"] == "age") | (errors["b"] == "age")]
    assert len(of_age) == 3
    assert (of_age["error"] == of_age["real"].abs()).all()


def test_signs_are_counted_where_real_correlations_are_notable():
    real = {
        "age": [1, 2, 3, 4, 5],
        "sbp": [1, 2, 3, 5, 4],
        "egfr": [5, 4, 3, 2, 1],
        "luck": [5, 1, 2, 3, 4],  # its correlations are within .15
    }
    synthetic = {**real, "egfr": [1, 2, 3, 4, 5], "luck": [1, 2, 3, 4, 5]}
    score = found(list(scores(compare(synthetic, real))), SIGNS)
    assert score.value == pytest.approx(1 / 3)  # of age and sbp alone
    assert score.real == 1


def test_the_same_patients_are_perfect():
    same = clinic(60, 1)
    assert [score.value for score in scores(compare(same, same))] == [0, 1]


def test_what_does_not_vary_in_the_real_patients_has_no_figure():
    real = {"age": [50, 50, 50], "sbp": [1, 2, 3], "lab": [math.nan] * 3}
    figures = list(scores(compare({"age": [1, 2, 3], "sbp": [1, 2, 3], "lab": [1, 2, 3]}, real)))
    for metric in (ERROR, SIGNS):
        assert math.isnan(found(figures, metric).value)
        assert found(figures, metric).why
