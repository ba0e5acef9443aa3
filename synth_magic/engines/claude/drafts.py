"""An answer as the document of a whole specification, while it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from synth_magic.engines.claude.documents import LISTS, Document
from synth_magic.errors import SpecificationError, Violation
from synth_magic.spec.text import shown

_ITEM = re.compile(rf"(?P<part>variables|{'|'.join(LISTS)})\[(?P<place>\d+)\]")

Item = tuple[str, int]
"""A list of the document, and a place in it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The document, and what the user should know of it.

    Of a change, `places` tells for each item of a list where in the answer it stands; None for what
    the earlier specification held.
    """

    document: Document
    remarks: tuple[str, ...] = ()
    places: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)

    def inherited(self, item: Item) -> bool:
        """Return whether an item is not of the answer but of the earlier specification."""
        part, place = item
        return part in self.places and self.places[part][place] is None

    def without(self, wrong: Mapping[Item, Violation]) -> Draft:
        """Return the draft without items that cannot stay, each told in the remarks."""
        parts = {part for part, _ in wrong}
        kept = {part: _kept(self.document[part], part, wrong) for part in parts}
        places = {
            part: tuple(_kept(of, part, wrong)) if part in parts else of
            for part, of in self.places.items()
        }
        told = tuple(self._told(wrong))
        return Draft(self.document | kept, (*self.remarks, *told), places)

    def as_answered(self, error: SpecificationError) -> SpecificationError:
        """Return the error with the places that things have in the answer."""
        return type(error)([self._placed(violation) for violation in error.violations])

    def _placed(self, violation: Violation) -> Violation:
        found = _ITEM.match(violation.path)
        if not found or found["part"] not in self.places:
            return violation
        place = self.places[found["part"]][int(found["place"])]
        at = "" if place is None else f"[{place}]"
        return replace(violation, path=f"{found['part']}{at}{violation.path[found.end() :]}")

    def _told(self, wrong: Mapping[Item, Violation]) -> Iterator[str]:
        for (part, place), violation in wrong.items():
            whose = "earlier" if self.inherited((part, place)) else "model's"
            try:
                what = _NAMED[part](self.document[part][place])
            except (KeyError, TypeError):
                what = violation.path
            yield f"The {whose} {what} was left out: {violation.found}."


def optional(error: SpecificationError) -> dict[Item, Violation]:
    """Return what is wrong with items that a specification can do without."""
    found = ((_ITEM.match(violation.path), violation) for violation in error.violations)
    return {
        (at["part"], int(at["place"])): violation
        for at, violation in found
        if at and at["part"] in LISTS
    }


def _kept(items: Collection[Any], part: str, wrong: Mapping[Item, Violation]) -> list[Any]:
    return [item for place, item in enumerate(items) if (part, place) not in wrong]


_NAMED: dict[str, Callable[[dict[str, Any]], str]] = {
    "rules": lambda rule: f"rule {shown(rule['expression'])}",
    "missing_groups": lambda group: f"missing group {shown(group['name'])}",
    "associations": lambda pair: f"association of {shown(pair['a'])} and {shown(pair['b'])}",
    "facts": lambda fact: f"figure {shown(fact['quote'])}",
}
