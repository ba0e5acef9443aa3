"""What an engine answers: a specification, and what made it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth_magic.spec.cohort import CohortSpec


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a specification, in a sentence that the panel shows.

    `description` is the text it was made from; `not_understood` its words that led to nothing;
    `remarks` are what the user should know of how the rest was read.
    """

    engine: str
    summary: str
    description: str = ""
    not_understood: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the origin as JSON holds it."""
        return asdict(self) | {
            "not_understood": list(self.not_understood),
            "remarks": list(self.remarks),
        }

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Origin:
        """Return the origin that `to_dict` wrote."""
        return cls(
            **document
            | {
                "not_understood": tuple(document["not_understood"]),
                "remarks": tuple(document["remarks"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A specification and its origin."""

    spec: CohortSpec
    origin: Origin
