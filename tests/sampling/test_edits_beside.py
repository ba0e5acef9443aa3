"""What else is said of a variable, its bounds and spikes, beside a figure stated by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_magic.errors import SamplingError, SynthMagicError
from synth_magic.evaluation.checks import check
from synth_magic.sampling import compiled
from synth_magic.sampling.edits import edited, holds
from synth_magic.sampling.figures import Numbers, figures
from synth_magic.spec import (
    CohortSpec,
    DigitPreference,
    Fact,
    MeanSD,
    MedianIQR,
    Quantiles,
    Spike,
    Variable,
)
from synth_magic.spec.edits import edit
from synth_magic.spec.model import Statistic
from tests.sampling.builders import AGE, SEX, by, cohort, draw, said, share, with_facts

SPIKED = {
    "median_iqr": Variable(
        "x", "continuous", MedianIQR(1, 2, 5, 0.1, 200), decimals=1, spikes=(Spike(0.1, 0.2),)
    ),
    "quantiles": Variable(
        "x", "integer", Quantiles(0, 0, 0, 0, 5, 50, 300, 900, 3000), spikes=(Spike(0, 0.4),)
    ),
    "quantiles, two spikes": Variable(
        "x", "integer", Quantiles(0, 0, 0, 6, 10, 14, 20, 25, 30),
        spikes=(Spike(0, 0.1), Spike(30, 0.01)),
    ),
    "mean_sd": Variable("x", "integer", MeanSD(80, 10, 30, 200), spikes=(Spike(80, 0.2),)),
    "mean_sd from zero": Variable("x", "integer", MeanSD(5, 4, 0, 30), spikes=(Spike(0, 0.1),)),
    "by": Variable(
        "x", "continuous",
        by("sex", female=MedianIQR(1, 2, 5, 0.1, 200), male=MedianIQR(2, 3, 7, 0.1, 200)),
        decimals=1, spikes=(Spike(0.1, 0.1),),
    ),
    "digits": Variable(
        "x", "integer", MeanSD(55, 15, 18, 95), digit_preference=DigitPreference(5, 0.3)
    ),
    "constant": Variable("x", "integer", MeanSD(60, 0)),
}  # fmt: skip
FIGURES: list[Statistic] = ["min", "p05", "p25", "p50", "p75", "p95", "max", "mean", "sd"]


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(SPIKED)),
    st.lists(
        st.tuples(st.sampled_from(FIGURES), st.sampled_from([0.5, 0.8, 0.95, 1.05, 1.2, 2])),
        min_size=1,
        max_size=4,
    ),
)
def test_what_comes_out_means_something(kind: str, edits: list[tuple[Statistic, float]]) -> None:
    spec = cohort(SEX, SPIKED[kind])
    for statistic, times in edits:
        now = figures(spec, "x")
        assert isinstance(now, Numbers)
        fact = edit("x", statistic, round(now.figure(statistic) * times, 2))
        try:
            after = edited(spec, fact)
        except SynthMagicError:
            continue
        spec = after
        spec.validate()
        assert holds(spec, fact)
        assert CohortSpec.from_json(spec.to_json()) == spec
        if statistic not in ("min", "max"):
            found = figures(spec, "x")
            assert isinstance(found, Numbers)
            assert now.ends[0] <= found.ends[0]
            assert found.ends[1] <= now.ends[1]
    assert holds(edited(spec, edit("sex", "share", 0.6, code="male")), share("sex", "male", 0.6))


@pytest.mark.parametrize("fact", [edit("x", "mean", 8), edit("x", "max", 160), edit("x", "sd", 10)])
def test_a_spike_at_the_lowest_value_keeps_its_ranks(fact: Fact) -> None:
    after = edited(cohort(SPIKED["median_iqr"]), fact)
    after.validate()
    found = figures(after, "x")
    assert isinstance(found, Numbers)
    assert found.recorded.share(0.1) == pytest.approx(0.2, abs=1e-3)
    assert found.figure("min") == 0.1


def test_a_group_without_patients_is_left_alone() -> None:
    sbp = Variable("sbp", "integer", MeanSD(120, 15, 60, 250))
    spec = with_facts(cohort(SEX, sbp), *said("sbp", ("sex", "male"), mean=125))
    after = edited(spec, edit("sex", "share", 1, code="female"))
    after.validate()
    again = edited(after, edit("sbp", "mean", 118))
    assert draw(again).sbp.mean() == pytest.approx(118, abs=0.5)


def test_a_median_moves_the_mean_and_leaves_sd_and_bounds() -> None:
    age = Variable("age", "integer", MeanSD(63, 11, 40, 85))
    spec = with_facts(cohort(age), *said("age", mean=63))
    after = edited(spec, edit("age", "p50", 70))
    marginal = after.variable("age").marginal
    assert isinstance(marginal, MeanSD)
    assert marginal == MeanSD(marginal.mean, 11, 40, 85)
    assert 66 < marginal.mean < 70
    assert [fact.statistic for fact in after.facts] == ["p50"]
    assert draw(after).age.between(40, 85).all()


def test_a_described_mean_stays_beside_a_median_that_is_near() -> None:
    spec = with_facts(cohort(AGE), *said("age", mean=64, sd=11))
    after = edited(spec, edit("age", "p50", 65))
    assert len(after.facts) == 3
    assert all(holds(after, fact) for fact in after.facts)


CONSTANT = cohort(
    Variable("whole", "integer", MeanSD(60, 0)),
    Variable("score", "continuous", MeanSD(60, 0), decimals=1),
    Variable("flat", "continuous", Quantiles(*[60.0] * 9), decimals=1),
)


@pytest.mark.parametrize("name", ["whole", "score"])
def test_a_constant_can_be_made_to_vary(name: str) -> None:
    fact = edit(name, "sd", 0.5)
    after = compiled(edited(CONSTANT, fact))
    assert all(one.reached for one in check(after, draw(after.spec)))


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            edit("whole", "mean", 63.5),
            (
                "whole: mean 63.5 cannot be had beside the recording in whole numbers; "
                "the nearest is 64"
            ),
        ),
        (edit("whole", "sd", 0.1), "beside the recording in whole numbers; the nearest is"),
        (
            edit("flat", "sd", 5),
            "flat: SD 5 cannot be had beside the lowest 60 and the highest 60; the nearest is 0",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.quote,
)
def test_a_refusal_names_what_is_in_the_way(fact: Fact, message: str) -> None:
    with pytest.raises(SamplingError) as refusal:
        edited(CONSTANT, fact)
    assert message in str(refusal.value)


def test_a_spike_is_named_that_is_in_the_way() -> None:
    with pytest.raises(SamplingError, match=r"beside the 20% at 0\.1; the nearest is 0\.1"):
        edited(cohort(SPIKED["median_iqr"]), edit("x", "p05", 0.5))
