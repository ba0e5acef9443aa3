"""Facts win: what the user stated is what the compiled cohort has, whatever an engine answered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from synth_magic.sampling import compile_cohort
from synth_magic.sampling.columns import CodedColumn, NumericColumn
from synth_magic.sampling.facts import ASSUMED_SPEARMAN, honour
from synth_magic.sampling.recording import Recorded
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
    Shares,
    Spike,
    Variable,
)
from synth_magic.spec.model import QUANTILE_LEVELS, Statistic
from tests.sampling.builders import (
    AGE,
    HAEMOGLOBIN,
    PATIENTS,
    SEX,
    STAGE,
    cohort,
    draw,
    number,
    said,
    share,
    with_facts,
    yes_no,
)

CHANCE = 5 / np.sqrt(PATIENTS)


def recorded(spec: CohortSpec, name: str) -> Recorded:
    """Return what is recorded of a variable without parents."""
    (column,) = (c for c in compile_cohort(spec).columns if c.name == name)
    assert isinstance(column, NumericColumn | CodedColumn)
    assert len(column.recorded) == 1
    return column.recorded[0]


def statistic(values: Recorded, name: str) -> float:
    if name in ("mean", "sd"):
        return float(getattr(values, name))
    if name == "min":
        return float(values.values[values.mass > 1e-12][0])
    if name == "max":
        return float(values.values[values.mass > 1e-12][-1])
    return values.quantile(QUANTILE_LEVELS[name])


# --- one fact on each kind of marginal -------------------------------------------------------

WEIGHTS = {
    "quantiles": Quantiles(40, 46, 52, 66, 76, 88, 110, 128, 160),
    "mean_sd": MeanSD(78, 16, 40, 160),
    "mean_sd_unbounded": MeanSD(78, 16),
    "median_iqr": MedianIQR(66, 76, 88),
    "median_iqr_bounded": MedianIQR(66, 76, 88, 35, 180),
}
STATED: list[tuple[Statistic, float]] = [
    ("mean", 71), ("mean", 90), ("sd", 12), ("sd", 19), ("min", 50), ("max", 120),
    ("p01", 50), ("p05", 55), ("p25", 68), ("p50", 70), ("p50", 85), ("p75", 95), ("p95", 100),
    ("p99", 140),
]  # fmt: skip


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize(("name", "value"), STATED)
def test_a_fact_about_a_number_holds(kind: str, name: Statistic, value: float) -> None:
    weight = Variable("weight", "continuous", WEIGHTS[kind], decimals=1)
    spec = with_facts(cohort(weight), *said("weight", **{name: value}))
    figures = recorded(spec, "weight")
    if name in ("min", "max"):
        assert figures.values[0] >= 50 if name == "min" else figures.values[-1] <= 120
    else:
        scale = figures.sd if name in ("mean", "sd") else 0.0
        assert statistic(figures, name) == pytest.approx(value, abs=0.004 * scale + 0.051)
    only_a_bound = name in ("min", "max")
    assert honour(spec).variables[0].provenance == ("assumed" if only_a_bound else "stated")


@pytest.mark.parametrize("kind", ["quantiles", "mean_sd", "median_iqr_bounded"])
@pytest.mark.parametrize(
    "figures",
    [
        {"mean": 74, "sd": 11},
        {"p25": 60, "p50": 69, "p75": 80},
        {"min": 50, "max": 110, "mean": 75, "sd": 12},
        {"min": 50, "max": 110, "p50": 80},
    ],
    ids=" ".join,
)
def test_several_facts_hold_together(kind: str, figures: dict[str, float]) -> None:
    weight = Variable("weight", "continuous", WEIGHTS[kind], decimals=1)
    found = recorded(with_facts(cohort(weight), *said("weight", **figures)), "weight")
    for name, value in figures.items():
        if name == "min":
            assert found.values[0] >= value
        elif name == "max":
            assert found.values[-1] <= value
        else:
            assert statistic(found, name) == pytest.approx(value, abs=0.1), name


def test_aged_40_to_85_with_a_mean() -> None:
    spec = with_facts(cohort(AGE), *said("age", min=40, max=85, mean=67, sd=9))
    ages = draw(spec).age
    assert ages.between(40, 85).all()
    assert ages.mean() == pytest.approx(67, abs=9 * CHANCE + 0.03)
    assert ages.std() == pytest.approx(9, rel=CHANCE + 0.004)


def test_a_mean_leaves_the_bounds_of_quantiles_in_place() -> None:
    marginal = Quantiles(80, 84, 88, 93, 96, 98, 100, 100, 100)
    spec = with_facts(cohort(Variable("spo2", "integer", marginal)), *said("spo2", mean=97))
    found = recorded(spec, "spo2")
    assert found.values[0] >= 80
    assert found.values[-1] <= 100
    assert found.mean == pytest.approx(97, abs=0.02)


def test_a_mean_scales_what_is_never_negative() -> None:
    crp = Variable("crp", "continuous", Quantiles(0, 0.2, 0.5, 1, 2, 5, 20, 60, 200), decimals=1)
    found = recorded(with_facts(cohort(crp), *said("crp", mean=12)), "crp")
    assert found.mean == pytest.approx(12, rel=0.005)
    assert found.values[0] >= 0


def test_a_fact_beside_spikes() -> None:
    smoking = Variable("pack_years", "integer", Quantiles(0, 0, 0, 0, 12, 30, 55, 80, 120),
                       spikes=(Spike(0, 0.45),))  # fmt: skip
    found = recorded(with_facts(cohort(smoking), *said("pack_years", p75=40)), "pack_years")
    assert found.share(0) == pytest.approx(0.45, abs=1e-3)
    assert found.quantile(0.75) == 40


def test_facts_on_dates_are_days_since_their_origin() -> None:
    visit = Variable("visit", "date", MeanSD(100, 30, 0, 365), unit="days since 2015-04-01")
    assert recorded(with_facts(cohort(visit), *said("visit", mean=120)), "visit").mean == (
        pytest.approx(120, abs=0.1)
    )


# --- shares ----------------------------------------------------------------------------------


def shares_of(spec: CohortSpec, name: str) -> dict[str, float]:
    marginal = honour(spec).variable(name).marginal
    assert isinstance(marginal, Shares)
    return {each.code: each.share for each in marginal.shares}


def test_a_stated_share_replaces_the_share_and_the_others_keep_their_proportions() -> None:
    found = shares_of(with_facts(cohort(STAGE), share("stage", "IV", 0.4)), "stage")
    assert found["IV"] == 0.4
    assert found["I"] / found["II"] == pytest.approx(0.35 / 0.3)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("value", [0.0, 0.56, 1.0])
def test_a_share_of_a_binary(value: float) -> None:
    found = shares_of(with_facts(cohort(SEX), share("sex", "male", value)), "sex")
    assert found == pytest.approx({"female": 1 - value, "male": value})


def test_all_shares_stated_and_rounded() -> None:
    facts = [share("stage", code, p) for code, p in
             (("I", 0.333), ("II", 0.333), ("III", 0.333), ("IV", 0.002))]  # fmt: skip
    assert sum(shares_of(with_facts(cohort(STAGE), *facts), "stage").values()) == pytest.approx(1)


# --- missing values --------------------------------------------------------------------------


def test_a_missing_share() -> None:
    frame = draw(with_facts(cohort(AGE, STAGE), *said("stage", missing=0.1)))
    assert frame.stage.isna().mean() == pytest.approx(0.1, abs=CHANCE)


@pytest.mark.parametrize("stated", [0.1, 0.5])
def test_a_missing_share_wins_over_a_group(stated: float) -> None:
    spec = cohort(AGE, number("x"), number("y"),
                  missing_groups=(MissingGroup("bloods", ("x", "y"), 0.3),))  # fmt: skip
    frame = draw(with_facts(spec, *said("x", missing=stated)))
    assert frame.x.isna().mean() == pytest.approx(stated, abs=CHANCE)
    assert frame.y.isna().mean() == pytest.approx(0.3, abs=CHANCE)


@pytest.mark.parametrize("group", [("sex", "female"), ("age", ">=65")])
def test_a_missing_share_within_a_group(group: tuple[str, str]) -> None:
    frame = draw(with_facts(cohort(SEX, AGE, number("x")), *said("x", group, missing=0.3)))
    there = frame.sex == "female" if group[0] == "sex" else frame.age >= 65
    assert frame[there].x.isna().mean() == pytest.approx(0.3, abs=2 * CHANCE)
    assert frame[~there].x.isna().mean() == pytest.approx(0, abs=2 * CHANCE)


# --- correlations ----------------------------------------------------------------------------


def correlated(value: float, statistic: Statistic = "spearman") -> Fact:
    return Fact("the words", "age", statistic, value, other_variable="x")


PAIR = cohort(AGE, number("x"), associations=(Association("x", "age", 0.2, "an engine", "model"),))


def test_a_stated_correlation_replaces_the_engines() -> None:
    spec = with_facts(PAIR, correlated(-0.4))
    (pair,) = honour(spec).associations
    assert (pair.spearman, pair.provenance) == (-0.4, "stated")
    assert "the words" in pair.basis
    frame = draw(spec)
    assert spearmanr(frame.age, frame.x).statistic == pytest.approx(-0.4, abs=CHANCE)


def test_a_direction_that_holds_leaves_the_size() -> None:
    assert honour(with_facts(PAIR, correlated(1, "direction"))).associations == PAIR.associations


@pytest.mark.parametrize("spec", [PAIR, replace(PAIR, associations=())])
def test_a_direction_that_does_not_hold_is_given_an_assumed_size(spec: CohortSpec) -> None:
    (pair,) = honour(with_facts(spec, correlated(-1, "direction"))).associations
    assert pair.spearman == -ASSUMED_SPEARMAN
    assert "size assumed" in pair.basis


def test_a_stated_size_stands_beside_a_direction() -> None:
    facts = correlated(0.03), correlated(1, "direction")
    (pair,) = honour(with_facts(PAIR, *facts)).associations
    assert pair.spearman == 0.03


# --- altogether ------------------------------------------------------------------------------

EVERYTHING = with_facts(
    cohort(SEX, AGE, HAEMOGLOBIN, STAGE, number("x"), yes_no("died", 0.2)),
    share("sex", "male", 0.56),
    *said("age", min=40, max=85, mean=66),
    *said("haemoglobin", ("sex", "male"), p50=14.0),
    *said("haemoglobin", mean=13.2),
    share("stage", "I", 0.5),
    share("died", "yes", 0.4, ("stage", "IV")),
    share("died", "yes", 0.15),
    *said("died", missing=0.1),
    Fact("falls with age", "x", "direction", -1, other_variable="age"),
)


def test_honouring_twice_changes_nothing_more() -> None:
    once = honour(EVERYTHING)
    twice = honour(once)
    once.validate()
    for first, second in zip(once.variables, twice.variables, strict=True):
        assert first == second
    assert once == twice


def test_what_was_not_spoken_of_stays() -> None:
    spec = with_facts(cohort(SEX, AGE, STAGE), *said("age", mean=60))
    assert honour(spec).variables[0] == SEX
    assert honour(spec).variables[2] == STAGE
    assert honour(cohort(SEX, AGE)) == cohort(SEX, AGE)


@pytest.mark.parametrize("marginal", [Formula("age * 2"), Identifier()])
def test_facts_that_cannot_be_imposed_are_left_to_the_checks(
    marginal: Formula | Identifier,
) -> None:
    kind = "integer" if isinstance(marginal, Formula) else "identifier"
    figures = {"mean": 100.0} if isinstance(marginal, Formula) else {"missing": 0.1}
    spec = with_facts(cohort(AGE, Variable("made", kind, marginal)), *said("made", **figures))
    assert honour(spec).variables[1].marginal == marginal
