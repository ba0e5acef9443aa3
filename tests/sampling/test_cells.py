"""Facts about groups of patients, and about all patients where groups differ."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.errors import SamplingError
from synth_magic.sampling.facts import honour
from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    Fact,
    Formula,
    MeanSD,
    Quantiles,
    Spike,
    Variable,
)
from tests.sampling.builders import (
    AGE,
    HAEMOGLOBIN,
    PATIENTS,
    SEX,
    STAGE,
    by,
    cohort,
    draw,
    said,
    share,
    shares,
    with_facts,
    yes_no,
)

CHANCE = 5 / np.sqrt(PATIENTS)


def means(spec: CohortSpec, name: str, parent: str) -> dict[str, float]:
    return draw(spec).groupby(parent, observed=True)[name].mean().to_dict()  # type: ignore[no-any-return]


def test_a_fact_within_a_group_makes_a_by() -> None:
    plain = Variable("hb", "continuous", MeanSD(14, 1.5, 5, 20), decimals=1)
    spec = with_facts(cohort(SEX, plain), *said("hb", ("sex", "female"), mean=13))
    found = means(spec, "hb", "sex")
    assert found["female"] == pytest.approx(13, abs=0.03)
    assert found["male"] == pytest.approx(14, abs=0.03)  # of whom nothing was said


def test_facts_within_intervals_of_a_number() -> None:
    plain = Variable("hb", "continuous", MeanSD(14, 1.5, 5, 20), decimals=1)
    facts = [*said("hb", ("age", "<50"), mean=15), *said("hb", ("age", ">=75"), mean=12.5)]
    frame = draw(with_facts(cohort(AGE, plain), *facts))
    assert frame[frame.age < 50].hb.mean() == pytest.approx(15, abs=0.06)
    assert frame[frame.age >= 75].hb.mean() == pytest.approx(12.5, abs=0.05)


def test_shares_within_intervals_of_a_number() -> None:
    facts = [
        share("diabetes", "yes", 0.05, ("age", "<50")),
        share("diabetes", "yes", 0.3, ("age", ">=75")),
    ]
    frame = draw(with_facts(cohort(AGE, yes_no("diabetes", 0.15)), *facts))
    has = frame.diabetes == "yes"
    assert has[frame.age < 50].mean() == pytest.approx(0.05, abs=0.01)
    assert has[frame.age >= 75].mean() == pytest.approx(0.3, abs=0.015)


def test_a_fact_overall_constrains_the_mixture_of_a_by() -> None:
    spec = with_facts(cohort(SEX, HAEMOGLOBIN), *said("haemoglobin", mean=14.5, sd=2.0))
    frame = draw(spec)
    assert frame.haemoglobin.mean() == pytest.approx(14.5, abs=2 * CHANCE + 0.01)
    assert frame.haemoglobin.std() == pytest.approx(2.0, rel=CHANCE + 0.01)
    found = means(spec, "haemoglobin", "sex")
    assert found["male"] > found["female"] + 1


def test_an_overall_median_constrains_the_mixture_of_a_by() -> None:
    spec = with_facts(cohort(SEX, HAEMOGLOBIN), *said("haemoglobin", p50=14.5))
    frame = draw(spec)
    assert frame.haemoglobin.median() == pytest.approx(14.5, abs=0.1)
    found = means(spec, "haemoglobin", "sex")
    assert found["male"] > found["female"] + 1


def test_an_overall_share_constrains_the_mixture_of_a_by() -> None:
    anaemia = Variable("anaemia", "binary", by("sex", female=shares(no=0.7, yes=0.3),
                                               male=shares(no=0.9, yes=0.1)))  # fmt: skip
    frame = draw(with_facts(cohort(SEX, anaemia), share("anaemia", "yes", 0.4)))
    has = frame.anaemia == "yes"
    assert has.mean() == pytest.approx(0.4, abs=CHANCE)
    odds = has.groupby(frame.sex, observed=True).mean().pipe(lambda p: p / (1 - p))
    assert odds["female"] / odds["male"] == pytest.approx((3 / 7) / (1 / 9), rel=0.05)


def test_a_group_stays_as_stated_when_all_are_spoken_of_too() -> None:
    facts = [*said("haemoglobin", ("sex", "female"), mean=12), *said("haemoglobin", mean=14)]
    frame = draw(with_facts(cohort(SEX, HAEMOGLOBIN), *facts))
    assert frame.haemoglobin.mean() == pytest.approx(14, abs=0.03)
    assert frame[frame.sex == "female"].haemoglobin.mean() == pytest.approx(12, abs=0.03)


def test_a_group_stays_as_stated_beside_an_overall_median() -> None:
    facts = [*said("haemoglobin", ("sex", "female"), p50=12), *said("haemoglobin", p50=13.5)]
    frame = draw(with_facts(cohort(SEX, HAEMOGLOBIN), *facts))
    assert frame.haemoglobin.median() == pytest.approx(13.5, abs=0.11)
    assert frame[frame.sex == "female"].haemoglobin.median() == pytest.approx(12, abs=0.11)


def test_a_group_stays_as_stated_beside_an_overall_share() -> None:
    facts = [
        share("died", "yes", 0.4, ("stage", "IV")),
        share("died", "yes", 0.2),
    ]
    frame = draw(with_facts(cohort(STAGE, yes_no("died", 0.1)), *facts))
    assert (frame.died == "yes").mean() == pytest.approx(0.2, abs=CHANCE)
    assert (frame.died == "yes")[frame.stage == "IV"].mean() == pytest.approx(0.4, abs=0.015)


def test_an_overall_mean_on_a_by_of_a_by() -> None:
    stage = Variable("stage", "ordinal", by("sex", female=shares(I=0.9, II=0.1),
                                            male=shares(I=0.2, II=0.8)))  # fmt: skip
    crp = Variable("crp", "continuous", by("stage", I=MeanSD(13, 1.5), II=MeanSD(15, 1.5)),
                   decimals=1)  # fmt: skip
    frame = draw(with_facts(cohort(SEX, stage, crp), *said("crp", mean=14.5)))
    assert frame.crp.mean() == pytest.approx(14.5, abs=0.03)


def test_a_third_parent_is_refused() -> None:
    marginal = honour(
        with_facts(cohort(SEX, AGE, HAEMOGLOBIN), *said("haemoglobin", ("age", "<65"), mean=14))
    ).variable("haemoglobin")
    assert isinstance(marginal.marginal, By)
    assert marginal.marginal.parents == ("sex", "age")
    spec = cohort(SEX, AGE, STAGE, marginal)
    with pytest.raises(SamplingError, match=r"already differs by sex and age.*stage too"):
        honour(with_facts(spec, *said("haemoglobin", ("stage", "IV"), mean=11)))


def test_facts_on_a_parent_come_first() -> None:
    """The mixture is that of the stated shares, whichever was said first."""
    facts = [
        *said("haemoglobin", mean=13.2),
        *said("haemoglobin", ("sex", "female"), p50=12.5),
        share("sex", "male", 0.8),
    ]
    spec = with_facts(cohort(SEX, HAEMOGLOBIN), *facts)
    assert draw(spec).haemoglobin.mean() == pytest.approx(13.2, abs=0.03)
    assert honour(honour(spec)) == honour(spec)


def test_a_spike_at_a_bound_stays_within_it() -> None:
    score = Variable("score", "continuous", MeanSD(18, 6, 7.8, 31), decimals=1,
                     spikes=(Spike(7.8, 0.01),))  # fmt: skip
    facts = [*said("score", ("sex", "male"), p50=18), *said("score", mean=19)]
    honour(with_facts(cohort(SEX, score), *facts)).validate()


def test_an_overall_share_is_met_where_groups_are_those_of_a_score() -> None:
    """The levels of a computed parent are as common as its inputs make them."""
    points = Formula("(1 if age >= 65 else 0) + (1 if confused == 'yes' else 0)")
    spec = cohort(
        Variable("age", "integer", Quantiles(18, 22, 34, 57, 72, 82, 91, 96, 103)),
        Variable("confused", "binary", shares(no=0.8, yes=0.2)),
        Variable("score", "integer", points),
        Variable(
            "death",
            "binary",
            By(
                ("score",),
                tuple(
                    Cell((level,), shares(no=1 - died, yes=died))
                    for level, died in [("<1", 0.02), ("[1, 2)", 0.1), (">=2", 0.4)]
                ),
            ),
        ),
        associations=(Association("age", "confused", 0.3),),
    )
    patients = draw(with_facts(spec, share("death", "yes", 0.12)))
    assert (patients["death"] == "yes").mean() == pytest.approx(0.12, abs=0.003)


def test_an_overall_mean_is_met_where_two_parents_go_together() -> None:
    cells = tuple(
        Cell((sex, tall), MeanSD(80 if (sex, tall) == ("male", "yes") else 50, 5))
        for sex in ("female", "male")
        for tall in ("no", "yes")
    )
    spec = cohort(
        SEX,
        Variable("tall", "binary", shares(no=0.5, yes=0.5)),
        Variable("weight", "continuous", By(("sex", "tall"), cells), decimals=1),
        associations=(Association("sex", "tall", 0.7),),
    )
    heavy = Fact("mean 70", "weight", "mean", 70.0)
    assert draw(with_facts(spec, heavy))["weight"].mean() == pytest.approx(70, abs=0.15)
