"""A described variable with all that is known of it: its facts, its type, its catalogue entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from synth_magic.catalogue.entries import Entry, Unit
from synth_magic.catalogue.matching import Match, find
from synth_magic.catalogue.units import bounds_in
from synth_magic.description.model import Code, DescribedVariable
from synth_magic.engines.offline.code_words import YES, spelt
from synth_magic.engines.offline.codes import low_to_high, meanings
from synth_magic.engines.offline.precision import recorded_decimals
from synth_magic.engines.offline.stated import Stated
from synth_magic.engines.offline.thresholds import Threshold, threshold
from synth_magic.spec.model import CODED_TYPES, NUMERIC_TYPES, Fact, VariableType

_GROWN_MONTHS = 216
_IDENTIFIER = re.compile(
    r"(?:(?:patient|subject|participant|person|record|study|case|pt|sub|p)[ _.-]?)?id(?:entifier)?"
    r"|pid|ptid|mrn|usubjid|subjid|seqn|rid|record[ _.-]?(?:number|no)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One variable to be made.

    `meanings` gives for each of its codes the one of its entry. `reason` says why an entry that
    has its name was not used. `threshold` is there where its codes tell whether the value of its
    entry, a number, is beyond a limit. `is_taken` if the entry is not what its name says word for
    word.
    """

    described: DescribedVariable
    stated: Stated
    type: VariableType
    unit: str = ""
    decimals: int = 0
    codes: tuple[str, ...] = ()
    entry: Entry | None = None
    entry_unit: Unit | None = None
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    threshold: Threshold | None = None
    children: bool = False
    is_taken: bool = False

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.described.name

    @property
    def words(self) -> str:
        """What the user calls it: its name and its label."""
        return f"{self.described.name.replace('_', ' ')} {self.described.label}"

    @property
    def coded(self) -> bool:
        """Whether its values are codes."""
        return self.type in CODED_TYPES

    @property
    def entry_bounds(self) -> tuple[float, float] | None:
        """The bounds of its entry, in the user's unit."""
        if self.entry is None or self.entry.bounds is None or self.entry_unit is None:
            return None
        return bounds_in(self.entry, self.entry_unit, children=self.children)

    @property
    def stated_bounds(self) -> tuple[float | None, float | None]:
        """The bounds that the description states of all patients."""
        numbers, described = self.stated.overall.numbers, self.described
        return numbers.get("min", described.low), numbers.get("max", described.high)

    @property
    def direction(self) -> int:
        """1 for a number, or codes that rise as those of the entry do; -1 if they fall, else 0."""
        if self.threshold is not None:
            return 1 if self.threshold.above else -1
        order = self.entry.codes if self.entry else ()
        if not order:
            return 1
        meant = [known for code in self.codes if (known := self.meanings.get(code))]
        places = [sum(map(order.index, codes)) / len(codes) for codes in meant]
        if self.type == "categorical" or len(places) < 2:
            return 0
        rising = sorted(places)
        return 1 if places == rising else -1 if places == rising[::-1] else 0

    def without_entry(self) -> Subject:
        """Return the subject as one that the catalogue does not know."""
        return replace(self, entry=None, entry_unit=None, meanings={}, threshold=None)


def read(described: DescribedVariable, facts: Iterable[Fact], *, children: bool = False) -> Subject:
    """Settle a variable's type, codes, unit and decimals.

    The bounds of the catalogue are those of adults: `children` may have lower values.
    """
    stated = Stated.of(described.name, facts)
    described = replace(described, type=_type_said(described, stated))
    if not described.codes and not stated.facts and _IDENTIFIER.fullmatch(described.name):
        described = replace(described, type="identifier")
    described = _as_codes(described, stated)
    match = find(
        described.name,
        described.label,
        described.unit,
        variable_type=described.type,
        codes=described.codes,
    )
    if match.entry is not None and match.entry.name == "age_months" and _is_grown(stated):
        match = find("age", unit=match.unit.unit if match.unit else "")
    if match.entry is not None:
        match = _checked(match, described, stated, children)
    limit = threshold(described) if described.type == "binary" else None
    if limit is not None:
        unit = limit.entry.units[0]
        subject = _coded(described, stated, Match())
        codes = tuple(sorted(subject.codes, key=lambda code: _says_yes(code, described)))
        return replace(subject, codes=codes, entry=limit.entry, entry_unit=unit, threshold=limit)
    if _is_coded(described, match.entry):
        return replace(_coded(described, stated, match), is_taken=not match.exact)
    subject = _numeric(described, stated, match)
    return replace(subject, children=children, is_taken=not match.exact)


def _is_grown(stated: Stated) -> bool:
    """Tell whether ages in months are those of adults."""
    return any(value >= _GROWN_MONTHS for value in stated.numbers("min", "mean", "p50"))


def _says_yes(code: str, described: DescribedVariable) -> bool:
    labels = {known.code: known.label for known in described.codes}
    return spelt(labels.get(code) or code) in YES


def _as_codes(described: DescribedVariable, stated: Stated) -> DescribedVariable:
    """Return a number that is a grade of an entry, `ECOG 0 to 4`, as the codes that it has."""
    numbers = any(figures.numbers for figures in stated.anywhere)
    if described.type != "integer" or numbers:
        return described
    entry = find(described.name, described.label, variable_type="ordinal").entry
    if entry is None or not all(code.isdecimal() for code in entry.codes):
        return described
    return replace(described, type="ordinal", codes=tuple(map(Code, entry.codes)))


def _type_said(described: DescribedVariable, stated: Stated) -> VariableType | None:
    """Return the type that the words, the codes or the shares of a variable say."""
    if described.type is None and (described.codes or any(f.shares for f in stated.anywhere)):
        return "categorical" if len(described.codes) > 2 else "binary"
    return described.type


def _is_coded(described: DescribedVariable, entry: Entry | None) -> bool:
    if described.type is not None:
        return described.type in CODED_TYPES
    return entry is not None and entry.type in CODED_TYPES


def _checked(match: Match, described: DescribedVariable, stated: Stated, children: bool) -> Match:
    """Return the match, or the reason why the variable cannot be of that entry."""
    entry = match.entry
    assert entry is not None
    numeric = described.type in NUMERIC_TYPES or any(f.numbers for f in stated.anywhere)
    coded = described.type in CODED_TYPES
    if described.type in ("date", "identifier"):
        return Match()
    if entry.type not in CODED_TYPES:
        return Match() if coded else _in_fitting_unit(match, described, stated, children)
    known = meanings(described, entry)
    if not numeric and (known is None or _merges(known)):
        for words in ("", f"{described.label or described.name} status"):
            other = find(words, described.label if not words else "", variable_type=described.type)
            own = meanings(described, other.entry) if other.entry else None
            if own and (known is None or not _merges(own)):
                return other
        if known is not None:
            return match
        listed = ", ".join(code.code for code in described.codes[:6])
        return Match(reason=f"{entry.label} is in the catalogue, but not with codes {listed}")
    return Match() if numeric else match


def _merges(known: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether several of a user's codes stand for the same one of an entry."""
    return len(set(known.values())) < len(known)


def _in_fitting_unit(
    match: Match, described: DescribedVariable, stated: Stated, children: bool
) -> Match:
    """Return the match in its unit, or where none was said, in that which the figures show."""
    entry, unit = match.entry, match.unit
    assert entry is not None
    assert unit is not None
    centres = stated.numbers("mean", "p25", "p50", "p75")
    for possible in (unit,) if described.unit else dict.fromkeys((unit, *entry.units)):
        low, high = bounds_in(entry, possible, children=children)
        if all(low <= value <= high for value in centres):
            return replace(match, unit=possible)
    if match.exact:  # the remarks on what is implausible say so, whoever answers
        return Match()
    figures = ", ".join(f"{value:g}" for value in centres)
    whose = "a child" if children else "an adult"
    return Match(reason=f"the {entry.label} of {whose} in {unit.unit} is not {figures}")


def _coded(described: DescribedVariable, stated: Stated, match: Match) -> Subject:
    entry = match.entry
    known = meanings(described, entry) if entry is not None else None
    coded = [code.code for code in described.codes] or list(known or ())
    counted = [code for figures in stated.anywhere for code in figures.shares]
    codes = list(dict.fromkeys(coded + counted))
    if not codes or codes == ["yes"]:
        codes = ["no", "yes"] if described.type == "binary" else ["A", "B", "C"]
    type_ = described.type or "binary"
    if entry is not None and entry.type == "ordinal":
        type_ = "ordinal"
    elif type_ != "ordinal":
        type_ = "binary" if len(codes) == 2 else "categorical"
    if type_ == "binary" or (entry is not None and type_ == "ordinal"):
        codes = low_to_high(codes, known or {}, entry)
    return Subject(
        described, stated, type_, described.unit, 0, tuple(codes),
        entry, match.unit, known or {}, match.reason,
    )  # fmt: skip


def _numeric(described: DescribedVariable, stated: Stated, match: Match) -> Subject:
    entry, unit = match.entry, match.unit
    if described.type in ("integer", "date", "identifier"):
        decimals = 0
    else:
        decimals = recorded_decimals(described, stated, unit)
    type_ = described.type or ("continuous" if decimals else "integer")
    return Subject(
        described, stated, type_, described.unit or (unit.unit if unit else ""), decimals,
        entry=entry, entry_unit=unit, reason=match.reason,
    )  # fmt: skip
