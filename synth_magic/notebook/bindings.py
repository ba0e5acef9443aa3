"""Which names of the user's hold synthetic patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TypeGuard

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.notebook.binding import Binding, Comparison, Reader
from synth_magic.notebook.history import How, Version

if TYPE_CHECKING:
    from synth_magic.frame import Cohort, PatientFrame


NAMELESS = 5
"""So many panels of cohorts without a name are alive at most."""


def _are_patients(value: object) -> TypeGuard[PatientFrame]:
    from synth_magic.frame import PatientFrame
    from synth_magic.spec.marks import ATTRS_KEY

    return isinstance(value, PatientFrame) and ATTRS_KEY in value.attrs


class Bindings:
    """The bindings of one session, by name; `settings` gives those that hold in it now."""

    def __init__(self, namespace: MutableMapping[str, Any], settings: Reader = dict) -> None:
        self.settings = settings
        self._namespace = namespace
        self._bindings: dict[str, Binding] = {}
        self._nameless: list[Binding] = []

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._bindings.values())

    def __getitem__(self, name: str) -> Binding:
        """Return the binding of a name, or raise SettingError with the nearest name.

        Patients drawn in Python are taken under their name.
        """
        frame = self._namespace.get(name)
        owner = self.of(frame) if _are_patients(frame) else None
        if _are_patients(frame) and owner is None:
            return self._adopt(name, frame)
        if name not in self._bindings:
            if owner is not None:
                known = owner.name
                raise SettingError(f"{name} holds patients of {known}: write {known} instead")
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
        comparison: Comparison | None = None,
        anew: bool = False,
    ) -> Binding:
        """Let a name stand for patients.

        A panel that the name had is closed, or `anew`, replaced by another.
        """
        binding = self._bindings.get(name) or self._new(self._namespace, name)
        if not anew:
            binding.close(replaced=True)
        binding.run(
            frame,
            how,
            words,
            source=source,
            before=before,
            settings=settings,
            comparison=comparison,
            anew=anew,
        )
        self._bindings[name] = binding
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

    def showing(self, cohort: Cohort) -> Binding:
        """Return the binding that stands for a cohort, or else one without a name.

        A nameless one gives way if its first cohort is shown again, and the oldest to newer ones.
        """
        for known in self._all:
            if known.cohort == cohort:
                return known
        again = [one for one in self._nameless if one.history[1].cohort == cohort]
        for old in again or self._nameless[: 1 - NAMELESS]:
            old.close()
            self._nameless.remove(old)
        binding = self._new({}, "")
        binding.run(cohort.frame(), "drawn in Python")
        self._nameless.append(binding)
        return binding

    def _new(self, namespace: MutableMapping[str, Any], name: str) -> Binding:
        return Binding(namespace, name, self._settings_with)

    def _settings_with(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.settings(options)

    @property
    def _all(self) -> list[Binding]:
        return [*self, *self._nameless]

    def forget_deleted(self) -> None:
        """Keep only names that the user still has."""
        self._bindings = {b.name: b for b in self if not b.deleted}

    def close(self) -> None:
        """Close every panel."""
        for binding in self._all:
            binding.close()
        self._nameless.clear()
