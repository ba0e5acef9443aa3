"""Which variables a table of such patients has, where the description does not say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from synth_magic.catalogue.entries import Condition, Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import find
from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.offline.picture import family
from synth_magic.engines.offline.recognition import recognise
from synth_magic.engines.offline.setting import Setting

USUAL = (
    "age", "sex", "bmi", "systolic_bp", "diastolic_bp", "heart_rate", "creatinine",
    "total_cholesterol", "hba1c", "smoking", "hypertension", "diabetes",
)  # fmt: skip
"""What is made of a description that names no variable and no condition."""

_FEWEST, _MOST = 12, 18
_OF_FOREMOST = 12
_OF_OTHERS = 4
_WHO = frozenset({"age", "sex"})
_CRITERIA = frozenset({"min", "max"})

_SAME = (
    {"death", "in_hospital_death", "death_30_days", "event", "neonatal_death"},
    {"followup_days", "followup_months", "followup_years", "time_to_death", "time_to_event",
     "recurrence_days"},
    {"readmission", "readmission_30_days"},
    {"smoking", "current_smoker", "ever_smoked", "smoking_in_pregnancy"},
    {"alcohol", "alcohol_units", "heavy_drinking"},
    {"physical_activity", "physically_active"},
    {"education", "years_of_education"},
    {"marital_status", "married"},
    {"employment", "employed"},
    {"insurance", "uninsured"},
    {"urea", "urea_nitrogen"},
    {"haemoglobin", "haematocrit", "anaemia"},
    {"inr", "prothrombin_time"},
    {"troponin_i", "troponin_t"},
    {"bnp", "nt_probnp"},
    {"bmi", "bmi_category", "obesity"},
    {"birth_weight", "low_birth_weight"},
    {"gestational_age_at_birth", "preterm_birth", "gestational_age"},
    {"positive_nodes", "node_positive", "n_stage"},
    {"oestrogen_receptor", "er_positive"},
    {"progesterone_receptor", "pr_positive"},
    {"ckd_stage", "ckd"},
    {"sf36_physical", "quality_of_life", "eq5d_index", "eq5d_vas", "self_rated_health"},
    {"age_at_diagnosis", "age_at_onset", "disease_duration", "diabetes_duration"},
    {"cognitive_diagnosis", "dementia"},
    {"fev1", "fev1_predicted"},
    {"sofa", "apache_ii", "saps_ii"},
)  # fmt: skip
"""Variables that say much the same: a table has one of each set."""


def names_nothing(description: Description) -> bool:
    """Tell whether a description says at most who the patients are: criteria, their age and sex."""
    if description.listed:
        return False
    named = {variable.name for variable in description.variables}
    told = {name for name in named if not _is_criterion(name, description)}
    if not told:
        return True
    who = {
        variable.name
        for variable in description.variables
        if (entry := find(variable.name, variable.label, variable.unit).entry)
        and entry.name in _WHO
    }
    return told <= who and any(c.holds for c in recognise(description).conditions)


def _is_criterion(name: str, description: Description) -> bool:
    """Tell whether a variable is there only to say which patients are meant."""
    stated = [fact for fact in description.facts if fact.variable == name]
    return bool(stated) and all(
        fact.statistic in _CRITERIA or (fact.statistic == "share" and fact.value in (0, 1))
        for fact in stated
    )


def usual(setting: Setting, named: Collection[str]) -> Iterator[DescribedVariable]:
    """Yield the variables that databases of such patients have, beside those that are named."""
    for name in _chosen(setting, named):
        entry = catalogue().entries[name]
        yield DescribedVariable(name, entry.label, unit=entry.unit)


def _chosen(setting: Setting, named: Collection[str]) -> Sequence[str]:
    """Return the names of entries in the order of importance, an outcome among them."""
    entries = catalogue().entries
    chosen: list[str] = []
    for name in _wanted(setting):
        fits = name in entries and _fits(entries[name], setting)
        if fits and not _says_the_same(name, {*chosen, *named}):
            chosen.append(name)
    outcomes = [name for name in chosen if entries[name].outcome]
    most = max(_MOST - len(named), _FEWEST)
    if outcomes and outcomes[0] not in chosen[:most]:
        return [*chosen[: most - 1], outcomes[0]]
    return chosen[:most]


def _wanted(setting: Setting) -> Iterator[str]:
    """Yield what the foremost condition's tables hold most, then the others', then the rest."""
    held = [names for condition in setting.conditions if (names := _held(condition))]
    foremost, *others = held or [USUAL]
    yield from foremost[:_OF_FOREMOST]
    for names in others:
        yield from [name for name in names if name not in foremost][:_OF_OTHERS]
    yield from foremost[_OF_FOREMOST:]
    if len(foremost) < _FEWEST and not setting.children:
        yield from USUAL


def _held(condition: Condition) -> Sequence[str]:
    """Return the variables of a condition, and of what it is a kind of, most typical first."""
    return list(dict.fromkeys(name for one in family(condition) for name in one.holds))


def _fits(entry: Entry, setting: Setting) -> bool:
    """Tell whether such patients differ in a variable, can have it, and had it in their time."""
    if any(entry.name in one.has for c in setting.conditions for one in family(c)):
        return False
    if setting.only and (entry.name == "sex" or entry.sex not in ("", setting.only)):
        return False
    regions = {c.name for c in setting.conditions if c.kind == "region"}
    if entry.name == "race_ethnicity" and regions - {"united_states"}:
        return False
    too_young = setting.children and entry.from_age > 0
    return not too_young and not (setting.year and entry.years_from > setting.year)


def _says_the_same(name: str, chosen: Collection[str]) -> bool:
    return name in chosen or any(name in alike and alike & set(chosen) for alike in _SAME)
