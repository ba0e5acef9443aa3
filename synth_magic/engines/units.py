"""Figures that are stated in another unit than that of their variable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, log10

from synth_magic.catalogue.entries import Entry, Unit
from synth_magic.catalogue.matching import find
from synth_magic.catalogue.units import plain_unit, unit_of
from synth_magic.description.model import DescribedVariable, Quote
from synth_magic.spec.edits import of
from synth_magic.spec.model import QUANTILE_LEVELS, Fact
from synth_magic.spec.text import figure

_MEASURED = ("mean", "sd", "min", "max", *QUANTILE_LEVELS)
_DIGITS = 3
_AGES = ("age", "age_months")
_IN_YEARS = re.compile(r"\b(?:aged?|years?|older|younger|old|adults?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Converted:
    """Facts in the units of their variables, quotes of what cannot be, and remarks on both."""

    facts: tuple[Fact, ...]
    foreign: tuple[Quote, ...]
    remarks: tuple[str, ...]


def in_own_units(
    words: str,
    start: int,
    facts: Iterable[Fact],
    variables: Sequence[DescribedVariable],
    units: Iterable[tuple[Fact, str]],
) -> Converted:
    """Return facts that were read from `words`, which stand at `start`, in their variables' units.

    `units` are those in which facts are stated. Another unit is converted where the catalogue knows
    how. `Aged 60 or older` is said in years, whatever unit a column of ages has.
    """
    known = {variable.name: variable for variable in variables if variable.unit}
    said = dict(units)
    kept: list[Fact] = []
    foreign: list[Quote] = []
    converted: dict[str, list[str]] = {}
    remarks: list[str] = []
    for fact in facts:
        variable = known.get(fact.variable)
        if variable is None or fact.statistic not in _MEASURED:
            kept.append(fact)
            continue
        entry = find(variable.name, variable.label, variable.unit).entry
        unit = (
            said.get(fact)
            or _following(fact, words, start, entry)
            or ("years" if entry and entry.name in _AGES and _IN_YEARS.search(fact.quote) else "")
        )
        if not unit or _is_said(unit, variable.unit):
            kept.append(fact)
        elif own := _converted(fact, entry, unit, variable.unit):
            kept.append(own)
            what = f"{of(fact)} {figure(fact.value)} {unit}"
            converted.setdefault(variable.name, []).append(
                f"{what} is {figure(own.value)} {variable.unit}"
            )
        else:
            quote = Quote(fact.quote, start if fact.start is None else fact.start)
            if quote not in foreign:
                what = f"{of(fact)} {figure(fact.value)} {unit}"
                remarks.append(
                    f"{variable.name} is in {variable.unit}, and {what} cannot be converted."
                )
            foreign.append(quote)
    told = (f"{name}: {', '.join(what)}." for name, what in converted.items())
    return Converted(tuple(kept), tuple(dict.fromkeys(foreign)), (*told, *remarks))


def _is_said(unit: str, own: str) -> bool:
    """Tell whether a unit is the own, or says it in short: `ml/min` for `mL/min/1.73 m2`."""
    return f"{plain_unit(own)}/".startswith(f"{plain_unit(unit)}/")


def _following(fact: Fact, words: str, start: int, entry: Entry | None) -> str:
    """Return the word behind a figure, where it is a unit of the catalogue's entry: `150 lb`."""
    if fact.start is None or entry is None:
        return ""
    behind = words[fact.start - start + len(fact.quote) :].split(maxsplit=1)
    word = behind[0].rstrip(".,;:)") if behind else ""
    return word if word and unit_of(entry, word) else ""


def _converted(fact: Fact, entry: Entry | None, said: str, own: str) -> Fact | None:
    if entry is None or not (from_ := unit_of(entry, said)) or not (to := unit_of(entry, own)):
        return None
    value = _between(fact.value, from_, to, is_width=fact.statistic == "sd")
    decimals = _DIGITS - ceil(log10(abs(value))) if value else 0
    return replace(fact, value=round(value, max(to.decimals + 1, decimals)))


def _between(value: float, from_: Unit, to: Unit, *, is_width: bool) -> float:
    if is_width:
        return value / from_.factor * to.factor
    return to.convert((value - from_.offset) / from_.factor)
