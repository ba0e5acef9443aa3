from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synth_magic.spec import Association, Fact, Formula, MeanSD, MissingGroup, Variable, Within
from tests.spec.builders import AGE, KEY, REGION, SBP, SEX, cohort, told

BLOOD = MissingGroup("blood", ("sbp",), 0.1)


@pytest.mark.parametrize("name", ["HbA1c (%)", 'a "b"', "it's", "<b>", "عمر", "e\u0301", "😀", "#"])
def test_any_line_of_text_is_a_name(name: str) -> None:
    assert told(cohort(Variable(name, "continuous", MeanSD(1, 1)))) == []


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"name": ""}, "name", "it is empty; write some text"),
        ({"name": "a" * 501}, "name", "it has 501 characters; at most 500 are allowed"),
        ({"name": "a\tb"}, "name", r"'a\tb' has a control character"),
        ({"name": "a\u2028b"}, "name", r"'a\u2028b' has a control character"),
        ({"missing": 1.1}, "missing", "the share is 1.1; shares are from 0 to 1"),
        ({"decimals": 13}, "decimals", "there are 13; 0 to 12 are allowed"),
        ({"decimals": -1}, "decimals", "there are -1; 0 to 12 are allowed"),
        ({"type": "date"}, "unit", "the unit is ''; a date takes days since YYYY-MM-DD"),
        ({"type": "date", "unit": "days since 2015-02-30"}, "unit", "the unit is 'days since 2015"),
        ({"type": "date", "unit": "days since 20150201"}, "unit", "the unit is 'days since 2015"),
        ({"type": "date", "unit": "2015-02-01"}, "unit", "the unit is '2015-02-01'"),
    ],
    ids=str,
)
def test_a_variable_that_cannot_be_is_told(
    changes: dict[str, Any], place: str, message: str
) -> None:
    variable = replace(Variable("x", "continuous", MeanSD(100, 10)), **changes)
    (fault,) = told(cohort(variable))
    assert fault.startswith(f"variables[6].{place}")
    assert message in fault


def test_a_date_states_its_origin() -> None:
    seen = Variable("seen", "date", MeanSD(100, 10), unit="days since 2015-02-01")
    assert told(cohort(seen)) == []


def test_an_identifier_is_shown() -> None:
    (fault,) = told(cohort(replace(KEY, hidden=True)))
    assert (
        fault
        == "variables[0].hidden ('patient'): an identifier is hidden; leave it out, or show it"
    )


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"variables": ()}, "variables: there is no variable to show; at least one is not hidden"),
        ({"variables": (replace(AGE, hidden=True),)}, "variables: there is no variable to show"),
        pytest.param(
            {"variables": tuple(replace(SBP, name=f"v{i}") for i in range(10_001))},
            "variables: there are 10,001; at most 10,000 are allowed",
            id="10,001 variables",  # else their text: two million letters for every worker
        ),
        (
            {"variables": (AGE, SEX, AGE)},
            "variables[2].name: another variable has the name 'age'; names are unique",
        ),
        ({"version": 0}, "version: it is 0; versions count from 1"),
        ({"draw_order": ("age", "sex", "age")}, "draw_order[2]: 'age' stands twice; list each"),
        (
            {"draw_order": ("sbb",)},
            "draw_order[0]: 'sbb' is no variable and no missing group; list names of this spec",
        ),
        (
            {"missing_groups": (replace(BLOOD, name="age"),)},
            "missing_groups[0].name: a variable or another group has the name 'age'",
        ),
        (
            {"missing_groups": (BLOOD, BLOOD)},
            "missing_groups[1].name: a variable or another group has the name 'blood'",
        ),
        (
            {"missing_groups": (replace(BLOOD, name=" "),)},
            "missing_groups[0].name (' '): it is empty",
        ),
        (
            {"missing_groups": (replace(BLOOD, variables=()),)},
            "missing_groups[0].variables ('blood'): there is none; name the variables that are",
        ),
        (
            {"missing_groups": (replace(BLOOD, variables=("age", "sbp", "age")),)},
            "missing_groups[0].variables[2] ('blood'): 'age' stands twice",
        ),
        (
            {"missing_groups": (replace(BLOOD, variables=("dbp",)),)},
            "missing_groups[0].variables[0] ('blood'): 'dbp' is no variable; name one of the va",
        ),
        (
            {"missing_groups": (replace(BLOOD, fraction=-0.1),)},
            "missing_groups[0].fraction ('blood'): the share is -0.1; shares are from 0 to 1",
        ),
    ],
    ids=str,
)
def test_a_specification_that_does_not_hold_together_is_told(
    parts: dict[str, Any], fault: str
) -> None:
    (found,) = told(replace(cohort(), **parts))
    assert found.startswith(fault)


def pair(a: str, b: str, spearman: float = 0.3) -> tuple[Association, ...]:
    return (Association(a, b, spearman),)


def test_missing_groups_and_dichotomies_take_correlations() -> None:
    alive = Variable("alive", "categorical", SEX.marginal)
    chain = pair("blood", "age", -1) + pair("alive", "NYHA class", 1) + pair("sbp", "blood", 0)
    assert told(cohort(alive, missing_groups=(BLOOD,), associations=chain)) == []


@pytest.mark.parametrize(
    ("associations", "fault"),
    [
        (pair("age", "agee"), "[0].b ('age - agee'): 'agee' is no variable; name one of the var"),
        (pair("sex", "sex"), "[0].b ('sex - sex'): a variable is paired with itself"),
        (pair("age", "sbp", 1.2), "[0].spearman ('age - sbp'): it is 1.2; correlations are from"),
        (
            pair("age", "sbp") + pair("sbp", "age"),
            "[1]: the pair 'sbp' and 'age' stands twice; state each pair once",
        ),
        (
            pair("region", "age"),
            "[0].a ('region - age'): the codes of 'region' have no order; a categorical variabl",
        ),
        (pair("age", "patient"), "[0].b ('age - patient'): 'patient' is an identifier"),
    ],
    ids=str,
)
def test_a_correlation_that_cannot_be_is_told(
    associations: tuple[Association, ...], fault: str
) -> None:
    (found,) = told(cohort(associations=associations))
    assert found.startswith(f"associations{fault}")


def test_a_formula_without_an_order_takes_no_correlation() -> None:
    where = Variable("where", "categorical", Formula("region", REGION.codes))
    (fault,) = told(cohort(where, associations=pair("age", "where")))
    assert fault.endswith("takes none: make it ordinal, or use `by`")


@pytest.mark.parametrize(
    "fact",
    [
        Fact("mean 60", "age", "mean", 60, within=Within("sex", "female")),
        Fact("half women", "sex", "share", 0.5, code="female", within=Within("age", ">=65")),
        Fact("rises", "sbp", "direction", 1, other_variable="age"),
        Fact("r = -.2", "NYHA class", "spearman", -0.2, other_variable="age"),
        Fact("all known", "patient", "missing", 0),
    ],
    ids=str,
)
def test_a_fact_about_what_is_there_is_valid(fact: Fact) -> None:
    assert told(cohort(facts=(fact,))) == []


@pytest.mark.parametrize(
    ("fact", "place", "message"),
    [
        (Fact("", "agee", "mean", 60), "variable", "'agee' is no variable"),
        (
            Fact("", "sex", "mean", 0.5),
            "statistic",
            "mean is no statistic of the type binary; allowed are share, missing, spearman, dir",
        ),
        (Fact("", "age", "share", 0.5, "60"), "statistic", "share is no statistic of the type int"),
        (
            Fact("", "patient", "mean", 1),
            "statistic",
            "mean is no statistic of the type identifier; allowed are missing",
        ),
        (
            Fact("", "sex", "share", 0.5, "femal"),
            "code",
            "'femal' is no code of 'sex'; the codes are 'female', 'male' (did you mean 'female'?)",
        ),
        (Fact("", "sex", "share", 0.5), "code", "'' is no code of 'sex'"),
        (Fact("", "sex", "share", 56, "male"), "value", "the share is 56; it lies within 0 to 1"),
        (Fact("", "age", "missing", -0.1), "value", "the missing is -0.1; it lies within 0 to 1"),
        (Fact("", "age", "sd", -1), "value", "the sd is -1; it must not be negative"),
        (
            Fact("", "age", "spearman", 2, other_variable="sbp"),
            "value",
            "the spearman is 2; it lies within -1 to 1",
        ),
        (
            Fact("", "age", "direction", 0.5, other_variable="sbp"),
            "value",
            "the direction is 0.5; it is 1 (rises with the other variable) or -1",
        ),
        (Fact("", "age", "spearman", 0.1), "other_variable", "'' is no variable"),
        (
            Fact("", "age", "spearman", 0.1, other_variable="age"),
            "other_variable",
            "it is the variable itself",
        ),
        (
            Fact("", "age", "direction", 1, other_variable="region"),
            "other_variable",
            "the codes of 'region' have no order",
        ),
        (
            Fact("", "age", "mean", 60, within=Within("gender", "male")),
            "within.variable",
            "'gender' is no variable",
        ),
        (
            Fact("", "age", "mean", 60, within=Within("sex", "man")),
            "within.code",
            "'man' is no code of 'sex'; the codes are 'female', 'male'",
        ),
        (
            Fact("", "age", "mean", 60, within=Within("sbp", "over 140")),
            "within.code",
            "'over 140': this is no interval",
        ),
        (
            Fact("", "age", "mean", 60, within=Within("age", ">=50")),
            "within.variable",
            "the group is defined by the variable itself",
        ),
    ],
    ids=str,
)
def test_a_fact_that_fits_nothing_is_told(fact: Fact, place: str, message: str) -> None:
    (found,) = told(cohort(facts=(fact,)))
    assert found.startswith(f"facts[0].{place} ('{fact.variable}'): {message}")


def test_all_violations_are_told_at_once() -> None:
    spec = cohort(
        Variable("x", "continuous", MeanSD(5, -1), missing=2),
        associations=pair("x", "y", 3),
        draw_order=("z",),
    )
    assert len(told(spec)) == 5
