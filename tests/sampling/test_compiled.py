"""Whole cohorts: the correlations of the pooled recorded table are the stated ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from synth_magic.errors import SpecificationError
from synth_magic.sampling import compile_cohort
from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    DigitPreference,
    Formula,
    MeanSD,
    Quantiles,
    Spike,
    Variable,
)
from tests.sampling.builders import (
    AGE,
    CRP,
    HAEMOGLOBIN,
    PATIENTS,
    SEX,
    STAGE,
    by,
    cohort,
    draw,
    number,
    shares,
    yes_no,
)

CHANCE = 5 * 1.2 / np.sqrt(PATIENTS)
"""Five standard errors of a Spearman correlation, ties included."""

PILOT = 2e-3
"""What the calibration on a pilot may leave."""


def ranks(column: pd.Series) -> pd.Series:
    return column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column


def found(spec: CohortSpec, a: str, b: str) -> float:
    both = draw(spec)[[a, b]].dropna()
    return float(spearmanr(ranks(both[a]), ranks(both[b])).statistic)


def assert_reached(spec: CohortSpec, tolerance: float = PILOT) -> None:
    compiled = compile_cohort(spec)
    assert compiled.notes == ()
    frame = draw(spec)
    for target in compiled.targets:
        assert target.compiled == pytest.approx(target.stated, abs=tolerance)
        both = frame[[target.a, target.b]].dropna()
        achieved = spearmanr(ranks(both[target.a]), ranks(both[target.b])).statistic
        assert achieved == pytest.approx(target.stated, abs=CHANCE + tolerance), target


SYSTOLIC = Variable("sbp", "integer", Quantiles(80, 95, 104, 121, 133, 146, 168, 185, 220),
                    digit_preference=DigitPreference(10, 0.5))  # fmt: skip
PACK_YEARS = Variable("pack_years", "integer", Quantiles(0, 0, 0, 0, 12, 30, 55, 80, 120),
                      spikes=(Spike(0, 0.45),))  # fmt: skip
VISITS = Variable("visits", "integer", MeanSD(1.1, 1.4, 0))
RARE = yes_no("rare", 0.01)


@pytest.mark.parametrize("stated", [-0.6, -0.1, 0.35, 0.7])
@pytest.mark.parametrize(
    "pair",
    [
        (AGE, CRP),
        (AGE, yes_no("died", 0.3)),
        (yes_no("a", 0.5), yes_no("b", 0.4)),
        (STAGE, SYSTOLIC),
        (PACK_YEARS, VISITS),
        (PACK_YEARS, SYSTOLIC),
    ],
    ids=lambda pair: f"{pair[0].name}-{pair[1].name}",
)
def test_every_pair_of_marginals_reaches_the_stated_spearman(
    pair: tuple[Variable, Variable], stated: float
) -> None:
    a, b = pair
    spec = cohort(a, b, associations=(Association(a.name, b.name, stated),))
    (target,) = compile_cohort(spec).targets
    assert found(spec, a.name, b.name) == pytest.approx(target.compiled, abs=CHANCE + 1e-3)
    if not compile_cohort(spec).notes:
        assert target.compiled == pytest.approx(stated, abs=1e-4)


@pytest.mark.parametrize("stated", [0.05, 0.15])
def test_a_rare_outcome(stated: float) -> None:
    assert_reached(cohort(AGE, RARE, associations=(Association("age", "rare", stated),)), 5e-4)


def test_many_pairs_at_once() -> None:
    spec = cohort(
        AGE, CRP, STAGE, PACK_YEARS, SYSTOLIC, yes_no("died", 0.2),
        associations=(
            Association("age", "sbp", 0.35),
            Association("age", "died", 0.3),
            Association("stage", "died", 0.45),
            Association("crp", "stage", 0.4),
            Association("pack_years", "crp", 0.15),
            Association("pack_years", "age", -0.1),
        ),
    )  # fmt: skip
    assert_reached(spec, 5e-4)


def test_what_nobody_stated_follows_from_what_was() -> None:
    pairs = Association("a", "b", 0.8), Association("b", "c", 0.8)
    spec = cohort(*map(number, "abcd"), associations=pairs)
    latent = 2 * np.sin(np.pi * 0.8 / 6)
    chained = 6 / np.pi * np.arcsin(latent**2 / 2)
    assert found(spec, "a", "c") == pytest.approx(chained, abs=CHANCE)
    assert found(spec, "a", "d") == pytest.approx(0, abs=CHANCE)


# --- out of reach ----------------------------------------------------------------------------


def test_a_correlation_out_of_reach_is_set_to_the_bound_and_said() -> None:
    spec = cohort(RARE, yes_no("even", 0.5), associations=(Association("rare", "even", 0.6),))
    compiled = compile_cohort(spec)
    (note,) = compiled.notes
    assert note == "rare - even: Spearman 0.60 cannot be had with these marginals; it is 0.10"
    assert found(spec, "rare", "even") == pytest.approx(compiled.targets[0].compiled, abs=CHANCE)


def test_of_many_correlations_out_of_reach_the_furthest_are_said() -> None:
    others = [yes_no(f"even_{i}", 0.5) for i in range(6)]
    pairs = tuple(Association("rare", v.name, 0.2 + 0.1 * i) for i, v in enumerate(others))
    notes = compile_cohort(cohort(RARE, *others, associations=pairs)).notes
    assert "even_5: Spearman 0.70" in notes[0]
    assert notes[3].startswith("3 more correlations are off by at most 0.")


def test_a_perfect_correlation_is_capped() -> None:
    spec = cohort(number("a"), number("b"), associations=(Association("a", "b", 1.0),))
    assert "1.00 cannot be had with these marginals; it is 0.98" in compile_cohort(spec).notes[0]


IMPOSSIBLE = cohort(
    number("a"), number("b"), number("c"), number("d"),
    associations=(
        Association("a", "b", 0.9),
        Association("b", "c", 0.9),
        Association("a", "c", -0.9),
        Association("c", "d", 0.4),
    ),
)  # fmt: skip


def test_correlations_that_exclude_each_other_are_moved_and_said() -> None:
    compiled = compile_cohort(IMPOSSIBLE)
    assert len(compiled.notes) == 3
    assert "cannot be had beside the other correlations" in compiled.notes[0]
    frame = draw(IMPOSSIBLE)
    for target in compiled.targets:
        achieved = spearmanr(frame[target.a], frame[target.b]).statistic
        assert achieved == pytest.approx(target.compiled, abs=CHANCE)
    assert compiled.targets[3].compiled == pytest.approx(0.4, abs=1e-3)


def test_a_stated_correlation_moves_least() -> None:
    fact = replace(IMPOSSIBLE.associations[0], provenance="stated")
    spec = replace(IMPOSSIBLE, associations=(fact, *IMPOSSIBLE.associations[1:]))
    compiled = {(t.a, t.b): t.compiled for t in compile_cohort(spec).targets}
    assert compiled["a", "b"] == pytest.approx(0.9, abs=0.02)
    assert compiled["a", "c"] > -0.5


# --- `by` ------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [-0.5, -0.2, 0.3])
def test_the_spearman_of_a_by_variable_is_that_of_the_pooled_table(stated: float) -> None:
    spec = cohort(SEX, AGE, HAEMOGLOBIN, associations=(Association("age", "haemoglobin", stated),))
    assert_reached(spec)


def test_the_partner_may_be_correlated_with_the_parent() -> None:
    """Women are older here, and have less haemoglobin: part of the correlation is theirs."""
    spec = cohort(
        SEX, AGE, HAEMOGLOBIN, yes_no("died", 0.1),
        associations=(
            Association("age", "sex", -0.4),
            Association("age", "haemoglobin", -0.3),
            Association("haemoglobin", "died", -0.2),
        ),
    )  # fmt: skip
    assert_reached(spec)


def test_two_by_variables_with_the_same_parent() -> None:
    ferritin = Variable("ferritin", "integer", by("sex", female=MeanSD(60, 50, 3),
                                                  male=MeanSD(150, 110, 5)))  # fmt: skip
    spec = cohort(SEX, HAEMOGLOBIN, ferritin,
                  associations=(Association("haemoglobin", "ferritin", 0.55),))  # fmt: skip
    assert_reached(spec)


def test_levels_keep_their_marginals_whatever_is_correlated() -> None:
    """Also where the latents of partner and parent could only meet at the child's expense."""
    spec = cohort(
        SEX, AGE, HAEMOGLOBIN,
        associations=(
            Association("age", "sex", 0.5),
            Association("age", "haemoglobin", 0.4),
            Association("sex", "haemoglobin", -0.5),  # checked, not imposed
        ),
    )  # fmt: skip
    haemoglobin = draw(spec).groupby("sex", observed=True).haemoglobin
    error = 5 * 1.4 / np.sqrt(0.45 * PATIENTS)
    assert haemoglobin.mean()["female"] == pytest.approx(13.1, abs=error)
    assert haemoglobin.mean()["male"] == pytest.approx(14.6, abs=error)
    assert haemoglobin.std()["female"] == pytest.approx(1.2, abs=error)
    assert haemoglobin.std()["male"] == pytest.approx(1.4, abs=error)


def test_an_association_with_the_parent_is_no_target() -> None:
    spec = cohort(SEX, HAEMOGLOBIN, associations=(Association("sex", "haemoglobin", 0.2),))
    assert compile_cohort(spec).targets == ()


def test_a_by_of_a_by() -> None:
    stage = Variable("stage", "ordinal", by("sex", female=shares(I=0.8, II=0.2),
                                            male=shares(I=0.3, II=0.7)))  # fmt: skip
    crp = Variable("crp", "continuous", by("stage", I=MeanSD(5, 3, 0), II=MeanSD(20, 12, 0)),
                   decimals=1)  # fmt: skip
    spec = cohort(SEX, stage, crp, AGE, associations=(Association("crp", "age", 0.3),))
    assert_reached(spec)
    frame = draw(spec)
    mean = frame.groupby(["sex", "stage"], observed=True).crp.mean()
    for sex in ("female", "male"):
        assert mean[sex, "I"] == pytest.approx(5, abs=0.15)
        assert mean[sex, "II"] == pytest.approx(20, abs=0.4)


def test_a_numeric_parent_in_bins() -> None:
    marginal = By(("age",), (
        Cell((">=75",), MeanSD(55, 15, 5)), Cell(("<50",), MeanSD(95, 15, 5)),
        Cell(("[50, 75)",), MeanSD(78, 16, 5)),
    ))  # fmt: skip
    egfr = Variable("egfr", "integer", marginal)
    spec = cohort(AGE, egfr, CRP, associations=(Association("egfr", "crp", -0.2),))
    assert_reached(spec)
    bins = pd.cut(draw(spec).age, [0, 50, 75, 200], right=False, labels=["<50", "[50, 75)", ">=75"])
    mean = draw(spec).groupby(bins, observed=True).egfr.mean()
    assert mean.to_numpy() == pytest.approx([95, 78, 55], abs=0.6)


def test_an_association_with_a_formula_is_no_target() -> None:
    double = Variable("double", "integer", Formula("age * 2"))
    spec = cohort(AGE, double, CRP, associations=(Association("double", "crp", 0.5),))
    assert compile_cohort(spec).targets == ()


# --- errors ----------------------------------------------------------------------------------


def test_an_invalid_specification_is_refused() -> None:
    with pytest.raises(SpecificationError, match="'nobody' is no variable"):
        compile_cohort(cohort(AGE, associations=(Association("age", "nobody", 0.1),)))


def test_three_hundred_columns() -> None:
    many = cohort(*(number(f"x{i}") for i in range(300)),
                  associations=(Association("x0", "x299", 0.5),))  # fmt: skip
    assert draw(many, 10).shape == (10, 300)


def test_a_table_of_one_constant() -> None:
    constant = Variable("centre", "integer", MeanSD(7, 0))
    spec = cohort(constant, AGE, associations=(Association("centre", "age", 0.5),))
    assert "it is 0.00" in compile_cohort(spec).notes[0]
    assert (draw(spec, 100).centre == 7).all()
