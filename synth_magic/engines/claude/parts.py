"""A long list of variables, asked for in several requests."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from synth_magic.description.model import Description

MOST = 40
"""More variables than this are not asked for at once: one answer would grow too long."""


@dataclass(frozen=True, slots=True)
class Part:
    """The variables of one request, and those of earlier ones; none named means all there are."""

    stage: str = ""
    names: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


def parts(description: Description) -> tuple[Part, ...]:
    """Return what to ask for, in order: parts of about equal size if a table lists many columns."""
    names = description.listed
    count = ceil(len(names) / MOST)
    if count <= 1:
        return (Part(),)
    size = ceil(len(names) / count)
    return tuple(
        Part(f"part {place + 1} of {count}", names[first : first + size], names[:first])
        for place, first in enumerate(range(0, len(names), size))
    )
