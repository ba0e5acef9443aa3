"""From columns to the variables of a specification."""

from __future__ import annotations

import numpy as np

from synth_magic.learning.recording import learn_number
from synth_magic.learning.table import Column
from synth_magic.spec.model import Identifier, Share, Shares, Variable
from synth_magic.spec.validation import ORIGIN

_EPOCH = f"{ORIGIN}1970-01-01"


def variable(column: Column, smallest: int) -> Variable:
    """Return a column as a variable with a distribution of its own."""
    if column.type == "identifier":
        return Variable(column.name, "identifier", Identifier())
    missing = float(column.missing.mean())
    if column.codes:
        return Variable(column.name, column.type, shares(column), missing=missing)
    number = learn_number(column.present, smallest, whole=column.type != "continuous")
    return Variable(
        column.name,
        column.type,
        number.marginal,
        unit=_EPOCH if column.type == "date" else "",
        decimals=number.decimals,
        spikes=number.spikes,
        digit_preference=number.preference,
        missing=missing,
    )


def shares(column: Column) -> Shares:
    """Return the share of each code among the values that there are."""
    places = column.values[~column.missing].astype(int)
    sizes = np.bincount(places, minlength=len(column.codes)) / len(places)
    return Shares(
        tuple(Share(code, float(size)) for code, size in zip(column.codes, sizes, strict=True))
    )
