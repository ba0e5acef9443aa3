from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import percentileofscore

from synth_magic.evaluation.privacy.rows import Points, patterns
from synth_magic.evaluation.tables import Field, Tables, some
from tests.evaluation.privacy.builders import FIELDS, patients, tables


def gower(of: Tables, one: pd.Series, other: pd.Series) -> float:
    """The mean difference of two patients, column by column as the docstring says it."""
    return float(np.mean([difference(of, field, one, other) for field in FIELDS]))


def difference(of: Tables, field: Field, one: pd.Series, other: pd.Series) -> float:
    a, b = one[field.name], other[field.name]
    if pd.isna(a) or pd.isna(b):
        return float(pd.isna(a) != pd.isna(b))
    if field.kind == "code":
        return float(a != b)
    known = of.train[field.name].dropna()
    ranks = [percentileofscore(known, value, kind="mean") / 100 for value in (a, b)]
    return abs(ranks[0] - ranks[1])


def test_the_distance_of_points_is_the_mean_difference_of_the_columns() -> None:
    frames = tables(synthetic=patients(12, 1))
    found = Points.of(frames, frames.synthetic).distances(Points.of(frames, frames.train[:15]))
    expected = [
        [gower(frames, one, other) for _, other in frames.train[:15].iterrows()]
        for _, one in frames.synthetic.iterrows()
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_neither_the_unit_nor_a_far_value_decides() -> None:
    frames = tables()
    in_months = [frame.assign(age=frame["age"] * 12) for frame in (frames.synthetic, frames.train)]
    other = tables(*in_months)
    found, expected = (
        Points.of(of, of.synthetic).distances(Points.of(of, of.train)) for of in (other, frames)
    )
    np.testing.assert_allclose(found, expected)


def test_rows_that_agree_have_the_same_pattern_also_where_they_miss_something() -> None:
    frame = pd.DataFrame({"age": [50.0, np.nan, 50.0], "sex": ["f", None, "m"]}, dtype=object)
    first, second = patterns([frame, frame.iloc[[1, 0]]])
    assert second.tolist() == [first[1], first[0]]
    assert len(set(first)) == 3


@pytest.mark.parametrize(("most", "rows"), [(10, 10), (60, 60), (100, 60)])
def test_a_sample_is_the_same_for_the_same_seed(most: int, rows: int) -> None:
    frame = patients(60, 1)
    pd.testing.assert_frame_equal(some(frame, most, seed=4), some(frame, most, seed=4))
    assert len(some(frame, most, seed=4)) == rows
