"""Units: how they are spelt, and what a marginal is in another one."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.units import converted, plain_unit, unit_of, usual_in
from synth_magic.spec.model import By, MeanSD, Quantiles

SPELLINGS = {
    "hba1c": {"%": "%", "mmol/mol": "mmol/mol", "percent": "%"},
    "creatinine": {"mg/dl": "mg/dL", "µmol/L": "umol/L", "μmol/l": "umol/L", "umol/l": "umol/L"},
    "white_cells": {
        "10^9/L": "10^9/L", "×10⁹/L": "10^9/L", "x10^9 / l": "10^9/L", "10*9/L": "10^9/L",
        "10e9/L": "10^9/L", "K/uL": "10^9/L", "10^3/µL": "10^9/L", "cells/mm3": "/uL", "/µl": "/uL",
    },
    "bmi": {"kg/m²": "kg/m2", "kg/m^2": "kg/m2", "kg m-2": "kg/m2", "kg·m⁻²": "kg/m2"},
    "egfr": {"ml/min/1.73m²": "mL/min/1.73 m2", "mL/min per 1.73 m2": "mL/min/1.73 m2"},
    "heart_rate": {"beats/min": "bpm", "beats per minute": "bpm", "min-1": "bpm", "/min": "bpm"},
    "temperature": {"°C": "°C", "deg C": "°C", "Celsius": "°C", "F": "°F", "degrees F": "°F"},
    "systolic_bp": {"mm Hg": "mmHg", "mmHg": "mmHg", "kPa": "kPa"},
    "weight": {"kg": "kg", "lbs": "lb", "pounds": "lb", "stone": "st"},
    "age": {"y": "years", "yrs": "years", "year": "years"},
    "alt": {"IU/L": "U/L", "U/l": "U/L", "units/L": "U/L"},
    "sodium": {"mEq/L": "mEq/L", "meq/l": "mEq/L", "mmol/l": "mmol/L"},
}  # fmt: skip
FOREIGN = [("weight", "g"), ("hba1c", "mg/dL"), ("age", "days"), ("creatinine", "nmol/L"),
           ("white_cells", "10^12/L"), ("bmi", "kg"), ("albumin", "mg/g")]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spelling", "unit"),
    [(name, spelling, unit) for name, own in SPELLINGS.items() for spelling, unit in own.items()],
)
def test_a_unit_is_known_however_it_is_spelt(name: str, spelling: str, unit: str) -> None:
    known = unit_of(catalogue().entries[name], spelling)
    assert known is not None
    assert known.unit == unit


@pytest.mark.parametrize(("name", "unit"), FOREIGN)
def test_a_unit_that_an_entry_does_not_have_is_none(name: str, unit: str) -> None:
    assert unit_of(catalogue().entries[name], unit) is None


def test_a_whole_paragraph_is_no_unit() -> None:
    assert unit_of(catalogue().entries["weight"], "y" * 100_000) is None


def test_without_a_unit_it_is_the_entry_s_own() -> None:
    known = unit_of(catalogue().entries["weight"], " ")
    assert known is not None
    assert (known.unit, known.convert(70)) == ("kg", 70)


def test_units_of_one_entry_are_told_apart() -> None:
    for entry in catalogue().entries.values():
        spelt = [plain_unit(unit.unit) for unit in entry.units]
        assert len(set(spelt)) == len(spelt)


# Known equivalents, from outside the catalogue.
@pytest.mark.parametrize(
    ("name", "unit", "value", "equivalent"),
    [
        ("hba1c", "mmol/mol", 7.0, 53.0),
        ("hba1c", "mmol/mol", 6.5, 48.0),
        ("temperature", "F", 37.0, 98.6),
        ("creatinine", "umol/L", 1.0, 88.4),
        ("glucose", "mmol/L", 126.0, 7.0),
        ("total_cholesterol", "mmol/L", 200.0, 5.17),
        ("weight", "lb", 100.0, 220.46),
        ("height", "in", 180.0, 70.87),
        ("systolic_bp", "kPa", 120.0, 16.0),
    ],
)
def test_conversions_give_the_known_equivalents(
    name: str, unit: str, value: float, equivalent: float
) -> None:
    known = unit_of(catalogue().entries[name], unit)
    assert known is not None
    assert known.convert(value) == pytest.approx(equivalent, rel=0.01)


def test_a_whole_marginal_is_converted() -> None:
    hba1c = catalogue().entries["hba1c"]
    mmol = unit_of(hba1c, "mmol/mol")
    assert mmol is not None
    moved = converted(hba1c.marginal, mmol)
    assert isinstance(moved, Quantiles)
    assert isinstance(hba1c.marginal, Quantiles)
    assert moved.p50 == pytest.approx(mmol.convert(hba1c.marginal.p50), abs=0.01)
    assert moved.max == pytest.approx(mmol.convert(hba1c.marginal.max), abs=0.01)


def test_an_sd_is_scaled_and_not_shifted() -> None:
    temperature = catalogue().entries["temperature"]
    fahrenheit = unit_of(temperature, "°F")
    assert fahrenheit is not None
    moved = converted(temperature.marginal, fahrenheit)
    assert isinstance(moved, MeanSD)
    assert moved.mean == pytest.approx(97.95, abs=0.01)
    assert moved.sd == pytest.approx(0.63, abs=0.001)


def test_every_cell_of_a_marginal_by_sex_is_converted() -> None:
    height = catalogue().entries["height"]
    metres = unit_of(height, "m")
    assert metres is not None
    moved = converted(height.marginal, metres)
    assert isinstance(moved, By)
    medians = [cell.marginal.p50 for cell in moved.cells if isinstance(cell.marginal, Quantiles)]
    assert medians == pytest.approx([1.61, 1.75], abs=0.01)


# Worked by hand, from outside the catalogue: molar masses 180.16 (glucose), 386.65 (cholesterol),
# 113.12 (creatinine), 885.4 (triglycerides) and 584.7 (bilirubin) g/mol; for HbA1c the master
# equation NGSP = 0.0915 * IFCC + 2.15.
@pytest.mark.parametrize(
    ("name", "unit", "low", "high"),
    [
        ("glucose", "mg/dL", None, 100),
        ("glucose", "mmol/L", None, 5.55),
        ("hba1c", "mmol/mol", None, 38.8),
        ("ldl", "mmol/L", None, 3.36),
        ("hdl", "mmol/l", 1.03, None),
        ("triglycerides", "mmol/L", None, 1.69),
        ("creatinine", "µmol/L", 44.2, 114.9),
        ("bilirubin", "umol/L", 5.13, 17.1),
        ("haemoglobin", "g/L", 120, 170),
        ("platelets", "/uL", 150_000, 410_000),
        ("crp", "mg/dL", None, 0.8),
        ("temperature", "°F", 96.71, 99.19),
        ("systolic_bp", "kPa", None, 18.67),
        ("sodium", "mEq/L", 136, 145),
    ],
)
def test_usual_limits_are_in_the_unit_asked_for(
    name: str, unit: str, low: float | None, high: float | None
) -> None:
    usual = usual_in(catalogue().entries[name], unit)
    assert usual is not None
    for end, by_hand in ((usual.low, low), (usual.high, high)):
        assert end == (None if by_hand is None else pytest.approx(by_hand, rel=0.005))


def test_usual_limits_keep_their_source_in_another_unit() -> None:
    glucose = catalogue().entries["glucose"]
    assert glucose.usual is not None
    moved = usual_in(glucose, "mmol/L")
    assert moved is not None
    assert moved.basis == glucose.usual.basis


@pytest.mark.parametrize(
    ("name", "unit"),
    [("glucose", "g/L"), ("bmi", "kg"), ("height", "cm"), ("sex", ""), ("creatinine", "")],
)
def test_no_usual_limits_in_a_foreign_unit_or_where_the_unit_is_open(name: str, unit: str) -> None:
    assert usual_in(catalogue().entries[name], unit) is None


@pytest.mark.parametrize("name", ["bmi", "heart_rate", "sodium"])
def test_usual_limits_need_no_unit_where_there_is_one_scale(name: str) -> None:
    entry = catalogue().entries[name]
    assert usual_in(entry, "") == entry.usual
