from __future__ import annotations

import pytest

from synth_magic.description.conventions import COUNT_SHARE, MEAN_SD, MEDIAN_IQR
from synth_magic.description.labels import Label, is_missing, read_label, sex_of


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Age, years", Label("Age", "years")),
        ("Age — yr", Label("Age", "yr")),
        ("Mean age (SD), y", Label("Age", "y", MEAN_SD)),
        ("Age (years), mean (SD)", Label("Age", "years", MEAN_SD)),
        ("Age range", Label("Age", "", ("min", "max"))),
        ("Median (IQR) NT-proBNP — pg/ml", Label("NT-proBNP", "pg/ml", MEDIAN_IQR)),
        ("LVEF, mean (SD), %", Label("LVEF", "%", MEAN_SD)),
        ("HbA1c, %<sup>a</sup>", Label("HbA1c", "%")),
        ("Raceᵃ, %", Label("Race", "", ("share",))),
        ("Race or ethnic group — no. (%)‡", Label("Race or ethnic group", "", COUNT_SHARE)),
        ("Diabetes n (%)", Label("Diabetes", "", COUNT_SHARE)),
        ("Other therapies (n, %)", Label("Other therapies", "", COUNT_SHARE)),
        ("Diabetes, type 2", Label("Diabetes, type 2")),
        ("CVD (age ≥ 50)<sup>a,b</sup>", Label("CVD (age ≥ 50)")),
        ("eGFR (mL/min/1.73 m²)", Label("eGFR", "mL/min/1.73 m²")),
        ("White-cell count, ×10⁹/L", Label("White-cell count", "×10⁹/L")),
        ("Mean arterial pressure, mm Hg", Label("Mean arterial pressure", "mm Hg")),
        ("Number of lesions", Label("Number of lesions")),
        ("Mean (SD)", Label("", "", MEAN_SD)),
        ("• Current smoking^a", Label("Current smoking")),
        ("N+", Label("N+")),
        ("No", Label("No")),
        ("<b>Age</b>", Label("<b>Age</b>")),
        ("&nbsp;&lt;1", Label("&lt;1")),
        ("&lt;b&gt;", Label("&lt;b&gt;")),
    ],
)
def test_a_label_is_freed_of_unit_marks_and_convention(text: str, label: Label) -> None:
    assert read_label(text) == label


@pytest.mark.parametrize("name", ["Female sex", "Women", "Sex: female", "Gender (female)"])
def test_a_label_may_name_a_sex(name: str) -> None:
    assert sex_of(name) == "female"


@pytest.mark.parametrize("name", ["Menopause", "Sex", "Male partner", ""])
def test_other_labels_name_no_sex(name: str) -> None:
    assert sex_of(name) == ""


@pytest.mark.parametrize("name", ["Missing", "Unknown", "Not classified", "Missing data"])
def test_some_levels_stand_for_patients_without_a_value(name: str) -> None:
    assert is_missing(name)
