from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.evaluation.privacy import copies
from synth_magic.evaluation.privacy.copies import (
    COPIES,
    NEAR_COPIES,
    NEW_ROWS,
    REPEATS,
    scores,
)
from synth_magic.evaluation.privacy.distances import closest
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Field, Tables
from tests.evaluation.privacy.builders import FIELDS, patients, tables


@pytest.fixture(autouse=True)
def few_rows_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "NEW_ROWS_SAMPLE", 10)


def scored(frames: Tables) -> dict[Metric, Score]:
    return {one.metric: one for one in scores(frames, closest(frames))}


def joined(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def test_training_rows_handed_out_as_synthetic_are_found_out() -> None:
    found = scored(tables(synthetic=patients(80, 2)))
    assert found[COPIES].value == 1.0 == found[NEAR_COPIES].value
    assert found[NEW_ROWS].value == 0.0
    assert found[COPIES].real == 0.0
    assert found[NEW_ROWS].real > 0.5


def test_copies_are_a_share_of_all_synthetic_rows() -> None:
    frames = tables(
        synthetic=joined(patients(30, 1), patients(80, 2)[:10]),
        train=patients(80, 2),
        test=joined(patients(49, 3), patients(80, 2)[:1]),
    )
    found = scored(frames)
    assert found[COPIES].value == pytest.approx(10 / 40)
    assert found[COPIES].real == pytest.approx(1 / 50)


def test_one_other_value_makes_no_copy_but_a_near_one() -> None:
    nearly = patients(80, 2).assign(age=lambda frame: frame["age"] + 0.01)
    found = scored(tables(synthetic=nearly.dropna(subset="age").reset_index(drop=True)))
    assert found[COPIES].value == 0.0
    assert found[NEAR_COPIES].value > 0.9
    assert found[NEAR_COPIES].real < 0.1


def test_near_copies_are_counted_against_the_nearest_of_the_training_rows() -> None:
    frames = tables(synthetic=patients(50, 1))
    distances = closest(frames)
    assert distances is not None
    limit = np.percentile(distances.train, 1)
    found = scored(frames)[NEAR_COPIES]
    assert found.value == np.mean(distances.synthetic <= limit)
    assert found.real == np.mean(distances.test <= limit)


def test_repeats_are_rows_that_came_before() -> None:
    twice = joined(patients(40, 1), patients(40, 1))
    found = scored(tables(synthetic=twice))[REPEATS]
    assert (found.value, found.real) == (0.5, 0.0)


def like(one: pd.Series, other: pd.Series) -> bool:
    """Whether two rows are alike to NewRowSynthesis."""
    for field in FIELDS:
        a, b = one[field.name], other[field.name]
        if pd.isna(a) or pd.isna(b):
            same = pd.isna(a) and pd.isna(b)
        else:
            same = a == b if field.kind == "code" else abs(a - b) <= 0.01 * abs(a)
        if not same:
            return False
    return True


def test_new_rows_are_like_no_training_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "NEW_ROWS_SAMPLE", 40)
    synthetic = joined(patients(80, 2)[:20], patients(20, 1))
    frames = tables(synthetic=synthetic.assign(age=synthetic["age"] * 1.005))
    new = [
        not any(like(one, other) for _, other in frames.train.iterrows())
        for _, one in frames.synthetic.iterrows()
    ]
    assert 0.0 < np.mean(new) < 1.0
    assert scored(frames)[NEW_ROWS].value == pytest.approx(np.mean(new))


def test_names_and_codes_are_never_evaluated() -> None:
    code = "' or __import__('os').abort() or '"
    name = "` + @pd.compat.os.abort() + `"
    frame = pd.DataFrame({name: [code, "\n", None] * 4, "x.y": np.arange(12.0)})
    fields = (Field(name, "code", (code, "\n")), Field("x.y", "number"))
    found = scored(tables(frame, frame, frame, fields))
    assert found[NEW_ROWS].value == 0.0
    assert found[COPIES].value == 1.0


def test_a_sample_is_drawn_without_the_global_generator() -> None:
    before = np.random.get_state(legacy=False)["state"]["key"].copy()
    assert scored(tables())[NEW_ROWS] == scored(tables())[NEW_ROWS]
    np.testing.assert_array_equal(before, np.random.get_state(legacy=False)["state"]["key"])


def test_columns_without_values_are_compared_too() -> None:
    empty = patients(60, 1).assign(age=np.nan, stage=None)
    found = scored(tables(empty, patients(80, 2).assign(age=np.nan, stage=None)))
    assert 0.0 <= found[COPIES].value < 1.0
    assert not np.isnan(found[NEAR_COPIES].value)


def test_a_table_without_rows_gives_no_figure_but_a_reason() -> None:
    found = scored(tables(synthetic=patients(60, 1)[:0]))
    assert len(found) == 4
    assert all(np.isnan(one.value) and one.why for one in found.values())
