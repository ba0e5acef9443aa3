"""Each variable by itself: by hand, and beside SciPy and SDMetrics' own report."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import entropy, ks_2samp
from sdmetrics.reports import QualityReport

from synth_magic.evaluation.fidelity.shapes import (
    JENSEN_SHANNON,
    KS,
    SCALED,
    SHAPES,
    TV,
    WASSERSTEIN,
    column_shapes,
    divergences,
    ks_complements,
    scaled_wasserstein,
    scores,
    tv_complements,
    wasserstein,
)
from tests.evaluation.fidelity.patients import clinic, compare, found

NAN = math.nan


def test_column_shapes_are_those_of_sdmetrics_report():
    tables = compare(clinic(80, 1), clinic(60, 2))
    report = QualityReport()
    real, synthetic = {"patients": tables.test}, {"patients": tables.synthetic}
    report.generate(real, synthetic, tables.metadata(), verbose=False)
    details = report.get_details("Column Shapes", "patients").set_index("Column")["Score"]
    assert column_shapes(tables).to_dict() == details.to_dict()
    average = report.get_properties().set_index("Property").loc["Column Shapes", "Score"]
    assert found(list(scores(tables)), SHAPES).value == pytest.approx(average)


def test_ks_complement_is_that_of_scipy_s_test_over_known_values():
    tables = compare({"age": [40, 50, 60, NAN]}, {"age": [40, 45, NAN, 70, 80]})
    distance = ks_2samp([40, 45, 70, 80], [40, 50, 60]).statistic
    assert ks_complements(tables)["age"] == pytest.approx(1 - distance)


def test_tv_complement_by_hand():
    tables = compare({"site": ["a", "a", "b", None]}, {"site": ["a", "b", "b", "c"]})
    # Shares 2/3, 1/3, 0 against 1/4, 1/2, 1/4.
    off = (2 / 3 - 1 / 4) + (1 / 2 - 1 / 3) + 1 / 4
    assert tv_complements(tables)["site"] == pytest.approx(1 - off / 2)


def test_wasserstein_distance_by_hand():
    tables = compare({"age": [41, 52, 63]}, {"age": [40, 50, 60, NAN]})
    assert wasserstein(tables)["age"] == pytest.approx(2)
    assert scaled_wasserstein(tables)["age"] == pytest.approx(2 / 10)


def test_divergence_of_codes_is_the_entropy_of_the_mixture_less_the_mean_entropy():
    # A code that real patients lack, and one that synthetic ones lack.
    tables = compare({"site": ["a", "a", "b", None]}, {"site": ["a", "c", "c"]})
    real, synthetic = np.array([1, 0, 2]) / 3, np.array([2, 1, 0]) / 3
    by_hand = entropy((real + synthetic) / 2, base=2) - np.mean(
        [entropy(real, base=2), entropy(synthetic, base=2)]
    )
    assert divergences(tables)["site"] == pytest.approx(by_hand)


def test_divergence_of_numbers_is_over_the_bins_between_real_deciles():
    real = list(range(100))  # ten patients in each bin
    tables = compare({"age": [*range(50), *range(50)]}, {"age": real})
    # All in the five lower bins: twice the real share there, none above.
    mixture, shares = [0.15] * 5 + [0.05] * 5, [0.1] * 10
    by_hand = entropy(mixture, base=2) - (entropy(shares, base=2) + np.log2(5)) / 2
    assert divergences(tables)["age"] == pytest.approx(by_hand)


def test_a_spike_is_a_bin_of_its_own():
    spike = [0] * 50 + list(range(1, 51))
    spread = [0.5] * 50 + list(range(1, 51))
    assert divergences(compare({"pack_years": spread}, {"pack_years": spike}))["pack_years"] > 0.4
    assert divergences(compare({"pack_years": [1, 2]}, {"pack_years": [0, 0]}))["pack_years"] == 1


@pytest.mark.parametrize("rows", [30, 70])
def test_the_same_patients_are_perfect(rows):
    same = clinic(rows, 1)
    for score in scores(compare(same, same)):
        best = 1 if score.metric.better > 0 else 0
        assert score.value == score.real == pytest.approx(best)


def test_the_yardstick_is_of_real_training_rows():
    tables = compare({"age": [10, 20]}, {"age": [40, 50]}, train={"age": [41, 51]})
    score = found(list(scores(tables)), WASSERSTEIN, "age")
    assert (score.value, score.real, score.why) == (30, 1, "")


def test_a_variable_that_is_constant_in_the_real_patients_has_no_scale():
    real = {"age": [50, 50, 50], "sbp": [120, 120, 120]}
    figures = list(scores(compare({"age": [50, 50], "sbp": [130, 130]}, real)))
    assert found(figures, SCALED, "age").value == 0
    assert math.isnan(found(figures, SCALED, "sbp").value)
    assert found(figures, SCALED, "sbp").why == "constant in the real patients"
    assert found(figures, WASSERSTEIN, "sbp").value == 10
    assert found(figures, KS, "sbp").value == 0
    assert found(figures, SCALED).value == 0  # of age alone


def test_what_is_all_missing_on_one_side_has_no_figure_and_says_so():
    synthetic = {"age": [NAN, NAN], "sbp": [120, 130], "site": [None, None]}
    real = {"age": [50, 60], "sbp": [NAN, NAN], "site": ["a", "b"]}
    figures = list(scores(compare(synthetic, real)))
    for metric, name, who in (
        (KS, "age", "synthetic"),
        (TV, "site", "synthetic"),
        (KS, "sbp", "real"),
    ):
        score = found(figures, metric, name)
        assert math.isnan(score.value)
        assert score.why == f"all missing in the {who} patients"
    assert found(figures, KS).why == "no variable is a number or a date with values"
    assert found(figures, JENSEN_SHANNON).why == "no variable has values"


def test_one_code_for_all():
    figures = list(scores(compare({"site": ["b", "b"]}, {"site": ["a", "a", "a"]})))
    assert found(figures, TV, "site").value == pytest.approx(0, abs=1e-5)
    assert found(figures, JENSEN_SHANNON, "site").value == 1
    assert found(figures, KS).why == "no variable is a number or a date with values"
