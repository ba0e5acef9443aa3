"""Prose as people write it, and what is to be read from it.

A fact is written `variable.statistic=value`, a share `variable:code=value`, a correlation
`a~b.spearman=value`; `@variable:code` after it is the group it holds in.
"""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.description.model import Code, DescribedVariable
from synth_magic.description.phrases import fold
from synth_magic.description.prose import Prose, read_prose
from synth_magic.spec.model import Fact


def written(fact: Fact) -> str:
    name = f"{fact.variable}~{fact.other_variable}" if fact.other_variable else fact.variable
    place = f"{name}:{fact.code}" if fact.code else f"{name}.{fact.statistic}"
    group = f"@{fact.within.variable}:{fact.within.code}" if fact.within else ""
    return f"{place}={fact.value:.4g}{group}"


def facts(prose: Prose) -> list[str]:
    return [written(fact) for fact in prose.facts]


SHARES = [
    ("56% male", "sex:male=0.56"),
    ("56 % men", "sex:male=0.56"),
    ("male 56%", "sex:male=0.56"),
    ("women 44%, men 56%", "sex:female=0.44 sex:male=0.56"),
    ("mostly women (70%)", "sex:female=0.7"),
    ("sex: 40% female", "sex:female=0.4"),
    ("half are women", "sex:female=0.5"),
    ("60% were men with a mean age of 62 (SD 11)", "sex:male=0.6 age.mean=62 age.sd=11"),
    ("12% smokers", "smoking:yes=0.12"),
    ("12% are current smokers", "smoking:yes=0.12"),
    ("one in five smokes", "smoking:yes=0.2"),
    ("no one smokes", "smoking:yes=0"),
    ("none smoke", "smoking:yes=0"),
    ("80% non-smokers", "smoking:no=0.8"),
    ("a quarter have diabetes", "diabetes:yes=0.25"),
    ("two thirds on insulin", "on_insulin:yes=0.6667"),
    ("20 per cent on insulin", "on_insulin:yes=0.2"),
    ("20% are not on insulin", "on_insulin:no=0.2"),
    ("3 out of 10 on statins", "on_statins:yes=0.3"),
    ("diabetes in 30%", "diabetes:yes=0.3"),
    ("30% of the participants were diabetic", "diabetes:yes=0.3"),
    ("prevalence of hypertension 45%", "hypertension:yes=0.45"),
    ("around 30% had a history of stroke", "history_of_stroke:yes=0.3"),
    ("hypertension (45%), type 2 diabetes (30%)", "hypertension:yes=0.45 type_2_diabetes:yes=0.3"),
    ("Comorbidities: 30% diabetes, 20% CKD", "diabetes:yes=0.3 ckd:yes=0.2"),
    ("all on metformin", "on_metformin:yes=1"),
    ("diuretics: 85%", "diuretics:yes=0.85"),
    ("30-day mortality 8%", "_30_day_mortality:yes=0.08"),
    ("Patients without diabetes or cancer", "diabetes:yes=0 cancer:yes=0"),
    ("Patients, excluding those with cancer", "cancer:yes=0"),
    ("Exclusion criteria: dialysis, cancer", "dialysis:yes=0 cancer:yes=0"),
]
LEVELS = [
    (
        "NYHA class II 40%, III 50%, IV 10%",
        "nyha_class:II=0.4 nyha_class:III=0.5 nyha_class:IV=0.1",
    ),
    ("40% NYHA class II and 60% class III", "nyha_class:II=0.4 nyha_class:III=0.6"),
    ("CKD stage 3a 40%, 3b 60%", "ckd_stage:3a=0.4 ckd_stage:3b=0.6"),
    (
        "ethnicity: 60% White, 20% Black, 20% Asian",
        "ethnicity:White=0.6 ethnicity:Black=0.2 ethnicity:Asian=0.2",
    ),
    ("80% White and 20% Asian", "ethnicity:White=0.8 ethnicity:Asian=0.2"),
    (
        "Smoking: 50% never, 30% former, 20% current",
        "smoking:never=0.5 smoking:former=0.3 smoking:current=0.2",
    ),
    ("70% never smokers, 30% ex-smokers", "smoking:never=0.7 smoking:former=0.3"),
]
FIGURES = [
    ("HbA1c around 7.4% (SD 1.3)", "hba1c.mean=7.4 hba1c.sd=1.3"),
    ("HbA1c, mean (SD): 7.4% (1.3)", "hba1c.mean=7.4 hba1c.sd=1.3"),
    ("mean age 62 (SD 11) years", "age.mean=62 age.sd=11"),
    ("age 62 ± 11", "age.mean=62 age.sd=11"),
    ("The mean age was 62.3 years (standard deviation, 11.2)", "age.mean=62.3 age.sd=11.2"),
    ("BMI averages 29.4 with a standard deviation of 5", "bmi.mean=29.4 bmi.sd=5"),
    ("mean LVEF of 32%", "lvef.mean=32"),
    ("HbA1c (%) 7.4 ± 1.3; BMI (kg/m2) 29 ± 5", "hba1c.mean=7.4 hba1c.sd=1.3 bmi.mean=29 bmi.sd=5"),
    ("haemoglobin 13.1 g/dL", "haemoglobin.mean=13.1"),
    ("hemoglobin 13.1 g/dL", "hemoglobin.mean=13.1"),
    ("LDL 2,6 mmol/L (SD 0,9)", "ldl_cholesterol.mean=2.6 ldl_cholesterol.sd=0.9"),
    ("median CRP 12 mg/L (IQR 4-35)", "crp.p50=12 crp.p25=4 crp.p75=35"),
    ("CRP: median [IQR] 12 [4 to 35]", "crp.p50=12 crp.p25=4 crp.p75=35"),
    ("NT-proBNP 1,250 (IQR 600–2,800)", "nt_probnp.p50=1250 nt_probnp.p25=600 nt_probnp.p75=2800"),
    ("BMI interquartile range 24–35", "bmi.p25=24 bmi.p75=35"),
    ("urea has a median of 9 with quartiles 7 and 12", "urea.p50=9 urea.p25=7 urea.p75=12"),
    ("5th percentile of SBP 100, 95th percentile 180", "systolic_bp.p05=100 systolic_bp.p95=180"),
    ("ferritin median 120 ng/mL", "ferritin.p50=120"),
    ("frailty score: mean 5 (SD 2)", "frailty_score.mean=5 frailty_score.sd=2"),
    ("BMI 29 (SD 5), birth weight 3,350 g (SD 520)",
     "bmi.mean=29 bmi.sd=5 birth_weight.mean=3350 birth_weight.sd=520"),
    ("5% have BMI over 40", "bmi.p95=40"),
    ("NIHSS median 8 [4-16]", "nihss.p50=8 nihss.p25=4 nihss.p75=16"),
    ("NIHSS 4-16 (IQR), median 8", "nihss.p25=4 nihss.p75=16 nihss.p50=8"),
    ("BP was 152 (26) mmHg", "blood_pressure.mean=152 blood_pressure.sd=26"),
    ("LOS averaged 7 (3) days", "los.mean=7 los.sd=3"),
    ("Blood pressure 150/85", "systolic_bp.mean=150 diastolic_bp.mean=85"),
    ("BP was 150/85 mmHg in women",
     "systolic_bp.mean=150@sex:female diastolic_bp.mean=85@sex:female"),
]  # fmt: skip
BOUNDS = [
    ("aged 40-85", "age.min=40 age.max=85"),
    ("aged 40 to 85", "age.min=40 age.max=85"),
    ("40- to 85-year-olds", "age.min=40 age.max=85"),
    ("between 18 and 65 years old", "age.min=18 age.max=65"),
    ("aged 40 and over", "age.min=40"),
    ("patients over 60", "age.min=60"),
    ("18+", "age.min=18"),
    ("children under 5 years", "age.max=5"),
    ("no patient over 90", "age.max=90"),
    ("no one under 18", "age.min=18"),
    ("mean age 67 (range 30–90)", "age.mean=67 age.min=30 age.max=90"),
    ("BMI over 30", "bmi.min=30"),
    ("BMI ≥ 30 kg/m²", "bmi.min=30"),
    ("LVEF <= 40%", "lvef.max=40"),
    ("eGFR below 60 mL/min/1.73 m2", "egfr.max=60"),
    ("SBP from 140 to 180", "systolic_bp.min=140 systolic_bp.max=180"),
    ("Exclusion: eGFR < 30", "egfr.min=30"),
    ("Adults with asthma", "age.min=18"),
    ("Adults with asthma aged 40 or older", "age.min=40"),
]
MISSING = [
    ("LDL cholesterol missing in 10% of patients", "ldl_cholesterol.missing=0.1"),
    ("LDL is missing for 1 in 10", "ldl_cholesterol.missing=0.1"),
    ("10% have no LDL", "ldl_cholesterol.missing=0.1"),
    ("5% have missing BMI", "bmi.missing=0.05"),
    ("HbA1c 5% missing", "hba1c.missing=0.05"),
    ("BMI 29 (SD 5; 3% missing)", "bmi.mean=29 bmi.sd=5 bmi.missing=0.03"),
    ("HbA1c not recorded in 20% of men", "hba1c.missing=0.2@sex:male"),
    ("LDL and HDL are missing in 10%", "ldl_cholesterol.missing=0.1 hdl_cholesterol.missing=0.1"),
    ("Missing values: LDL 10%, HDL 5%", "ldl_cholesterol.missing=0.1 hdl_cholesterol.missing=0.05"),
    ("40% male, 2% unknown", "sex:male=0.4 sex.missing=0.02"),
    ("age and BMI, complete data", "age.missing=0 bmi.missing=0"),
    ("10% have no diabetes", "diabetes:no=0.1"),
]
CORRELATIONS = [
    ("correlation of 0.3 between age and SBP", "age~systolic_bp.spearman=0.3"),
    ("r = 0.3 between age and SBP", "age~systolic_bp.spearman=0.3"),
    ("rho = –0.2 between eGFR and age", "egfr~age.spearman=-0.2"),
    ("age and eGFR (r = -0.5)", "age~egfr.spearman=-0.5"),
    ("HbA1c and BMI correlate at 0.25", "hba1c~bmi.spearman=0.25"),
    (
        "SBP rises with age (r = 0.35), 12% smokers",
        "systolic_bp~age.spearman=0.35 smoking:yes=0.12",
    ),
    ("eGFR falling with age, 12% smokers", "egfr~age.direction=-1 smoking:yes=0.12"),
    ("haemoglobin and eGFR fall with age", "haemoglobin~age.direction=-1 egfr~age.direction=-1"),
    ("eGFR falling with age and BMI", "egfr~age.direction=-1 egfr~bmi.direction=-1"),
    ("older patients have lower eGFR", "egfr~age.direction=-1"),
    ("eGFR is inversely correlated with age", "egfr~age.direction=-1"),
    ("HbA1c and BMI are positively correlated", "hba1c~bmi.direction=1"),
    ("LDL is independent of age", "ldl_cholesterol~age.spearman=0"),
    ("LDL unrelated to BMI", "ldl_cholesterol~bmi.spearman=0"),
]
GROUPS = [
    (
        "BMI 27 (SD 5) in women and 28 (SD 4) in men",
        "bmi.mean=27@sex:female bmi.sd=5@sex:female bmi.mean=28@sex:male bmi.sd=4@sex:male",
    ),
    ("smoking 30% among men", "smoking:yes=0.3@sex:male"),
    (
        "30% of men smoke and 20% of women smoke",
        "smoking:yes=0.3@sex:male smoking:yes=0.2@sex:female",
    ),
    (
        "diabetes in 30% of men and 20% of women",
        "diabetes:yes=0.3@sex:male diabetes:yes=0.2@sex:female",
    ),
    ("HbA1c 7.4% in women, 7.1% in men", "hba1c.mean=7.4@sex:female hba1c.mean=7.1@sex:male"),
    (
        "Among women, BMI 27 (SD 5), 10% smokers",
        "bmi.mean=27@sex:female bmi.sd=5@sex:female smoking:yes=0.1@sex:female",
    ),
    ("the median age is 65 in men and 68 in women", "age.p50=65@sex:male age.p50=68@sex:female"),
    (
        "mean weight 86 kg in men and 73 kg in women",
        "weight.mean=86@sex:male weight.mean=73@sex:female",
    ),
    ("women: BMI 27; men: BMI 28", "bmi.mean=27@sex:female bmi.mean=28@sex:male"),
    (
        "HbA1c 8 (SD 1) in diabetics. 30% have diabetes.",
        "hba1c.mean=8@diabetes:yes hba1c.sd=1@diabetes:yes diabetes:yes=0.3",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*SHARES, *LEVELS, *FIGURES, *BOUNDS, *MISSING, *CORRELATIONS, *GROUPS],
    ids=lambda value: value[:40],
)
def test_a_phrase_is_read_completely(text: str, expected: str) -> None:
    prose = read_prose(text, 0)
    assert facts(prose) == expected.split()
    assert prose.not_understood == ()


@pytest.mark.parametrize(
    "text",
    [
        "HbA1c aruond 7.4% (SD 1.3)",
        "56% mael",
        "12% smokrs",
        "LDL misssing in 10% of patients",
        "10-15% smokers",
        "more than 30% smoke",
        "HbA1c 7.4 vs 8.1",
        "mean age and BMI were 62 and 29 respectively",
        "40% have BMI over 30",
        "30% of those over 65 smoke",
        "BMI 29.4 (5.2)",
        "SBP 120/80",
        "blood pressure 85/150",
        "SBP was 152 (160) mmHg",
        "Blorf the quux is wibbly at forty-two frobnicators",
        "The sicker the older",
        "M/F 60/40",
        "60% mRS 0-2",
        "15% ECOG 2",
        "85% with ECOG 1 or less",
        "ECOG 2 in 15%",
        "BMI 30-35 in 40%",
        "10% have no galectin",
        "HbA1c 8.1% (SD 1.2) in the placebo arm",
        "Kendall tau 0.4 between age and BMI",
        "HbA1c correlates with BMI (r = 1.7)",
        "eGFR falls by 1 per year",
        "eGFR falls with age (r = 0.4)",
        "follow-up 5 years",
        "smoking 12 mmHg",
        "half of patients aged 60 to 70 smoke",
        "age between 40 and 60 in 50%",
        "if older than 65, 30% smoke",
        "HbA1c decreased by 1.2% (SD 0.4)",
        "3 men and 2 women",
    ],
)
def test_what_is_unclear_is_listed_and_not_guessed(text: str) -> None:
    prose = read_prose(text, 0)
    assert prose.facts == ()
    assert [quote.text for quote in prose.not_understood] == [text]


@pytest.mark.parametrize(
    ("text", "read", "unread"),
    [
        ("HbA1c 7.4% (95% CI 7.1 to 7.7)", "hba1c.mean=7.4", "(95% CI 7.1 to 7.7)"),
        ("3 in 10 on statins, half of them women", "on_statins:yes=0.3", "half of them women"),
        ("56% male, 10-15% smokers", "sex:male=0.56", "10-15% smokers"),
        ("obesity (BMI > 30) 31%", "obesity:yes=0.31", "(BMI > 30)"),
        ("31% obese (BMI over 30)", "obesity:yes=0.31", "(BMI over 30)"),
        ("Gout. Diabetes is common, 12% smoke", "smoking:yes=0.12", "Diabetes is common"),
        (
            "Patients with gout, most have hypertension, 12% smoke",
            "smoking:yes=0.12",
            "most have hypertension",
        ),
        (
            "LVEF 38% age 65, 30% obese, 7 visits",
            "lvef.mean=38 age.mean=65 obesity:yes=0.3",
            "7 visits",
        ),
        ("Type 2 diabetes, 12% smokers, 7 visits", "smoking:yes=0.12", "7 visits"),
    ],
)
def test_the_rest_of_a_sentence_is_read(text: str, read: str, unread: str) -> None:
    prose = read_prose(text, 0)
    assert unread in [quote.text for quote in prose.not_understood]
    assert facts(prose) == read.split()


SEX = DescribedVariable("PTGENDER", "Sex", codes=(Code("0", "male"), Code("1", "female")))
MMSE = DescribedVariable("MMSE", "Mini-Mental State Examination", "integer")
_PHRASES = [*SHARES, *LEVELS, *FIGURES, *BOUNDS, *MISSING, *CORRELATIONS, *GROUPS]
_WORDS = st.sampled_from(sorted({w for text, _ in _PHRASES for w in text.split()}))
_SALAD = st.lists(st.one_of(_WORDS, st.sampled_from(string.punctuation), st.text(max_size=3)))
_TEXTS = st.one_of(st.text(), _SALAD.map(" ".join), _SALAD.map("\n".join))


@given(before=st.text(), text=_TEXTS)
def test_any_text_is_read_and_every_quote_is_verbatim(before: str, text: str) -> None:
    body = before + text
    prose = read_prose(text, len(before), (SEX, MMSE))
    for fact in prose.facts:
        assert fact.start is not None
        assert body[fact.start :].startswith(fact.quote)
        assert fact.quote
    for quote in prose.not_understood:
        assert body[quote.start :].startswith(quote.text)
        assert quote.text


@given(phrases=st.lists(st.sampled_from(_PHRASES), max_size=6))
def test_what_a_sentence_says_is_read_or_listed_whatever_stands_around_it(
    phrases: list[tuple[str, str]],
) -> None:
    alone = [phrase.rstrip(".") for phrase, _ in phrases if "complete" not in phrase]
    prose = read_prose("".join(f"{phrase}.\n" for phrase in alone), 0)
    read = {(fold(fact.variable), fact.value) for fact in prose.facts}
    expected = {
        (fold(fact.variable), fact.value)
        for phrase in alone
        for fact in read_prose(phrase, 0).facts
        if fact.quote != "Adults"
    }
    assert expected <= read or prose.not_understood
