"""Which variables a table of such patients has, where the description does not say."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from synth_magic.catalogue.entries import Entry
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

_MOST = 16
_WHO = frozenset({"age", "sex"})
_CRITERIA = frozenset({"min", "max"})


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
    entries = catalogue().entries
    held = [name for c in setting.conditions for one in family(c) for name in one.holds]
    wanted = [name for name in dict.fromkeys(held or USUAL) if _fits(entries[name], setting)]
    for name in wanted[:_MOST]:
        if name not in named:
            yield DescribedVariable(name, entries[name].label, unit=entries[name].unit)


def _fits(entry: Entry, setting: Setting) -> bool:
    """Tell whether such patients can have a variable, and had it in their time."""
    if entry.sex and setting.only and entry.sex != setting.only:
        return False
    too_young = setting.children and entry.from_age > 0
    return not too_young and not (setting.year and entry.years_from > setting.year)
