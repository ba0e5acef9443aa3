"""What changed from the version that this one was made from, in words and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth_magic.notebook.pages.html import brief, folded, points, said

if TYPE_CHECKING:
    from synth_magic.notebook.panel.scene import Scene

_WORDS = 200


def changes(scene: Scene) -> str:
    """Return the most telling figures in a line, and all of them folded under it."""
    difference, before = scene.changes, scene.version.before
    if difference is None or before is None:
        return ""
    asked = f"Version {brief(scene.version.title, _WORDS)}."
    if not difference:
        return f'<div class="sp-changes"><p>{asked} Nothing changed.</p></div>'
    told = f"<strong>Changed from version {before.number}:</strong> {said(difference.brief())}."
    *lines, _ = str(difference).replace(" -> ", " → ").splitlines()
    every = folded(f"All that changed ({len(lines):,})", points(lines))
    return f'<div class="sp-changes"><p>{asked}<br>{told}</p>{every}</div>'
