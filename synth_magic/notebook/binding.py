"""One name of the user's that holds synthetic patients, and when it may be bound anew.

A binding keeps what draws the patients again, and only weak references to the patients.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from synth_magic.notebook.history import History, How, Version

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.notebook.panel.panel import Panel


UNDONE = 50
"""So many changes can be undone."""

Reader: TypeAlias = "Callable[[Mapping[str, Any]], Mapping[str, Any]]"
"""Gives all settings that hold now, beside those that are given. Raises SettingError."""


def edited(frame: PatientFrame, cohort: Cohort) -> bool:
    """Return whether a frame differs from what its cohort draws, which is always the same."""
    drawn = cohort.frame()
    return not (
        frame.equals(drawn)
        and frame.index.names == drawn.index.names
        and frame.columns.names == drawn.columns.names
        and frame.attrs.keys() == drawn.attrs.keys()
    )


@dataclass(frozen=True, slots=True)
class State:
    """What a name stands for: patients of a version, with a seed and a number of rows."""

    version: Version
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Comparison:
    """The name of real patients to compare with, and what `evaluate` is told besides."""

    real: str
    told: Mapping[str, Any] = field(default_factory=dict)


Follower: TypeAlias = "Callable[[State, PatientFrame], Callable[[], None]]"
"""Prepares to show other patients, which may fail, and returns what shows them."""


class Binding:
    """One name, the versions and patients behind it, and the panel that shows it.

    `followers` are called with the patients each time others are drawn, before anything is changed;
    what they return is called after it. A name that is empty stands for nothing: its patients are
    seen in the panel only. `turn` is held while patients are drawn and shown: a kernel may answer
    the controls of a panel in several threads.
    """

    def __init__(
        self, namespace: MutableMapping[str, Any], name: str, settings: Reader = dict
    ) -> None:
        self.name = name
        self.panel: Panel | None = None
        self.comparison: Comparison | None = None
        self.history = History()
        self.followers: list[Follower] = []
        self.turn = RLock()
        self._namespace = namespace
        self._options: Mapping[str, Any] = {}
        self._read = settings
        self._past: list[State] = []
        self._state: State | None = None
        self._current: weakref.ref[PatientFrame] | None = None
        self._earlier: list[weakref.ref[PatientFrame]] = []

    @property
    def state(self) -> State:
        """What the name stands for."""
        assert self._state is not None
        return self._state

    @property
    def cohort(self) -> Cohort:
        """What draws the patients."""
        return self.state.cohort

    @property
    def version(self) -> Version:
        """The version that the patients are of."""
        return self.state.version

    @property
    def settings(self) -> Mapping[str, Any]:
        """The options of the last cell's line, and what else holds now. Raises SettingError."""
        return self._read(self._options)

    def run(
        self,
        frame: PatientFrame,
        how: How,
        words: str = "",
        *,
        source: str = "",
        before: Version | None = None,
        settings: Mapping[str, Any] | None = None,
        comparison: Comparison | None = None,
        anew: bool = False,
    ) -> None:
        """Take patients that a cell has made from a version, if from any.

        `source` is its line without rows and seed, `settings` are those that stand on the line,
        `comparison` says with whom it compares. `anew` puts another panel in the place of the one
        that an earlier cell shows.
        """
        with self.turn:
            version = self.history.make(frame.cohort, how, words, source, before)
            before_it = self._options, self.comparison
            self._options, self.comparison = settings or {}, comparison
            try:
                self._become(State(version, frame.cohort), frame, anew=anew)
            except BaseException:
                self._options, self.comparison = before_it
                raise

    def draw(self, rows: int, seed: int | None = None) -> None:
        """Draw other patients of this version: with the next seed unless one is given.

        Raises RowsError and SettingError.
        """
        # What fitted into the memory once fits again.
        frame = self.cohort.resample(rows, seed, large=rows <= self.cohort.rows)
        self._become(State(self.version, frame.cohort), frame)

    def change(self, cohort: Cohort, how: How, words: str) -> None:
        """Make a new version from the present one."""
        with self.turn:
            version = self.history.make(cohort, how, words, "", self.version)
            self._become(State(version, cohort), cohort.frame())

    def restore(self, number: int, *, anew: bool = False) -> None:
        """Go back to a version, with its rows and seed. Raises SettingError if there is none.

        `anew` puts another panel in the place of the one that an earlier cell shows.
        """
        version = self.history[number]
        self._become(State(version, version.cohort), version.cohort.frame(), anew=anew)

    def undo(self) -> None:
        """Go back to what was before the last change, if there was one."""
        if self._past:
            *past, state = self._past
            self._become(state, state.cohort.frame(), past)

    @property
    def can_undo(self) -> bool:
        """Whether there was something before."""
        return bool(self._past)

    def _become(
        self,
        state: State,
        frame: PatientFrame,
        past: list[State] | None = None,
        *,
        anew: bool = False,
    ) -> None:
        """Stand for other patients; `past` is what came before them, if not the present state.

        All that takes long or may fail comes first: if it does, nothing was changed.
        """
        with self.turn:
            followers = (self._succeed,) if anew and self.panel else tuple(self.followers)
            shows = [prepare(state, frame) for prepare in followers]
            self.history.keep(state.version)
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
            for show in shows:
                show()

    def _succeed(self, state: State, frame: PatientFrame) -> Callable[[], None]:
        """Prepare another panel, and return what puts it in the place of the present one."""
        from synth_magic.notebook.panel.panel import Panel

        successor = Panel(self, frame, state)

        def show() -> None:
            self.close(replaced=True)
            self.panel = successor
            successor.enter()

        return show

    def holds(self, frame: PatientFrame) -> bool:
        """Return whether these are the patients drawn last."""
        return self._current is not None and self._current() is frame

    def held(self, frame: PatientFrame) -> bool:
        """Return whether these are patients drawn before the last."""
        return any(ref() is frame for ref in self._earlier)

    @property
    def deleted(self) -> bool:
        """Whether the user has no such name any more."""
        return self.name not in self._namespace

    @property
    def in_place(self) -> bool:
        """Whether the name still stands for the patients drawn last."""
        current = self._current() if self._current else None
        return current is not None and self._namespace.get(self.name) is current

    def obstacle(self) -> str:
        """Return why the name must not be bound anew without asking, or nothing."""
        if self.deleted:
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

    def close(self, *, replaced: bool = False) -> None:
        """Close the panel, if there is one; what stays of it says if a later cell replaced it."""
        if self.panel is not None:
            why = f"Earlier patients of {self.name}: a cell that ran later has replaced them."
            self.panel.close(why if replaced else "")
            self.panel = None
