"""What the patients may be seen beside: another version of them, or a frame of the user's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from synth_magic.notebook.first import first_patients
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.panel.scene import Scene

_VERSION, _FRAME = "version ", "frame "
_LETTERS = 40


class References:
    """Versions are drawn with the rows and seed of the patients, so that chance differs little.

    `names` pairs what is shown with what `chosen` takes; `usual` is the version before, if any.
    """

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._drawn: tuple[object, pd.DataFrame] | None = None
        self.names: list[tuple[str, str]] = []
        self.usual = ""

    def offer(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Find what there is to be seen beside these patients."""
        self._scene = scene
        before = scene.version.before
        self.usual = f"{_VERSION}{before.number}" if before else ""
        others = [v for v in scene.history if v.number != scene.version.number]
        versions = [
            (in_short(f"version {v.label}", _LETTERS), f"{_VERSION}{v.number}") for v in others
        ]
        frames = [(name, f"{_FRAME}{name}") for name in self._binding.frames_like(frame)]
        self.names = [*versions, *frames]

    def chosen(self, choice: str) -> tuple[pd.DataFrame | None, str]:
        """Return the frame that is chosen, if there is one, and its name."""
        if choice.startswith(_VERSION):
            number = int(choice.removeprefix(_VERSION))
            return self._version(number), f"version {number}"
        if choice.startswith(_FRAME):
            name = choice.removeprefix(_FRAME)
            return self._binding.frame(name), name
        return None, ""

    def _version(self, number: int) -> pd.DataFrame:
        """Draw a version once for these rows and this seed."""
        rows, seed = self._scene.cohort.rows, self._scene.cohort.seed
        wanted = (number, rows, seed)
        if self._drawn is None or self._drawn[0] != wanted:
            cohort = self._scene.history[number].cohort
            self._drawn = wanted, first_patients(replace(cohort, rows=rows, seed=seed))
        return self._drawn[1]
