from __future__ import annotations

import pytest

from synth_magic.spec import Formula, MissingGroup, Rule, Variable
from synth_magic.spec.model import VariableType
from tests.spec.builders import cohort, told

GROUPS = (MissingGroup("blood", ("sbp",), 0.1),)


def formula(kind: VariableType, text: str, *codes: str) -> list[str]:
    return told(cohort(Variable("x", kind, Formula(text, codes)), missing_groups=GROUPS))


@pytest.mark.parametrize(
    ("kind", "text", "codes"),
    [
        ("continuous", "sbp / age", ()),
        ("integer", "sex == 'male'", ()),
        ("date", "age * 365.25", ()),
        ("binary", "age >= 18", ("minor", "adult")),
        ("binary", "'yes' if `NYHA class` > 'I' else 'no'", ("no", "yes")),
        ("binary", "1 if age > 65 else 0", ("0", "1")),
        ("binary", "'yes'", ("yes",)),
        ("ordinal", "min(floor(age / 30), 2)", ("0", "1", "2")),
        ("categorical", "region if age > 65 else 'young'", ("young", "north", "east", "south")),
    ],
)
def test_a_formula_whose_results_suit_its_variable_is_valid(
    kind: VariableType, text: str, codes: tuple[str, ...]
) -> None:
    found = [f for f in formula(kind, text, *codes) if "unit" not in f]  # dates want their origin
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text", "codes", "message"),
    [
        ("continuous", "agee + 1", (), "'agee' is no variable; name one of the variables (did you"),
        ("continuous", "blood + 1", (), "'blood' is a missing group; name a variable"),
        ("continuous", "patient + 1", (), "'patient' is an identifier; name another variable"),
        ("continuous", "age.real", (), "column 1 of 'age.real': 'age.real' is attribute access"),
        ("continuous", "sex * 2", (), "column 1 of 'sex * 2': 'sex' is used as a number"),
        ("continuous", "region", (), "the results are 'north', 'east', 'south'; the type contin"),
        ("continuous", "1 if sex == 'man' else 2", (), "the codes of 'sex' are 'female', 'male'"),
        ("binary", "'yse' if age > 1 else 'no'", ("no", "yes"), "the result 'yse' is not among"),
        ("binary", "'yse' if age > 1 else 'no'", ("no", "yes"), "(did you mean 'yes'?)"),
        ("binary", "1 if age > 1 else 0", ("no", "yes"), "the results are numbers, but there are"),
        ("ordinal", "age > 1", ("a", "b", "c"), "the result is true or false; list two codes"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_told(
    kind: VariableType, text: str, codes: tuple[str, ...], message: str
) -> None:
    (fault,) = formula(kind, text, *codes)
    assert fault.startswith("variables[6].marginal.expression ('x'): ")
    assert message in fault


def test_every_fault_of_an_expression_is_told() -> None:
    faults = formula("continuous", "wt + patient if sex == 'man' or region > 'west' else 1")
    assert len(faults) == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("age", "'age' is neither true nor false; write a condition, such as age >= 18"),
        ("sex", "'sex' is neither true nor false"),
        ("age > ", "column 6 of 'age >': this cannot be read"),
        ("agee > 1", "'agee' is no variable; name one of the variables (did you mean 'age'?)"),
        ("region == 'weast'", "(did you mean 'east'?)"),
        ("", "the expression: it is empty"),
    ],
)
def test_a_rule_is_a_condition(text: str, message: str) -> None:
    (fault,) = told(cohort(rules=(Rule("age > 1"), Rule(text))))
    assert fault.startswith("rules[1].expression: ")
    assert message in fault


def test_a_group_may_be_missing_in_some_patients_only() -> None:
    blood = [MissingGroup("blood", ("sbp",), 0.1, when) for when in ("", " ", "sex == 'male'")]
    for group in blood:
        assert told(cohort(missing_groups=(group,))) == []
    (fault,) = told(cohort(missing_groups=(MissingGroup("blood", ("sbp",), 0.1, "age + 1"),)))
    assert fault.startswith("missing_groups[0].only_when ('blood'): 'age + 1' is neither true nor")
