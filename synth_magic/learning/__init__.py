"""Learn a specification from rows of patients."""

from synth_magic.learning.fitting import fit

__all__ = ["fit"]
