"""What the rules of a specification share: how a fault is told, and two small checks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeAlias

from synth_magic.spec.text import MAX_NAME, is_one_line, shown

# the path below the part that was checked, what stands there, and what is allowed
Fault: TypeAlias = tuple[str, str, str]


def name_faults(path: str, name: str) -> Iterator[Fault]:
    """Yield what is wrong with a name or code as text; any one line of text is allowed."""
    if not name.strip():
        yield path, "it is empty", "write some text"
    elif len(name) > MAX_NAME:
        yield path, f"it has {len(name):,} characters", f"at most {MAX_NAME} are allowed"
    elif not is_one_line(name):
        yield path, f"{shown(name)} has a control character", "write one line of plain text"


def share_faults(path: str, share: float) -> Iterator[Fault]:
    """Yield a share or fraction outside 0 to 1."""
    if not 0 <= share <= 1:
        yield path, f"the share is {share:.10g}", "shares are from 0 to 1"


def repeats(items: Iterable[Hashable]) -> Iterator[int]:
    """Yield the places of items that stand earlier, too."""
    seen: set[Hashable] = set()
    for place, item in enumerate(items):
        if item in seen:
            yield place
        seen.add(item)
