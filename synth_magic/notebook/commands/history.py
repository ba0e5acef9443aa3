"""`%synthpatients history NAME`: the versions of a name, and what changed from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth_magic.notebook.commands import grid
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.history import Version

_HEAD = ("", "made", "asked for", "made by", "rows", "seed", "tokens", "changed")
_MOST, _LETTERS = 3, 50


def history(binding: Binding) -> dict[str, str]:
    """Return the table, as plain text and as HTML; the present version is marked."""
    present = binding.version.number
    rows = [_row(binding, version) for version in binding.history]
    title = f"{binding.name}: version {present} of {len(rows)}"
    return {
        "text/plain": f"{title}\n\n{grid.in_text(_HEAD, rows)}",
        "text/html": grid.page(grid.paragraph(title), grid.in_html(_HEAD, rows)),
    }


def _row(binding: Binding, version: Version) -> tuple[str, ...]:
    """Return what there is to say of a version; of the present one, with its present patients."""
    now = version.number == binding.version.number
    cohort = binding.cohort if now else version.cohort
    before = version.before
    changed = before.cohort.spec.diff(version.cohort.spec).brief(_MOST) if before else ""
    return (
        f"{'→' if now else ' '} {version.number}",
        f"{version.how} from {before.number}" if before else version.how,
        asked(version),
        _made_by(version),
        f"{cohort.rows:,}",
        str(cohort.seed),
        _tokens(version),
        changed,
    )


def asked(version: Version) -> str:
    """Return what was asked for: the words of a change, else the description."""
    return in_short(version.words or version.cohort.origin.description, _LETTERS)


def _made_by(version: Version) -> str:
    """Return who made a version, in a few words."""
    origin = version.cohort.origin
    if version.how == "edited":
        return "hand"
    if origin.engine == "recorded":
        return f"{origin.model}, recorded"
    return origin.model or origin.engine


def _tokens(version: Version) -> str:
    """Return the tokens that its answer took when it was given."""
    usage = version.cohort.origin.usage
    if version.how == "edited":
        return "0"
    return f"{'about ' if usage.estimated else ''}{usage.tokens:,}"
