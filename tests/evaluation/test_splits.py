"""Real patients in two parts, and tables that are not too long."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.errors import SettingError
from synth_magic.evaluation.reading import Patients, read
from synth_magic.evaluation.splits import MOST_ROWS, checked_splits, splits_of


def numbered(rows: int) -> pd.DataFrame:
    """Return patients who are told apart by their number."""
    return pd.DataFrame({"number": np.random.default_rng(0).permutation(rows)})


def patients(synthetic: int = 50, real: int = 100, holdout: int = 0) -> Patients:
    return read(numbered(synthetic), numbered(real), numbered(holdout) if holdout else None)


def test_each_split_holds_out_another_30_percent() -> None:
    splits = list(splits_of(patients(), 5, seed=0))
    assert len(splits) == 5
    for tables in splits:
        assert (len(tables.train), len(tables.test)) == (70, 30)
        both = pd.concat([tables.train, tables.test])["number"]
        assert sorted(both) == list(range(100))
        assert sorted(tables.synthetic["number"]) == list(range(50))
        for frame in (tables.synthetic, tables.train, tables.test):
            assert list(frame.index) == list(range(len(frame)))
    assert len({tuple(sorted(tables.test["number"])) for tables in splits}) == 5


def test_a_seed_splits_the_same_again_whatever_the_number_of_splits() -> None:
    def held_out(splits: int, seed: int) -> list[list[float]]:
        return [t.test["number"].tolist() for t in splits_of(patients(), splits, seed)]

    assert held_out(5, 1) == held_out(5, 1)
    assert held_out(5, 1)[:2] == held_out(2, 1)
    assert held_out(5, 1) != held_out(5, 2)


def test_a_hold_out_is_the_only_split() -> None:
    (tables,) = splits_of(patients(holdout=20), 5, seed=0)
    assert (len(tables.train), len(tables.test)) == (100, 20)


def test_long_tables_are_cut_at_random() -> None:
    long = patients(MOST_ROWS + 5_000, MOST_ROWS + 5_000)
    first, second = splits_of(long, 2, seed=0)
    assert (len(first.synthetic), len(first.train), len(first.test)) == (MOST_ROWS, 17_500, 7_500)
    assert first.synthetic["number"].is_unique
    assert not first.synthetic.equals(second.synthetic)


@pytest.mark.parametrize("splits", [0, 101, 2.0, "5", True])
def test_a_number_of_splits_is_checked(splits: int) -> None:
    with pytest.raises(SettingError) as raised:
        checked_splits(splits)
    assert str(raised.value) == f"splits must be a whole number from 1 to 100, not {splits!r}"
