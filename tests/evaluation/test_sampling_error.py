"""Standard errors, against what many samples do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth_magic.evaluation import sampling_error as se

N, SAMPLES = 400, 600
STATISTICS = ["mean", "sd", "p05", "p25", "p50", "p75", "p95"]


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    """Skewed values, recorded with two decimals."""
    return np.random.default_rng(3).gamma(4, 3, (SAMPLES, N)).round(2)


@pytest.mark.parametrize("name", STATISTICS)
def test_a_standard_error_is_how_much_the_figure_varies(samples: np.ndarray, name: str) -> None:
    achieved, errors = np.transpose([se.statistic(sample, name, 0.01) for sample in samples])
    assert np.median(errors) == pytest.approx(achieved.std(), rel=0.15)


@pytest.mark.parametrize(("share", "n"), [(0.5, 100), (0.03, 400)])
def test_the_standard_error_of_a_share(share: float, n: int) -> None:
    found = np.random.default_rng(4).binomial(n, share, 4000) / n
    assert se.share(share, n) == pytest.approx(found.std(), rel=0.05)


@pytest.mark.parametrize("correlation", [0.0, 0.4, -0.8])
def test_the_standard_error_of_a_spearman_correlation(correlation: float) -> None:
    rng = np.random.default_rng(5)
    cov = [[1, correlation], [correlation, 1]]
    pairs = rng.multivariate_normal([0, 0], cov, (SAMPLES, 300))
    found = [se.spearman(pair[:, 0], pair[:, 1]) for pair in pairs]
    achieved, errors = np.array(found).T
    assert errors.mean() == pytest.approx(achieved.std(), rel=0.12)


def test_the_statistics_themselves() -> None:
    values = np.array([1.0, 2, 2, 3, 10])
    assert se.statistic(values, "mean", 1)[0] == values.mean()
    assert se.statistic(values, "sd", 1)[0] == values.std(ddof=1)
    assert se.statistic(values, "p75", 1)[0] == np.quantile(values, 0.75)
    assert se.statistic(values, "min", 1) == (1, 0)
    assert se.statistic(values, "max", 1) == (10, 0)
    x, y = np.arange(5.0), np.array([3.0, 1, 2, 2, 9])
    assert se.spearman(x, y)[0] == pytest.approx(stats.spearmanr(x, y).statistic)


def test_a_quantile_of_coarse_values_has_at_least_half_a_unit() -> None:
    assert se.statistic(np.repeat([1.0, 2.0, 3.0], 1000), "p50", 1)[1] == 0.5


@pytest.mark.parametrize("name", [*STATISTICS, "min", "max"])
def test_nobody_has_no_figures(name: str) -> None:
    assert np.isnan(se.statistic(np.array([]), name, 1)).all()


@pytest.mark.parametrize("name", [*STATISTICS, "min", "max"])
def test_one_patient_is_no_crash(name: str) -> None:
    achieved, error = se.statistic(np.array([7.0]), name, 1)
    assert achieved in (7.0, 0.0)
    assert error >= 0


def test_constants_and_few_patients_have_no_correlation() -> None:
    assert np.isnan(se.spearman(np.ones(10), np.arange(10.0))).all()
    assert np.isnan(se.spearman(np.arange(3.0), np.arange(3.0))).all()
    assert np.isnan(se.share(0.3, 0))
