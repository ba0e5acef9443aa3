from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from synth_magic.notebook.plots.seen import Seen
from synth_magic.notebook.plots.summary import Figures, missing_text, percent, wilson
from synth_magic.sampling.expected import Expected, expected
from tests.notebook.plots.builders import AGE, CRP, VISIT, compiled, patients


def test_intervals_are_wilsons() -> None:
    counts = np.array([0.0, 3.0, 50.0, 100.0])
    low, high = proportion_confint(counts, 100, method="wilson")
    assert wilson(counts, 100) == (pytest.approx(low), pytest.approx(high))


def test_without_patients_a_share_may_be_anything() -> None:
    low, high = wilson(np.zeros(2), 0)
    assert (low.tolist(), high.tolist()) == ([0, 0], [1, 1])


def test_figures_of_patients_are_near_those_expected() -> None:
    cohort = compiled(AGE)
    found = Figures.of(patients(cohort, 50_000)["age"].to_numpy(float))
    said = Figures.expected(expected(cohort, "age"))
    assert found.mean == pytest.approx(said.mean, abs=0.2)
    assert found.sd == pytest.approx(said.sd, abs=0.2)
    assert found.quantiles[1:4] == pytest.approx(said.quantiles[1:4], abs=1)


def test_figures_are_written_with_the_digits_of_the_variable() -> None:
    figures = Figures.of(np.array([1.0, 2.0, 4.0]))
    assert (figures.mean_text(AGE), figures.sd_text(AGE)) == ("2.3", "1.5")
    assert figures.quantile_text(2, CRP) == "2.0"
    assert figures.mean_text(VISIT) == "1970-01-03"
    assert figures.sd_text(VISIT) == "1.5 d"


def test_no_value_has_no_figures() -> None:
    figures = Figures.of(np.empty(0))
    assert {figures.mean_text(AGE), figures.sd_text(VISIT), figures.quantile_text(2, AGE)} == {"–"}


def test_a_share_that_is_almost_nothing_is_not_nothing() -> None:
    assert [percent(share) for share in (0, 1e-5, 0.123)] == ["0.0%", "<0.1%", "12.3%"]


@pytest.mark.parametrize(
    ("found", "said", "words"),
    [
        (0, 0.0, ""),
        (100, 0.1, "10.0% missing"),
        (110, 0.1, "11.0% missing"),
        (300, 0.1, "30.0% missing (10.0% specified)"),
        (0, 0.1, "0.0% missing (10.0% specified)"),
    ],
)
def test_the_missing_share_specified_is_said_where_it_visibly_differs(
    found: int, said: float, words: str
) -> None:
    column = Seen(1000, np.zeros(1000 - found), np.empty(0))
    assert missing_text(column, Expected(np.zeros(1), np.ones(1), said)) == words
