"""What prose says as a whole: the patients, their number, the variables, a table that follows."""

from __future__ import annotations

import pytest

from synth_magic.description.model import Code, DescribedVariable
from synth_magic.description.prose import Prose, read_prose
from synth_magic.spec.model import Fact


def written(fact: Fact) -> str:
    place = f"{fact.variable}:{fact.code}" if fact.code else f"{fact.variable}.{fact.statistic}"
    group = f"@{fact.within.variable}:{fact.within.code}" if fact.within else ""
    return f"{place}={fact.value:.4g}{group}"


def facts(prose: Prose) -> list[str]:
    return [written(fact) for fact in prose.facts]


HANDBOOK = """\
Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), BMI, eGFR falling with age, 12% smokers,
LDL cholesterol missing in 10% of patients.
"""


def test_the_example_of_the_quickstart_comes_out_completely() -> None:
    prose = read_prose(HANDBOOK, 0)
    assert prose.population == (
        "Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male."
    )
    assert " ".join(facts(prose)) == (
        "age.min=40 age.max=85 sex:male=0.56 hba1c.mean=7.4 hba1c.sd=1.3 egfr.direction=-1"
        " smoking:yes=0.12 ldl_cholesterol.missing=0.1"
    )
    assert [v.name for v in prose.variables] == (
        ["age", "sex", "hba1c", "bmi", "egfr", "smoking", "ldl_cholesterol"]
    )
    assert prose.not_understood == ()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("500 patients with gout", 500),
        ("A cohort of 1,200 adults with asthma (n = 1,200)", 1200),
        ("Men with gout (n=300)", 300),
        ("Generate 1000 elderly diabetic patients", 1000),
        ("500 women with gout", 500),
        ("400 COVID-19 inpatients", 400),
        ("10 million patients", 10_000_000),
        ("Between 2015 and 2019 patients were recruited", None),
        ("300 women and 200 men", None),
        ("Two hundred patients with asthma", 200),
        ("Diabetes in 30 of 100 patients", None),
        ("1 in 10 patients smokes", None),
        ("62 year old patients", None),
        ("More than 500 patients", None),
    ],
)
def test_number_of_patients(text: str, rows: int | None) -> None:
    assert read_prose(text, 0).rows == rows


def test_population_is_the_sentences_about_the_patients() -> None:
    text = "500 women with\n  gout. HbA1c 7.4%. They are patients in UK primary care! 12% smoke."
    prose = read_prose(text, 0)
    assert prose.population == "500 women with gout. They are patients in UK primary care!"


def test_names_in_a_list_are_variables() -> None:
    prose = read_prose("Recorded: age, sex, BMI, gait speed and smoking status", 0)
    assert [v.name for v in prose.variables] == ["age", "sex", "bmi", "gait_speed", "smoking"]


@pytest.mark.parametrize(
    ("text", "variables", "unread"),
    [
        (
            "200 adults, 40% female, smoking, diabetes, age 61 (SD 12)",
            "age sex smoking diabetes",
            "",
        ),
        ("200 adults with stroke, NIHSS, smoking and diabetes", "age nihss smoking diabetes", ""),
        ("Patients with gout, SOFA score and troponin", "sofa_score troponin", ""),
        ("Patients with gout, stroke or cancer, 40% female", "sex", ""),
        ("Patients, 40% female, smoking, wibble", "sex smoking", "wibble"),
        ("Patients with gout, BMI, wibble", "bmi", "wibble"),
        ("Patients aged over 40, primary care, Leeds, 40% female", "age sex", ""),
        ("Patients, 40% female, the sicker the older", "sex", "the sicker the older"),
    ],
)
def test_a_bare_name_beside_figures_or_measurements_is_a_variable(
    text: str, variables: str, unread: str
) -> None:
    prose = read_prose(text, 0)
    assert [variable.name for variable in prose.variables] == variables.split()
    assert " / ".join(quote.text for quote in prose.not_understood) == unread


def test_a_sentence_that_leads_to_nothing_is_listed() -> None:
    prose = read_prose("200 patients with gout. The sicker the older. Treated in Leeds.", 0)
    assert [quote.text for quote in prose.not_understood] == ["The sicker the older"]


KNOWN = {"ferritin", "uric acid", "sbp"}


def test_further_names_can_be_known() -> None:
    prose = read_prose("Ferritin levels were measured. SBP. Uric acid.", 0, known=KNOWN)
    assert [v.name for v in prose.variables] == ["ferritin", "systolic_bp", "uric_acid"]


def test_units_decimals_bounds_and_codes_are_kept() -> None:
    text = "HbA1c 6.5 to 10%, median CRP 12.5 mg/L, SBP 138 mmHg, mean age 62.3, 12% smokers"
    hba1c, crp, sbp, age, smoking = read_prose(text, 0).variables
    assert hba1c == DescribedVariable("hba1c", "HbA1c", unit="%", decimals=1, low=6.5, high=10)
    assert crp == DescribedVariable("crp", "CRP", unit="mg/L", decimals=1)
    assert sbp == DescribedVariable("systolic_bp", "SBP", unit="mmHg")
    assert age == DescribedVariable("age", "age")
    codes = (Code("no"), Code("yes"))
    assert smoking == DescribedVariable("smoking", "smokers", type="binary", codes=codes)


def test_levels_are_ordered_where_they_have_an_order() -> None:
    (nyha,) = read_prose("NYHA class III 50%, II 40%, IV 10%", 0).variables
    assert nyha.type == "ordinal"
    assert [code.code for code in nyha.codes] == ["II", "III", "IV"]
    (race,) = read_prose("race: 60% White, 40% Asian", 0).variables
    assert race.type == "categorical"


def test_lines_and_bullets_end_sentences_but_wrapped_lines_do_not() -> None:
    text = """\
Inpatients
- age: mean 62 (SD 11)
- HbA1c around
  7.4%
BMI 29 kg/m2
12% smokers"""
    assert " ".join(facts(read_prose(text, 0))) == (
        "age.mean=62 age.sd=11 hba1c.mean=7.4 bmi.mean=29 smoking:yes=0.12"
    )


SEX = (Code("0", "male"), Code("1", "female"))
TABLE = (
    DescribedVariable("PTGENDER", "Sex", "categorical", codes=SEX),
    DescribedVariable("a1c", "Glycated haemoglobin (HbA1c)", "continuous", unit="%"),
    DescribedVariable("arm", "Arm", codes=(Code("A", "Placebo"), Code("B", "Dapagliflozin"))),
    DescribedVariable("smk", "Smoking status", codes=(Code("never"), Code("ex"), Code("current"))),
    DescribedVariable("dm", "Diabetes", codes=(Code("0", "no"), Code("1", "yes"))),
    DescribedVariable("MMSE", "Mini-Mental State Examination", "integer"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("56% male, 44% women", "PTGENDER:0=0.56 PTGENDER:1=0.44"),
        ("HbA1c around 7.4% (SD 1.3)", "a1c.mean=7.4 a1c.sd=1.3"),
        ("HbA1c 8.1% (SD 1) in the placebo arm", "a1c.mean=8.1@arm:A a1c.sd=1@arm:A"),
        ("half dapagliflozin", "arm:B=0.5"),
        ("12% current smokers", "smk:current=0.12"),
        ("30% diabetic", "dm:1=0.3"),
        ("MMSE 27 ± 2 in patients without diabetes", "MMSE.mean=27@dm:0 MMSE.sd=2@dm:0"),
        ("mini-mental state examination averages 26", "MMSE.mean=26"),
        ("mini-mental stat examination averages 26", "MMSE.mean=26"),
        ("MMSE missing in 5%", "MMSE.missing=0.05"),
    ],
)
def test_statements_attach_to_the_variables_of_a_table(text: str, expected: str) -> None:
    prose = read_prose(text, 0, TABLE)
    assert facts(prose) == expected.split()
    assert {v.name for v in prose.variables} <= {v.name for v in TABLE}


def test_the_code_1_means_yes_only_where_there_are_two() -> None:
    levels = ("never smoker", "former smoker", "current smoker")
    smoking = DescribedVariable("smk", "Smoking status", codes=tuple(map(Code, "012", levels)))
    therapy = DescribedVariable("therapy", "Therapy", codes=tuple(map(Code, "012")))
    prose = read_prose("20% smokers, 30% therapy", 0, (smoking, therapy))
    assert facts(prose) == ["smk:2=0.2"]
    assert [quote.text for quote in prose.not_understood] == ["30% therapy"]


@pytest.mark.parametrize(
    "words", ["40% female patients with gout", "40% women with gout", "40% female patients"]
)
def test_the_sex_of_patients_with_a_condition_is_their_sex(words: str) -> None:
    (fact,) = read_prose(f"{words}.", 0).facts
    assert (fact.variable, fact.code, fact.value) == ("sex", "female", 0.4)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Patients with no diabetes and no hypertension.", "diabetes hypertension"),
        ("Neither diabetes nor hypertension.", "diabetes hypertension"),
        ("Patients with neither asthma nor gout.", "asthma gout"),
        ("Non-diabetic people.", "diabetes"),
        ("Patients not on levothyroxine.", "on_levothyroxine"),
        ("Patients never diagnosed with cancer.", "cancer"),
        ("Cancer-free people.", "cancer"),
    ],
)
def test_what_is_denied_has_a_share_of_0(text: str, absent: str) -> None:
    found = [(f.variable, f.statistic, f.code, f.value) for f in read_prose(text, 0).facts]
    assert found == [(name, "share", "yes", 0.0) for name in absent.split()]


@pytest.mark.parametrize(
    "text",
    ["Non-diabetic patients and diabetic patients.", "Diabetes was compared with non-smokers."],
)
def test_one_of_two_groups_is_no_denial(text: str) -> None:
    assert read_prose(text, 0).facts == ()


@pytest.mark.parametrize(
    "lead",
    ["I need", "I want", "We'd like", "Give me", "Please include", "Columns:", "Variables:"],
)
def test_a_request_before_a_list_is_no_part_of_a_name(lead: str) -> None:
    prose = read_prose(f"{lead} age, sex, weight and gait speed.", 0)
    assert [v.name for v in prose.variables] == ["age", "sex", "weight", "gait_speed"]
    assert prose.not_understood == ()


@pytest.mark.parametrize(
    "text",
    ["Equal numbers of men and women.", "Half men, half women.",
     "A cohort equally split between men and women."],
)  # fmt: skip
def test_equal_numbers_of_both_sexes(text: str) -> None:
    shares = [(f.variable, f.code, f.value) for f in read_prose(text, 0).facts]
    assert shares == [("sex", "male", 0.5), ("sex", "female", 0.5)]


@pytest.mark.parametrize(
    "text", ["Equal numbers of apples and pears.", "Equal numbers of men and smokers."]
)
def test_equal_numbers_of_anything_else_are_no_shares(text: str) -> None:
    assert read_prose(text, 0).facts == ()


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Adults without diabetes in the UK", "diabetes"),
        ("Systolic blood pressure above 150 mmHg and without diabetes in the UK", "diabetes"),
        ("Systolic blood pressure over 150 and no diabetes in Sweden", "diabetes"),
        ("Adults without diabetes in primary care", "diabetes"),
        ("Adults without diabetes at a hospital clinic", "diabetes"),
        ("Systolic pressure above 150 but not diabetes", "diabetes"),
        ("Adults without diabetes and with hypertension in Spain", "diabetes"),
        ("Adults without asthma in Sweden", "asthma"),
        (
            "People with COPD and without heart failure and without diabetes in Sweden",
            "heart_failure diabetes",
        ),
        ("People with and without diabetes in the UK", ""),
        ("Age correlated with BMI but not diabetes", ""),
    ],
)
def test_what_patients_somewhere_are_without(text: str, absent: str) -> None:
    shares = [(f.variable, f.value) for f in read_prose(text, 0).facts if f.statistic == "share"]
    assert shares == [(name, 0.0) for name in absent.split()]


@pytest.mark.parametrize(
    ("later", "expected", "unread"),
    [
        ("This extract holds only the women aged 60 years or older.", "age.min=60", 0),
        ("The sample is restricted to adults aged 18 years or older.", "age.min=20", 0),
        ("Those aged 60 years or older were frailer.", "age.min=20", 1),
    ],
)
def test_of_several_criteria_the_narrower_counts(later: str, expected: str, unread: int) -> None:
    prose = read_prose(f"A survey of adults aged 20 years or older. {later}", 0)
    assert facts(prose) == [expected]
    assert len(prose.not_understood) == unread


def test_what_all_of_the_extract_have() -> None:
    text = "This extract holds only the men who have been told that they have diabetes."
    assert facts(read_prose(text, 0)) == ["diabetes:yes=1"]
