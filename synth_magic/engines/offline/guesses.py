"""Which variables are guesses, with nothing to go on."""

from __future__ import annotations

from synth_magic.spec.model import Variable

GUESS = "a guess"
"""How the basis of a guess begins."""


def is_guess(variable: Variable) -> bool:
    """Tell whether a variable's figures rest on nothing but its name and unit."""
    return variable.provenance == "assumed" and variable.basis.startswith(GUESS)
