"""What the user's codes mean."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline.codes import low_to_high, meanings
from tests.engines.offline.builders import named

UNDERSTOOD = [
    ("sex", "sex", "female male", {"female": "female", "male": "male"}),
    ("sex", "sex", "0=male 1=female", {"0": "male", "1": "female"}),
    ("sex", "gender", "M F", {"M": "male", "F": "female"}),
    ("sex", "sex", "1=Men 2=Women", {"1": "male", "2": "female"}),
    ("sex", "male", "0 1", {"0": "female", "1": "male"}),
    ("sex", "Female sex", "no yes", {"no": "male", "yes": "female"}),
    ("death", "death", "0=alive 1=dead", {"0": "no", "1": "yes"}),
    ("death", "status", "survived died", {"survived": "no", "died": "yes"}),
    ("diabetes", "dm", "absent present", {"absent": "no", "present": "yes"}),
    ("diabetes", "dm", "1 0", {"1": "yes", "0": "no"}),
    ("smoking", "smoking", "non-smoker smoker", {"non-smoker": "no", "smoker": "yes"}),
    ("nyha", "NYHA", "1 2 3 4", {"1": "I", "2": "II", "3": "III", "4": "IV"}),
    ("nyha", "nyha", "3=III 4=IV", {"3": "III", "4": "IV"}),
    ("hypertension", "htn", "", {"no": "no", "yes": "yes"}),
]
NOT_UNDERSTOOD = [
    ("sex", "sex", "0 1"),
    ("sex", "sex", "1 2"),
    ("sex", "sex", "male female other"),
    ("smoking", "smoking", "never former current"),
    ("diabetes", "diabetes", "1 2"),
    ("diabetes", "diabetes", "yes present"),
    ("race_ethnicity", "race", "white black other"),
]


@pytest.mark.parametrize(("entry", "name", "codes", "expected"), UNDERSTOOD)
def test_codes_are_understood_by_code_or_label(
    entry: str, name: str, codes: str, expected: dict[str, str]
) -> None:
    assert meanings(named(name, codes=codes), catalogue().entries[entry]) == expected


@pytest.mark.parametrize(("entry", "name", "codes"), NOT_UNDERSTOOD)
def test_codes_that_may_mean_anything_are_not_guessed(entry: str, name: str, codes: str) -> None:
    assert meanings(named(name, codes=codes), catalogue().entries[entry]) is None


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(["2", "1"], ["1", "2"]), (["yes", "no"], ["no", "yes"]), (["SOC", "RT"], ["SOC", "RT"])],
)
def test_the_codes_of_a_binary_variable_rise(codes: list[str], expected: list[str]) -> None:
    assert low_to_high(codes, {}, None) == expected
