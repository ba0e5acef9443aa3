"""Pairs of variables: by hand, and by NumPy and SciPy."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr

from synth_magic.evaluation.fidelity import trends
from synth_magic.evaluation.fidelity.trends import (
    ALL_TRENDS,
    CONTINGENCY,
    CORRELATION,
    TRENDS,
    all_pair_trends,
    column_pair_trends,
    contingency_similarity,
    correlation_similarity,
    scores,
)
from tests.evaluation.fidelity.patients import clinic, compare, found


def test_trends_of_all_pairs_by_hand():
    real = four_patients(sex=["female", "female", "male", "male"])
    swapped = four_patients(sex=["male", "male", "female", "female"])
    one_off = four_patients(sex=["female", "female", "male", None])
    assert all_pair_trends(compare(real, real)) == 1
    # Sex and age: not one cell in common. The other pairs of sex: the same halves.
    assert all_pair_trends(compare(swapped, real)) == pytest.approx(1 - 1 / 10)
    # A quarter of the patients moves to the level `missing`, in each of the four pairs of sex.
    assert all_pair_trends(compare(one_off, real)) == pytest.approx(1 - 4 * 0.25 / 10)


def four_patients(sex):
    same = {"sbp": [120, 140, 120, 140], "education": ["none"] * 4, "site": ["a"] * 4}
    return {"age": [30, 30, 70, 70], "sex": sex, **same}


def test_trends_of_all_pairs_by_numpy_s_histograms():
    tables = compare(clinic(90, 1), clinic(60, 2))
    real, synthetic = tables.test, tables.synthetic
    edges = np.histogram_bin_edges(real["age"], bins=10)
    edges[[0, -1]] = -np.inf, np.inf
    cells = [
        pd.crosstab(pd.cut(part["age"], edges, right=False), part["sex"]) / len(part)
        for part in (real, synthetic)
    ]
    by_hand = 1 - cells[0].sub(cells[1], fill_value=0).abs().to_numpy().sum() / 2
    pair = compare(
        *({name: list(part[name]) for name in ("age", "sex")} for part in (synthetic, real))
    )
    assert all_pair_trends(pair) == pytest.approx(by_hand)


def test_column_pair_trends_look_at_associated_pairs_alone():
    real = {"age": [1, 2, 3, 4, 5, 6], "height": [1, 2, 3, 4, 5, 7], "luck": [1, 2, 0, 0, 2, 1]}
    synthetic = {**real, "height": [7, 5, 4, 3, 2, 1]}
    tables = compare(synthetic, real)
    r, s = (pearsonr(part["age"], part["height"]).statistic for part in (real, synthetic))
    assert r > 0.5
    assert column_pair_trends(tables) == pytest.approx(1 - (r - s) / 2)


def test_correlation_similarity_by_scipy_over_the_patients_who_have_both_values():
    tables = compare(clinic(90, 1), clinic(60, 2))
    r, s = (
        pearsonr(*part[["age", "sbp"]].dropna().to_numpy().T).statistic
        for part in (tables.test, tables.synthetic)
    )
    assert correlation_similarity(tables) == pytest.approx(1 - abs(r - s) / 2)


def test_contingency_similarity_by_hand_over_all_pairs_of_codes():
    tables = compare(clinic(90, 1), clinic(60, 2))
    by_hand = []
    for a, b in combinations(["sex", "education", "site"], 2):
        shares = [
            (part[a].fillna("?") + part[b].fillna("?")).value_counts(normalize=True)
            for part in (tables.test, tables.synthetic)
        ]
        by_hand.append(1 - shares[0].sub(shares[1], fill_value=0).abs().sum() / 2)
    assert contingency_similarity(tables) == pytest.approx(np.mean(by_hand))


def test_a_code_that_real_patients_lack_is_a_cell_of_its_own():
    real = {"sex": ["male", "male"], "site": ["a", "b"]}
    tables = compare({"sex": ["male", "male"], "site": ["a", "c"]}, real)
    assert contingency_similarity(tables) == pytest.approx(0.5)


def test_the_same_patients_are_perfect():
    same = {**clinic(60, 1), "twice": [2 * age for age in clinic(60, 1)["age"]]}
    assert [score.value for score in scores(compare(same, same))] == pytest.approx([1.0] * 4)


def test_numbers_too_close_for_ten_bins_are_bins_themselves():
    close = [37.0, np.nextafter(37.0, 38.0)]
    real = {"temperature": close * 2, "sex": ["female", "male"] * 2}
    assert all_pair_trends(compare(real, real)) == 1
    assert all_pair_trends(compare({**real, "temperature": close[:1] * 4}, real)) == 0.5


def test_a_constant_column_has_no_correlation():
    real = {"age": [1, 2, 3, 4], "height": [1, 2, 3, 5]}
    figures = list(scores(compare({**real, "height": [3, 3, 3, 3]}, real)))
    constant = found(figures, CORRELATION)
    assert math.isnan(constant.value)
    assert constant.real == 1
    assert constant.why == "no two numbers vary"
    r = pearsonr(real["age"], real["height"]).statistic
    assert found(figures, ALL_TRENDS).value == pytest.approx(1 - r / 2)


@pytest.mark.parametrize(
    "columns", [{"age": [1, 2, 3]}, {"age": [1, 1, 1], "sbp": [math.nan] * 3}], ids=str
)
def test_without_pairs_there_is_no_figure_but_a_reason(columns):
    figures = list(scores(compare(columns, columns)))
    for metric in (TRENDS, ALL_TRENDS, CORRELATION, CONTINGENCY):
        score = found(figures, metric)
        assert math.isnan(score.value)
        assert score.why


def test_names_and_codes_are_never_read_as_code():
    odd = {"a b; import os": ["x'] | [", "`y`", "{z}"], "@n": [1.0, 2.0, 4.0], "1+1": [2.0, 1.0, 0]}
    assert found(list(scores(compare(odd, odd))), ALL_TRENDS).value == 1


def test_of_very_many_columns_some_from_all_over_the_table_are_paired(monkeypatch):
    real = {f"x{place}": [1, 2, 3, 4] for place in range(6)}
    backwards = {**real, "x5": [4, 3, 2, 1]}
    monkeypatch.setattr(trends, "MOST_COLUMNS", 2)
    score = found(list(scores(compare(backwards, real))), CORRELATION)
    assert score.value == pytest.approx(0.0)  # of x0 and x5, the only pair
    assert found(list(scores(compare({**real, "x3": [4, 3, 2, 1]}, real))), CORRELATION).value == 1
