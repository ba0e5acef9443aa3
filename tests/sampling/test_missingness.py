"""Who lacks which value: shares, groups, reasons, and what is recorded nevertheless."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from synth_magic.sampling import compile_cohort
from synth_magic.spec import Association, CohortSpec, MissingGroup, Quantiles, Variable
from tests.sampling.builders import (
    AGE,
    CRP,
    HAEMOGLOBIN,
    PATIENTS,
    SEX,
    STAGE,
    cohort,
    draw,
    number,
    yes_no,
)

CHANCE = 5 / np.sqrt(PATIENTS)
PILOT = 3e-3


def missing(frame: pd.DataFrame, name: str) -> float:
    return float(frame[name].isna().mean())


@pytest.mark.parametrize("share", [0.0, 0.01, 0.4, 1.0])
def test_a_lone_variable_is_missing_as_often_as_stated(share: float) -> None:
    frame = draw(cohort(AGE, yes_no("died", 0.3, missing=share)))
    assert missing(frame, "died") == pytest.approx(share, abs=CHANCE / 2)
    if 0 < share < 1:
        assert frame.age[frame.died.isna()].mean() == pytest.approx(frame.age.mean(), abs=0.7)


def test_a_group_is_missing_together() -> None:
    group = MissingGroup("bloods", ("crp", "haemoglobin"), 0.2)
    frame = draw(cohort(SEX, CRP, HAEMOGLOBIN, AGE, missing_groups=(group,)))
    assert frame.crp.isna().equals(frame.haemoglobin.isna())
    assert missing(frame, "crp") == pytest.approx(0.2, abs=CHANCE)
    assert not frame.age.isna().any()


def test_a_variable_may_be_missing_more_often_than_its_group() -> None:
    crp = Variable("crp", "continuous", CRP.marginal, decimals=1, missing=0.3)
    group = MissingGroup("bloods", ("crp", "x"), 0.2)
    frame = draw(cohort(crp, number("x"), missing_groups=(group,)))
    assert missing(frame, "crp") == pytest.approx(0.3, abs=CHANCE)
    assert missing(frame, "x") == pytest.approx(0.2, abs=CHANCE)
    assert frame.crp[frame.x.isna()].isna().all()


def test_only_some_patients_lack_a_value() -> None:
    """The fraction is among those."""
    group = MissingGroup("no scan", ("x",), 0.6, "age >= 75 or stage == 'IV'")
    frame = draw(cohort(AGE, STAGE, number("x"), missing_groups=(group,)))
    chosen = (frame.age >= 75) | (frame.stage == "IV")
    assert not frame.x[~chosen].isna().any()
    assert frame.x[chosen].isna().mean() == pytest.approx(0.6, abs=2 * CHANCE)


def at_random(spearman: float, *, only_when: str = "") -> CohortSpec:
    return cohort(
        AGE, number("x"),
        associations=(Association("unseen", "age", spearman), Association("x", "age", 0.5)),
        missing_groups=(MissingGroup("unseen", ("x",), 0.3, only_when),),
    )  # fmt: skip


@pytest.mark.parametrize("spearman", [-0.4, 0.25])
def test_missing_at_random_has_the_stated_direction_and_size(spearman: float) -> None:
    frame = draw(at_random(spearman))
    assert missing(frame, "x") == pytest.approx(0.3, abs=CHANCE)
    found = spearmanr(frame.x.isna(), frame.age).statistic
    assert found == pytest.approx(spearman, abs=CHANCE + PILOT)


def test_missing_at_random_leaves_the_recorded_figures_as_stated() -> None:
    frame = draw(at_random(0.5))
    assert frame.x.mean() == pytest.approx(0, abs=CHANCE + PILOT)
    assert frame.x.std() == pytest.approx(1, abs=CHANCE + PILOT)
    seen = frame.dropna()
    assert spearmanr(seen.x, seen.age).statistic == pytest.approx(0.5, abs=CHANCE + PILOT)


NOT_AT_RANDOM = cohort(
    CRP,
    AGE,
    associations=(Association("unseen", "crp", -0.35), Association("crp", "age", 0.3)),
    missing_groups=(MissingGroup("unseen", ("crp",), 0.4),),
)


def test_missing_not_at_random_leaves_the_recorded_figures_as_stated() -> None:
    """Healthy patients are not measured, and yet those who are have the stated quantiles."""
    frame = draw(NOT_AT_RANDOM)
    assert missing(frame, "crp") == pytest.approx(0.4, abs=CHANCE)
    seen = frame.dropna()
    assert isinstance(CRP.marginal, Quantiles)
    for level, value in ((0.25, CRP.marginal.p25), (0.5, CRP.marginal.p50), (0.95, 24.0)):
        below, up_to = (seen.crp < value).mean(), (seen.crp <= value).mean()
        assert below - CHANCE - PILOT <= level <= up_to + CHANCE + PILOT
    assert spearmanr(seen.crp, seen.age).statistic == pytest.approx(0.3, abs=CHANCE + PILOT)
    assert seen.crp.between(0.2, 350).all()


def test_missing_not_at_random_is_reached_before_values_go() -> None:
    (toward_crp, _) = compile_cohort(NOT_AT_RANDOM).targets
    assert toward_crp.compiled == pytest.approx(-0.35, abs=PILOT)


def test_a_code_that_is_missing_with_itself_keeps_its_shares() -> None:
    spec = cohort(
        STAGE, AGE,
        associations=(Association("unstaged", "stage", 0.3),),
        missing_groups=(MissingGroup("unstaged", ("stage",), 0.25),),
    )  # fmt: skip
    frame = draw(spec)
    found = frame.stage.value_counts(normalize=True).reindex(["I", "II", "III", "IV"])
    assert found.to_numpy() == pytest.approx([0.35, 0.3, 0.2, 0.15], abs=CHANCE + PILOT)
    assert missing(frame, "stage") == pytest.approx(0.25, abs=CHANCE)


def test_every_level_of_a_by_keeps_its_recorded_figures() -> None:
    spec = cohort(
        SEX, HAEMOGLOBIN, AGE,
        associations=(Association("untested", "haemoglobin", 0.4),),
        missing_groups=(MissingGroup("untested", ("haemoglobin",), 0.3),),
    )  # fmt: skip
    haemoglobin = draw(spec).groupby("sex", observed=True).haemoglobin
    assert haemoglobin.mean()["female"] == pytest.approx(13.1, abs=0.03)
    assert haemoglobin.mean()["male"] == pytest.approx(14.6, abs=0.03)
    assert haemoglobin.std()["female"] == pytest.approx(1.2, abs=0.03)
    assert haemoglobin.std()["male"] == pytest.approx(1.4, abs=0.03)


def test_groups_may_go_together() -> None:
    spec = cohort(
        number("x"), number("y"),
        associations=(Association("first", "second", 0.6),),
        missing_groups=(MissingGroup("first", ("x",), 0.2), MissingGroup("second", ("y",), 0.3)),
    )  # fmt: skip
    frame = draw(spec)
    found = spearmanr(frame.x.isna(), frame.y.isna()).statistic
    assert found == pytest.approx(0.6, abs=CHANCE + PILOT)


def test_a_variable_in_two_groups_lacks_what_either_takes() -> None:
    spec = cohort(
        SEX, number("x"), number("y"),
        missing_groups=(
            MissingGroup("men", ("x",), 0.5, "sex == 'male'"),
            MissingGroup("all", ("x", "y"), 0.1),
        ),
    )  # fmt: skip
    frame = draw(spec)
    assert missing(frame, "y") == pytest.approx(0.1, abs=CHANCE)
    assert frame.x[frame.y.isna()].isna().all()
    assert frame.x[frame.sex == "female"].isna().mean() == pytest.approx(0.1, abs=2 * CHANCE)
    assert frame.x[frame.sex == "male"].isna().mean() == pytest.approx(0.55, abs=2 * CHANCE)


def test_a_correlation_in_those_who_can_lack_a_value() -> None:
    frame = draw(at_random(0.3, only_when="age >= 60"))
    old = frame[frame.age >= 60]
    assert spearmanr(old.x.isna(), old.age).statistic == pytest.approx(0.3, abs=2 * CHANCE + PILOT)
    assert missing(old, "x") == pytest.approx(0.3, abs=2 * CHANCE)
