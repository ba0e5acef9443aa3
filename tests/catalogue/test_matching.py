"""Which entry a name stands for. A wrong one is worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find, usual_limits
from synth_magic.description.model import Code

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
    ("death_log", ""),
    ("Weight change", ""),
    ("hypertension", "Drugs for the heart"),
    ("Pressure", ""),
    ("cr", "Cost ratio"),
    ("%", "(n)"),
    ("", ""),
]
NOT_EXACT = [
    ("haemoglobn", "haemoglobin"),
    ("serum cholestrol", "total_cholesterol"),
    ("hypertention at baseline", "hypertension"),
    ("tryglycerides", "triglycerides"),
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
     ("creatinine_umol_l", "umol/L"), ("hba1c_mmol_mol", "mmol/mol"), ("Height (m)", "m"),
     ("chol_mgdl", "mg/dL"), ("cholmgdl", "mg/dL"), ("creat_umol", "umol/L"), ("alt_iul", "U/L"),
     ("ldl_mmoll", "mmol/L")],
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


@pytest.mark.parametrize(("name", "entry"), NOT_EXACT)
def test_a_misspelt_name_is_taken_for_the_right_one(name: str, entry: str) -> None:
    match = find(name)
    assert match.entry is not None
    assert match.entry.name == entry
    assert not match.exact
    assert find(match.entry.label).exact


@pytest.mark.parametrize(
    ("name", "label", "entry"),
    [("ht", "Hypertension", "hypertension"), ("weight", "Birth weight", "birth_weight"),
     ("birth_weight", "Weight", "birth_weight"), ("stage", "Histologic stage", "histologic_stage")],
)  # fmt: skip
def test_the_label_decides_where_the_name_is_short_or_says_less(
    name: str, label: str, entry: str
) -> None:
    match = find(name, label)
    assert match.entry is not None
    assert match.entry.name == entry


def test_name_and_label_that_disagree_are_no_match() -> None:
    match = find("creatinine", "Hypertension")
    assert match.entry is None
    assert "“Hypertension”" in match.reason


@pytest.mark.parametrize(
    ("unit", "entry"), [("%", "neutrophil_share"), ("10^9/L", "neutrophils"), ("", "neutrophils")]
)
def test_the_unit_may_be_part_of_what_an_entry_is_called(unit: str, entry: str) -> None:
    match = find("neutrophils", unit=unit)
    assert match.entry is not None
    assert match.entry.name == entry


def test_a_yes_or_no_is_not_a_number_nor_a_number_a_code() -> None:
    yes_no = (Code("no"), Code("yes"))
    assert find("weight", codes=yes_no).entry is None
    assert find("weight", variable_type="integer").entry is not None
    assert find("diabetes", variable_type="continuous").entry is None
    assert find("diabetes", codes=yes_no).entry is not None
    assert find("age", variable_type="date").entry is None


def test_every_entry_is_found_by_its_own_name() -> None:
    entries = catalogue().entries.values()
    found = {e.name: find(e.name, unit=e.unit, variable_type=e.type).entry for e in entries}
    assert [entry.name for entry in entries if found[entry.name] is not entry] == []


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=20))
def test_no_text_is_too_strange(name: str, label: str, unit: str) -> None:
    match = find(name, label, unit)
    assert (match.entry is None) == (match.unit is None)


@given(
    st.lists(st.sampled_from([*"-_./()[],%+", " ", "weight", "mg", "dL", "at", "3", "of"])),
    st.sampled_from(["", "kg", "%", "mg/dL"]),
)
def test_no_pieces_of_names_are_too_strange(pieces: list[str], unit: str) -> None:
    match = find("".join(pieces), " ".join(pieces), unit)
    assert match.entry is None or match.unit is not None


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
