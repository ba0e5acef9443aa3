"""Figures in prose that stand beside a place, a unit, a direction or another variable."""

from __future__ import annotations

import pytest

from synth_magic.description.prose import read_prose
from tests.description.test_prose import facts

FIGURES = [
    ("eGFR mean 61 (SD 20), falling with age", "egfr.mean=61 egfr.sd=20 egfr~age.direction=-1"),
    ("eGFR 61, rising with BMI", "egfr.mean=61 egfr~bmi.direction=1"),
    ("FEV1, 50% male", "sex:male=0.5"),
    ("FEV1 50%, male 60%", "fev1.mean=50 sex:male=0.6"),
    ("COPD patients: FEV1, 50% male", "sex:male=0.5"),
    ("children aged 2 to 5 years in Kenya", "age.min=2 age.max=5"),
    ("people aged 6-59 months in rural Kenya", "age.min=6 age.max=59"),
    ("people aged 40-85 in primary care", "age.min=40 age.max=85"),
    ("people with gout, mean age 62 in Germany", "age.mean=62"),
    ("people with gout, mean age 62 in Germany and 58 in France", ""),
    ("people with gout, 10 year risk of stroke", ""),
    ("creatinine in µmol/L median 110", "creatinine.p50=110"),
]


@pytest.mark.parametrize(("text", "stated"), FIGURES)
def test_figures(text: str, stated: str) -> None:
    assert sorted(facts(read_prose(text, 0))) == sorted(stated.split())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("age, weight, and waist circumference too", ["age", "weight", "waist_circumference"]),
        ("Data on PHQ-9 and the score itself, age", ["phq_9", "age"]),
    ],
)
def test_names_end_before_words_that_only_join_them(text: str, named: list[str]) -> None:
    assert [variable.name for variable in read_prose(text, 0).variables] == named
