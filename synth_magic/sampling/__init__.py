"""From a specification to patients: compile once, sample many times."""

from synth_magic.sampling.compiled import CompiledCohort, Target, compile_cohort
from synth_magic.sampling.lately import compiled
from synth_magic.sampling.sampler import sample

__all__ = ["CompiledCohort", "Target", "compile_cohort", "compiled", "sample"]
