"""How a frame compares with what was asked for."""

from synth_magic.evaluation.checks import Check, check, table

__all__ = ["Check", "check", "table"]
