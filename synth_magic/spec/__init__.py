"""The specification of a cohort: what it states, whether that can be, and how it is stored."""

from __future__ import annotations

from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.difference import Change, Difference
from synth_magic.spec.expressions import Coded, Expression
from synth_magic.spec.model import (
    Association,
    By,
    Cell,
    DigitPreference,
    Fact,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    MissingGroup,
    Quantiles,
    Rule,
    Share,
    Shares,
    Spike,
    Variable,
    Within,
)

__all__ = [
    "Association",
    "By",
    "Cell",
    "Change",
    "Coded",
    "CohortSpec",
    "Difference",
    "DigitPreference",
    "Expression",
    "Fact",
    "Formula",
    "Identifier",
    "MeanSD",
    "MedianIQR",
    "MissingGroup",
    "Quantiles",
    "Rule",
    "Share",
    "Shares",
    "Spike",
    "Variable",
    "Within",
]
