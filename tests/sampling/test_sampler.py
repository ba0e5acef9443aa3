"""Patients of a compiled cohort: the same for every number of rows, of workers and of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from synth_magic.errors import RuleError
from synth_magic.sampling import compile_cohort, sample
from synth_magic.sampling.streams import BLOCK
from synth_magic.spec import (
    Association,
    CohortSpec,
    DigitPreference,
    Formula,
    Identifier,
    MeanSD,
    MissingGroup,
    Rule,
    Variable,
)
from tests.sampling.builders import AGE, CRP, HAEMOGLOBIN, SEX, STAGE, cohort, draw, number, yes_no

MIXED = cohort(
    SEX,
    AGE,
    HAEMOGLOBIN,
    STAGE,
    CRP,
    Variable("sbp", "integer", MeanSD(133, 19, 70, 240), digit_preference=DigitPreference(10, 0.4)),
    yes_no("died", 0.2, missing=0.05),
    Variable("anaemia", "binary", Formula("haemoglobin < 12", ("no", "yes"))),
    associations=(
        Association("age", "haemoglobin", -0.25),
        Association("age", "sbp", 0.2),
        Association("stage", "died", 0.4),
        Association("crp", "stage", 0.3),
        Association("bloods", "age", 0.3),
    ),
    missing_groups=(MissingGroup("bloods", ("crp", "haemoglobin"), 0.2),),
    rules=(Rule("not (stage == 'I' and crp > 60)", "early disease is not inflamed"),),
)


@pytest.fixture(scope="module")
def patients() -> pd.DataFrame:
    """More than two blocks."""
    return draw(MIXED, 2 * BLOCK + 700, workers=1)


@pytest.mark.parametrize("rows", [1, 2, 500, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5])
def test_the_first_rows_do_not_depend_on_how_many_follow(patients: pd.DataFrame, rows: int) -> None:
    pd.testing.assert_frame_equal(draw(MIXED, rows), patients.head(rows))


@pytest.mark.parametrize("workers", [2, 5, None])
def test_workers_change_nothing(patients: pd.DataFrame, workers: int | None) -> None:
    pd.testing.assert_frame_equal(draw(MIXED, len(patients), workers=workers), patients)


def test_another_seed_draws_other_patients(patients: pd.DataFrame) -> None:
    other = draw(MIXED, 1000, seed=2)
    assert (other.age != patients.age.head(1000)).mean() > 0.9


def test_blocks_are_different_patients(patients: pd.DataFrame) -> None:
    first, second = patients.sbp[:BLOCK], patients.sbp[BLOCK : 2 * BLOCK]
    assert abs(first.reset_index(drop=True).corr(second.reset_index(drop=True))) < 0.05


def test_no_seed_is_too_large(patients: pd.DataFrame) -> None:
    assert len(draw(MIXED, 3, seed=2**63 - 1)) == 3


HASH = """
import hashlib, pandas as pd
from tests.sampling.test_sampler import MIXED
from tests.sampling.builders import draw
frame = draw(MIXED, 17_000)
print(hashlib.sha256(pd.util.hash_pandas_object(frame).to_numpy().tobytes()).hexdigest())
"""


def test_threads_of_the_linear_algebra_library_change_no_bit() -> None:
    def printed(threads: str) -> str:
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
        run = subprocess.run(
            [sys.executable, "-c", HASH], cwd=Path(__file__).parents[2], env=os.environ | limits,
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return run.stdout

    assert printed("1") == printed("2") != ""


# --- a tweak leaves the others as they were --------------------------------------------------


def unchanged(before: CohortSpec, after: CohortSpec, names: list[str]) -> None:
    pd.testing.assert_frame_equal(draw(before, 2000)[names], draw(after, 2000)[names])


@pytest.mark.parametrize(
    "newcomer",
    [number("new"), yes_no("new", 0.1, missing=0.5), replace(HAEMOGLOBIN, name="new")],
    ids=["number", "code", "by"],
)
def test_a_new_variable_leaves_the_others_as_they_were(newcomer: Variable) -> None:
    after = replace(MIXED, variables=(*MIXED.variables, newcomer))
    unchanged(MIXED, after, [variable.name for variable in MIXED.variables])


def test_a_new_variable_that_is_associated_leaves_the_others_as_they_were() -> None:
    before = cohort(AGE, STAGE, number("x"), associations=(Association("age", "stage", 0.3),))
    after = replace(
        before,
        variables=(*before.variables, number("new")),
        associations=(*before.associations, Association("new", "stage", 0.5)),
    )
    unchanged(before, after, ["age", "stage", "x"])


def test_the_draw_order_keeps_a_new_first_column_from_moving_the_others() -> None:
    before = cohort(AGE, number("x"), associations=(Association("age", "x", 0.6),))
    after = cohort(
        number("new"),
        AGE,
        number("x"),
        associations=(Association("age", "x", 0.6), Association("new", "age", 0.4)),
        draw_order=("age", "x"),
    )
    unchanged(before, after, ["age", "x"])


def test_a_renamed_column_is_drawn_anew_and_alone() -> None:
    before = cohort(AGE, STAGE, number("x"))
    after = cohort(AGE, STAGE, number("y"))
    unchanged(before, after, ["age", "stage"])
    assert (draw(before, 100).x != draw(after, 100).y).mean() > 0.9


def test_columns_may_change_places() -> None:
    before = cohort(AGE, STAGE, number("x"))
    after = cohort(number("x"), AGE, STAGE, draw_order=("age", "stage", "x"))
    unchanged(before, after, ["age", "stage", "x"])


def test_the_share_of_missing_values_leaves_the_values_as_they_were() -> None:
    some = draw(cohort(AGE, yes_no("died", 0.3, missing=0.3)), 2000)
    more = draw(cohort(AGE, yes_no("died", 0.3, missing=0.5)), 2000)
    both = some.died.notna() & more.died.notna()
    assert some.died.notna()[both].all()
    assert (some.died[both] == more.died[both]).all()
    assert not (more.died.notna() & some.died.isna()).any()


# --- rules -----------------------------------------------------------------------------------

STAY = cohort(
    Variable("stay", "integer", MeanSD(8, 5, 0)),
    Variable("followup", "integer", MeanSD(60, 30, 0)),
    rules=(Rule("stay <= followup", "nobody stays longer than he is followed"),),
)


def test_a_rule_holds_in_every_row() -> None:
    frame = draw(STAY, 60_000)
    assert (frame.stay <= frame.followup).all()
    free = draw(replace(STAY, rules=()), 60_000)
    broken = free.stay > free.followup
    assert 0 < broken.mean() < 0.05
    pd.testing.assert_frame_equal(free[~broken], frame[~broken])  # only its breakers are redrawn


@pytest.mark.parametrize("rows", [10, BLOCK, BLOCK + 20])
def test_redrawn_rows_do_not_depend_on_how_many_follow(rows: int) -> None:
    pd.testing.assert_frame_equal(draw(STAY, rows), draw(STAY, 2 * BLOCK).head(rows))


def test_a_rule_that_nearly_half_break_is_met_for_any_number_of_rows() -> None:
    spec = cohort(number("x", 60, 10), rules=(Rule("x > 59.5"),))
    for rows in (1, 20, 25, 1000, BLOCK + 20):
        assert (draw(spec, rows, seed=3).x > 59.5).all()


@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_a_rule_that_nobody_satisfies_is_an_error_that_names_it(rows: int) -> None:
    with pytest.raises(RuleError, match="'age > 200' is broken by 100%"):
        draw(cohort(AGE, rules=(Rule("age > 200"),)), rows)


def test_a_rule_that_many_break_is_noted() -> None:
    (note,) = compile_cohort(cohort(number("x"), rules=(Rule("x < 1.5"),))).notes
    assert "'x < 1.5' is broken by 6" in note


def test_a_rule_on_a_missing_value_does_not_hold_anybody_back() -> None:
    spec = cohort(number("x"), Variable("y", "continuous", Formula("log(x)"), decimals=2),
                  rules=(Rule("y < 0.5"),))  # fmt: skip
    frame = draw(spec, 5000)
    assert frame.y.isna().mean() > 0.4
    assert (frame.y.dropna() < 0.5).all()


def test_a_rule_may_speak_of_a_hidden_variable() -> None:
    hidden = number("severity", hidden=True)
    spec = cohort(hidden, AGE, rules=(Rule("severity > -1"),))
    assert list(draw(spec, 10)) == ["age"]
    shown = sample(compile_cohort(spec), 5000, hidden=True)
    assert (shown.severity > -1).all()


def test_identifiers_alone_are_drawn() -> None:
    frame = draw(cohort(Variable("id", "identifier", Identifier("P-###"))), rows=3)
    assert list(frame["id"]) == ["P-001", "P-002", "P-003"]
