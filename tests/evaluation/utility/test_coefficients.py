from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats.contingency import odds_ratio

from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Field, Tables
from synth_magic.evaluation.utility import coefficients as regression
from synth_magic.evaluation.utility.coefficients import (
    COEFFICIENT,
    COLUMNS,
    WITHIN,
    coefficients,
    independent,
    scores,
)
from synth_magic.evaluation.utility.target import outcome
from tests.evaluation.utility.builders import patients, tables

TWO = (Field("smoker", "code", ("no", "yes")), Field("event", "code", ("no", "yes")))


def two_by_two(a: int, b: int, c: int, d: int) -> pd.DataFrame:
    """Smokers with and without the event, then others with and without it."""
    rows = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
    return pd.DataFrame(rows, columns=["smoker", "event"])


def by_term(frames: Tables, target: str = "event") -> pd.DataFrame:
    return coefficients(frames, target).set_index("variable")


def scored(frames: Tables) -> tuple[dict[str, Score], Score]:
    *terms, share = scores(frames, outcome(frames, "event"))
    assert all(one.metric == COEFFICIENT for one in terms)
    assert share.metric == WITHIN
    return {one.of: one for one in terms}, share


def test_the_odds_ratio_of_a_two_by_two_table_by_hand() -> None:
    frames = Tables(
        TWO, two_by_two(30, 10, 20, 40), two_by_two(15, 25, 10, 50), two_by_two(5, 5, 5, 5)
    )
    found = by_term(frames).loc["smoker = yes"]
    assert found["synthetic"] == pytest.approx(30 * 40 / (10 * 20))
    assert found["real"] == pytest.approx(15 * 50 / (25 * 10))
    expected = odds_ratio([[30, 10], [20, 40]], kind="sample").confidence_interval(0.95)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected))


def test_all_terms_are_those_of_the_same_regression_by_formula() -> None:
    frames = tables()
    train = frames.train
    sd, mean = train["age"].std(), train["age"].mean()
    bmi = (train["bmi"].mean(), train["bmi"].std())
    found = by_term(frames)
    for side, frame in (("synthetic", frames.synthetic), ("real", train)):
        rows = frame.assign(
            age=(frame["age"] - mean) / sd,
            gap=frame["bmi"].isna().astype(float),
            bmi=((frame["bmi"] - bmi[0]) / bmi[1]).fillna(0),
            event=(frame["event"] == "yes").astype(float),
        )
        fitted = smf.logit("event ~ age + bmi + gap + smoker + region", rows).fit(disp=0)
        names = {
            "age": "age",
            "bmi": "bmi",
            "bmi missing": "gap",
            "smoker = yes": "smoker[T.yes]",
            "region = south": "region[T.south]",
            "region = west": "region[T.west]",
        }
        assert list(found.index) == list(names)
        expected = np.exp(fitted.params[list(names.values())])
        np.testing.assert_allclose(found[side], expected, rtol=1e-4)


def test_the_scores_are_log_odds_ratios_and_the_share_within_the_real_intervals() -> None:
    frames = tables()
    ratios = by_term(frames)
    terms, share = scored(frames)
    assert list(terms) == list(ratios.index)
    for name, score in terms.items():
        assert score.value == pytest.approx(np.log(ratios.loc[name, "synthetic"]))
        assert score.real == pytest.approx(np.log(ratios.loc[name, "real"]))
    inside = (ratios["real low"] <= ratios["synthetic"]) & (
        ratios["synthetic"] <= ratios["real high"]
    )
    assert share.value == pytest.approx(inside.mean())
    assert 0.0 <= share.real <= 1.0


def test_training_rows_handed_out_as_synthetic_have_the_same_coefficients() -> None:
    ratios = by_term(tables(synthetic=patients(200, 2)))
    np.testing.assert_array_equal(ratios["synthetic"], ratios["real"])
    assert scored(tables(synthetic=patients(200, 2)))[1].value == 1.0


def test_codes_stand_against_the_first_that_both_tables_have() -> None:
    synthetic = patients(200, 1)
    synthetic = synthetic[synthetic["region"] != "north"].reset_index(drop=True)
    terms, _ = scored(tables(synthetic=synthetic))
    assert np.isfinite(terms["region = west"].value)
    assert np.isnan(terms["region = north"].value)
    assert "not estimated" in terms["region = north"].why
    assert "region = south" not in terms


def test_a_sum_of_other_variables_is_left_out_and_the_rest_stays() -> None:
    frames = tables()
    with_sum = Tables(
        (*frames.fields, Field("sum", "number")),
        *(
            frame.fillna({"bmi": 27.0}).assign(sum=lambda rows: rows["age"] + rows["bmi"])
            for frame in (frames.synthetic, frames.train, frames.test)
        ),
    )
    terms, _ = scored(with_sum)
    assert np.isnan(terms["sum"].value)
    assert np.isnan(terms["sum"].real)
    assert np.isfinite(terms["age"].value)


def test_what_always_goes_with_one_outcome_has_no_finite_odds_ratio() -> None:
    frames = Tables(
        TWO, two_by_two(20, 0, 20, 40), two_by_two(15, 25, 10, 50), two_by_two(5, 5, 5, 5)
    )
    terms, share = scored(frames)
    assert np.isnan(terms["smoker = yes"].value)
    assert terms["smoker = yes"].real == pytest.approx(np.log(3))
    assert np.isnan(share.value)
    assert share.why


@pytest.mark.parametrize(
    "synthetic",
    [
        patients(200, 1).assign(event="no"),
        patients(200, 1).assign(event=None),
        patients(4, 1),
        patients(200, 1).assign(event=lambda frame: np.where(frame["age"] > 60, "yes", "no")),
    ],
    ids=["one outcome", "no outcome", "too few", "separated"],
)
def test_what_cannot_be_fitted_gives_a_reason(synthetic: pd.DataFrame) -> None:
    terms, share = scored(tables(synthetic=synthetic))
    assert all(np.isnan(score.value) and score.why for score in terms.values())
    assert np.isnan(share.value)
    assert share.why


def test_columns_that_follow_from_earlier_ones_in_any_table_are_found() -> None:
    rng = np.random.default_rng(0)
    full = rng.normal(size=(20, 4))
    sums, empty = full.copy(), full.copy()
    sums[:, 2] = sums[:, 0] + sums[:, 1]
    empty[:, 3] = 0.0
    assert independent([full, full]) == [0, 1, 2, 3]
    assert independent([full, sums]) == [0, 1, 3]
    assert independent([sums, empty]) == [0, 1]


def test_without_an_outcome_there_is_no_term() -> None:
    frames = tables(train=patients(200, 2).assign(event="no"))
    assert list(coefficients(frames, "event").columns) == COLUMNS
    terms, share = scored(frames)
    assert not terms
    assert "one value only" in share.why


def test_large_tables_are_cut_at_random_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = coefficients(tables(), "event")
    monkeypatch.setattr(regression, "MOST_ROWS", 150)
    cut = coefficients(tables(), "event")
    assert not cut.equals(whole)
    assert cut.equals(coefficients(tables().at_most(150), "event"))
