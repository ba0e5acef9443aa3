"""A specification learnt from patients is that of the patients."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, spearmanr

from synth_magic.errors import LearningWarning, RealDataWarning, SettingError
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec import (
    Association,
    CohortSpec,
    MissingGroup,
    Quantiles,
    Share,
    Shares,
    Spike,
    Variable,
)
from synth_magic.spec.model import DigitPreference, Formula, Identifier

ROWS = 4_000

KNOWN = CohortSpec(
    "Known",
    "patients whose specification is known",
    (
        Variable("patient", "identifier", Identifier()),
        Variable("age", "integer", Quantiles(18, 22, 30, 50, 62, 72, 85, 92, 99)),
        Variable(
            "sbp", "integer", Quantiles(80, 92, 102, 120, 132, 146, 170, 190, 220),
            digit_preference=DigitPreference(10, 0.5),
        ),
        Variable(
            "crp", "continuous", Quantiles(0, 0, 0, 0.8, 2.4, 7, 40, 110, 240), decimals=1,
            spikes=(Spike(0, 0.2),), missing=0.15,
        ),
        Variable("ferritin", "continuous", Quantiles(5, 8, 15, 60, 120, 240, 700, 1500, 3000),
                 decimals=1, missing=0.15),
        Variable("sex", "binary", Shares((Share("female", 0.4), Share("male", 0.6)))),
        Variable("stage", "ordinal", Shares(tuple(
            Share(code, share) for code, share in (("I", 0.4), ("II", 0.3), ("III", 0.3))
        ))),
    ),
    (
        Association("age", "sbp", 0.4),
        Association("age", "crp", 0.25),
        Association("sbp", "stage", -0.3),
        Association("sex", "age", 0.1),
        Association("bloods missing", "age", 0.3),
    ),
    (MissingGroup("bloods missing", ("crp", "ferritin"), 0.15),),
)  # fmt: skip


@pytest.fixture(scope="module")
def patients() -> pd.DataFrame:
    return sample(compile_cohort(KNOWN), ROWS, seed=1)


@pytest.fixture(scope="module")
def learnt(patients: pd.DataFrame) -> CohortSpec:
    return CohortSpec.fit(patients, title="Learnt", population="the same", synthetic=True)


@pytest.fixture(scope="module")
def again(learnt: CohortSpec) -> pd.DataFrame:
    return sample(compile_cohort(learnt), 20_000, seed=2)


def ranks(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.drop(columns="patient")
    for name in ("sex", "stage"):
        numbers[name] = numbers[name].cat.codes.astype("float64")
    return numbers.astype("float64")


def test_it_is_valid_and_says_what_it_rests_on(learnt: CohortSpec) -> None:
    assert learnt.violations() == ()
    assert (learnt.title, learnt.population) == ("Learnt", "the same")
    assert {v.basis for v in learnt.variables} == {"fitted to 4,000 rows"}
    assert {part.provenance for part in (*learnt.variables, *learnt.associations)} == {"data"}
    assert CohortSpec.from_json(learnt.to_json()) == learnt


def test_columns_and_types_are_the_same(patients: pd.DataFrame, again: pd.DataFrame) -> None:
    pd.testing.assert_series_equal(again.dtypes, patients.dtypes)


@pytest.mark.parametrize("name", ["age", "sbp", "crp", "ferritin"])
def test_distributions_come_back(patients: pd.DataFrame, again: pd.DataFrame, name: str) -> None:
    assert ks_2samp(patients[name].dropna(), again[name].dropna()).statistic < 0.03


def test_rank_correlations_come_back(patients: pd.DataFrame, again: pd.DataFrame) -> None:
    of_patients = ranks(patients).corr(method="spearman")
    assert (ranks(again).corr(method="spearman") - of_patients).abs().to_numpy().max() < 0.05


def test_values_are_missing_together_and_in_the_same_patients(
    learnt: CohortSpec, again: pd.DataFrame
) -> None:
    (group,) = learnt.missing_groups
    assert set(group.variables) == {"crp", "ferritin"}
    assert again["crp"].isna().mean() == pytest.approx(0.15, abs=0.02)
    assert (again["crp"].isna() == again["ferritin"].isna()).all()
    direction = spearmanr(again["crp"].isna(), again["age"]).statistic
    assert direction == pytest.approx(0.3, abs=0.05)


def test_how_values_were_written_down_comes_back(learnt: CohortSpec, again: pd.DataFrame) -> None:
    preference = learnt.variable("sbp").digit_preference
    assert preference is not None
    assert preference.nearest == 10
    assert preference.share == pytest.approx(0.5, abs=0.05)
    assert learnt.variable("crp").decimals == 1
    assert (again["crp"] == 0).sum() / again["crp"].notna().sum() == pytest.approx(0.2, abs=0.02)


def test_codes_without_an_order_go_with_the_other_variables() -> None:
    rng = np.random.default_rng(0)
    race = rng.choice(["asian", "black", "white"], 3_000, p=[0.2, 0.3, 0.5])
    height = rng.normal(170, 8, 3_000) - 6 * (race == "asian") + 3 * (race == "black")
    frame = pd.DataFrame({"race": race, "height": height.round(1)})
    drawn = sample(compile_cohort(CohortSpec.fit(frame, synthetic=True)), 20_000)
    assert list(drawn.columns) == ["race", "height"]
    shares = drawn["race"].value_counts(normalize=True)
    means = drawn.groupby("race", observed=True)["height"].mean()
    for code in ("asian", "black", "white"):
        assert shares[code] == pytest.approx((race == code).mean(), abs=0.02)
        assert means[code] == pytest.approx(frame["height"][race == code].mean(), abs=1.2)


def test_a_number_cut_in_two_is_a_formula_of_it() -> None:
    weight = np.random.default_rng(0).normal(2_900, 700, 400).round()
    low = np.where(weight < 2_500, "yes", "no")
    learnt = CohortSpec.fit(pd.DataFrame({"weight": weight, "low": low}), synthetic=True)
    assert isinstance(learnt.variable("low").marginal, Formula)
    drawn = sample(compile_cohort(learnt), 1_000)
    assert ((drawn["weight"] < 2_500) == (drawn["low"] == "yes")).all()


def test_rows_that_are_not_known_to_be_synthetic_are_taken_for_real() -> None:
    frame = pd.DataFrame({"age": range(20, 60, 2)}).sample(frac=1, random_state=0)
    with pytest.warns(RealDataWarning, match="Small counts \\(below 5\\) were coarsened"):
        CohortSpec.fit(frame)
    frame.attrs["synth_magic"] = "{}"
    assert CohortSpec.fit(frame).variable("age").type == "integer"  # no warning, which would fail
    with pytest.warns(RealDataWarning):
        CohortSpec.fit(frame, synthetic=False)


def test_provenance_is_as_told() -> None:
    frame = pd.DataFrame({"age": np.random.default_rng(0).integers(20, 90, 50)})
    assert CohortSpec.fit(frame, synthetic=True, provenance="model").variables[0].provenance == (
        "model"
    )
    with pytest.raises(SettingError, match="did you mean 'data'"):
        CohortSpec.fit(frame, synthetic=True, provenance="dat")  # type: ignore[arg-type]


@pytest.mark.parametrize("smallest", [0, -1, 2.5, True, "5"])
def test_an_impossible_threshold_is_refused(smallest: object) -> None:
    with pytest.raises(SettingError, match="smallest"):
        CohortSpec.fit(pd.DataFrame({"x": range(99)}), smallest=smallest)  # type: ignore[arg-type]


VALUES = st.one_of(
    st.none(),
    st.integers(-5, 5),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
    st.sampled_from(["yes", "no", "", "a 'quoted' `code`", "1", "x" * 600, "two\nlines"]),
    st.booleans(),
    st.dates(),
)


def learnt_from(frame: pd.DataFrame, smallest: int) -> CohortSpec:
    """What is learnt, whatever there is to be warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LearningWarning)
        return CohortSpec.fit(frame, smallest=smallest)


@settings(max_examples=12)
@given(st.data())
def test_whatever_can_be_learnt_can_be_drawn(data: st.DataObject) -> None:
    rows = data.draw(st.integers(10, 40))
    kinds = st.sampled_from([VALUES, st.floats(-1e6, 1e6), st.integers(0, 3), st.booleans(),
                             st.sampled_from(["a", "b", "c", None]), st.dates()])  # fmt: skip
    columns = data.draw(st.lists(kinds, max_size=3))
    frame = pd.DataFrame(
        {
            f"c{place}": pd.Series(data.draw(st.lists(kind, min_size=rows, max_size=rows)))
            for place, kind in enumerate(columns)
        }
    ).assign(known=np.arange(rows) % 7)
    learnt = learnt_from(frame, smallest=data.draw(st.integers(1, 5)))
    assert learnt.violations() == ()
    assert len(sample(compile_cohort(learnt), 20)) == 20


def test_what_is_left_out_is_said() -> None:
    frame = pd.DataFrame({"age": np.arange(40) % 17, "empty": np.nan})
    with pytest.warns(LearningWarning, match="empty is left out: fewer than 5 patients"):
        learnt = CohortSpec.fit(frame, synthetic=True)
    assert [v.name for v in learnt.variables] == ["age"]
