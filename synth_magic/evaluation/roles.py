"""What columns are to the metrics: a target to predict, keys, and sensitive ones to guess."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.spec.text import shown


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of columns as a user gives them.

    `target` is what models predict, empty if nothing; `keys` are what is known of a patient, and
    `sensitive` what is guessed from them; `codes` are numbers that stand for codes; `leave_out` is
    not compared.
    """

    target: str = ""
    keys: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, target: object, **several: object) -> Roles:
        """Return the roles of names; raise SettingError for what is no name."""
        if not (target is None or isinstance(target, str)):
            raise SettingError(f"target must be a column's name, not {type(target).__name__}")
        return cls(target or "", **{role: names(given, role) for role, given in several.items()})

    def check(self, compared: Collection[str], left_out: Mapping[str, str]) -> None:
        """Raise SettingError for a name that is no column, or is one that cannot be used so."""
        known = [*compared, *left_out]
        for role, name in self._named():
            if name not in known:
                raise SettingError(
                    f"{role} {shown(name)} is no column of the patients{did_you_mean(name, known)}"
                )
            if role != "leave_out" and name in left_out:
                raise SettingError(f"{role} {shown(name)} cannot be used: {left_out[name]}")
        for name in self.keys:
            if name == self.target or name in self.sensitive:
                other = "the target" if name == self.target else "sensitive"
                raise SettingError(
                    f"{shown(name)} is both a key and {other}; what is known of a patient is not "
                    "there to be guessed: name it once"
                )
        if bool(self.keys) != bool(self.sensitive):
            raise SettingError(
                "keys and sensitive go together: sensitive is what is guessed from the keys"
            )

    def _named(self) -> Iterator[tuple[str, str]]:
        if self.target:
            yield "target", self.target
        for role in ("keys", "sensitive", "codes", "leave_out"):
            for name in getattr(self, role):
                yield role, name


def names(given: object, role: str) -> tuple[str, ...]:
    """Return one name or several as a tuple, each once; raise SettingError for what is none."""
    several = [given] if isinstance(given, str) else given
    if not isinstance(several, Iterable) or not all(isinstance(name, str) for name in several):
        raise SettingError(f"{role} must be a name or a list of names")
    return tuple(dict.fromkeys(several))
