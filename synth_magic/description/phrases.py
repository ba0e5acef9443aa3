"""The few words that prose is recognised by: usual names, people, sexes, and the grammar's own.

The names are here only so that they are recognised as words; what is known of the variables is in
the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


MEASUREMENTS: dict[str, tuple[str, ...]] = {
    "age": ("aged", "ages", "years of age", "patient age"),
    "bmi": ("body mass index",),
    "weight": ("body weight",),
    "height": ("body height",),
    "waist_circumference": (),
    "systolic_bp": ("sbp", "systolic blood pressure", "systolic pressure"),
    "diastolic_bp": ("dbp", "diastolic blood pressure", "diastolic pressure"),
    "blood_pressure": ("bp",),
    "heart_rate": ("hr", "pulse", "pulse rate"),
    "respiratory_rate": (),
    "temperature": ("body temperature",),
    "oxygen_saturation": ("spo2", "sao2", "o2 saturation"),
    "hba1c": ("a1c", "hb a1c", "haemoglobin a1c", "glycated haemoglobin",
              "glycosylated haemoglobin"),
    "glucose": ("blood glucose",),
    "fasting_glucose": ("fasting blood glucose", "fasting plasma glucose"),
    "egfr": ("gfr", "estimated gfr", "glomerular filtration rate",
             "estimated glomerular filtration rate"),
    "creatinine": (),
    "urea": (),
    "haemoglobin": ("hb", "hgb"),
    "haematocrit": ("hct",),
    "ldl_cholesterol": ("ldl", "ldl c"),
    "hdl_cholesterol": ("hdl", "hdl c"),
    "total_cholesterol": (),
    "cholesterol": (),
    "triglycerides": ("triglyceride",),
    "crp": ("c reactive protein",),
    "albumin": (),
    "sodium": (),
    "potassium": (),
    "lvef": ("left ventricular ejection fraction", "ejection fraction"),
    "nt_probnp": ("nt pro bnp",),
    "bnp": (),
    "fev1": (),
    "troponin": ("troponin t", "troponin i", "high sensitivity troponin"),
    "inr": ("international normalised ratio", "international normalized ratio"),
    "lactate": (),
    "serum_lactate": (),
    "ferritin": (),
    "bilirubin": (),
    "d_dimer": (),
    "uric_acid": (),
    "psa": ("prostate specific antigen",),
}  # fmt: skip

SCORES: dict[str, tuple[str, ...]] = {
    "nihss": ("nihss score", "nih stroke scale", "national institutes of health stroke scale"),
    "mrs": ("mrs score", "modified rankin scale", "modified rankin score"),
    "gcs": ("gcs score", "glasgow coma scale", "glasgow coma score"),
    "sofa_score": ("sofa", "sequential organ failure assessment"),
    "apache_ii": ("apache ii score", "apache 2", "apache"),
    "mmse": ("mmse score", "mini mental state examination"),
    "moca": ("moca score", "montreal cognitive assessment"),
    "phq_9": ("phq9", "phq 9 score"),
    "gad_7": ("gad7", "gad 7 score"),
    "ecog_performance_status": ("ecog", "ecog status", "ecog ps"),
}  # fmt: skip
"""Measurements too, but short: an ordinary word (soft) is no misspelling of one (SOFA)."""

CONDITIONS: dict[str, tuple[str, ...]] = {
    "smoking": ("smoker", "smoke", "smoked", "smoking status", "current smoker", "current smoking",
                "currently smoke", "currently smoking", "active smoker", "tobacco use"),
    "diabetes": ("diabetic", "diabetes mellitus"),
    "hypertension": ("hypertensive",),
    "hypotension": ("hypotensive",),
    "obesity": ("obese",),
    "ckd": ("chronic kidney disease",),
    "copd": ("chronic obstructive pulmonary disease",),
    "heart_failure": (),
    "atrial_fibrillation": ("af",),
    "stroke": (),
    "myocardial_infarction": ("heart attack",),
    "cancer": (),
    "dementia": (),
    "depression": ("depressed",),
    "anaemia": ("anaemic",),
    "death": ("died", "die", "dead", "mortality"),
}  # fmt: skip

FAMILIES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "sex": (("female", ("females", "women", "woman", "girls", "girl", "female sex")),
            ("male", ("males", "men", "man", "boys", "boy", "male sex"))),
    "smoking": (("never", ("never smokers", "never smoked", "lifelong non smokers")),
                ("former", ("ex", "past", "former smokers", "ex smokers", "past smokers",
                           "previous smokers")),
                ("current", ("current smokers", "smokers", "active smokers"))),
    "ethnicity": (("White", ("caucasian",)), ("Black", ("african american",)), ("Asian", ()),
                  ("Hispanic", ("latino", "hispanic or latino")), ("Mixed", ()), ("Other", ())),
}  # fmt: skip
"""Levels that name their variable, from low to high where there is an order, with other words."""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "sex": ("gender", "sexes"),
    "ethnicity": ("race", "ethnic group", "ethnic origin"),
}

PERSON = (
    r"(?:patients?|people|persons?|participants?|subjects?|individuals?|adults?|cases|children"
    r"|inpatients?|outpatients?|survivors?|women|men|boys|girls|volunteers?|adolescents?|teenagers?"
    r"|kids|infants?|newborns?|neonates?|babies|toddlers|mothers|residents|veterans)"
)
NARROWS = re.compile(
    r"\b(?:(?:holds?|keeps?|kept|contains?|includes?|included|comprises?|covers?|consists? of"
    r"|selected|retained|took|takes?) only|(?:restricted|limited|confined) to(?: only)?)"
    r"(?: the| those| all)*\b",
    re.IGNORECASE,
)
"""What says which of the people that were spoken of are the patients: `holds only the women`."""
STUDY = (
    r"(?:cohort|population|sample|registry|trial|study|database|survey|records|dataset|data set)"
)
NOBODY_IN_PARTICULAR = rf"(?:{PERSON}|{STUDY}|them|whom|all|total|everyone|us|cases|overall|which)"

_GRAMMAR = word_set(
    "around about approximately mean median average standard deviation range missing recorded"
    " patients patient adults adult people participants smokers smoker between correlation"
    " correlated falling rising increasing decreasing years cohort trial percentile male female"
    " women"
)
_FUNCTION_WORDS = word_set(
    "as after before during until within through under over via using per such than"
    " a an the of in on at to and or with without for by from between than is are was were be been"
    " has have had who whose whom which that their his her its our it they this these those not no"
    " all any each every some most many mostly mainly typically usually also only both but while"
    " then recruited followed treated seen referred admitted attending undergoing requiring living"
    " mean sd median iqr range missing average recorded measured based please generate make create"
    " synthetic simulate"
)
_OF_THE_STUDY = word_set(
    "analysis analyses categorical category continuous data estimate estimates figure figures"
    " frequency frequencies information interquartile interview interviews method methods number"
    " numbers p percentage percentages percentile percentiles proportion proportions quartile"
    " quartiles questionnaire questionnaires range ranges rate record records response sample"
    " sampling significance significant standard deviation deviations sd mean means median medians"
    " test tests value values variable variables unweighted weighted consent approval ethics"
    " sponsor sponsors investigator investigators"
)
_DONE_BY_THE_STUDY = re.compile(
    r"\b(?:imputed|excluded|checked|screened|enrol+ed|random(?:ly|i[sz]ed)|withdrew|withdrawn"
    r"|presented|expressed|defined|conducted|performed|analy[sz]ed|consented|approved|funded"
    r"|attended|lost to follow-?up|complet\w+ (?:the|follow|all)\b)"
)
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


@lru_cache(maxsize=4096)
def fold(words: str) -> str:
    """Return words in the one spelling in which they are compared (American, no punctuation)."""
    folded = re.sub(r"[\W_]+", " ", words.lower()).strip()
    return folded.replace("aem", "em").replace("oedema", "edema")


def snake_case(words: str) -> str:
    """Return a name for a column: `History of stroke` is `history_of_stroke`."""
    name = re.sub(r"[\W_]+", "_", words.lower()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def singular(words: str) -> str:
    return _PLURAL.sub("", words)


def plain_noun(words: str, longest: int = 4) -> bool:
    """Tell whether words could name a variable: a few, and none that sentences are built of."""
    parts = words.split()
    if not 0 < len(parts) <= longest or of_the_study(words):
        return False
    return not _FUNCTION_WORDS & set(parts) and parts[0][0].isalpha()


def of_the_study(words: str) -> bool:
    """Tell whether words are about how a study was done, and so name nothing of a patient."""
    parts = words.split()
    head = parts[-1] if parts else ""
    return (
        set(parts) <= _OF_THE_STUDY
        or (head in _OF_THE_STUDY and head.endswith("s"))
        or bool(_DONE_BY_THE_STUDY.search(words))
    )


def one_edit_apart(a: str, b: str) -> bool:
    """Tell whether one letter left out, added, changed or swapped makes one word the other."""
    return bool(_shortened(a) & _shortened(b))


def _shortened(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


class Spelling:
    """Finds words that look like misspellings of the words given and of the grammar's own."""

    def __init__(self, names: Iterable[str]) -> None:
        words = {word for name in (*names, *_GRAMMAR) for word in name.split()}
        self._words = {*words, *(f"{word}s" for word in words), *(w.rstrip("s") for w in words)}
        self._near = {s for word in words if len(word) >= _LONG_ENOUGH for s in _shortened(word)}

    def suspect(self, words: str) -> bool:
        return any(
            len(word) >= _LONG_ENOUGH
            and word not in self._words
            and not word.isdigit()
            and bool(self._near & _shortened(word))
            for word in fold(words).split()
        )


_LONG_ENOUGH = 4
