"""Correlations achieved beside those stated, and what to know of their maps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from synth_magic.notebook import correlations
from synth_magic.notebook.correlations import Difference, Maps, figure
from synth_magic.notebook.pages.checks import NO, YES
from synth_magic.notebook.pages.html import brief, said, table
from synth_magic.notebook.plots.associations import FAINT, MOST_LABELLED
from synth_magic.notebook.words import NAME, counted, in_short

if TYPE_CHECKING:
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

_LISTED = 10
_VISIBLE = 0.01


def too_few(variables: Sequence[Variable]) -> str:
    """Say why there is no map."""
    only = f"only {in_short(variables[0].name)}" if variables else "no variable"
    return (
        f"There is no map: {only} has values with an order. Identifiers and categorical variables "
        "have none."
    )


def explained(found: Maps, rows: int) -> Iterator[str]:
    """Say how to read the maps, and what is not on them."""
    if found.rows < rows:
        yield f"Achieved in the first {found.rows:,} of {counted(rows, 'patient')}."
    yield (
        "Full squares on the right are stated in the specification; small ones follow from it, as "
        f"{correlations.IMPLIED_ROWS:,} other patients show."
    )
    yield f"Grey: weaker than {FAINT}."
    if len(found.variables) > MOST_LABELLED:
        yield f"Names have room beside {MOST_LABELLED} variables at most."
    alone = np.flatnonzero(np.isnan(found.achieved).all(axis=1))
    if len(alone):
        names = [found.variables[place].name for place in alone]
        listed = ", ".join(in_short(name) for name in names[:_LISTED])
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        yield f"Without a correlation, for too few values are known or differ: {listed}{more}."


def differences(scene: Scene) -> str:
    """Return the stated correlations as a table, those furthest from achieved first."""
    found = correlations.differences(scene.view)
    changed = _restated(scene)
    if not found:
        return f"{changed}<p>No correlation of two columns is stated.</p>"
    met = sum(one.check.reached for one in found)
    heads = ("", "Pair", "Stated", "Achieved", "Standard error")
    which = f" The {_LISTED} furthest off:" if len(found) > _LISTED else ""
    return (
        f"{changed}<p>{met:,} of {counted(len(found), 'stated correlation')} reached: within 3 "
        f"standard errors.{which}</p>"
    ) + table("sp-checks", heads, map(_row, found[:_LISTED]))


def _row(one: Difference) -> tuple[str, ...]:
    mark = YES if one.check.reached else NO
    names = said(" – ".join(in_short(name) for name in one.pair))
    stated = figure(one.check.stated)
    if abs(one.check.stated - one.within_reach) > _VISIBLE:
        stated += f"<br><small>{figure(one.within_reach)} can be had</small>"
    figures = (stated, "–", "") if math.isnan(one.check.achieved) else (
        stated, figure(one.check.achieved), f"{one.check.standard_error:.3f}"
    )  # fmt: skip
    return mark, names, *figures


def _restated(scene: Scene) -> str:
    """Say which correlations are stated otherwise than in the version before."""
    before = scene.version.before
    if before is None:
        return ""
    specs = (version.cohort.compiled.spec for version in (before, scene.version))
    changes = list(correlations.restated(*specs))
    if not changes:
        return ""
    listed = "; ".join(brief(one, 2 * NAME) for one in changes[:_LISTED])
    more = f"; and {len(changes) - _LISTED:,} more" if len(changes) > _LISTED else ""
    return f"<p><strong>Stated anew since version {before.number}:</strong> {listed}{more}.</p>"
