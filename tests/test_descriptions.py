"""Descriptions in a clinician's words: whom they are taken for, and the patients made of them.

The descriptions and what must come out of each are in `data/descriptions.toml`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synth_magic.catalogue.matching import find
from synth_magic.description.parse import parse
from synth_magic.engines.answer import Answer
from synth_magic.engines.offline.elicit import elicit
from synth_magic.engines.offline.recognition import recognise
from synth_magic.engines.offline.setting import Setting
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import NUMERIC_TYPES, Variable

FILE = Path(__file__).parent / "data" / "descriptions.toml"
DESCRIPTIONS = {
    item["name"]: item for item in tomllib.loads(FILE.read_text("utf-8"))["description"]
}
ROWS = 2_000
MOST_AT_A_BOUND = 0.03


def cases(*keys: str) -> pytest.MarkDecorator:
    """The descriptions that say something of what is tested."""
    named = [name for name, item in DESCRIPTIONS.items() if any(key in item for key in keys)]
    return pytest.mark.parametrize("name", named)


@cache
def setting_of(name: str) -> Setting:
    return recognise(parse(DESCRIPTIONS[name]["text"]))


@cache
def answer_of(name: str) -> Answer:
    return elicit(parse(DESCRIPTIONS[name]["text"]))


@cache
def patients_of(name: str) -> pd.DataFrame:
    return sample(compile_cohort(answer_of(name).spec), ROWS, seed=1)


def variable_of(name: str, wanted: str) -> Variable:
    """The variable with a name, or the one that the catalogue knows by it."""
    variables = {variable.name: variable for variable in answer_of(name).spec.variables}
    if wanted in variables:
        return variables[wanted]
    for variable in variables.values():
        entry = find(variable.name, variable.label, variable.unit).entry
        if entry is not None and entry.name == wanted:
            return variable
    raise AssertionError(f"{wanted} is not among {', '.join(variables)}")


def numbers_of(name: str, wanted: str) -> np.ndarray:
    variable = variable_of(name, wanted)
    assert variable.type in NUMERIC_TYPES
    return patients_of(name)[variable.name].dropna().to_numpy(dtype=float)


@cases("conditions")
def test_conditions_are_recognised_the_foremost_first(name: str) -> None:
    found = [condition.name for condition in setting_of(name).conditions]
    wanted = DESCRIPTIONS[name]["conditions"]
    assert found[:1] == wanted[:1]
    assert [condition for condition in found if condition in wanted] == wanted


@cases("never")
def test_what_is_denied_or_merely_counted_is_not_who_the_patients_are(name: str) -> None:
    found = {condition.name for condition in setting_of(name).conditions}
    assert not found & set(DESCRIPTIONS[name]["never"])


@cases("sex")
def test_one_sex(name: str) -> None:
    assert setting_of(name).only == DESCRIPTIONS[name]["sex"]


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_children(name: str) -> None:
    assert setting_of(name).children == DESCRIPTIONS[name].get("children", False)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_years_and_length_of_follow_up(name: str) -> None:
    setting = setting_of(name)
    assert setting.year == pytest.approx(DESCRIPTIONS[name].get("year", 0), abs=1)
    assert setting.followup_years == pytest.approx(DESCRIPTIONS[name].get("followup", 0), rel=0.1)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_specification_holds_and_names_each_variable_once(name: str) -> None:
    spec = answer_of(name).spec
    spec.validate()
    names = [variable.name for variable in spec.variables]
    assert len(names) == len(set(names)) >= 1


@cases("holds", "lacks")
def test_variables_that_such_a_table_has(name: str) -> None:
    for wanted in DESCRIPTIONS[name].get("holds", ()):
        assert variable_of(name, wanted)
    names = {variable.name for variable in answer_of(name).spec.variables}
    assert not names & set(DESCRIPTIONS[name].get("lacks", ()))


@cases("bounds")
def test_criteria_hold_for_all_without_a_pile_of_patients_at_the_limit(name: str) -> None:
    for wanted, (low, high) in DESCRIPTIONS[name]["bounds"].items():
        values = numbers_of(name, wanted)
        assert values.min() >= low, wanted
        assert values.max() <= high, wanted
        for end in (low, high):
            at_end, beside = (np.isclose(values, end)).mean(), _beside(values, end)
            assert at_end <= max(MOST_AT_A_BOUND, 2 * beside), (wanted, end, at_end, beside)


def _beside(values: np.ndarray, end: float) -> float:
    """The share of the value nearest to an end: whole numbers have many patients each."""
    others = values[~np.isclose(values, end)]
    nearest = others[np.abs(others - end).argmin()]
    return float(np.isclose(values, nearest).mean())


@cases("means")
def test_means_are_plausible(name: str) -> None:
    means = {wanted: numbers_of(name, wanted).mean() for wanted in DESCRIPTIONS[name]["means"]}
    limits = DESCRIPTIONS[name]["means"]
    assert not {k: mean for k, mean in means.items() if not limits[k][0] <= mean <= limits[k][1]}


@cases("shares")
def test_shares_are_plausible(name: str) -> None:
    for wanted, codes in DESCRIPTIONS[name]["shares"].items():
        column = patients_of(name)[variable_of(name, wanted).name].dropna().astype(str)
        for code, (low, high) in codes.items():
            assert low <= (column == code).mean() <= high, (wanted, code)


@cases("provenance")
def test_provenance(name: str) -> None:
    for wanted, provenance in DESCRIPTIONS[name]["provenance"].items():
        assert variable_of(name, wanted).provenance == provenance


@cases("unread")
def test_what_nobody_can_read_is_listed(name: str) -> None:
    listed = " ".join(answer_of(name).origin.not_understood)
    for words in DESCRIPTIONS[name]["unread"]:
        assert words in listed
