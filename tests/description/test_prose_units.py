"""Units of figures in prose."""

from __future__ import annotations

import pytest

from synth_magic.description.prose import read_prose


def test_a_unit_is_no_part_of_a_name() -> None:
    (creatinine,) = read_prose("creatinine in µmol/L median 110", 0).variables
    assert (creatinine.name, creatinine.unit) == ("creatinine", "µmol/L")


@pytest.mark.parametrize(
    ("text", "unit", "mean"),
    [
        ("Weight 180 lb (SD 40).", "lb", 180),
        ("Mean weight 180 pounds (SD 40).", "pounds", 180),
        ("Weight 12 stone (SD 2).", "stone", 12),
        ("Height 70 in (SD 3).", "in", 70),
        ("Height 70 inches (SD 3).", "inches", 70),
        ("Height 5.9 ft (SD 0.3).", "ft", 5.9),
        ("Temperature 98 F (SD 1).", "F", 98),
        ("Temperature 98.6 °F (SD 1).", "°F", 98.6),
        ("Platelets 140,000 per microliter (SD 30,000).", "per microliter", 140_000),
        ("CD4 count 350 cells per mm3 (SD 90).", "cells per mm3", 350),
        ("WBC 8,200/µL (SD 900).", "/µL", 8200),
    ],
)
def test_customary_units_are_those_of_the_figure(text: str, unit: str, mean: float) -> None:
    prose = read_prose(text, 0)
    (variable,) = prose.variables
    assert variable.unit == unit
    assert [fact.statistic for fact in prose.facts] == ["mean", "sd"]
    assert prose.facts[0].value == mean
    assert prose.not_understood == ()


def test_in_before_patients_is_no_unit() -> None:
    height = read_prose("Height 70 in women.", 0).variables[0]
    assert height.unit == ""


def test_a_count_in_a_volume_needs_no_other_word() -> None:
    (platelets,) = read_prose("platelets 140,000 per microliter", 0).facts
    assert (platelets.statistic, platelets.value) == ("mean", 140_000)
