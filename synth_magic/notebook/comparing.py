"""Which real patients of the user's a cell compares with: their name, and never a row of them."""

from __future__ import annotations

import unicodedata
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from IPython.core.error import UsageError

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.notebook.binding import Comparison
from synth_magic.notebook.interpolation import value_of


def compared_with(options: Namespace, name: str, namespace: Mapping[str, Any]) -> Comparison | None:
    """Return what the line compares with, if with anything.

    Raises UsageError for options that need others, SettingError for what is no DataFrame and for
    a target that it has not.
    """
    if options.against is None:
        if options.target is not None:
            raise UsageError("--target is of a comparison: write --against REAL too")
        return None
    if not name:
        raise UsageError("--against compares the patients of a NAME: write one first")
    real = value_of(options.against, namespace, "--against")
    _check(options.against, real, options.target)
    return Comparison(unicodedata.normalize("NFKC", options.against), options.target or "")


def _check(name: str, real: object, target: str | None) -> None:
    import pandas as pd

    if not isinstance(real, pd.DataFrame):
        kind = type(real).__name__
        raise SettingError(f"--against {name}: it must be a DataFrame, not of type {kind}")
    names = [str(column) for column in real.columns]
    if target is not None and target not in names:
        near = did_you_mean(target, names)
        raise SettingError(f"--target: {name} has no column {target[:60]!r}{near}")
