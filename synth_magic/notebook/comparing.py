"""Which real patients of the user's a cell compares with: their name, and never a row of them."""

from __future__ import annotations

import unicodedata
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from IPython.core.error import UsageError

from synth_magic.engines.settings import option
from synth_magic.engines.values import names, whole_number_within
from synth_magic.errors import SettingError, did_you_mean
from synth_magic.notebook.binding import Comparison
from synth_magic.notebook.interpolation import value_of
from synth_magic.notebook.options import COMPARED


def compared_with(options: Namespace, name: str, namespace: Mapping[str, Any]) -> Comparison | None:
    """Return what the line compares with, if with anything.

    Raises UsageError for options that need others, SettingError for what is no DataFrame, for a
    column that it has not, for columns that cannot be compared so, and for no number of splits.
    """
    given = {word: getattr(options, word) for word in COMPARED}
    given = {word: value for word, value in given.items() if value is not None}
    if options.against is None:
        for word in given:
            raise UsageError(f"{option(word)} is of a comparison: write --against REAL too")
        return None
    if not name:
        raise UsageError("--against compares the patients of a NAME: write one first")
    real = given.pop("against")
    splits = whole_number_within(1, 100, "--splits", given.pop("splits", 1))
    columns = _columns(real, value_of(real, namespace, "--against"))
    told = {word: value if word == "target" else names(value) for word, value in given.items()}
    _check(told, real, columns)
    return Comparison(unicodedata.normalize("NFKC", real), {**told, "splits": splits})


def _columns(name: str, real: object) -> list[str]:
    import pandas as pd

    if not isinstance(real, pd.DataFrame):
        kind = type(real).__name__
        raise SettingError(f"--against {name}: it must be a DataFrame, not of type {kind}")
    return [str(column) for column in real.columns]


def _check(told: Mapping[str, Any], real: str, columns: list[str]) -> None:
    from synth_magic.evaluation.roles import Roles

    for word, named in told.items():
        for column in [named] if isinstance(named, str) else named:
            if column not in columns:
                near = did_you_mean(column, columns)
                raise SettingError(f"{option(word)}: {real} has no column {column[:60]!r}{near}")
    Roles.of(**{"target": None, **told}).check(columns, {})
