"""The variables of a cohort with what the catalogue knows of them, once what is stated is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.engines.offline import curves, marginals
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.guesses import GUESS
from synth_magic.engines.offline.known import Demographics, in_own_terms
from synth_magic.engines.offline.marginals import Made
from synth_magic.engines.offline.picture import KnownMarginal, Picture, picture
from synth_magic.engines.offline.setting import Setting
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.model import NUMERIC_TYPES, Share, Shares

_CENTRES = ("mean", "p50")
_AGES = (0.0, 120.0)
_PRIOR = re.compile(r"\b(?:prior|previous|earlier|history|recurrent|past|hx)\b", re.IGNORECASE)
_BEFORE = 0.2
"""The share of patients with a disease who had had it before: assumed."""

_RARE = 0.02
"""The share of children who have what is known of adults alone: assumed."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The subjects that have a catalogue entry, by its name, and the picture of all of them."""

    entries: Mapping[str, Subject]
    picture: Picture
    demographics: Demographics
    setting: Setting

    @classmethod
    def of(cls, subjects: Mapping[str, Subject], setting: Setting) -> Cohort:
        """Settle what the catalogue knows of the subjects in the patients of a setting."""
        by_threshold = sorted(subjects.values(), key=lambda one: one.threshold is None)
        entries = {subject.entry.name: subject for subject in by_threshold if subject.entry}
        before = picture({**entries, "sex": None, "age": None}, setting)
        demographics = _demographics(entries, before, setting)
        stated: dict[str, tuple[float, float]] = {}
        for name, subject in entries.items():
            if name in before.known and subject.stated.distribution:
                own = in_own_terms(before.known[name].marginal, subject, demographics)
                place = _stated_place(subject, subjects, own)
                if place is not None:
                    stated[name] = place
        if setting.only and "sex" not in stated:
            stated["sex"] = curves.place(_of_one_sex(setting.only), before.known["sex"].marginal)
        after = before.given(stated)
        return cls(entries, after, _demographics(entries, after, setting, subjects), setting)

    def made(self, subject: Subject) -> Made | None:
        """Return the marginal that the catalogue gives a subject; None if it knows none."""
        if self.setting.only and subject is self.entries.get("sex"):
            marginal = in_own_terms(_of_one_sex(self.setting.only), subject, self.demographics)
            return Made(marginal, "stated", f"the description speaks of {self.setting.only}s alone")
        known = self.picture.known.get(subject.entry.name) if subject.entry else None
        if known is None and self.setting.children and subject.entry is not None:
            known = _as_in_adults(subject.entry)
        if known is not None and known.is_settled and _PRIOR.search(subject.words):
            known = _as_some_had_it(subject.entry)
        if known is None:
            return None
        marginal = in_own_terms(known.marginal, subject, self.demographics)
        return Made(_within_bounds(marginal, subject), known.provenance, known.basis)


def _as_some_had_it(entry: Entry | None) -> KnownMarginal | None:
    """Return a guess of how many of the patients with a disease had had it before."""
    if entry is None or entry.codes != ("no", "yes"):
        return None
    shares = Shares((Share("no", 1 - _BEFORE), Share("yes", _BEFORE)))
    return KnownMarginal(shares, "assumed", f"{GUESS}: {entry.label}, earlier in life")


def _as_in_adults(entry: Entry) -> KnownMarginal | None:
    """Return a guess for children of whom nothing is known: numbers of adults, diseases rare."""
    if entry.codes == ("no", "yes"):
        rare = Shares((Share("no", 1 - _RARE), Share("yes", _RARE)))
        return KnownMarginal(rare, "assumed", f"{GUESS}: {entry.label}, rare in children")
    if entry.codes:
        return None
    return KnownMarginal(entry.marginal, "assumed", f"{GUESS}: {entry.label}, as in adults")


def _demographics(
    entries: Mapping[str, Subject],
    known: Picture,
    setting: Setting,
    subjects: Mapping[str, Subject] | None = None,
) -> Demographics:
    """Return sex and age as the catalogue expects them; with `subjects`, as they are stated."""
    whole = {name: subject for name, subject in entries.items() if subject.threshold is None}
    own: dict[str, Subject] = {name: whole[name] for name in ("sex", "age") if name in whole}
    sex = _of_one_sex(setting.only) if setting.only else known.known["sex"].marginal
    age = known.known["age"].marginal if "age" in known.known else _of_adults()
    subject = own.get("age")
    if subjects is not None and subject is not None and subject.entry_unit is not None:
        stated = marginals.stated(subject, subjects)
        factor = subject.entry_unit.factor
        here = stated or _within_bounds(in_own_terms(age, subject, Demographics({}, {})), subject)
        age = curves.added(here, 0.0, 1 / factor, *_AGES)
    return Demographics(own, {"sex": sex, "age": age})


def _of_adults() -> Marginal:
    return catalogue().entries["age"].marginal


def _of_one_sex(sex: str) -> Shares:
    codes = catalogue().entries["sex"].codes
    return Shares(tuple(Share(code, float(code == sex)) for code in codes))


def _within_bounds(marginal: Marginal, subject: Subject) -> Marginal:
    """Return a number's marginal cut off at the bounds that are stated of all patients."""
    if subject.type not in NUMERIC_TYPES:
        return marginal
    low, high = subject.stated_bounds
    return marginal if low is None and high is None else curves.cut_off(marginal, low, high)


def _stated_place(
    subject: Subject, subjects: Mapping[str, Subject], own: Marginal
) -> tuple[float, float] | None:
    """Return mean and variance of the normal score of a subject, as far as they are stated.

    `own` is what the catalogue expects, in the subject's unit and codes.
    """
    stated = marginals.stated(subject, subjects)
    if stated is not None:
        place = curves.place(stated, own)
        return (subject.direction * place[0], place[1]) if subject.direction else None
    if subject.coded:
        return None
    cut = _within_bounds(own, subject)
    centres = subject.stated.overall.numbers
    for centre in _CENTRES:
        if centre in centres:
            return curves.score_of(centres[centre], own), curves.place(cut, own)[1]
    return None if cut is own else curves.place(cut, own)
