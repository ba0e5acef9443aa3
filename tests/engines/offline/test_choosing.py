"""The variables that a table of such patients has."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.description.parse import parse
from synth_magic.engines.offline.choosing import names_nothing, usual
from synth_magic.engines.offline.recognition import recognise


def usual_in(text: str, *named: str) -> list[str]:
    return [variable.name for variable in usual(recognise(parse(text)), named)]


TEXTS = [
    "Patients with heart failure and CKD",
    "Women with breast cancer",
    "Children with asthma",
    "ICU patients with sepsis",
    "Pregnant women",
    "A population survey in China",
    "Elderly people with dementia",
    "Adults",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_dozen_or_more_and_none_twice(text: str) -> None:
    chosen = usual_in(text)
    assert 12 <= len(chosen) <= 20
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(catalogue().entries)


def test_an_outcome_is_among_them() -> None:
    for text in ("Patients with heart failure", "ICU patients with sepsis", "Cirrhosis"):
        assert any(catalogue().entries[name].outcome for name in usual_in(text))


def test_the_second_condition_adds_its_own() -> None:
    alone, both = usual_in("Heart failure"), usual_in("Heart failure and CKD")
    added = set(both) - set(alone)
    assert added & {"egfr", "ckd_stage", "urea_nitrogen", "dialysis", "acr", "phosphate"}
    assert both[:5] == alone[:5]


def test_no_two_say_the_same() -> None:
    chosen = set(usual_in("ICU patients with sepsis"))
    assert len(chosen & {"death", "in_hospital_death", "death_30_days"}) <= 1


def test_what_is_the_same_in_all_patients_is_left_out() -> None:
    assert "sex" not in usual_in("Women with breast cancer")
    assert "heart_failure" not in usual_in("Patients with heart failure")


def test_only_what_such_patients_can_have() -> None:
    assert not {"parity", "menopausal_status"} & set(usual_in("Men with hypertension"))
    assert not {"smoking", "education", "alcohol"} & set(usual_in("Children with asthma"))


def test_only_what_there_was_at_the_time() -> None:
    entries = catalogue().entries
    before = usual_in("Patients with heart failure seen in 1975")
    assert all(entries[name].years_from <= 1975 for name in before)


def test_what_is_named_is_not_chosen_again() -> None:
    chosen = usual_in("Patients with heart failure", "age", "death")
    assert not {"age", "death", "in_hospital_death"} & set(chosen)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("Patients with heart failure", True),
        ("Patients with heart failure, aged over 60", True),
        ("Patients with heart failure, age 70 (SD 11), 60% male", True),
        ("Patients with heart failure: age, sex, NT-proBNP", False),
    ],
)
def test_descriptions_that_name_no_variable(text: str, nothing: bool) -> None:
    assert names_nothing(parse(text)) == nothing
