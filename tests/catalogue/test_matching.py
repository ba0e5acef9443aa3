"""Which entry a name stands for. A wrong one is worse than none."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.matching import find, usual_limits

FOUND = [
    ("Age", "", "years", "age"),
    ("Age at randomisation", "", "", "age"),
    ("age_years", "", "", "age"),
    ("patient's age", "", "", "age"),
    ("PTGENDER", "Sex", "", "sex"),
    ("Body mass index (BMI)", "", "kg/m2", "bmi"),
    ("BMI, kg/m2", "", "", "bmi"),
    ("Left ventricular ejection fraction (LVEF), %", "", "", "ejection_fraction"),
    ("HbA1c (%)", "", "", "hba1c"),
    ("hemoglobin", "", "g/dL", "haemoglobin"),
    ("Haemoglobin", "", "g/L", "haemoglobin"),
    ("serum_creatinine", "", "umol/L", "creatinine"),
    ("Creatinine level at baseline", "", "", "creatinine"),
    ("Initial heart rate", "", "beats/min", "heart_rate"),
    ("leucocyte count", "", "", "white_cells"),
    ("Ischaemic heart disease", "", "", "coronary_disease"),
    ("Ischemic heart disease", "", "", "coronary_disease"),
    ("History of MI", "", "", "myocardial_infarction"),
    ("previous stroke", "", "", "stroke"),
    ("Chronic obstructive lung disease", "", "", "copd"),
    ("LDL‐C", "", "mg/dL", "ldl"),
    ("x17", "Systolic blood pressure", "mm Hg", "systolic_bp"),
    ("death", "Vital status at last follow-up is dead", "", "death"),
    ("sex", "Sex of the participant", "", "sex"),
    ("EF", "Percentage of blood leaving the left ventricle", "%", "ejection_fraction"),
    ("BUN", "", "mg/dL", "urea_nitrogen"),
    ("urea", "", "mg/dL", "urea"),
]
UNKNOWN = [
    ("CURB-65 score", ""),
    ("Diabetes duration", ""),
    ("death_days", ""),
    ("Family history of MI", ""),
    ("Antihypertensive medication", ""),
    ("max_heart_rate", "Maximum heart rate achieved"),
    ("birth_weight", "Weight"),
    ("weight", "Birth weight of the infant"),
    ("hypertension", "Treated hypertension"),
    ("Weight loss", ""),
    ("Pressure", ""),
    ("cr", "Complete remission"),
    ("Tumour", ""),
    ("", ""),
    ("%", "(n)"),
]


@pytest.mark.parametrize(("name", "label", "unit", "entry"), FOUND)
def test_a_variable_is_found_by_name_or_label(name: str, label: str, unit: str, entry: str) -> None:
    match = find(name, label, unit)
    assert match.entry is not None
    assert match.entry.name == entry


@pytest.mark.parametrize(("name", "label"), UNKNOWN)
def test_what_is_only_similar_is_not_found(name: str, label: str) -> None:
    assert find(name, label).entry is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Weight (lb)", "lb"), ("weight_lb", "lb"), ("Weight, pounds", "lb"), ("weight_kg", "kg"),
     ("creatinine_umol_l", "umol/L"), ("hba1c_mmol_mol", "mmol/mol"), ("Height (m)", "m")],
)  # fmt: skip
def test_a_unit_in_the_name_counts(name: str, unit: str) -> None:
    match = find(name)
    assert match.unit is not None
    assert match.unit.unit == unit


@pytest.mark.parametrize(
    ("name", "unit"), [("Weight", "g"), ("weight_g", ""), ("Creatinine, nmol/L", "")]
)
def test_a_unit_of_something_else_is_no_match_and_says_why(name: str, unit: str) -> None:
    match = find(name, unit=unit)
    assert match.entry is None
    assert "is in the catalogue, but not in" in match.reason
    assert "its units are" in match.reason


def test_name_and_label_that_disagree_are_no_match() -> None:
    match = find("ht", "Hypertension")
    assert match.entry is None
    assert "“Hypertension”" in match.reason


def test_usual_limits_are_those_of_the_variable_in_its_unit_and_say_why() -> None:
    usual = usual_limits("x17", "Systolic blood pressure", "mm Hg")
    assert usual is not None
    assert (usual.low, usual.high) == (None, 140)
    assert usual.basis.startswith("no hypertension, adults, measured in the office: European")
    assert "\n" not in usual.basis


def test_the_unit_of_usual_limits_may_stand_in_the_name() -> None:
    usual = usual_limits("creatinine_umol_l")
    assert usual is not None
    assert usual.low == pytest.approx(44.2)


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [
        ("CURB-65 score", "", ""),
        ("max_heart_rate", "Maximum heart rate achieved", "bpm"),
        ("creatinine", "", "nmol/L"),
        ("creatinine", "Serum creatinine", ""),
        ("height", "", "cm"),
        ("sex", "", ""),
        ("", "", ""),
    ],
)
def test_what_is_not_known_has_no_usual_limits(name: str, label: str, unit: str) -> None:
    assert usual_limits(name, label, unit) is None
