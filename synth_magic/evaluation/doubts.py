"""Doubts about a comparison as a whole: whether it is fair, and of what."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from synth_magic.evaluation.tables import Tables
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.marks import ATTRS_KEY


def doubts(
    synthetic: pd.DataFrame,
    real: pd.DataFrame,
    spec: CohortSpec | None,
    compared: Collection[str],
    *,
    held_out: bool,
) -> Iterator[str]:
    """Yield what a reader of the comparison should know before its figures."""
    if ATTRS_KEY in real.attrs:
        yield (
            "What is given as real patients was made by synth_magic: synthetic patients are "
            "compared with synthetic ones, unless the two tables are swapped."
        )
    learnt = next((v.basis for v in spec.variables if v.provenance == "data"), "") if spec else ""
    if learnt and not held_out:
        yield (
            f"The synthetic patients are drawn from what was learnt from data ({learnt}). If the "
            "real patients are of these data, the figures flatter: learn from a part of them, and "
            "give the rest as holdout."
        )
    columns = max(synthetic.shape[1], real.shape[1])
    if len(compared) <= columns / 2:
        yield f"Only {len(compared)} of {columns} columns are compared."


def untold(target: str, keys: Collection[str]) -> Iterator[str]:
    """Yield what the comparison says nothing of, and what to name so that it does."""
    if not target:
        yield "Nothing is said of utility: name a target, the column that a model is to predict."
    if not keys:
        yield (
            "Nothing is said of disclosure: name keys, what one may know of a patient, and the "
            "sensitive columns to guess from them."
        )


def cut(target: str, tables: Tables) -> Iterator[str]:
    """Yield how a target is predicted that is a number."""
    if target in tables.numbers:
        yield (
            f"{target} is a number: what is predicted is whether it is above the median of the "
            "real training rows."
        )
