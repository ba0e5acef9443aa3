"""Real patients split at random in those to learn from and those to judge by."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral

import numpy as np
import pandas as pd

from synth_magic.errors import SettingError
from synth_magic.evaluation.reading import Patients
from synth_magic.evaluation.tables import Tables

TEST_SHARE = 0.3
"""The share of the real patients to judge by, as in the seed paper (arXiv 2412.05153)."""

MOST_ROWS = 20_000
"""A table of more rows is cut to so many, at random: more would move no figure that is shown."""

MOST_SPLITS = 100


def splits_of(patients: Patients, splits: int, seed: int) -> Iterator[Tables]:
    """Give the tables of each split, the same for the same seed; with a hold-out there is one."""
    for split in range(1 if patients.holdout is not None else splits):
        rng = np.random.default_rng([seed, split])
        train, test = patients.real, patients.holdout
        if test is None:
            places = rng.permutation(len(train))
            cut = round(TEST_SHARE * len(train))
            train, test = train.iloc[places[cut:]], train.iloc[places[:cut]]
        frames = (patients.synthetic, train, test)
        yield Tables(patients.fields, *(_at_most(MOST_ROWS, frame, rng) for frame in frames))


def checked_splits(splits: int) -> int:
    """Return a number of splits, or raise SettingError for what is none."""
    whole = isinstance(splits, Integral) and not isinstance(splits, bool)
    if not whole or not 1 <= splits <= MOST_SPLITS:
        raise SettingError(f"splits must be a whole number from 1 to {MOST_SPLITS}, not {splits!r}")
    return int(splits)


def _at_most(rows: int, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows in their order, or some of them at random, counted from 0."""
    if len(frame) > rows:
        frame = frame.iloc[np.sort(rng.choice(len(frame), rows, replace=False))]
    return frame.reset_index(drop=True)
