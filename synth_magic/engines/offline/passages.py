"""The sentences of a description's prose, and where figures stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synth_magic.description.layout import lay_out
from synth_magic.description.model import Description
from synth_magic.description.phrases import NARROWS, PERSON, STUDY
from synth_magic.description.sentences import split_sentences

Span = tuple[int, int]

_PERSON_OR_STUDY = re.compile(rf"\b(?:{PERSON}|{STUDY}|they)\b", re.IGNORECASE)
_ABOUT_ALL = re.compile(
    r"\b(?:all|every\w*|each|inclusion|includ\w+|eligib\w+|enrol\w+|recruit\w+|requir\w+|diagnos\w+"
    r"|undergo\w*|admitted|admissions?|cohort|hospitali[sz]ed|population)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the prose, its position in the description, and whether it is the first."""

    text: str
    start: int
    first: bool

    @property
    def of_people(self) -> bool:
        """Whether it may say who the patients are."""
        return self.first or bool(_PERSON_OR_STUDY.search(self.text))

    @property
    def of_all(self) -> bool:
        """Whether it speaks of all patients, not of a few."""
        return self.first or bool(_ABOUT_ALL.search(self.text) or NARROWS.search(self.text))


def passages(description: Description) -> Sequence[Passage]:
    """Return the sentences of a description that stand in no table."""
    found = [
        sentence
        for stretch in lay_out(description.text).prose
        for sentence in split_sentences(stretch.text, stretch.start)
    ]
    return [Passage(s.text, s.start, place == 0) for place, s in enumerate(found)]


def figures_of_some(description: Description) -> Sequence[Span]:
    """Return where facts stand that are true of some of the patients, or of none."""
    return [
        (fact.start, fact.start + len(fact.quote))
        for fact in description.facts
        if fact.start is not None and not _is_criterion(fact.statistic, fact.value)
    ]


def _is_criterion(statistic: str, value: float) -> bool:
    return statistic in ("min", "max") or (statistic == "share" and value == 1)
