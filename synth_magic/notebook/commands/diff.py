"""`%synthpatients diff NAME [A B]`: what changes from one version to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from synth_magic.errors import SettingError
from synth_magic.notebook.commands import grid
from synth_magic.notebook.commands.arguments import version_of
from synth_magic.notebook.commands.figures import achieved
from synth_magic.notebook.commands.history import asked
from synth_magic.notebook.first import LOOKED_AT
from synth_magic.notebook.words import counted, plain

if TYPE_CHECKING:
    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.history import Version

_MOST = 40
"""So many changes and so many figures are shown at most."""


def diff(binding: Binding, numbers: Sequence[str]) -> dict[str, str]:
    """Return the difference in words, and what came out of the figures that differ.

    Without numbers, of the present version and the one that it was made from. Raises SettingError.
    """
    one, other = _versions(binding, numbers)
    difference = one.cohort.spec.diff(other.cohort.spec)
    title = f"{binding.name}: from version {_titled(one)} to version {_titled(other)}"
    lines = str(difference).splitlines()
    if len(lines) > _MOST:
        lines = [*lines[: _MOST - 1], f"… and {len(lines) - _MOST:,} more changes", lines[-1]]
    told = "\n".join([difference.brief(), "", *map(plain, lines)]) if difference else lines[0]
    rows = [(each.what, each.before, each.after) for each in achieved(one.cohort, other.cohort)]
    if not rows:
        html = grid.page(grid.paragraph(title), grid.paragraph(told))
        return {"text/plain": f"{title}\n\n{told}", "text/html": html}
    more = f"… and {len(rows) - _MOST:,} more" if len(rows) > _MOST else ""
    head = ("achieved", *(f"version {v.number}, {_patients(v)}" for v in (one, other)))
    table = head, rows[:_MOST]
    return {
        "text/plain": f"{title}\n\n{told}\n\n{grid.in_text(*table)}\n{more}".rstrip(),
        "text/html": grid.page(
            grid.paragraph(title), grid.paragraph(told), grid.in_html(*table), grid.paragraph(more)
        ),
    }


def _versions(binding: Binding, numbers: Sequence[str]) -> tuple[Version, Version]:
    if numbers:
        one, other = (version_of(binding, number) for number in numbers)
        return one, other
    version = binding.version
    if version.before is None:
        others = f": %synthpatients diff {binding.name} A B" if len(binding.history) > 1 else ""
        raise SettingError(
            f"version {version.number} of {binding.name} was made from no other"
            + (f"; name the two to compare{others}" if others else ", and there is only this one")
        )
    return version.before, version


def _titled(version: Version) -> str:
    return f"{version.number} ({version.how}: {asked(version)})"


def _patients(version: Version) -> str:
    rows = version.cohort.rows
    return counted(rows, "patient") if rows <= LOOKED_AT else f"first {LOOKED_AT:,} patients"
