"""A figure that is stated by hand holds, whatever the marginal; else it is refused, with why."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_magic.errors import SamplingError, SettingError, SynthMagicError
from synth_magic.evaluation.checks import Check, check
from synth_magic.sampling import compiled, sample
from synth_magic.sampling.edits import edited, holds
from synth_magic.sampling.figures import Numbers, figures
from synth_magic.spec import (
    Association,
    CohortSpec,
    Fact,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    MissingGroup,
    Quantiles,
    Spike,
    Variable,
    Within,
)
from synth_magic.spec.edits import edit
from synth_magic.spec.model import Statistic
from tests.sampling.builders import (
    AGE,
    CRP,
    HAEMOGLOBIN,
    SEX,
    STAGE,
    by,
    cohort,
    said,
    share,
    shares,
    with_facts,
    yes_no,
)

ROWS = 20_000
MALE = Within("sex", "male")

WEIGHTS = {
    "quantiles": Quantiles(40, 46, 52, 66, 76, 88, 110, 128, 160),
    "mean_sd": MeanSD(78, 16, 40, 160),
    "mean_sd_unbounded": MeanSD(78, 16),
    "median_iqr": MedianIQR(66, 76, 88),
    "median_iqr_bounded": MedianIQR(66, 76, 88, 35, 180),
    "by": by(
        "sex",
        female=MeanSD(70, 14, 35, 160),
        male=Quantiles(45, 50, 56, 70, 82, 93, 115, 130, 165),
    ),
}


def ward(kind: str) -> CohortSpec:
    weight = Variable("weight", "continuous", WEIGHTS[kind], unit="kg", decimals=1)
    bmi = Variable("bmi", "continuous", Formula("weight / 2.9"), decimals=1)
    return cohort(
        Variable("id", "identifier", Identifier()),
        SEX, AGE, weight, STAGE, CRP, yes_no("died", 0.2, missing=0.1), bmi, HAEMOGLOBIN,
        associations=(
            Association("age", "weight", 0.3),
            Association("age", "stage", 0.2),
            Association("stage", "died", 0.3),
        ),
        missing_groups=(MissingGroup("bloods", ("crp", "haemoglobin"), 0.3),),
    )  # fmt: skip


def drawn(spec: CohortSpec, seed: int = 2) -> pd.DataFrame:
    return sample(compiled(spec), ROWS, seed)


def check_of(spec: CohortSpec, fact: Fact) -> Check:
    (found,) = (
        one
        for place, one in zip(spec.facts, check(compiled(spec), drawn(spec)), strict=False)
        if place == fact
    )
    return found


def came_out(one: Check) -> bool:
    """Tell whether a figure was reached, with room for one of many to be off by chance."""
    return one.reached or abs(one.achieved - one.stated) <= 6 * one.standard_error


# --- it holds --------------------------------------------------------------------------------

STATED: list[tuple[Statistic, float]] = [
    ("mean", 71), ("mean", 90), ("sd", 12), ("sd", 22), ("min", 50), ("min", 20), ("max", 120),
    ("max", 250), ("p01", 50), ("p05", 55), ("p25", 68), ("p25", 90), ("p50", 70), ("p50", 100),
    ("p75", 60), ("p75", 110), ("p95", 100), ("p99", 140), ("missing", 0.3),
]  # fmt: skip


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize(("statistic", "value"), STATED)
def test_a_figure_of_a_number_holds(kind: str, statistic: Statistic, value: float) -> None:
    fact = edit("weight", statistic, value)
    after = edited(ward(kind), fact)
    assert came_out(check_of(after, fact))
    assert after.variable("weight").provenance == "stated"


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize(("statistic", "value"), [("p50", 85), ("mean", 75), ("p95", 120)])
def test_a_figure_within_a_group_holds(kind: str, statistic: Statistic, value: float) -> None:
    fact = edit("weight", statistic, value, within=MALE)
    before = ward(kind)
    after = edited(before, fact)
    assert check_of(after, fact).reached
    women = Within("sex", "female")
    now = figures(after, "weight", women)
    was = figures(before, "weight", women) or figures(before, "weight")
    assert isinstance(now, Numbers)
    assert isinstance(was, Numbers)
    assert now.figure("mean") == pytest.approx(was.figure("mean"), abs=0.2)


@pytest.mark.parametrize(
    "fact",
    [
        edit("sex", "share", 0.6, code="male"),
        edit("stage", "share", 0.5, code="II"),
        edit("died", "share", 0.05, code="yes"),
        edit("died", "share", 0.4, code="yes", within=MALE),
        edit("died", "missing", 0.0),
        edit("crp", "missing", 0.1),
        edit("haemoglobin", "missing", 0.5),
        edit("crp", "p50", 4),
        edit("age", "mean", 71),
        edit("age", "spearman", 0.6, other_variable="weight"),
        edit("age", "spearman", 0, other_variable="weight"),
        edit("crp", "spearman", -0.4, other_variable="age"),
        edit("haemoglobin", "spearman", 0.3, other_variable="age"),
        edit("stage", "spearman", 0, other_variable="died"),
        edit("haemoglobin", "p50", 15, within=MALE),
        edit("haemoglobin", "mean", 14.5),
        edit("haemoglobin", "p50", 13, within=Within("age", ">=70")),
    ],
    ids=lambda fact: fact.quote,
)
def test_other_figures_hold(fact: Fact) -> None:
    assert check_of(edited(ward("quantiles"), fact), fact).reached


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(WEIGHTS)),
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["mean", "p25", "p50", "p75"]), st.integers(50, 120)),
            st.tuples(st.just("sd"), st.integers(5, 25)),
            st.tuples(st.just("min"), st.integers(20, 60)),
            st.tuples(st.just("max"), st.integers(100, 200)),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_edits_in_a_row_hold_or_are_refused(
    kind: str, edits: list[tuple[Statistic, float]]
) -> None:
    spec = cohort(SEX, Variable("weight", "continuous", WEIGHTS[kind], decimals=1))
    for statistic, value in edits:
        fact = edit("weight", statistic, value)
        try:
            spec = edited(spec, fact)
        except SynthMagicError:
            continue
        assert holds(spec, fact)
        assert came_out(check_of(spec, fact))


def test_a_figure_edited_twice_is_stated_once() -> None:
    once = edited(ward("mean_sd"), edit("weight", "p50", 80))
    twice = edited(once, edit("weight", "p50", 81))
    assert [fact.value for fact in twice.facts] == [81]
    assert twice.variable("weight").basis == "“edited: weight: median 81”"


def test_an_edit_takes_the_place_of_what_the_description_stated() -> None:
    spec = with_facts(ward("mean_sd"), *said("weight", mean=80, sd=15))
    after = edited(spec, edit("weight", "mean", 70))
    assert {(fact.statistic, fact.value) for fact in after.facts} == {("sd", 15), ("mean", 70)}
    assert all(holds(after, fact) for fact in after.facts)


# --- what moves with it ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in WEIGHTS if kind != "by"])
def test_a_median_beyond_the_engines_quartiles_takes_them_along(kind: str) -> None:
    after = edited(ward(kind), edit("weight", "p50", 95))
    found = figures(after, "weight")
    assert isinstance(found, Numbers)
    places = [found.figure(name) for name in ("p05", "p25", "p50", "p75", "p95")]
    assert places[1] > 76
    assert all(upper - lower > 3 for lower, upper in pairwise(places))


def test_without_bounds_a_median_may_be_anywhere() -> None:
    found = figures(edited(ward("mean_sd_unbounded"), edit("weight", "p50", 300)), "weight")
    assert isinstance(found, Numbers)
    assert found.figure("sd") == pytest.approx(16, rel=0.1)


def test_what_cannot_be_negative_does_not_become_so() -> None:
    length_of_stay = Variable("days", "continuous", MedianIQR(3, 5, 9), decimals=1)
    found = figures(edited(cohort(length_of_stay), edit("days", "p50", 1)), "days")
    assert isinstance(found, Numbers)
    assert found.figure("p25") > 0


def test_a_wider_bound_is_reached() -> None:
    after = edited(ward("quantiles"), edit("weight", "min", 20), edit("weight", "max", 250))
    assert after.variable("weight").marginal == replace(WEIGHTS["quantiles"], min=20, max=250)


def test_the_other_codes_scale_and_what_was_stated_of_them_gives_way() -> None:
    spec = with_facts(ward("mean_sd"), share("sex", "male", 0.45), share("sex", "female", 0.55))
    after = edited(spec, edit("sex", "share", 0.6, code="male"))
    assert [fact.code for fact in after.facts] == ["male"]
    assert after.variable("sex").marginal == shares(female=0.4, male=0.6)


def test_other_stated_codes_stay_where_there_is_room() -> None:
    spec = with_facts(ward("mean_sd"), share("stage", "IV", 0.3))
    after = edited(spec, edit("stage", "share", 0.4, code="I"))
    assert all(holds(after, fact) for fact in after.facts)
    assert len(after.facts) == 2


@pytest.mark.parametrize(
    "fact",
    [
        edit("weight", "p50", 90),
        edit("weight", "missing", 0.2),
        edit("weight", "mean", 80, within=MALE),
        edit("weight", "spearman", -0.2, other_variable="age"),
    ],
    ids=lambda fact: fact.quote,
)
def test_who_is_not_concerned_keeps_every_draw(fact: Fact) -> None:
    before = ward("quantiles")
    first, second = drawn(before), drawn(edited(before, fact))
    for name in ("id", "sex", "age", "crp", "haemoglobin"):
        pd.testing.assert_series_equal(first[name], second[name])
    assert not first["weight"].equals(second["weight"])


# --- it is refused ---------------------------------------------------------------------------

TABLE_ONE = with_facts(
    ward("median_iqr_bounded"),
    Fact("weight 76 (66-88) kg", "weight", "p25", 66),
    Fact("weight 76 (66-88) kg", "weight", "p50", 76),
    Fact("weight 76 (66-88) kg", "weight", "p75", 88),
    *said("age", mean=64, sd=11),
)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            edit("weight", "p50", 90),
            (
                "weight: median 90 lies above the upper quartile 88 (“weight 76 (66-88) kg”): "
                "change that first"
            ),
        ),
        (
            edit("weight", "p50", 60),
            (
                "weight: median 60 lies below the lower quartile 66 (“weight 76 (66-88) kg”): "
                "change that first"
            ),
        ),
        (
            edit("weight", "p95", 190),
            "weight: 95th percentile 190 is not below the highest, 180: change that first",
        ),
        (
            edit("weight", "min", 70),
            (
                "weight: lowest 70 lies above the lower quartile 66 (“weight 76 (66-88) kg”): "
                "change that first"
            ),
        ),
        (edit("age", "min", 95), "age: lowest 95 is not below the highest, 95: change that first"),
        (edit("age", "max", 60), "age: highest 60 cannot be had beside the mean 64 (“mean 64”)"),
        (edit("weight", "mean", 20), "is not above the lowest, 35: change that first"),
        (edit("age", "sd", 60), "age: SD 60 cannot be had beside the mean 64 (“mean 64”)"),
        (edit("age", "sd", -1), "age: SD -1: the sd is -1; it must not be negative"),
        (edit("age", "mean", float("nan")), "the mean is nan"),
        (edit("age", "mean", float("inf")), "the mean is inf"),
        (edit("died", "missing", 1.2), "died: missing 120%: the missing is 1.2; it lies within"),
        (edit("sex", "share", 0.3, code="mal"), "did you mean 'male'?"),
        (edit("sex", "mean", 1), "mean is no statistic of the type binary"),
        (edit("bmi", "p50", 25), "bmi is computed (weight / 2.9): change what it is computed from"),
        (edit("bmi", "spearman", 0.5, other_variable="age"), "bmi is computed"),
        (edit("id", "missing", 0.5), "id numbers the rows and has no figures"),
        (edit("wieght", "p50", 80), "there is no variable 'wieght' (did you mean 'weight'?)"),
        (
            edit("sex", "spearman", 0.3, other_variable="haemoglobin"),
            "haemoglobin differs by sex, and their correlation follows from that",
        ),
        (edit("age", "spearman", 1, other_variable="stage"), "the nearest is 0.9"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.quote,
)
def test_what_cannot_be_is_refused(fact: Fact, message: str) -> None:
    with pytest.raises((SettingError, SamplingError)) as refusal:
        edited(TABLE_ONE, fact)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_missing_in_a_group_is_stated_where_nothing_else_is_missing() -> None:
    fact = edit("age", "missing", 0.3, within=MALE)
    assert check_of(edited(ward("mean_sd"), fact), fact).reached
    with pytest.raises(SettingError, match="died is missing for other reasons, too"):
        edited(ward("mean_sd"), edit("died", "missing", 0.3, within=MALE))


def test_figures_that_are_stated_in_every_group_hold_the_whole() -> None:
    both = (
        edit("haemoglobin", "mean", 13, within=Within("sex", "female")),
        edit("haemoglobin", "mean", 14.5, within=MALE),
    )
    with pytest.raises(SamplingError, match="beside the figures of groups that are stated"):
        edited(edited(ward("mean_sd"), *both), edit("haemoglobin", "mean", 16))


def test_two_figures_that_only_fit_together_are_stated_together() -> None:
    median, upper = edit("weight", "p50", 90), edit("weight", "p75", 99)
    after = edited(TABLE_ONE, median, upper)
    assert check_of(after, median).reached
    assert check_of(after, upper).reached


def test_a_spike_is_in_the_way_of_a_quantile() -> None:
    packs = Variable("packs", "integer", Quantiles(0, 0, 0, 0, 0, 20, 40, 60, 90),
                     spikes=(Spike(0, 0.6),))  # fmt: skip
    with pytest.raises(SamplingError, match="packs: median 10 cannot be had"):
        edited(cohort(packs), edit("packs", "p50", 10))
