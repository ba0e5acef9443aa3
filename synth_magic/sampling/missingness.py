"""Who lacks which value: missing groups, and values missing by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synth_magic.sampling.columns import Values, selected
from synth_magic.sampling.grid import Bools, Floats
from synth_magic.spec.expressions import Expression


@dataclass(frozen=True, slots=True)
class Group:
    """Variables missing together where the group's normal score is above `threshold`."""

    name: str
    variables: tuple[str, ...]
    fraction: float
    threshold: float
    condition: Expression | None

    def eligible(self, values: Values, rows: int) -> Bools:
        """Return who can lack these values."""
        if self.condition is None:
            return np.ones(rows, dtype=np.bool_)
        return selected(self.condition, values, rows)


@dataclass(frozen=True, slots=True)
class Missingness:
    """The groups, the shares missing by themselves, and what formulas are computed from."""

    groups: tuple[Group, ...]
    alone: Mapping[str, float]
    inputs: Mapping[str, tuple[str, ...]]

    def masks(
        self,
        scores: Mapping[str, Floats],
        values: Values,
        rows: int,
        uniform: Callable[[str], Floats],
    ) -> dict[str, Bools]:
        """Return for each variable that lacks values who lacks them.

        `scores` are the groups' normal scores; `uniform(name)` the variable's own stream.
        """
        missing: dict[str, Bools] = {}
        for group in self.groups:
            gone = (scores[group.name] > group.threshold) & group.eligible(values, rows)
            for name in group.variables:
                missing[name] = missing[name] | gone if name in missing else gone
        for name, share in self.alone.items():
            gone = uniform(name) < share
            missing[name] = missing[name] | gone if name in missing else gone
        for name, needed in self.inputs.items():
            for other in needed:
                if other in missing:
                    gone = missing[other]
                    missing[name] = missing[name] | gone if name in missing else gone
        return missing
