"""Which names of the user's hold synthetic patients, and when one may be bound anew.

A binding keeps what draws the patients again, and only weak references to the patients.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeGuard

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.notebook.history import History, How, Version

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.notebook.panel.panel import Panel


UNDONE = 50
"""So many changes can be undone."""


def edited(frame: PatientFrame, cohort: Cohort) -> bool:
    """Return whether a frame differs from what its cohort draws, which is always the same."""
    return not frame.equals(cohort.frame())


def _are_patients(value: object) -> TypeGuard[PatientFrame]:
    from synth_magic.frame import ATTRS_KEY, PatientFrame

    return isinstance(value, PatientFrame) and ATTRS_KEY in value.attrs


@dataclass(frozen=True, slots=True)
class _State:
    """What a name stands for: patients of a version, with a seed and a number of rows."""

    version: Version
    cohort: Cohort


class Binding:
    """One name, the versions and patients behind it, and the panel that shows it.

    `shown` are called with the patients each time others are drawn. A name that is empty stands for
    nothing: its patients are seen in the panel only. `turn` is held while patients are drawn and
    shown: a kernel may answer the controls of a panel in several threads.
    """

    def __init__(
        self,
        namespace: MutableMapping[str, Any],
        name: str,
        settings: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self.name = name
        self.panel: Panel | None = None
        self.history = History()
        self.shown: list[Callable[[PatientFrame], None]] = []
        self.turn = RLock()
        self._namespace = namespace
        self._own: Mapping[str, Any] | None = None
        self._shared = settings
        self._past: list[_State] = []
        self._state: _State | None = None
        self._current: weakref.ref[PatientFrame] | None = None
        self._earlier: list[weakref.ref[PatientFrame]] = []

    @property
    def cohort(self) -> Cohort:
        """What draws the patients."""
        assert self._state is not None
        return self._state.cohort

    @property
    def version(self) -> Version:
        """The version that the patients are of."""
        assert self._state is not None
        return self._state.version

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the last cell, or those of the session. Raises SettingError."""
        return self._shared() if self._own is None else self._own

    def run(
        self,
        frame: PatientFrame,
        how: How,
        words: str = "",
        *,
        source: str = "",
        before: Version | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Take patients that a cell has made from a version, if from any.

        `source` is its line without rows and seed, `settings` are those that it ran with.
        """
        self._own = settings
        version = self.history.add(frame.cohort, how, words, source, before)
        self._become(_State(version, frame.cohort), frame)

    def draw(self, rows: int, seed: int) -> None:
        """Draw other patients of this version. Raises RowsError and SettingError."""
        # What fitted into the memory once fits again.
        frame = self.cohort.resample(rows, seed, large=rows <= self.cohort.rows)
        self._become(_State(self.version, frame.cohort), frame)

    def change(self, cohort: Cohort, how: How, words: str) -> None:
        """Make a new version from the present one."""
        frame = cohort.frame()
        self._become(_State(self.history.add(cohort, how, words, "", self.version), cohort), frame)

    def restore(self, number: int) -> None:
        """Go back to a version, with its rows and seed. Raises SettingError if there is none."""
        version = self.history[number]
        self._become(_State(version, version.cohort), version.cohort.frame())

    def undo(self) -> None:
        """Go back to what was before the last change, if there was one."""
        if self._past:
            *past, state = self._past
            self._become(state, state.cohort.frame(), past)

    @property
    def can_undo(self) -> bool:
        """Whether there was something before."""
        return bool(self._past)

    def _become(self, state: _State, frame: PatientFrame, past: list[_State] | None = None) -> None:
        """Stand for other patients; `past` is what came before them, if not the present state."""
        with self.turn:
            if past is not None:
                self._past = past
            elif self._state is not None and self._state != state:
                self._past = [*self._past, self._state][-UNDONE:]
            self._state = state
            alive = (ref for ref in (*self._earlier, self._current) if ref is not None)
            self._earlier = [ref for ref in alive if ref() is not None]
            self._current = weakref.ref(frame)
            if self.name:
                self._namespace[self.name] = frame
            for show in tuple(self.shown):
                show(frame)

    def holds(self, frame: PatientFrame) -> bool:
        """Return whether these are the patients drawn last."""
        return self._current is not None and self._current() is frame

    def held(self, frame: PatientFrame) -> bool:
        """Return whether these are patients drawn before the last."""
        return any(ref() is frame for ref in self._earlier)

    @property
    def in_place(self) -> bool:
        """Whether the name still stands for the patients drawn last."""
        current = self._current() if self._current else None
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

    def frames_like(self, frame: pd.DataFrame) -> list[str]:
        """Return which other names of the user's hold a frame that shares a column with this."""
        import pandas as pd

        columns = set(frame.columns)
        return [
            name
            for name, value in list(self._namespace.items())
            if isinstance(value, pd.DataFrame)
            and not name.startswith("_")
            and name != self.name
            and not columns.isdisjoint(value.columns)
        ]

    def frame(self, name: str) -> pd.DataFrame | None:
        """Return the frame of this name, if it still holds one."""
        import pandas as pd

        value = self._namespace.get(name)
        return value if isinstance(value, pd.DataFrame) else None

    def close(self) -> None:
        """Close the panel, if there is one."""
        if self.panel is not None:
            self.panel.close()
            self.panel = None


class Bindings:
    """The bindings of one session, by name; `settings` gives the settings of all its cells."""

    def __init__(
        self,
        namespace: MutableMapping[str, Any],
        settings: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._namespace = namespace
        self._settings = settings
        self._bindings: dict[str, Binding] = {}

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._bindings.values())

    def __getitem__(self, name: str) -> Binding:
        """Return the binding of a name, or raise SettingError with the nearest name.

        Patients drawn in Python are taken under their name.
        """
        frame = self._namespace.get(name)
        if _are_patients(frame) and self.of(frame) is None:
            return self._adopt(name, frame)
        if name not in self._bindings:
            near = did_you_mean(name, self._bindings)
            known = (
                f"the names are {', '.join(self._bindings)}"
                if self._bindings
                else "none were made since the kernel started, so run the cell that makes them"
            )
            raise SettingError(f"there are no patients of the name {name:.60}{near}; {known}")
        return self._bindings[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that patients were made under."""
        return tuple(self._bindings)

    def add(
        self,
        name: str,
        frame: PatientFrame,
        how: How = "drawn in Python",
        words: str = "",
        *,
        source: str = "",
        before: Version | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Binding:
        """Let a name stand for patients; a panel that the name had is closed."""
        binding = self._bindings.setdefault(name, Binding(self._namespace, name, self._settings))
        binding.close()
        binding.run(frame, how, words, source=source, before=before, settings=settings)
        return binding

    def present(self, name: str) -> Version | None:
        """Return the version that a name stands for, if there is one."""
        return self._bindings[name].version if name in self._bindings else None

    def parent(self, name: str, text: str) -> Version | None:
        """Return the version that a description of `name` is to change, if there is one.

        A text that made a version before changes what it changed then.
        """
        if name not in self._bindings:
            return None
        binding = self._bindings[name]
        version = binding.history.described(text)
        return version.before if version else binding.version

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
        return self._adopt(names[0], frame) if names else None

    def _adopt(self, name: str, frame: PatientFrame) -> Binding:
        return self.add(name, frame, before=self.present(name))

    def close(self) -> None:
        """Close every panel."""
        for binding in self:
            binding.close()
