from __future__ import annotations

import pytest

from synth_magic.description import Code, DescribedVariable, Description, parse
from synth_magic.errors import DescriptionError
from synth_magic.spec.model import Within

NO_YES = (Code("no"), Code("yes"))
SEXES = (Code("female"), Code("male"))
TRIAL = """Characteristic\tActive (N=200)\tPlacebo (N=300)\tP value
Age — yr\t66.2±11.0\t66.5±10.8\t0.72
Female sex — no. (%)\t50 (25.0)\t60 (20.0)\t0.19
Race — no. (%)†
White\t140 (70.0)\t210 (70.0)\t
Black\t20 (10.0)\t30 (10.0)\t
Asian\t40 (20.0)\t60 (20.0)\t
Median NT-proBNP (IQR) — pg/ml\t1428 (857–2655)\t1446 (857–2641)\t
Medical history — no. (%)
Stroke\t100 (50.0)\t150 (50.0)\t
Hypertension\t180 (90.0)\t270 (90.0)\t

* Plus–minus values are means ±SD.
"""


def names(description: Description) -> list[str]:
    return [variable.name for variable in description.variables]


def variable(description: Description, name: str) -> DescribedVariable:
    return next(v for v in description.variables if v.name == name)


def values(description: Description, name: str, arm: str = "") -> dict[tuple[str, str], float]:
    within = Within("Arm", arm) if arm else None
    facts = [f for f in description.facts if f.variable == name and f.within == within]
    return {(f.statistic, f.code): f.value for f in facts}


def unread(description: Description) -> list[str]:
    return [quote.text for quote in description.not_understood]


def test_the_arms_of_a_trial_are_a_variable() -> None:
    trial = parse(TRIAL)
    arms = (Code("Active"), Code("Placebo"))
    assert trial.variables[0] == DescribedVariable("Arm", "Treatment arm", "binary", codes=arms)
    assert values(trial, "Arm") == {("share", "Active"): 0.4, ("share", "Placebo"): 0.6}
    assert trial.rows == 500


def test_each_arm_keeps_its_own_figures() -> None:
    trial = parse(TRIAL)
    assert values(trial, "Age", "Active") == {("mean", ""): 66.2, ("sd", ""): 11.0}
    assert values(trial, "Age", "Placebo") == {("mean", ""): 66.5, ("sd", ""): 10.8}
    assert values(trial, "NT-proBNP", "Placebo") == {
        ("p50", ""): 1446,
        ("p25", ""): 857,
        ("p75", ""): 2641,
    }
    assert values(trial, "Age") == {}


def test_a_trial_is_read_without_indentation() -> None:
    trial = parse(TRIAL)
    assert names(trial) == ["Arm", "Age", "Sex", "Race", "NT-proBNP", "Stroke", "Hypertension"]
    assert variable(trial, "Race").codes == (Code("White"), Code("Black"), Code("Asian"))
    assert unread(trial) == []


def test_a_lone_percentage_is_a_variable_with_no_and_yes() -> None:
    table = parse("Diabetes, n (%) | 45 (15.1)\n")
    assert table.variables == (DescribedVariable("Diabetes", type="binary", codes=NO_YES),)
    assert values(table, "Diabetes") == {("share", "yes"): 0.151}


@pytest.mark.parametrize("label", ["Female sex", "Women", "Sex, female", "Females"])
def test_a_lone_sex_is_the_variable_sex(label: str) -> None:
    table = parse(f"{label} — no. (%) | 45 (15.1)\n")
    assert table.variables == (DescribedVariable("Sex", label, "binary", codes=SEXES),)
    assert values(table, "Sex") == {("share", "female"): 0.151}


def test_both_sexes_in_rows_of_their_own_are_one_variable() -> None:
    table = parse("Male, n (%) | 60 (60%)\nFemale, n (%) | 40 (40%)\n")
    assert names(table) == ["Sex"]
    assert values(table, "Sex") == {("share", "male"): 0.6, ("share", "female"): 0.4}


@pytest.mark.parametrize("mark", ["  ", "- ", "• ", "&nbsp;&nbsp;", "\u2003"])
def test_levels_are_indented_or_marked_under_their_heading(mark: str) -> None:
    table = parse(
        "| | N=200 |\n|---|---|\n| NYHA class | |\n"
        f"|{mark}I | 20 (10%) |\n|{mark}II | 180 (90%) |\n"
    )
    assert table.variables == (
        DescribedVariable("NYHA class", type="binary", codes=(Code("I"), Code("II"))),
    )
    assert values(table, "NYHA class") == {("share", "I"): 0.1, ("share", "II"): 0.9}


@pytest.mark.parametrize(
    ("levels", "kind"),
    [
        (["I", "II", "III"], "ordinal"),
        (["<65", "65–74", "≥75"], "ordinal"),
        (["Mild", "Moderate", "Severe"], "ordinal"),
        (["Stage 1", "Stage 2", "Stage 3"], "ordinal"),
        (["Europe", "Asia", "Africa"], "categorical"),
    ],
)
def test_levels_that_name_ranks_are_ordinal(levels: list[str], kind: str) -> None:
    rows = "".join(
        f"  {level} | {share}%\n" for level, share in zip(levels, (20, 30, 50), strict=True)
    )
    table = parse(f"Group, % |\n{rows}")
    assert variable(table, "Group").type == kind
    assert [code.code for code in variable(table, "Group").codes] == levels


def test_what_may_occur_together_is_a_variable_each() -> None:
    table = parse("Comorbidities, n (%) |\n  Diabetes | 30 (30%)\n  Stroke | 20 (20%)\n")
    assert names(table) == ["Diabetes", "Stroke"]


def test_a_checklist_may_have_figures_of_its_own() -> None:
    table = parse("Comorbidity | 91 (48%)\n  Diabetes | 36 (19%)\n  Stroke | 15 (8%)\n")
    assert names(table) == ["Comorbidity", "Diabetes", "Stroke"]


def test_the_same_item_under_two_headings_is_told_apart() -> None:
    table = parse("Comorbidities, % |\n  Other | 30%\nMedication, % |\n  Other | 20%\n")
    assert names(table) == ["Other", "Medication: Other"]


def test_statistics_may_have_a_row_each() -> None:
    table = parse("""
                       Overall
                       (N=299)
Age (years)
  Mean (SD)            60.8 (11.9)
  Median [Min, Max]    60.0 [40.0, 95.0]
  Missing              3 (1.0%)
Sex
  Female               105 (35.1%)
  Male                 194 (64.9%)
""")
    assert variable(table, "Age") == DescribedVariable(
        "Age", unit="years", decimals=1, low=40, high=95
    )
    assert values(table, "Age") == {
        ("mean", ""): 60.8, ("sd", ""): 11.9, ("p50", ""): 60, ("min", ""): 40, ("max", ""): 95,
        ("missing", ""): 0.01,
    }  # fmt: skip
    assert table.rows == 299


def test_levels_below_a_score_with_quartiles_are_its_groups() -> None:
    table = parse("Score, median (IQR) | 1 (0–2)\n  0–1 | 75%\n  2–5 | 25%\n")
    assert names(table) == ["Score", "Score group"]
    assert values(table, "Score group") == {("share", "0–1"): 0.75, ("share", "2–5"): 0.25}


def test_labels_and_levels_may_have_a_column_each() -> None:
    table = parse("""
| Characteristic | | A (n = 1,029) | B (n = 1,032) |
|:---|:---|---:|---:|
| Age (years) | Median (IQR) | 68 (63 to 73) | 69 (63 to 73) |
| | Range | 37 to 86 | 45 to 87 |
| Pain | Absent | 826 (81%) | 855 (83%) |
| | Present | 198 (19%) | 172 (17%) |
| | Missing | 5 | 5 |
""")
    assert names(table) == ["Arm", "Age", "Pain"]
    assert values(table, "Age", "A") == {
        ("p50", ""): 68, ("p25", ""): 63, ("p75", ""): 73, ("min", ""): 37, ("max", ""): 86
    }  # fmt: skip
    assert values(table, "Pain", "A")["missing", ""] == pytest.approx(5 / 1029)


def test_shares_are_those_of_the_patients_with_a_value() -> None:
    table = parse("Race, n (%) |\n  White | 50 (50%)\n  Black | 40 (40%)\n  Unknown | 10 (10%)\n")
    assert values(table, "Race") == {
        ("share", "White"): pytest.approx(50 / 90),
        ("share", "Black"): pytest.approx(40 / 90),
        ("missing", ""): pytest.approx(0.1),
    }


def test_counts_alone_are_divided_by_the_patients() -> None:
    table = parse("Characteristic | Overall (N=200)\nDiabetes, n | 50\n")
    assert values(table, "Diabetes") == {("share", "yes"): 0.25}


def test_counts_and_percentages_may_have_a_column_each() -> None:
    table = parse(
        "Variable,Drug n,Drug %,Placebo n,Placebo %\nPatients,50,,60,\nStroke,5,10,15,25\n"
    )
    assert values(table, "Stroke", "Drug") == {("share", "yes"): 0.1}
    assert values(table, "Stroke", "Placebo") == {("share", "yes"): 0.25}
    assert table.rows == 110


def test_a_total_counts_only_where_no_arm_states_the_same() -> None:
    table = parse(
        "| | Total (n=20) | A (n=10) | B (n=10) |\n|---|---|---|---|\n"
        "| Age, mean (SD) | 60 (9) | 59 (9) | 61 (9) |\n| BMI, mean (SD) | 28 (4) | | |\n"
    )
    assert values(table, "Age") == {}
    assert values(table, "BMI") == {("mean", ""): 28, ("sd", ""): 4}


def test_an_empty_cell_leaves_its_arm_without_a_fact() -> None:
    table = parse("""
Characteristic         A (n=203)     B (n=96)      P
Age, yr                58.8±10.6     65.2±13.2     <0.001
Years since quitting                 17.1±10.9
""")
    assert values(table, "Years since quitting", "A") == {}
    assert values(table, "Years since quitting", "B") == {("mean", ""): 17.1, ("sd", ""): 10.9}


def test_a_long_label_does_not_move_figures_to_another_arm() -> None:
    table = parse("""
Characteristic         A (n=203)     B (n=96)      P
Age, yr                58.8±10.6     65.2±13.2     <0.001
Serum creatinine at baseline, mg/dL, median (IQR)  1.0 (0.9–1.2)  1.3 (1.1–1.9)
Serum sodium at baseline before treatment, mean (SD)   137.2 (4.0)
""")
    assert values(table, "Serum creatinine at baseline", "B") == {
        ("p50", ""): 1.3,
        ("p25", ""): 1.1,
        ("p75", ""): 1.9,
    }
    assert unread(table) == ["Serum sodium at baseline before treatment, mean (SD)   137.2 (4.0)"]


def test_excel_pastes_headings_with_line_breaks() -> None:
    table = parse(
        'Characteristic\t"Drug\nn = 40"\t"Placebo\nn = 60"\nAge, y, mean (SD)\t60 (9)\t61 (9)\n'
    )
    assert [code.code for code in table.variables[0].codes] == ["Drug", "Placebo"]
    assert values(table, "Arm") == {("share", "Drug"): 0.4, ("share", "Placebo"): 0.6}


def test_decimals_are_those_of_medians_and_ranges_not_of_means() -> None:
    table = parse("Age, mean (SD) | 60.8 (11.9)\nHbA1c, median [IQR], % | 7.4 [6.9–8.2]\n")
    assert variable(table, "Age").decimals is None
    assert variable(table, "HbA1c").decimals == 1


def test_hba1c_in_percent_is_a_quantity() -> None:
    table = parse("HbA1c, % | 8.7 ± 1.6\nStatin use, % | 45.1\n")
    assert values(table, "HbA1c") == {("mean", ""): 8.7, ("sd", ""): 1.6}
    assert values(table, "Statin use") == {("share", "yes"): 0.451}


@pytest.mark.parametrize(
    "row",
    ["Enrolment period | 2017–2018", "Score | 12 (3)", "Colour | red", "Marker | NaN (NaN)"],
)
def test_what_is_ambiguous_is_listed(row: str) -> None:
    table = parse(f"Age, mean (SD) | 60.8 (11.9)\n{row}\n")
    assert names(table) == ["Age"]
    assert unread(table) == [row]


@pytest.mark.parametrize("row", ["Weight, kg | 51 (43–70)", "Marker, mean (SD) | NaN (NaN)"])
def test_a_quantity_is_kept_though_its_figures_are_not_understood(row: str) -> None:
    table = parse(f"Age, mean (SD) | 60.8 (11.9)\n{row}\n")
    assert names(table) == ["Age", row.partition(",")[0]]
    assert {fact.variable for fact in table.facts} == {"Age"}
    assert unread(table) == [row]


def test_a_count_that_the_percentages_leave_out_is_listed() -> None:
    table = parse("N stage, n (%) |\n  N0 | 36 (36%)\n  N1 | 64 (64%)\n  NX | 12\n")
    assert values(table, "N stage") == {("share", "N0"): 0.36, ("share", "N1"): 0.64}
    assert unread(table) == ["NX | 12"]


def test_names_and_codes_are_kept_as_they_stand() -> None:
    table = parse(
        "| | N=10 |\n|---|---|\n| <b>سن</b> | |\n|   e\u0301 | 5 (50%) |\n|   ب | 5 (50%) |\n"
    )
    assert names(table) == ["<b>سن</b>"]
    assert [code.code for code in table.variables[0].codes] == ["e\u0301", "ب"]


@pytest.mark.parametrize("row", ["| Age | 60 (9) | 61 (9) | 62 (9) |", "| Age | 60 (9) |"])
def test_a_ragged_row_is_refused(row: str) -> None:
    with pytest.raises(DescriptionError, match=r"line 3 .* has [24] cells where the table has 3"):
        parse(f"| | A (n=5) | B (n=5) |\n|---|---|---|\n{row}\n")


def test_three_hundred_arms_are_read() -> None:
    heading = ",".join(f"Arm {i} (N=1{i:03})" for i in range(300))
    table = parse(f"Variable,{heading}\nAge{',5.1 (1.2)' * 300}\n")
    assert len(table.variables[0].codes) == 300
    assert len(table.facts) == 900


@pytest.mark.parametrize(
    ("heading", "indent"),
    [
        (" | All (N=100)\nSex, n (%)", "  "),
        (" | All (N=100)\nSex, n (%)", ""),
        (", n (%) | All (N=100)\nSex", "  "),
        (" | All (N=100)\nSex", "  "),
    ],
)
def test_the_brackets_of_a_count_hold_no_unit(heading: str, indent: str) -> None:
    table = parse(
        f"Characteristic{heading}\n{indent}Female (F) | 40 (40)\n{indent}Male (M) | 60 (60)\n"
        "Age (years) | 60 (10)\n"
    )
    assert values(table, "Sex") == {("share", "Female (F)"): 0.4, ("share", "Male (M)"): 0.6}
    assert values(table, "Age") == {("mean", ""): 60, ("sd", ""): 10}


def test_levels_that_sum_to_all_need_no_number_of_patients() -> None:
    table = parse("BMI, n (%) |\n  Normal | 35 (40)\n  Obese (kg/m2) | 52 (60)\n")
    assert values(table, "BMI") == {("share", "Normal"): 0.4, ("share", "Obese (kg/m2)"): 0.6}


def test_a_column_of_missing_values_counts_them_whatever_the_row_is() -> None:
    table = parse("Characteristic | All (N=50) | Missing, n\nBMI (kg/m2) | 27.1 (4.5) | 5\n")
    assert values(table, "BMI") == {("mean", ""): 27.1, ("sd", ""): 4.5, ("missing", ""): 0.1}


@pytest.mark.parametrize("size", ["N=0", "N=-5", "N=", "n = "])
def test_a_column_of_no_patients_is_refused(size: str) -> None:
    with pytest.raises(DescriptionError, match=r"the column 'Placebo \(.*\)' states no patients"):
        parse(f"| | Drug (N=9) | Placebo ({size}) |\n|---|---|---|\n| Age | 60 (9) | 0 (0) |\n")
    with pytest.raises(DescriptionError, match="the column 'Placebo' states no patients"):
        parse("| | Drug | Placebo |\n|---|---|---|\n| Patients | 9 | 0 |\n| Age | 60 (9) | 0 (0) |")


def test_a_unit_after_the_statistics_is_that_of_the_variable() -> None:
    rows = "| Age | 64 (SD 9) years |\n| Weight | 180 (SD 40) lb |\n| BMI | 27 (SD 4) |\n"
    described = parse(f"| Variable | Statistics |\n|---|---|\n{rows}")
    assert [(v.name, v.unit) for v in described.variables] == [
        ("Age", "years"), ("Weight", "lb"), ("BMI", ""),
    ]  # fmt: skip
    assert [fact.value for fact in described.facts] == [64, 9, 180, 40, 27, 4]
    assert described.not_understood == ()
