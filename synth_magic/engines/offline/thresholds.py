"""Columns that say whether another value is beyond a limit: `Birth weight less than 2.5 kg`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import find
from synth_magic.catalogue.units import unit_of
from synth_magic.description.model import DescribedVariable

_ABOVE = r"(?:more|greater|higher|larger|older|longer) than|over|above|at least|exceeding|≥|>=|>"
_BELOW = r"(?:less|lower|smaller|fewer|younger|shorter) than|under|below|at most|≤|<=|<"
_INCLUDED = re.compile(r"at least|at most|[≥≤]|[<>]=", re.IGNORECASE)
_LIMIT = re.compile(
    rf"(?P<before>[^()<>≥≤]*?)\s*\(?\s*(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*"
    r"(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>%|[a-zA-Zµμ][\w/µμ.^]*(?: ?[Hh]g)?)?(?P<after>[^()]*)",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"\b(?:is|was|being|of|a|an|the|with|has|have|having|level|levels)\b")


@dataclass(frozen=True, slots=True)
class Threshold:
    """Whether the value of an entry, in the entry's own unit, is above a limit or below it.

    The limit itself may be `included`.
    """

    entry: Entry
    limit: float
    above: bool
    included: bool = False

    @property
    def sign(self) -> str:
        """How a value compares with the limit if it is beyond it."""
        return (">" if self.above else "<") + ("=" if self.included else "")

    @property
    def edge(self) -> float:
        """Where the patients part, before whole numbers are rounded: more than 4 begins at 4.5."""
        if self.entry.type != "integer" or self.limit % 1:
            return self.limit
        return self.limit + (0.5 if self.above != self.included else -0.5)


def threshold(described: DescribedVariable) -> Threshold | None:
    """Return what limit a yes/no column tells of; None if its description names none."""
    match = _LIMIT.search(described.label or described.name.replace("_", " "))
    if match is None:
        return None
    for words in (match["before"], f"{match['after']} {match['before']}", match["after"]):
        name = " ".join(_FILLERS.sub(" ", words).split())
        entry = find(name).entry if name else None
        if entry is None or entry.codes:
            continue
        unit = unit_of(entry, match["unit"] or "")
        if unit is None:
            unit = entry.units[0]
        limit = (float(match["value"]) - unit.offset) / unit.factor
        sign = match["above"] or match["below"]
        return Threshold(entry, limit, bool(match["above"]), bool(_INCLUDED.fullmatch(sign)))
    return None
