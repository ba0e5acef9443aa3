"""Units as people spell them, and whole marginals from one unit into another."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import Any

from synth_magic.catalogue.entries import Entry, Unit, Usual
from synth_magic.spec.model import By, Cell, MeanSD, Shares, SimpleMarginal

_LONGEST = 100
_WORDS = {
    "years": "year yr yrs y",
    "months": "month mo mos",
    "weeks": "week wk wks w",
    "days": "day d",
    "hours": "hour hr hrs h",
    "lb": "lbs pound pounds",
    "st": "stone stones",
    "kg": "kgs kilogram kilograms kilo kilos",
    "g": "gram grams gm gms",
    "mg": "milligram milligrams",
    "ug": "mcg microgram micrograms",
    "m": "metre metres meter meters",
    "cm": "centimetre centimetres centimeter centimeters cms",
    "in": "inch inches",
    "ft": "foot feet",
    "l": "litre litres liter liters",
    "dl": "decilitre deciliter",
    "ml": "millilitre milliliter cc",
    "ul": "microlitre microlitres microliter microliters mm3 cmm",
    "min": "minute minutes",
    "u": "iu unit units",
    "mol": "mole moles",
    "mmol": "millimole millimoles",
    "umol": "micromol micromole micromoles",
    "meq": "meqs",
    "ukat": "microkat",
    "%": "percent pct",
    "°c": "c degc celsius centigrade",
    "°f": "f degf fahrenheit",
    "10^9": "billion",
    "10^3": "k thousand thousands",
}
_SPELT = {spelling: unit for unit, words in _WORDS.items() for spelling in words.split()}
_COUNTED = re.compile(
    r"\b(?:cells?|platelets?|leu[ck]ocytes?|thrombocytes?|beats?|breaths?|ngsp|dcct|ifcc)\b"
)
_NO_UNIT = frozenset(
    ("ratio", "count", "number", "score", "scores", "points", "point", "index", "fraction", "none",
     "n", "-"),
)  # fmt: skip
_SAME = {
    "bpm": "/min",
    "mmhg": "mmhg",
    "10^9/l": "10^9/l",
    "10^3/ul": "10^9/l",
    "10^6/ml": "10^9/l",
    "k/ul": "10^9/l",
    "/nl": "10^9/l",
    "gpt/l": "10^9/l",
    "10^6/l": "/ul",
    "ug/l": "ng/ml",
    "mg/l": "ug/ml",
    "ng/l": "pg/ml",
    "ku/l": "u/ml",
    "g%": "g/dl",
    "mg%": "mg/dl",
    "g/100ml": "g/dl",
    "mg/100ml": "mg/dl",
    "kg/m^2": "kg/m2",
    "ml/min/1.73": "ml/min/1.73m2",
    "ml/min/1.73m^2": "ml/min/1.73m2",
}


def unit_of(entry: Entry, unit: str) -> Unit | None:
    """Return the unit of an entry that `unit` spells, its own if empty; None if it is no such."""
    if not unit.strip():
        return entry.units[0]
    wanted = plain_unit(unit)
    found = next((known for known in entry.units if plain_unit(known.unit) == wanted), None)
    says_nothing = unit.strip().casefold() in _NO_UNIT and not entry.unit
    return entry.units[0] if found is None and says_nothing else found


def plain_unit(text: str) -> str:
    """Return one spelling for all of a unit's: `10⁹/L`, `x10^9 / l` and `K/uL` are the same.

    What is longer than any unit is returned as it is.
    """
    if len(text) > _LONGEST:
        return text
    text = unicodedata.normalize("NFKC", re.sub("([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"^\1", text)).lower()
    text = text.strip().strip("[]()").replace("µ", "μ").replace("μ", "u").replace("−", "-")
    text = re.sub(r"\bper\b|⁄|÷", "/", text)
    text = re.sub(r"\bdeg(?:rees?)?\.?\s*|°\s*", "°", text)
    text = _COUNTED.sub("", text)
    text = re.sub(r"[×x*·]\s*(?=10)", "", text).replace("·", " ")
    text = re.sub(r"\b10\s*(?:\^|\*\*|e|\*)?\s*([369])(?!\d)", r"10^\1", text)
    text = re.sub(r"\s*([a-z]+)\s*\^?-1\b", r"/\1", text)
    text = re.sub(r"\s*([a-z]+)\s*\^?-([23])\b", r"/\1\2", text)
    text = re.sub(r"\b(c?m)\^([23])", r"\1\2", text)
    parts = [_part(part) for part in re.split(r"\s*/\s*", text.strip())]
    joined = "/".join(parts)
    return _SAME.get(joined, joined)


def _part(text: str) -> str:
    words = text.replace(",", " ").split()
    return "".join(_SPELT.get(word.rstrip("."), word.rstrip(".")) for word in words)


def converted(marginal: SimpleMarginal | By, unit: Unit) -> SimpleMarginal | By:
    """Return a marginal of an entry's own unit in another unit, to sensible figures."""
    if unit.keeps_figures:
        return marginal
    if isinstance(marginal, By):
        cells = (Cell(cell.levels, _converted(cell.marginal, unit)) for cell in marginal.cells)
        return By(marginal.parents, tuple(cells))
    return _converted(marginal, unit)


def bounds_in(entry: Entry, unit: Unit, *, children: bool = False) -> tuple[float, float]:
    """Return what a living adult may have of an entry, in a unit; `children` may have less."""
    assert entry.bounds is not None
    low, high = entry.bounds
    ends = (min(low, 0.0) if children else low, high)
    low, high = (round(unit.convert(end), unit.decimals + 2) for end in ends)
    return low, high


def usual_in(entry: Entry, unit: str) -> Usual | None:
    """Return the usual limits of an entry in `unit`, or None if it has none there.

    Without a unit there are limits only if all units of the entry give the same figures.
    """
    known = unit_of(entry, unit)
    if entry.usual is None or known is None:
        return None
    if not unit.strip() and not all(possible.keeps_figures for possible in entry.units):
        return None
    low, high = (_figure(end, known) for end in (entry.usual.low, entry.usual.high))
    return replace(entry.usual, low=low, high=high)


def _figure(value: float | None, unit: Unit) -> float | None:
    return None if value is None else round(unit.convert(value), unit.decimals + 2)


def _converted(marginal: SimpleMarginal, unit: Unit) -> SimpleMarginal:
    if isinstance(marginal, Shares):
        return marginal
    figures: dict[str, Any] = {
        item.name: _figure(getattr(marginal, item.name), unit) for item in fields(marginal)
    }
    if isinstance(marginal, MeanSD):
        figures["sd"] = round(marginal.sd * unit.factor, unit.decimals + 2)
    return replace(marginal, **figures)
