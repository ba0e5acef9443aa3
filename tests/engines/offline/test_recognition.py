"""Whom a description speaks of, and whom it merely mentions."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.description.parse import parse
from synth_magic.engines.offline.recognition import recognise


def conditions_of(text: str) -> list[str]:
    return [condition.name for condition in recognise(parse(text)).conditions]


PATIENTS = [
    ("Patients with heart failure", "heart_failure"),
    ("heart-failure patients", "heart_failure"),
    ("Women with ovarian cancers", "ovarian_cancer"),
    ("People with hypertension and CKD", "hypertension ckd"),
    ("Hospital inpatients, all with sepsis", "sepsis hospital_inpatients"),
    ("Primary care patients with gout", "gout primary_care"),
    ("Patients with cancer, specifically melanoma", "cancer_patients melanoma"),
    ("Adults with hypercholesterolaemia", "hyperlipidaemia"),
    ("Adults with hypercholesterolemia", "hyperlipidaemia"),
    ("A cohort of type 1 diabetics", "type_1_diabetes"),
    ("Adults with a history of myocardial infarction", "myocardial_infarction"),
    ("All patients had type 2 diabetes. 30% had a history of stroke.", "type_2_diabetes"),
    ("Elderly people living in nursing homes in Japan", "nursing_home japan"),
]


@pytest.mark.parametrize(("text", "expected"), PATIENTS)
def test_what_all_patients_have(text: str, expected: str) -> None:
    assert conditions_of(text) == expected.split()


KINDS = [
    ("Patients with severe COPD", "severe_copd"),
    ("Adults with severe, stable COPD", "severe_copd"),
    ("Breast cancer (stage IV)", "breast_cancer_metastatic"),
    ("advanced or metastatic non-small cell lung cancer", "lung_cancer_advanced"),
    ("Heart failure with preserved ejection fraction", "hfpef"),
    ("Patients with heart failure and an LVEF below 40%", "hfref"),
    ("Patients with heart failure and an LVEF below 60%", "heart_failure"),
    ("Parkinson's disease, advanced, with motor fluctuations", "parkinson_advanced"),
    ("Adults with a BMI of at least 30 kg/m2", "obesity"),
    ("People aged 65 and over", "older_people"),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_which_kind_of_it_they_have(text: str, expected: str) -> None:
    assert conditions_of(text) == [expected]


def test_a_kind_stands_for_what_it_is_a_kind_of() -> None:
    assert conditions_of("Patients with COPD. All patients had severe COPD.") == ["severe_copd"]


NOT_PATIENTS = [
    "Adults with gout without diabetes, heart failure or cancer",
    "Adults with gout, excluding those with cancer",
    "Adults with gout and no history of stroke or known dementia",
    "Adults with gout, non-diabetic and HIV-negative",
    "Adults with gout free of heart failure",
    "Adults with gout. Patients with cancer were excluded.",
    "Adults with gout: hypertension 40%, COPD (12%)",
    "Adults with gout, of whom 30% have diabetes",
    "Adults with gout: age, sex, BMI, diabetes, stroke",
    "Adults with gout. Variables: diabetes, hypertension, COPD, age",
    "Adults with gout at risk of stroke and myocardial infarction",
    "Adults with gout followed for cancer recurrence",
    "To predict heart failure in adults with gout",
    "Adults with gout at the National Heart and Lung Institute",
    "Adults with gout, classified by the New York Heart Association",
    "Adults with gout and a family history of breast cancer",
    "Adults with gout: duration of disease, age, glaucoma screening",
    "Adults with gout; all of them may hit, as many do, a plateau",
]


@pytest.mark.parametrize("text", NOT_PATIENTS)
def test_what_is_denied_counted_listed_or_to_come(text: str) -> None:
    assert conditions_of(text) == ["gout"]


def test_misspelt_long_names() -> None:
    assert conditions_of("Adults with pneumnia") == ["pneumonia"]
    assert conditions_of("Adults with tubercolosis") == ["tuberculosis"]


def test_short_abbreviations_are_not_guessed() -> None:
    assert conditions_of("Adults with COPE") == []


@pytest.mark.parametrize(
    ("abbreviation", "condition"),
    [
        ("AIDS", "hiv"),
        ("MS", "multiple_sclerosis"),
        ("ALL", "acute_lymphoblastic_leukaemia"),
        ("CAP", "pneumonia"),
    ],
)
def test_abbreviations_that_are_also_words_are_written_in_capitals(
    abbreviation: str, condition: str
) -> None:
    assert conditions_of(f"Adults with {abbreviation}")[0].startswith(condition)
    assert conditions_of(f"Adults with {abbreviation.lower()}") == []


REGIONS = [
    ("Punjab, Pakistan", "south_asia"),
    ("Wuhan", "china"),
    ("Boston, USA", "united_states"),
    ("the UK", "united_kingdom"),
    ("Sydney, New South Wales", "australia"),
    ("New Mexico", "united_states"),
    ("the University Hospital of Uganda", "sub_saharan_africa"),
]


@pytest.mark.parametrize(("place", "region"), REGIONS)
def test_regions(place: str, region: str) -> None:
    assert conditions_of(f"Adults with gout in {place}") == ["gout", region]


def test_a_society_is_no_region() -> None:
    assert conditions_of("Adults with gout by criteria of the American Heart Association") == [
        "gout"
    ]


SEXES = [
    ("Women with gout", "female"),
    ("Male veterans with gout", "male"),
    ("Women and men with gout", ""),
    ("Adults with gout, 56% male", ""),
    ("Mostly women with gout", ""),
    ("Girls and boys with asthma", ""),
    ("Girls aged 8 to 12 with type 1 diabetes", "female"),
    ("Patients at the Women's Hospital with gout", ""),
    ("Patients with prostate cancer", "male"),
    ("Patients with gout, excluding pregnant women", ""),
    ("Newborns of diabetic mothers", ""),
    ("Mothers with HIV", "female"),
    ("Measurements of women with gout", "female"),
    ("Adults with gout: 30% of women smoke", ""),
    ("Adults with gout: BMI 28 in men, 30-ish in women", ""),
    ("A registry of gout; half of the men drink", ""),
]


@pytest.mark.parametrize(("text", "sex"), SEXES)
def test_sex(text: str, sex: str) -> None:
    assert recognise(parse(text)).only == sex


CHILDREN = [
    ("Children with asthma", True),
    ("Adults and children with asthma", False),
    ("Adults aged 18 to 40 with childhood asthma", False),
    ("Patients aged 2 to 12 years with asthma", True),
    ("Patients aged 6 to 59 months in Kenya", True),
    ("Newborns and infants", True),
    ("Newborns of women with HIV", True),
    ("Mothers of newborns with jaundice", False),
    ("Adolescents aged 12 to 17", True),
    ("Young people aged 15 to 30 and children", False),
    ("Women: age, number of children", False),
    ("Risk factors associated with low infant birth weight", False),
    ("Residents of Oslo, 10 year risk of stroke", False),
]


@pytest.mark.parametrize(("text", "children"), CHILDREN)
def test_children(text: str, children: bool) -> None:
    assert recognise(parse(text)).children == children


def test_children_have_what_is_known_of_children() -> None:
    assert conditions_of("Children with asthma") == ["paediatric_asthma"]
    assert conditions_of("Newborns with jaundice") == ["newborn"]
    assert conditions_of("Children in primary care in Peru") == [
        "children", "primary_care", "latin_america",
    ]  # fmt: skip


def test_what_adults_of_a_region_differ_in_does_not_hold_for_children() -> None:
    kenya = recognise(parse("Children with asthma in Kenya")).conditions[1]
    assert kenya.name == "sub_saharan_africa"
    assert all(
        "shift" not in line.numbers and "times" not in line.numbers for line in kenya.figures
    )


def test_of_many_conditions_the_first_and_the_region() -> None:
    text = "Adults with gout, psoriasis, CKD, COPD, glaucoma and epilepsy in Japan"
    assert conditions_of(text) == ["gout", "psoriasis", "ckd", "japan"]


def test_a_table_says_nothing_of_the_patients() -> None:
    table = "| name | type |\n|---|---|\n| stroke | binary |\n| age | integer |\n"
    assert conditions_of(table) == []
    assert conditions_of(f"Patients with gout\n\n{table}") == ["gout"]


def test_every_condition_is_recognised_by_its_label() -> None:
    ways = {
        c.name: recognise(parse(f"A registry: {c.label}")).conditions
        for c in catalogue().conditions.values()
    }
    lost = {name for name, found in ways.items() if not found}
    assert len(lost) <= len(ways) / 20, lost


@pytest.mark.parametrize(
    "text",
    [
        "Patients never diagnosed with cancer",
        "Patients who have never been diagnosed with cancer",
        "Cancer-free patients",
        "Patients with no diabetes and no hypertension",
        "Neither diabetes nor hypertension",
        "Non-diabetic people",
        "People with diabetes insipidus",
    ],
)
def test_what_they_do_not_have_is_not_what_they_are(text: str) -> None:
    assert conditions_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A survey of adults in the United States, with oversampling of Hispanic Americans.",
        "A survey of adults in the United States. Hispanic Americans were oversampled.",
    ],
)
def test_patients_are_not_all_of_those_who_were_oversampled(text: str) -> None:
    assert conditions_of(text) == ["united_states"]


def test_an_extract_holds_only_some_of_those_surveyed() -> None:
    survey = "A survey of men and women. This extract holds only the"
    women = recognise(parse(f"{survey} women aged 60 years or older."))
    assert women.only == "female"
    men = recognise(parse(f"{survey} men who have been told that they have diabetes."))
    assert men.only == "male"
    assert [condition.name for condition in men.conditions] == ["type_2_diabetes"]
