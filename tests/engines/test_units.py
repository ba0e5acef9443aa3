"""Figures in another unit than their variable's are converted, or put aside."""

from __future__ import annotations

import pytest

from synth_magic.description.model import DescribedVariable
from synth_magic.description.prose import read_prose
from synth_magic.engines.units import Converted, in_own_units

VARIABLES = (
    DescribedVariable("hba1c", "Glycated haemoglobin", unit="%"),
    DescribedVariable("creatinine", unit="mg/dL"),
    DescribedVariable("weight", unit="kg"),
    DescribedVariable("temperature", unit="°C"),
    DescribedVariable("egfr", unit="mL/min/1.73 m2"),
    DescribedVariable("score", unit="points"),
    DescribedVariable("urate"),
)


def read(words: str) -> Converted:
    text = f"Adults.\n{words}"
    start = len(text) - len(words)
    prose = read_prose(words, start, VARIABLES)
    return in_own_units(words, start, prose.facts, VARIABLES, prose.units)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("mean HbA1c 60 mmol/mol", [7.64]),
        ("HbA1c 60 (SD 10) mmol/mol", [7.64, 0.915]),
        ("mean weight 150 lb", [68.04]),
        ("mean weight 150 lb.", [68.04]),
        ("mean temperature 98.6 °F", [37]),
        ("creatinine 100 µmol/l", [1.131]),
    ],
)
def test_the_catalogue_s_units_are_converted(words: str, figures: list[float]) -> None:
    found = read(words)
    assert [fact.value for fact in found.facts] == figures
    [remark] = found.remarks
    assert remark.count(" is ") == len(figures)


@pytest.mark.parametrize(
    "words",
    [
        "mean HbA1c 7.6 %",
        "mean HbA1c 7.6",
        "creatinine 1.1 mg/dl",
        "eGFR 60 ml/min",
        "HbA1c missing in 20%",
        "urate 400 umol/L",
        "mean weight 80, age falling with eGFR",
    ],
)
def test_what_is_in_its_own_unit_or_in_none_stays(words: str) -> None:
    found = read(words)
    start = len("Adults.\n")
    assert found == Converted(read_prose(words, start, VARIABLES).facts, (), ())


def test_what_cannot_be_converted_is_put_aside_once() -> None:
    found = read("HbA1c 7 (SD 1) mg/dL")
    assert found.facts == ()
    [quote] = found.foreign
    assert (quote.text, quote.start) == ("HbA1c 7 (SD 1) mg/dL", len("Adults.\n"))
    assert found.remarks == ("hba1c is in %, and mean 7 mg/dL cannot be converted.",)
