"""What was compiled lately, so that reading, drawing and checking a cohort compile it once."""

from __future__ import annotations

from typing import TypeVar

from synth_magic.sampling.compiled import CompiledCohort, compile_cohort
from synth_magic.spec.cohort import CohortSpec

K = TypeVar("K")
V = TypeVar("V")

_MOST = 32
_compiled: dict[CohortSpec, CompiledCohort] = {}


def compiled(spec: CohortSpec) -> CompiledCohort:
    """Compile a specification, or return what was compiled from an equal one lately.

    Raises what `compile_cohort` raises.
    """
    found = _compiled.get(spec)
    if found is None:
        found = compile_cohort(spec)
        keep(_compiled, spec, found)
        keep(_compiled, found.spec, found)
    return found


def keep(lately: dict[K, V], key: K, value: V) -> None:
    """Put a value in, and the oldest out where there are too many."""
    lately[key] = value
    if len(lately) > _MOST:
        del lately[next(iter(lately))]
