"""Which names of the user's hold synthetic patients, and when one may be bound anew.

A binding keeps what draws the patients again, and only weak references to the patients.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.notebook.panel import Panel


def edited(frame: PatientFrame, cohort: Cohort) -> bool:
    """Return whether a frame differs from what its cohort draws, which is always the same."""
    return not frame.equals(cohort.frame())


class Binding:
    """One name, the cohort behind it, and the panel that shows it once it was displayed.

    `source` is the magic's line without rows and seed; empty for patients drawn in Python.
    """

    def __init__(
        self, namespace: MutableMapping[str, Any], name: str, frame: PatientFrame, source: str = ""
    ) -> None:
        self.name = name
        self.source = source
        self.panel: Panel | None = None
        self._namespace = namespace
        self._earlier: list[weakref.ref[PatientFrame]] = []
        self._remember(frame)

    def bind(self, frame: PatientFrame) -> None:
        """Let the name stand for these patients."""
        self._earlier = [ref for ref in (*self._earlier, self._current) if ref() is not None]
        self._remember(frame)
        self._namespace[self.name] = frame

    def _remember(self, frame: PatientFrame) -> None:
        self.cohort = frame.cohort
        self._current = weakref.ref(frame)

    def holds(self, frame: PatientFrame) -> bool:
        """Return whether these are the patients drawn last."""
        return self._current() is frame

    def held(self, frame: PatientFrame) -> bool:
        """Return whether these are patients drawn before the last."""
        return any(ref() is frame for ref in self._earlier)

    @property
    def in_place(self) -> bool:
        """Whether the name still stands for the patients drawn last."""
        current = self._current()
        return current is not None and self._namespace.get(self.name) is current

    def obstacle(self) -> str:
        """Return why the name must not be bound anew without asking, or nothing."""
        if self.name not in self._namespace:
            return ""
        if not self.in_place:
            return f"{self.name} stands for something else by now."
        if edited(self._namespace[self.name], self.cohort):
            return f"You have changed {self.name} since it was drawn."
        return ""

    @property
    def code(self) -> str:
        """The line that makes these patients again."""
        rows, seed = self.cohort.rows, self.cohort.seed
        if self.source:
            return f"{self.source} --rows {rows} --seed {seed}"
        return f"{self.name} = {self.name}.cohort.resample(rows={rows}, seed={seed})"

    def close(self) -> None:
        """Close the panel, if there is one."""
        if self.panel is not None:
            self.panel.close()
            self.panel = None


class Bindings:
    """The bindings of one session, by name."""

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        self._namespace = namespace
        self._bindings: dict[str, Binding] = {}

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._bindings.values())

    def add(self, name: str, frame: PatientFrame, source: str = "") -> Binding:
        """Bind a name to a frame; a panel that the name had is closed."""
        if name in self._bindings:
            self._bindings[name].close()
        self._bindings[name] = Binding(self._namespace, name, frame, source)
        self._namespace[name] = frame
        return self._bindings[name]

    def cohort(self, name: str | None) -> Cohort | None:
        """Return the cohort that a name was bound to last, if there is one."""
        binding = self._bindings.get(name or "")
        return binding.cohort if binding else None

    def of(self, frame: PatientFrame) -> Binding | None:
        """Return the binding whose patients these are, or were."""
        return next((b for b in self if b.holds(frame) or b.held(frame)), None)

    def adopt(self, frame: PatientFrame) -> Binding | None:
        """Return a new binding for patients drawn in Python, if the user has given them a name."""
        names = [
            name
            for name, value in self._namespace.items()
            if value is frame and not name.startswith("_")
        ]
        return self.add(names[0], frame) if names else None

    def close(self) -> None:
        """Close every panel."""
        for binding in self:
            binding.close()
