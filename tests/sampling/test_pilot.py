"""A `by` of a `by`: the correlation with what decides the parent, and every cell as stated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from synth_magic.sampling import compile_cohort
from synth_magic.sampling.columns import CodedColumn, NumericColumn
from synth_magic.sampling.dependence import dependence, first_latents
from synth_magic.sampling.latent import grade_coefficients
from synth_magic.sampling.marginals import build_column
from synth_magic.sampling.patients import cholesky
from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    Formula,
    MissingGroup,
    Quantiles,
    Shares,
    Variable,
)
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.model import QUANTILE_LEVELS
from tests.sampling.builders import AGE, HAEMOGLOBIN, SEX, by, cohort, draw, shares

ERRORS = 4
"""Standard errors that a figure may lie off."""

PILOT = 2e-3
"""What the calibration on a pilot may leave of a correlation."""


def by_age(young: Shares, middle: Shares, old: Shares) -> By:
    bands = ("<55", "[55, 70)", ">=70")
    pairs = zip(bands, (young, middle, old), strict=True)
    return By(("age",), tuple(Cell((band,), of) for band, of in pairs))


RACE = Variable("race", "categorical", by_age(
    shares(asian=0.2, black=0.3, white=0.5), shares(asian=0.1, black=0.2, white=0.7),
    shares(asian=0.05, black=0.1, white=0.85),
))  # fmt: skip
DIABETES = Variable("diabetes", "binary", by(
    "race", asian=shares(no=0.85, yes=0.15), black=shares(no=0.8, yes=0.2),
    white=shares(no=0.9, yes=0.1),
))  # fmt: skip
CREATININE = Variable("creatinine", "continuous", by(
    "race", asian=Quantiles(0.3, 0.4, 0.5, 0.7, 0.8, 0.95, 1.3, 2.1, 9.0),
    black=Quantiles(0.3, 0.5, 0.6, 0.85, 1.0, 1.2, 1.8, 4.0, 14.0),
    white=Quantiles(0.3, 0.45, 0.55, 0.75, 0.9, 1.05, 1.4, 2.3, 11.0),
), decimals=3)  # fmt: skip
TREATED = Variable("treated", "binary", by("diabetes", no=shares(no=0.95, yes=0.05),
                                           yes=shares(no=0.3, yes=0.7)))  # fmt: skip


def ranks(column: pd.Series) -> pd.Series:
    return column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column


def assert_correlated(frame: pd.DataFrame, a: str, b: str, stated: float) -> None:
    both = frame[[a, b]].dropna()
    found = spearmanr(ranks(both[a]), ranks(both[b])).statistic
    assert found == pytest.approx(stated, abs=ERRORS / np.sqrt(len(both)) + PILOT), (a, b)


def cells(variable: Variable, frame: pd.DataFrame) -> Iterator[tuple[Cell, pd.Series]]:
    """Yield the recorded values of a `by` variable, cell by cell."""
    assert isinstance(variable.marginal, By)
    for cell in variable.marginal.cells:
        here = np.ones(len(frame), dtype=bool)
        for parent, level in zip(variable.marginal.parents, cell.levels, strict=True):
            if parent == "age":
                low, high = parse_interval(level)
                here &= (frame.age >= low) & (frame.age < high)
            else:
                here &= frame[parent] == level
        yield cell, frame.loc[here, variable.name].dropna()


def assert_cells_as_stated(frame: pd.DataFrame, *variables: Variable) -> None:
    for variable in variables:
        for cell, column in cells(variable, frame):
            if isinstance(cell.marginal, Shares):
                levels = [((column == s.code).mean(), s.share) for s in cell.marginal.shares]
            else:
                levels = [
                    ((column <= getattr(cell.marginal, name)).mean(), level)
                    for name, level in QUANTILE_LEVELS.items()
                    if 0 < level < 1
                ]
            for found, level in levels:
                error = np.sqrt(level * (1 - level) / len(column))
                rounding = 2e-3 if variable.decimals else 0
                assert found == pytest.approx(level, abs=ERRORS * error + rounding), (
                    variable.name,
                    cell.levels,
                )


# --- the correlation with a parent's parent --------------------------------------------------


@pytest.mark.parametrize("stated", [-0.2, 0.25, 0.4])
def test_a_share_by_race_goes_with_the_age_that_race_differs_by(stated: float) -> None:
    spec = cohort(AGE, RACE, DIABETES, associations=(Association("age", "diabetes", stated),))
    assert compile_cohort(spec).notes == ()
    frame = draw(spec)
    assert_correlated(frame, "age", "diabetes", stated)
    assert_cells_as_stated(frame, RACE, DIABETES)


@pytest.mark.parametrize("stated", [-0.5, 0.3, 0.6])
def test_a_number_by_race_goes_with_the_age_that_race_differs_by(stated: float) -> None:
    spec = cohort(AGE, RACE, CREATININE, associations=(Association("age", "creatinine", stated),))
    frame = draw(spec)
    assert_correlated(frame, "age", "creatinine", stated)
    assert_cells_as_stated(frame, RACE, CREATININE)


def test_a_chain_of_three_levels() -> None:
    associations = (
        Association("age", "diabetes", 0.27),
        Association("age", "treated", 0.3),
    )
    frame = draw(cohort(AGE, RACE, DIABETES, TREATED, associations=associations))
    for pair in associations:
        assert_correlated(frame, pair.a, pair.b, pair.spearman)
    assert_cells_as_stated(frame, RACE, DIABETES, TREATED)


def test_two_parents_with_twelve_cells() -> None:
    marginals = {
        at: shares(no=1 - share, yes=share)
        for at, share in zip(
            product(("female", "male"), ("A", "B", "C", "D", "E", "F")),
            np.linspace(0.05, 0.4, 12),
            strict=True,
        )
    }
    site = Variable("site", "categorical", by_age(
        shares(A=0.3, B=0.3, C=0.1, D=0.1, E=0.1, F=0.1),
        shares(A=0.1, B=0.2, C=0.4, D=0.1, E=0.1, F=0.1),
        shares(A=0.05, B=0.05, C=0.1, D=0.3, E=0.4, F=0.1),
    ))  # fmt: skip
    died = Variable(
        "died", "binary", By(("sex", "site"), tuple(Cell(at, of) for at, of in marginals.items()))
    )
    spec = cohort(AGE, SEX, site, died, associations=(
        Association("age", "died", 0.35), Association("age", "sex", 0.2),
    ))  # fmt: skip
    frame = draw(spec)
    assert_correlated(frame, "age", "died", 0.35)
    assert_cells_as_stated(frame, site, died)


def test_cells_stay_as_stated_where_only_a_partner_brings_the_correlation() -> None:
    """Nobody stated creatinine with age; both go with diabetes."""
    associations = (
        Association("age", "diabetes", 0.4),
        Association("diabetes", "creatinine", 0.35),
    )
    frame = draw(cohort(AGE, RACE, DIABETES, CREATININE, associations=associations))
    for pair in associations:
        assert_correlated(frame, pair.a, pair.b, pair.spearman)
    assert_cells_as_stated(frame, RACE, DIABETES, CREATININE)


def test_a_formula_between_the_generations() -> None:
    """The creatinine behind the formula is a parent; the race behind the creatinine is not."""
    failing = Variable("failing", "binary", Formula("'yes' if creatinine > 1 else 'no'",
                                                    ("no", "yes")))  # fmt: skip
    dialysis = Variable("dialysis", "binary", by("failing", no=shares(no=0.99, yes=0.01),
                                                 yes=shares(no=0.8, yes=0.2)))  # fmt: skip
    associations = (Association("age", "creatinine", 0.3), Association("age", "dialysis", 0.15))
    frame = draw(cohort(AGE, RACE, CREATININE, failing, dialysis, associations=associations))
    for pair in associations:
        assert_correlated(frame, pair.a, pair.b, pair.spearman)
    assert_cells_as_stated(frame, RACE, CREATININE, dialysis)


@pytest.mark.parametrize("variable", [DIABETES, CREATININE], ids=lambda v: v.name)
def test_what_is_recorded_of_a_selectively_missing_variable(variable: Variable) -> None:
    associations = (
        Association("age", variable.name, 0.3),
        Association("unseen", variable.name, 0.2),
        Association("unseen", "age", -0.2),
    )
    groups = (MissingGroup("unseen", (variable.name,), 0.3),)
    frame = draw(cohort(AGE, RACE, variable, associations=associations, missing_groups=groups))
    assert frame[variable.name].isna().mean() == pytest.approx(0.3, abs=0.005)
    assert_correlated(frame, "age", variable.name, 0.3)
    unseen = pd.DataFrame({"age": frame.age, "unseen": frame[variable.name].isna()})
    assert_correlated(unseen, "unseen", "age", -0.2)
    assert_cells_as_stated(frame, RACE, variable)


# --- out of reach ----------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [-0.9, 0.95])
def test_a_correlation_that_the_cells_contradict_is_said(stated: float) -> None:
    spec = cohort(AGE, RACE, DIABETES, associations=(Association("age", "diabetes", stated),))
    compiled = compile_cohort(spec)
    (note,) = compiled.notes
    assert f"age - diabetes: Spearman {stated:.2f} cannot be had" in note
    frame = draw(spec)
    assert_correlated(frame, "age", "diabetes", compiled.targets[0].compiled)
    assert_cells_as_stated(frame, RACE, DIABETES)


def test_correlations_that_exclude_each_other_leave_the_cells_as_stated() -> None:
    associations = (
        Association("age", "diabetes", 0.5),
        Association("age", "creatinine", 0.8),
        Association("diabetes", "creatinine", -0.6),
    )
    spec = cohort(AGE, RACE, DIABETES, CREATININE, associations=associations)
    compiled = compile_cohort(spec)
    assert any("cannot be had beside the other correlations" in note for note in compiled.notes)
    frame = draw(spec)
    for target in compiled.targets:
        assert_correlated(frame, target.a, target.b, target.compiled)
    assert_cells_as_stated(frame, RACE, DIABETES, CREATININE)


# --- nothing distant -------------------------------------------------------------------------


def assert_read_at_their_own_scores(spec: CohortSpec) -> None:
    """Every column of the compiled cohort is the one that its marginal alone gives."""
    for column in compile_cohort(spec).columns:
        alone, _ = build_column(spec.variable(column.name), spec)
        if isinstance(column, NumericColumn):
            assert isinstance(alone, NumericColumn)
            assert np.array_equal(column.tables, alone.tables)
            assert column.flats == alone.flats
        else:
            assert isinstance(column, CodedColumn)
            assert isinstance(alone, CodedColumn)
            assert np.array_equal(column.edges, alone.edges)


def test_columns_without_distant_parents_are_read_as_they_are() -> None:
    associations = (Association("age", "haemoglobin", -0.3), Association("age", "sex", 0.2))
    assert_read_at_their_own_scores(cohort(SEX, AGE, HAEMOGLOBIN, associations=associations))


def test_distant_parents_without_correlation_change_nothing() -> None:
    associations = (Association("age", "sex", 0.3), Association("diabetes", "creatinine", 0.0))
    assert_read_at_their_own_scores(
        cohort(AGE, RACE, DIABETES, CREATININE, SEX, associations=associations)
    )


def test_distant_parents_without_correlation_need_no_pilot() -> None:
    """The factor is the closed form's, bit for bit."""
    spec = cohort(AGE, RACE, DIABETES, SEX, associations=(Association("age", "sex", 0.3),))
    pairs = dependence(spec)
    ((i, j),) = pairs.pairs
    built = [build_column(spec.variable(name), spec)[0] for name in pairs.names]
    coefficients = np.array([grade_coefficients(column.recorded[0]) for column in built])
    latents, _ = first_latents(pairs, coefficients)
    closed_form = np.eye(len(pairs.names))
    closed_form[i, j] = closed_form[j, i] = latents[0]
    assert np.array_equal(compile_cohort(spec).factor, cholesky(closed_form))
