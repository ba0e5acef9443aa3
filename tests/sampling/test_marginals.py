"""Marginals from the specification to 200,000 recorded values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.errors import SamplingError, SpecificationError
from synth_magic.sampling import compile_cohort
from synth_magic.spec import (
    By,
    Cell,
    DigitPreference,
    MeanSD,
    MedianIQR,
    Quantiles,
    Spike,
    Variable,
)
from synth_magic.spec.model import QUANTILE_LEVELS
from tests.sampling.builders import AGE, SEX, by, cohort, draw, shares

CHANCE = 5
"""Standard errors that a figure of a sample may lie off."""


def column(variable: Variable) -> pd.Series:
    spec = cohort(variable)
    assert compile_cohort(spec).notes == ()
    return draw(spec)[variable.name]


def assert_share(found: pd.Series, stated: float) -> None:
    error = np.sqrt(stated * (1 - stated) / len(found))
    assert found.mean() == pytest.approx(stated, abs=CHANCE * error + 1e-3)


def assert_mean_and_sd(values: pd.Series, mean: float, sd: float) -> None:
    kurtosis = float(np.mean(((values - values.mean()) / values.std()) ** 4))
    assert values.mean() == pytest.approx(mean, abs=(CHANCE / np.sqrt(len(values)) + 2e-3) * sd)
    spread = CHANCE * np.sqrt((kurtosis - 1) / 4 / len(values)) + 2e-3
    assert values.std() == pytest.approx(sd, rel=spread)


def assert_quantiles(values: pd.Series, marginal: Quantiles) -> None:
    for name, level in QUANTILE_LEVELS.items():
        value = getattr(marginal, name)
        error = CHANCE * np.sqrt(level * (1 - level) / len(values)) + 1e-3
        below, up_to = (values < value - 1e-9).mean(), (values <= value + 1e-9).mean()
        assert below - error <= level <= up_to + error, name


SYSTOLIC = Quantiles(80, 95, 104, 121, 133, 146, 168, 185, 220)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("nearest", [5, 10])
def test_digit_preference_leaves_the_quantiles_or_says_so(share: float, nearest: int) -> None:
    preference = DigitPreference(nearest, share)
    variable = Variable("sbp", "integer", SYSTOLIC, digit_preference=preference)
    compiled = compile_cohort(cohort(variable))
    values = draw(cohort(variable)).sbp
    assert values.between(80, 220).all()
    unrounded = compile_cohort(cohort(Variable("sbp", "integer", SYSTOLIC))).columns[0]
    natural = sum(
        unrounded.recorded[0].share(v)
        for v in range(80, 221, nearest)  # type: ignore[union-attr]
    )
    assert_share(values % nearest == 0, share + (1 - share) * natural)
    if not compiled.notes:
        assert_quantiles(values, SYSTOLIC)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_digit_preference_leaves_mean_and_sd(share: float) -> None:
    preference = DigitPreference(10, share)
    values = column(
        Variable("sbp", "integer", MeanSD(133, 19, 70, 240), digit_preference=preference)
    )
    assert_mean_and_sd(values, 133, 19)
    assert values.between(70, 240).all()


def test_digit_preference_within_the_bounds_of_each_group() -> None:
    variable = Variable(
        "weeks",
        "integer",
        by("sex", female=MeanSD(12, 3, 0, 18), male=MeanSD(50, 15, 0, 100)),
        digit_preference=DigitPreference(10, 0.8),
    )
    women = draw(cohort(SEX, variable)).query("sex == 'female'").weeks
    assert women.max() <= 18
    assert_mean_and_sd(women, 12, 3)


@pytest.mark.parametrize("value", [80, 98, 110])
@pytest.mark.parametrize("preference", [None, DigitPreference(5, 0.5)])
def test_a_spike_has_its_share_with_and_without_digit_preference(
    value: float, preference: DigitPreference | None
) -> None:
    variable = Variable(
        "pulse", "integer", MeanSD(97, 5, 80, 110), spikes=(Spike(value, 0.02),),
        digit_preference=preference,
    )  # fmt: skip
    values = column(variable)
    if value != 98:  # 98 is also an ordinary value
        assert_share(values == value, 0.02)
    assert_mean_and_sd(values, 97, 5)


def test_a_large_spike_at_an_ordinary_value_with_digit_preference() -> None:
    variable = Variable(
        "pulse", "integer", MeanSD(97, 3, 80, 110), spikes=(Spike(98, 0.3),),
        digit_preference=DigitPreference(5, 0.5),
    )  # fmt: skip
    values = column(variable)
    assert_share(values == 98, 0.3)
    assert_mean_and_sd(values, 97, 3)


def test_a_detection_limit_under_quantiles() -> None:
    marginal = Quantiles(0.5, 0.5, 0.5, 1.1, 2.4, 5.6, 24.0, 90.0, 350.0)
    values = column(Variable("crp", "continuous", marginal, decimals=1, spikes=(Spike(0.5, 0.12),)))
    assert_share(values == 0.5, 0.12)
    assert_quantiles(values, marginal)
    assert (values.min(), values.max()) == (0.5, 350.0)


def test_a_perfect_score_beside_quartiles() -> None:
    variable = Variable("mmse", "integer", MedianIQR(26, 28, 29, 0, 30), spikes=(Spike(30, 0.15),))
    assert_share(column(variable) == 30, 0.15)


def test_never_and_now_and_then() -> None:
    """Zeros and digit preference and quartiles at once."""
    marginal = Quantiles(0, 0, 0, 0, 12, 30, 55, 80, 120)
    values = column(
        Variable(
            "pack_years", "integer", marginal, spikes=(Spike(0, 0.42),),
            digit_preference=DigitPreference(5, 0.3),
        )
    )  # fmt: skip
    assert_share(values == 0, 0.42)


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_mean_and_sd_as_recorded(decimals: int) -> None:
    values = column(Variable("x", "continuous", MeanSD(2.2, 2.4, 0), decimals=decimals))
    assert_mean_and_sd(values, 2.2, 2.4)
    assert (values == values.round(decimals)).all()


def test_preferred_multiples_below_one() -> None:
    variable = Variable(
        "dose", "continuous", MeanSD(5, 1), decimals=2, digit_preference=DigitPreference(0.4, 1.0)
    )
    ratio = draw(cohort(variable), 1000).dose / 0.4
    assert ratio.to_numpy() == pytest.approx(ratio.round().to_numpy())


def test_shares_are_met_and_normalised() -> None:
    stated = shares(a=0.0, b=0.333, c=0.5, d=0.1665)  # published percentages, summing to .9995
    found = column(Variable("class", "categorical", stated))
    assert_share(found == "a", 0.0)
    for code in stated.shares:
        assert_share(found == code.code, code.share / 0.9995)


def test_every_level_of_a_by_has_its_own_marginal() -> None:
    marginal = By(
        ("sex", "age"),
        (
            Cell(("male", ">=65"), MeanSD(13.5, 1.6, 5, 20)),
            Cell(("male", "<65"), MeanSD(14.8, 1.2, 5, 20)),
            Cell(("female", "<65"), MeanSD(13.2, 1.1, 5, 20)),
            Cell(("female", ">=65"), MeanSD(12.4, 1.5, 5, 20)),
        ),
    )
    frame = draw(cohort(SEX, AGE, Variable("hb", "continuous", marginal, decimals=1)))
    old = frame.age >= 65
    assert_mean_and_sd(frame[(frame.sex == "male") & old].hb, 13.5, 1.6)
    assert_mean_and_sd(frame[(frame.sex == "male") & ~old].hb, 14.8, 1.2)
    assert_mean_and_sd(frame[(frame.sex == "female") & ~old].hb, 13.2, 1.1)
    assert_mean_and_sd(frame[(frame.sex == "female") & old].hb, 12.4, 1.5)


def test_an_impossible_marginal_names_the_variable() -> None:
    variable = Variable("troponin", "continuous", MeanSD(50, 10, 0), decimals=1,
                        spikes=(Spike(50.0, 0.5), Spike(60.0, 0.4999)))  # fmt: skip
    with pytest.raises(SpecificationError, match=r"'troponin'.*without the spikes the mean"):
        compile_cohort(cohort(variable))


def test_figures_that_rounding_cannot_give_leave_a_note() -> None:
    spread = Variable("visits", "integer", MeanSD(0.02, 0.1, 0))
    (note,) = compile_cohort(cohort(spread)).notes
    assert note.startswith("visits: mean 0.02 and SD 0.1 cannot be had as recorded")


def test_whole_numbers_beyond_what_a_float_holds_are_refused() -> None:
    with pytest.raises(SamplingError, match=r"huge.*2\^53"):
        compile_cohort(cohort(Variable("huge", "integer", MeanSD(1e15, 9e14, 0))))
