"""Stated beside achieved: which wishes came true."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from synth_magic.evaluation import Check, check, table
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec import (
    Association,
    CohortSpec,
    Fact,
    Formula,
    MeanSD,
    MissingGroup,
    Rule,
    Variable,
    Within,
)
from tests.sampling.builders import AGE, CRP, HAEMOGLOBIN, SEX, STAGE, cohort, number, yes_no

SPEC = replace(
    cohort(
        SEX,
        AGE,
        HAEMOGLOBIN,
        CRP,
        STAGE,
        yes_no("died", 0.2, missing=0.1),
        number("severity", hidden=True),
        Variable("double", "integer", Formula("age * 2")),
        associations=(
            Association("age", "crp", 0.3),
            Association("double", "crp", 0.1),
            Association("severity", "age", 0.2),
            Association("bloods", "age", 0.2),
        ),
        missing_groups=(MissingGroup("bloods", ("crp",), 0.2, "stage in ('III', 'IV')"),),
        rules=(Rule("age <= 95", "nobody is older"), Rule("severity < 9")),
    ),
    facts=(
        Fact("mean age 63", "age", "mean", 63.0),
        Fact("aged 30 or over", "age", "min", 30.0),
        Fact("aged up to 90", "age", "max", 90.0),
        Fact("12% stage IV", "stage", "share", 0.12, code="IV"),
        Fact("women: 12.8", "haemoglobin", "p50", 12.8, within=Within("sex", "female")),
        Fact("one in ten unknown", "died", "missing", 0.1),
        Fact("r = 0.3", "age", "spearman", 0.3, other_variable="crp"),
        Fact("rises with age", "crp", "direction", 1.0, other_variable="age"),
        Fact("1st percentile", "crp", "p01", 0.4),
    ),
)


@pytest.fixture(scope="module")
def patients() -> pd.DataFrame:
    return sample(compile_cohort(SPEC), 4000, seed=11)


@pytest.fixture(scope="module")
def checks(patients: pd.DataFrame) -> tuple[Check, ...]:
    return check(compile_cohort(SPEC), patients)


def one(checks: tuple[Check, ...], **wanted: str) -> Check:
    (found,) = [c for c in checks if all(getattr(c, name) == wanted[name] for name in wanted)]
    return found


def test_facts_come_first_each_with_the_words_that_it_was_read_from(
    checks: tuple[Check, ...],
) -> None:
    facts = [c for c in checks if c.kind == "fact"]
    assert list(checks[: len(facts)]) == facts
    assert [c.quote for c in facts] == [fact.quote for fact in SPEC.facts]
    assert [c.of for c in facts] == [
        "mean", "minimum", "maximum", "share of IV", "median", "missing", "Spearman with crp",
        "rises with age", "1st percentile",
    ]  # fmt: skip


def test_achieved_figures_are_those_of_pandas_and_scipy(
    checks: tuple[Check, ...], patients: pd.DataFrame
) -> None:
    women = patients[patients.sex == "female"]
    seen = patients.dropna(subset=["crp"])
    expected = {
        "mean age 63": patients.age.mean(),
        "aged 30 or over": patients.age.min(),
        "aged up to 90": patients.age.max(),
        "12% stage IV": (patients.stage == "IV").mean(),
        "women: 12.8": women.haemoglobin.median(),
        "one in ten unknown": patients.died.isna().mean(),
        "r = 0.3": spearmanr(seen.age, seen.crp).statistic,
        "1st percentile": patients.crp.quantile(0.01),
    }
    for quote, figure in expected.items():
        assert one(checks, quote=quote).achieved == pytest.approx(figure), quote
    assert one(checks, quote="women: 12.8").among == "sex = female"


def test_all_wishes_came_true(checks: tuple[Check, ...]) -> None:
    missed = [c for c in checks if not c.reached and c.variable != "double"]
    assert missed == []


def test_marginals_are_checked_in_every_level(checks: tuple[Check, ...]) -> None:
    levels = {c.among for c in checks if c.kind == "marginal" and c.variable == "haemoglobin"}
    assert levels == {"sex = female", "sex = male"}


def test_shares_are_checked_among_those_who_have_a_value(
    checks: tuple[Check, ...], patients: pd.DataFrame
) -> None:
    died = one(checks, kind="marginal", variable="died", of="share of yes")
    assert died.achieved == pytest.approx((patients.died.dropna() == "yes").mean())


def test_a_group_is_checked_among_those_it_is_meant_for(checks: tuple[Check, ...]) -> None:
    group = one(checks, kind="missing", variable="crp")
    assert group.stated == pytest.approx(0.2)
    assert group.among == "stage in ('III', 'IV')"
    assert group.reached


def test_an_association_with_a_formula_is_checked_though_not_imposed(
    checks: tuple[Check, ...],
) -> None:
    found = one(checks, kind="association", variable="double")
    assert (found.stated, found.reached) == (0.1, False)


def test_what_is_hidden_is_checked_where_it_is_shown(checks: tuple[Check, ...]) -> None:
    assert "severity" not in {c.variable for c in checks}
    assert [c.variable for c in checks if c.kind == "rule"] == ["age <= 95"]
    cohort = compile_cohort(SPEC)
    shown = check(cohort, sample(cohort, 500, hidden=True))
    assert "severity" in {c.variable for c in shown}
    assert one(shown, kind="rule", variable="severity < 9").reached


def test_a_rule_says_how_many_keep_it(patients: pd.DataFrame) -> None:
    cohort = compile_cohort(SPEC)
    broken = patients.assign(age=patients.age.where(patients.index >= 40, 99))
    rule = one(check(cohort, broken), kind="rule")
    assert (rule.achieved, rule.reached, rule.quote) == (0.99, False, "nobody is older")


def test_a_frame_that_is_not_as_stated_is_found_out(patients: pd.DataFrame) -> None:
    cohort = compile_cohort(SPEC)
    older = patients.assign(age=patients.age + 2)
    assert not one(check(cohort, older), quote="mean age 63").reached
    assert not one(check(cohort, older), quote="aged up to 90").reached
    assert one(check(cohort, older), quote="aged 30 or over").reached
    shuffled = patients.assign(age=patients.age.to_numpy()[::-1])
    assert not one(check(cohort, shuffled), quote="r = 0.3").reached


def test_a_constant_column_reaches_no_correlation(patients: pd.DataFrame) -> None:
    found = one(check(compile_cohort(SPEC), patients.assign(age=63)), quote="r = 0.3")
    assert np.isnan(found.achieved)
    assert not found.reached


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_few_patients_are_no_crash(rows: int) -> None:
    cohort = compile_cohort(SPEC)
    assert len(check(cohort, sample(cohort, rows))) > 20


def test_checks_survive_a_csv(patients: pd.DataFrame) -> None:
    again = pd.read_csv(StringIO(patients.to_csv(index=False)))
    cohort = compile_cohort(SPEC)
    was = {(c.kind, c.variable, c.of, c.among): c.achieved for c in check(cohort, patients)}
    now = {(c.kind, c.variable, c.of, c.among): c.achieved for c in check(cohort, again)}
    assert now == pytest.approx(was, nan_ok=True)


def test_hardly_any_check_of_a_good_cohort_fails() -> None:
    """Three standard errors: three in a thousand by chance."""
    spec: CohortSpec = replace(SPEC, facts=(), rules=(), associations=SPEC.associations[:1])
    cohort = compile_cohort(spec)
    reached = [c.reached for seed in range(40) for c in check(cohort, sample(cohort, 500, seed))]
    assert np.mean(reached) > 0.985


def test_hardly_any_check_of_a_rare_outcome_fails() -> None:
    spec = cohort(
        yes_no("rare", 0.02), yes_no("cause", 0.03), number("x"),
        associations=(Association("rare", "cause", 0.4), Association("rare", "x", 0.15)),
    )  # fmt: skip
    compiled = compile_cohort(spec)
    reached = [
        c.reached
        for seed in range(150)
        for c in check(compiled, sample(compiled, 500, seed))
        if c.kind == "association"
    ]
    assert np.mean(reached) > 0.97


def test_the_table_has_one_row_for_each_check(checks: tuple[Check, ...]) -> None:
    frame = table(checks)
    assert list(frame) == [
        "kind", "variable", "figure", "among", "stated", "achieved", "standard error", "reached",
        "quote",
    ]  # fmt: skip
    assert len(frame) == len(checks)
    assert table(()).empty


def test_of_a_direction_the_table_says_what_was_achieved_but_no_figure_stated(
    checks: tuple[Check, ...], patients: pd.DataFrame
) -> None:
    frame = table(checks)
    (row,) = frame[frame["quote"] == "rises with age"].to_dict("records")
    seen = patients.dropna(subset=["crp"])
    assert (row["variable"], row["figure"]) == ("crp", "rises with age (Spearman)")
    assert np.isnan(row["stated"])
    assert row["achieved"] == pytest.approx(spearmanr(seen.age, seen.crp).statistic)
    assert 0 < row["standard error"] < 0.05
    assert row["reached"]


def test_a_direction_is_missed_where_the_other_one_came_out(patients: pd.DataFrame) -> None:
    falling = patients.assign(crp=-patients.crp)
    assert not one(check(compile_cohort(SPEC), falling), quote="rises with age").reached


def test_what_a_group_lacks_is_not_mixed_up_with_what_is_missing_by_itself() -> None:
    values = [
        Variable(name, "continuous", MeanSD(5.0, 1.0), decimals=1, missing=0.1)
        for name in ("urea", "sodium")
    ]
    blood = MissingGroup("blood", ("urea", "sodium"), 0.04)
    spec = CohortSpec("A clinic", "", tuple(values), missing_groups=(blood,))
    compiled = compile_cohort(spec)
    checks = check(compiled, sample(compiled, 100_000))
    (lacking,) = (each for each in checks if each.variable == "urea, sodium")
    assert lacking.stated == pytest.approx(0.04 + 0.96 * (0.06 / 0.96) ** 2, abs=1e-6)
    assert lacking.reached


def test_groups_that_overlap_are_checked_variable_by_variable() -> None:
    ldl = Variable("ldl", "continuous", MeanSD(3.0, 0.8), decimals=1, missing=0.1)
    groups = (MissingGroup("blood", ("ldl",), 0.02), MissingGroup("lipids", ("ldl",), 0.075))
    compiled = compile_cohort(CohortSpec("A clinic", "", (ldl,), missing_groups=groups))
    (missing,) = (c for c in check(compiled, sample(compiled, 100_000)) if c.kind == "missing")
    assert missing.stated == pytest.approx(0.1)
    assert missing.reached
