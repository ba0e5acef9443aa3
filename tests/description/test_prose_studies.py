"""Descriptions as studies print them: what is read of the patients, and nothing of the study.

Places, dates, names of studies, methods, funding and durations are no variables. Facts are written
as in test_prose.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from synth_magic.description.prose import read_prose
from synth_magic.spec.model import Fact


@dataclass(frozen=True)
class Case:
    """A description; its rows, variables and facts; what is not understood, between slashes."""

    text: str
    rows: int | None
    variables: str
    facts: str
    not_understood: str = ""


def written(fact: Fact) -> str:
    place = f"{fact.variable}:{fact.code}" if fact.code else f"{fact.variable}.{fact.statistic}"
    return f"{place}={fact.value:.4g}"


CASES = [
    Case(
        "We studied 412 adults with septic shock admitted to six intensive care units in "
        "Lyon, Grenoble and Geneva between March 2014 and June 2017. Mean age was 64.2 years "
        "(SD 14.1) and 61% were men. Vasopressors were given to all patients. The study was "
        "approved by the ethics committee of the University of Lyon. Follow-up lasted 90 "
        "days.",
        412,
        "age sex",
        "age.min=18 age.mean=64.2 age.sd=14.1 sex:male=0.61",
        "Follow-up lasted 90 days",
    ),
    Case(
        "Data were collected in Leeds, Bradford and York during 2011. Continuous variables "
        "are presented as means and standard deviations, and categorical variables as numbers"
        " and percentages. Median serum lactate was 2.4 mmol/L (IQR 1.6-4.1).",
        None,
        "serum_lactate",
        "serum_lactate.p50=2.4 serum_lactate.p25=1.6 serum_lactate.p75=4.1",
    ),
    Case(
        "The SUNRISE registry (Norway, Sweden, Finland) includes 8,450 patients hospitalised "
        "with acute myocardial infarction from 1 January 2010 to 31 December 2015. 32% were "
        "women, 22% had diabetes and 31% were current smokers. Records were linked to the "
        "national cause of death registry.",
        8450,
        "sex diabetes smoking",
        "sex:female=0.32 diabetes:yes=0.22 smoking:yes=0.31",
    ),
    Case(
        "Participants were recruited in Toronto, Canada, and randomised 1:1 to either "
        "metformin or placebo for 24 weeks. Inclusion criteria: age 40 to 75 years, BMI over "
        "27, HbA1c from 6.5 to 9%. Exclusion criteria: pregnancy, dialysis, cancer.",
        None,
        "age bmi hba1c pregnancy dialysis cancer",
        "age.min=40 age.max=75 bmi.min=27 hba1c.min=6.5 hba1c.max=9 pregnancy:yes=0 "
        "dialysis:yes=0 cancer:yes=0",
    ),
    Case(
        "Pregnant women attending the antenatal clinic of St Thomas Hospital, London, "
        "2008-2012. Mean gestational age at booking was 11.3 weeks (SD 2.1), 38% were "
        "nulliparous and 14% smoked. The study was funded by the Wellcome Trust (grant "
        "098765) and registered as NCT01234567.",
        None,
        "gestational_age_at_booking nulliparous smoking",
        "gestational_age_at_booking.mean=11.3 gestational_age_at_booking.sd=2.1 "
        "nulliparous:yes=0.38 smoking:yes=0.14",
    ),
    Case(
        "Statistical analysis: data are reported as median (interquartile range) or number "
        "(percentage). P values below 0.05 were considered significant. Analyses were done in"
        " R version 4.2.",
        None,
        "",
        "",
        "P values below 0.05 were considered significant",
    ),
    Case(
        "Phase 3 trial in 1,248 men with metastatic prostate cancer, Gleason score 8 or "
        "higher in 74%. Median PSA was 65 ng/mL (IQR 24-188). Patients were enrolled at 112 "
        "sites in 14 countries. ECOG performance status: 58% 0, 38% 1, 4% 2.",
        1248,
        "psa ecog_performance_status",
        "psa.p50=65 psa.p25=24 psa.p75=188 ecog_performance_status:0=0.58 "
        "ecog_performance_status:1=0.38 ecog_performance_status:2=0.04",
        "Gleason score 8 or higher in 74%",
    ),
    Case(
        "Children aged 6 months to 5 years with severe malaria in Kilifi, Kenya. Haemoglobin "
        "6.8 g/dL (SD 2.3).",
        None,
        "haemoglobin",
        "haemoglobin.mean=6.8 haemoglobin.sd=2.3",
        "Children aged 6 months to 5 years with severe malaria in Kilifi",
    ),
    Case(
        "Elderly residents of 24 nursing homes in the Netherlands, surveyed in 2016. Mean age"
        " 84 (SD 7), 72% women, dementia in 48%. Ethical approval was obtained from the "
        "Medical Ethics Committee of Amsterdam UMC.",
        None,
        "age sex dementia",
        "age.mean=84 age.sd=7 sex:female=0.72 dementia:yes=0.48",
    ),
    Case(
        "Cross-sectional survey of 2,300 households in Dhaka, Bangladesh (2003 and 2007 "
        "waves). Response rate was 82%. Interviews lasted 45 minutes. 18% of adults had "
        "hypertension.",
        None,
        "hypertension",
        "hypertension:yes=0.18",
        "Response rate was 82% / Interviews lasted 45 minutes",
    ),
    Case(
        "Patients with rheumatoid arthritis starting a biologic drug in the DANBIO registry, "
        "Denmark. DAS28 5.1 (SD 1.2), CRP median 12 mg/L (IQR 5-28). Patients were followed "
        "every 3 months for 2 years. 65% completed the study.",
        None,
        "das28 crp",
        "das28.mean=5.1 das28.sd=1.2 crp.p50=12 crp.p25=5 crp.p75=28",
        "65% completed the study",
    ),
    Case(
        "Kidney transplant recipients in Barcelona, Spain, transplanted since 2005. Donor age"
        " 52 (SD 15). Cold ischaemia time averaged 14.5 hours. 12% received a living donor "
        "kidney. Creatinine was measured with the enzymatic method of Roche Diagnostics, "
        "Basel.",
        None,
        "donor_age received_a_living_donor_kidney",
        "donor_age.mean=52 donor_age.sd=15 received_a_living_donor_kidney:yes=0.12",
        "Cold ischaemia time averaged 14.5 hours / Creatinine was measured with the enzymatic"
        " method of Roche Diagnostics",
    ),
    Case(
        "Secondary analysis of the MIMIC database (Beth Israel Deaconess Medical Center, "
        "Boston, Massachusetts). Adults with a first ICU stay longer than 24 hours. SOFA "
        "score 5 (IQR 3-8), hospital mortality 14%. Values outside the 1st and 99th "
        "percentiles were removed.",
        None,
        "age sofa_score hospital_mortality",
        "age.min=18 sofa_score.p50=5 sofa_score.p25=3 sofa_score.p75=8 hospital_mortality:yes=0.14",
    ),
    Case(
        "Women aged 50-69 invited to screening mammography in Copenhagen, 1995 to 1999; 71% "
        "attended. Breast density, family history and menopausal status were recorded.",
        None,
        "age",
        "age.min=50 age.max=69",
        "71% attended",
    ),
    Case(
        "Overall, 30% of values were imputed. 20% of the data were missing. 5% of records "
        "were excluded. About 3% of the sample was lost to follow-up.",
        None,
        "",
        "",
        "30% of values were imputed / 20% of the data were missing / 5% of records were "
        "excluded / About 3% of the sample was lost to follow-up",
    ),
    Case(
        "Between April and December 2015, 299 patients were screened and 250 were enrolled. "
        "The sample size of 200 gave 80% power at a significance level of 5%. Median "
        "follow-up was 27 months (IQR 12-40).",
        299,
        "",
        "",
        "patients were screened and 250 were enrolled / The sample size of 200 gave 80% power"
        " at a significance level of 5% / Median follow-up was 27 months (IQR 12-40)",
    ),
    Case(
        "Adults with COPD in GOLD stage II to IV from the ECLIPSE study. FEV1 48% predicted "
        "(SD 16), 35% current smokers, exacerbations 0.85 per year.",
        None,
        "age fev1 smoking",
        "age.min=18 fev1.mean=48 fev1.sd=16 smoking:yes=0.35",
        "exacerbations 0.85 per year",
    ),
    Case(
        "Patients with stroke admitted within 24 hours of symptom onset, in 12 hospitals in "
        "Japan. NIHSS median 6 [3-12]; systolic blood pressure 158 mmHg (SD 28); atrial "
        "fibrillation 24%. Thrombolysis was given within 4.5 hours in 18%. Blood pressure was"
        " measured twice after 5 minutes of rest.",
        None,
        "nihss systolic_bp atrial_fibrillation",
        "nihss.p50=6 nihss.p25=3 nihss.p75=12 systolic_bp.mean=158 systolic_bp.sd=28 "
        "atrial_fibrillation:yes=0.24",
        "Thrombolysis was given within 4.5 hours in 18% / Blood "
        "pressure was measured twice after 5 minutes of rest",
    ),
    Case(
        "UK Biobank participants recruited in 2006-2010 across 22 assessment centres in "
        "England, Scotland and Wales. 500 rows, please. Body mass index 27.4 kg/m2 (SD 4.8), "
        "10.5% current smokers, Townsend index -1.3 (SD 3.1).",
        500,
        "bmi smoking townsend_index",
        "bmi.mean=27.4 bmi.sd=4.8 smoking:yes=0.105 townsend_index.mean=-1.3 townsend_index.sd=3.1",
    ),
    Case(
        "Veterans with post-traumatic stress disorder, mostly men (91%), Minneapolis. "
        "Questionnaires were completed at baseline, 3 and 6 months. PCL-5 score 52 (SD 12). "
        "Half were married.",
        None,
        "sex pcl_5_score married",
        "sex:male=0.91 pcl_5_score.mean=52 pcl_5_score.sd=12 married:yes=0.5",
        "3 and 6 months",
    ),
    Case(
        "The cohort consists of people living with HIV in Cape Town, South Africa. Median CD4"
        " count 210 cells/µL (IQR 110-340). 64% female. Two thirds were on antiretroviral "
        "therapy. Supported by NIH grant R01 AI123456 and the Gates Foundation.",
        None,
        "cd4_count sex on_antiretroviral_therapy",
        "cd4_count.p50=210 cd4_count.p25=110 cd4_count.p75=340 sex:female=0.64 "
        "on_antiretroviral_therapy:yes=0.6667",
    ),
    Case(
        "Infants born before 32 weeks of gestation in 2018 at Karolinska University Hospital,"
        " Stockholm. Birth weight 1,320 g (SD 390); 54% boys; 22% twins. Informed consent was"
        " obtained from both parents.",
        None,
        "birth_weight sex twins",
        "birth_weight.mean=1320 birth_weight.sd=390 sex:male=0.54 twins:yes=0.22",
    ),
    Case(
        "According to the 2013 guidelines of the European Society of Cardiology, hypertension"
        " was defined as blood pressure over 140/90 mmHg. 44% were hypertensive.",
        None,
        "hypertension",
        "hypertension:yes=0.44",
        "hypertension was defined as blood pressure over 140/90 mmHg",
    ),
    Case(
        "Adults with asthma. Baseline characteristics included age, sex, FEV1, blood "
        "eosinophils, and exacerbation history. The investigators, sponsors, and patients "
        "were masked.",
        None,
        "age sex fev1 blood_eosinophils exacerbation_history",
        "age.min=18",
    ),
    Case(
        "Adults with newly diagnosed multiple myeloma treated at the Mayo Clinic, Rochester. "
        "ISS stage I 30%, II 40%, III 30%. Median overall survival was 6.2 years (95% CI 5.8 "
        "to 6.7).",
        None,
        "age iss_stage overall_survival",
        "age.min=18 iss_stage:I=0.3 iss_stage:II=0.4 iss_stage:III=0.3 overall_survival.p50=6.2",
        "(95% CI 5.8 to 6.7)",
    ),
    Case(
        "People aged 65 years and over living in Manchester, Newcastle, Oxford, Nottingham "
        "and Cambridgeshire were interviewed between 1989 and 1994. 12% had cognitive "
        "impairment.",
        None,
        "age cognitive_impairment",
        "age.min=65 cognitive_impairment:yes=0.12",
    ),
    Case(
        "Eligible patients had a left ventricular ejection fraction of 40% or less, and were "
        "in NYHA class II, III, or IV. Those with an eGFR below 30 ml/min/1.73 m2 were "
        "excluded.",
        None,
        "lvef",
        "lvef.max=40",
        "Those with an eGFR below 30 ml/min/1.73 m2 were excluded",
    ),
    Case(
        "Between 2001 and 2004, 1,100 women with breast cancer were randomised in 35 centres."
        " Tumour size 2.3 cm (SD 1.1), oestrogen receptor positive in 76%, node-positive 41%."
        " The hazard ratio for death was 0.82 (95% CI 0.70 to 0.96).",
        1100,
        "tumour_size oestrogen_receptor_positive node_positive",
        "tumour_size.mean=2.3 tumour_size.sd=1.1 oestrogen_receptor_positive:yes=0.76 "
        "node_positive:yes=0.41",
        "The hazard ratio for death was 0.82 (95% CI 0.70 to 0.96)",
    ),
    Case(
        "Synthetic patients like those of Vandenberghe et al. (2012): 300 children with "
        "asthma, aged 5-12, 58% boys, FEV1 88 % predicted.",
        300,
        "age sex fev1",
        "age.min=5 age.max=12 sex:male=0.58 fev1.mean=88",
    ),
    Case(
        "Values are means. Percentages may not add up to 100 because of rounding. Missing "
        "data were not imputed. N = 250.",
        250,
        "",
        "",
        "Percentages may not add up to 100 because of rounding",
    ),
    Case(
        "Adults presenting with chest pain, Dr Smith's clinic, Baltimore; blood pressure and "
        "cholesterol were measured by nurses on two occasions 5 minutes apart.",
        None,
        "age blood_pressure cholesterol",
        "age.min=18",
        "were measured by nurses on two occasions 5 minutes apart",
    ),
    Case(
        "Mothers in the Norwegian MoBa cohort. Age 30 (SD 4.6), parity 0 in 45%, caesarean "
        "section 14%, preterm birth in one in twenty. Recruitment took place at 50 of 52 "
        "maternity units.",
        None,
        "age caesarean_section preterm_birth",
        "age.mean=30 age.sd=4.6 caesarean_section:yes=0.14 preterm_birth:yes=0.05",
        "parity 0 in 45% / Recruitment took place at 50 of 52 maternity units",
    ),
    Case(
        "Workers of a steel plant in Linz, Austria, examined yearly since 1995. Exposure "
        "lasted 12 years on average. Audiometry showed hearing loss in 23%.",
        None,
        "hearing_loss",
        "hearing_loss:yes=0.23",
        "Exposure lasted 12 years on average",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:30])
def test_of_a_study_only_the_patients_are_read(case: Case) -> None:
    prose = read_prose(case.text, 0)
    assert [variable.name for variable in prose.variables] == case.variables.split()
    assert [written(fact) for fact in prose.facts] == case.facts.split()
    assert " / ".join(quote.text for quote in prose.not_understood) == case.not_understood
    assert prose.rows == case.rows


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("We recorded age, sex, BMI and gait speed at baseline", "age sex bmi gait_speed"),
        ("Variables: ferritin, D-dimer, length of stay", "ferritin d_dimer length_of_stay"),
        ("Age, BMI, grip strength", "age bmi grip_strength"),
        ("Adults with gout: age, sex, smoking, tophi", "age sex smoking tophi"),
        ("Baseline data included age, FEV1 and blood eosinophils", "age fev1 blood_eosinophils"),
        ("Age, grip strength and frailty were recorded at entry", "age grip_strength frailty"),
        ("Gout clinic, Leeds; age and cholesterol were measured in York", "age cholesterol"),
        ("Data were collected in Leeds, York and Hull", ""),
        ("Data were collected on questionnaires, in Leeds, York and Hull", ""),
        ("Collected during 1986 (Smith and Jones)", ""),
        ("Continuous variables are means (standard deviations)", ""),
        ("Patients with gout, stroke or cancer", ""),
    ],
)
def test_a_bare_name_is_a_variable_only_in_a_list_of_variables(text: str, variables: str) -> None:
    assert [variable.name for variable in read_prose(text, 0).variables] == variables.split()


def test_what_looks_misspelt_in_a_list_is_listed_and_no_variable() -> None:
    prose = read_prose("Recorded: age, sex, smokng, BMI", 0)
    assert [variable.name for variable in prose.variables] == ["age", "sex", "bmi"]
    assert [quote.text for quote in prose.not_understood] == ["smokng"]


@pytest.mark.parametrize(
    "text",
    [
        "Admitted on 12 March 2019",
        "Admitted from March 12, 2019 to 1/4/2020",
        "Examined in the 1997, 1999 and 2001 study years",
        "Hypertension by the 2013 guidelines",
        "As in Ferreira et al. (2012)",
        "Followed through the end of 2002",
        "The 2011-2012 cycle, and winter 2019/20",
        "Randomised 1:1 to 5-fluorouracil or observation",
        "Patients followed for 5 years at 12 sites",
        "Patients followed up for about 5 years",
        "Patients treated for around 3 months",
    ],
)
def test_dates_and_circumstances_are_no_figures(text: str) -> None:
    prose = read_prose(text, 0)
    assert prose.facts == ()
    assert prose.variables == ()
    assert prose.not_understood == ()


def test_the_second_of_two_bounds_is_that_of_a_part_of_the_patients() -> None:
    prose = read_prose("Patients aged over 20 years. Patients over 75 had a lower dose.", 0)
    assert [written(fact) for fact in prose.facts] == ["age.min=20"]
    assert [quote.text for quote in prose.not_understood] == ["over 75"]
