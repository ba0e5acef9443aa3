"""The figures of one variable, as its specification gives them."""

from __future__ import annotations

import pytest

from synth_magic.sampling.figures import Codes, Numbers, figures, groups
from synth_magic.spec import By, Cell, Formula, MeanSD, Variable, Within
from synth_magic.spec.model import QUANTILE_LEVELS
from tests.sampling.builders import AGE, HAEMOGLOBIN, SEX, STAGE, by, cohort, draw, shares, yes_no

MALE = Within("sex", "male")
DIED = yes_no("died", 0.2)
RISK = Variable("risk", "binary", by("sex", female=shares(no=0.9, yes=0.1),
                                     male=shares(no=0.7, yes=0.3)))  # fmt: skip
SPEC = cohort(SEX, AGE, STAGE, HAEMOGLOBIN, DIED, RISK,
              Variable("double", "integer", Formula("age * 2")))  # fmt: skip


@pytest.mark.parametrize("name", ["age", "haemoglobin"])
@pytest.mark.parametrize("group", [None, MALE])
def test_figures_of_a_number_are_those_of_many_patients(name: str, group: Within | None) -> None:
    found = figures(SPEC, name, group)
    patients = draw(SPEC)
    if group is not None:
        patients = patients[patients.sex == "male"]
    if group is not None and name == "age":
        assert found is None  # it does not differ by sex
        return
    assert isinstance(found, Numbers)
    values = patients[name]
    assert found.figure("mean") == pytest.approx(values.mean(), abs=0.1)
    assert found.figure("sd") == pytest.approx(values.std(), rel=0.02)
    for statistic, level in QUANTILE_LEVELS.items():
        assert found.figure(statistic) == pytest.approx(values.quantile(level), abs=1)


def test_the_lowest_and_highest_are_the_bounds_where_there_are_any() -> None:
    found = figures(SPEC, "haemoglobin")
    assert isinstance(found, Numbers)
    assert (found.figure("min"), found.figure("max")) == (6, 19)
    free = figures(cohort(Variable("x", "continuous", MeanSD(0, 1), decimals=2)), "x")
    assert isinstance(free, Numbers)
    assert free.figure("max") == pytest.approx(3.3, abs=0.1)


def test_shares_are_weighed_by_their_groups() -> None:
    found = figures(SPEC, "risk")
    assert isinstance(found, Codes)
    assert found.shares == pytest.approx({"no": 0.81, "yes": 0.19})
    among_men = figures(SPEC, "risk", MALE)
    assert isinstance(among_men, Codes)
    assert among_men.figure("share", "yes") == pytest.approx(0.3)


def test_what_is_computed_has_no_figures_of_its_own() -> None:
    assert figures(SPEC, "double") is None


def test_the_groups_of_a_variable() -> None:
    assert groups(SPEC, "haemoglobin") == (Within("sex", "female"), MALE)
    assert groups(SPEC, "age") == ()
    cells = tuple(
        Cell((sex, died), MeanSD(1, 1)) for sex in ("female", "male") for died in ("no", "yes")
    )
    two = Variable("y", "continuous", By(("sex", "died"), cells))
    assert [group.code for group in groups(cohort(SEX, DIED, two), "y")] == [
        "female", "male", "no", "yes"
    ]  # fmt: skip
