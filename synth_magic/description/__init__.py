"""The text of a cell, read into what it says about patients."""

from __future__ import annotations

from synth_magic.description.model import Code, DescribedVariable, Description, Quote
from synth_magic.description.parse import parse

__all__ = ["Code", "DescribedVariable", "Description", "Quote", "parse"]
