"""No figure rests on a single patient."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.errors import LearningWarning
from synth_magic.learning.figures import quantiles
from synth_magic.learning.recording import learn_number
from synth_magic.spec import CohortSpec, Quantiles, Shares
from synth_magic.spec.model import QUANTILE_LEVELS

RNG = np.random.default_rng(0)


def figures(marginal: Quantiles) -> list[float]:
    return [getattr(marginal, name) for name in ("min", *QUANTILE_LEVELS, "max")]


def test_no_quantile_is_the_value_of_one_patient() -> None:
    values = np.sort(RNG.lognormal(3, 1, 300))
    found = figures(quantiles(values, decimals=9, smallest=5))
    assert found == sorted(found)
    assert not set(found) & set(np.round(values, 9))


@pytest.mark.parametrize("smallest", [3, 5, 10])
def test_one_extreme_patient_moves_an_extreme_only_a_little(smallest: int) -> None:
    values = np.sort(RNG.normal(100, 10, 200))
    other = values.copy()
    other[-1] += 30
    moved = quantiles(other, 3, smallest).max - quantiles(values, 3, smallest).max
    assert 0 < moved < 4 * 30 / smallest


def test_an_extreme_that_many_share_stands() -> None:
    values = np.sort(np.minimum(RNG.integers(20, 95, 500), 80)).astype(float)
    assert quantiles(values, 0, smallest=5).max == 80


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 100), (0.5, 99.5)])
def test_a_tail_does_not_pass_natural_limits(low: float, high: float) -> None:
    found = quantiles(np.sort(RNG.uniform(low, high, 60)), 2, smallest=5)
    assert found.min >= 0
    assert found.max <= (1 if high == 1 else 100)


def test_quantiles_are_near_those_of_the_values() -> None:
    values = np.sort(RNG.gamma(2, 10, 2_000))
    found = figures(quantiles(values, 6, smallest=5))[1:-1]
    np.testing.assert_allclose(found, np.quantile(values, list(QUANTILE_LEVELS.values())), rtol=0.1)


def test_a_value_of_few_patients_is_no_spike() -> None:
    values = np.sort(np.concatenate([RNG.normal(50, 10, 300).round(3), [61.0] * 8, [9.0] * 40]))
    assert [spike.value for spike in learn_number(values, 10, whole=False).spikes] == [9.0]
    assert 61.0 in [spike.value for spike in learn_number(values, 5, whole=False).spikes]


def test_rare_codes_become_other() -> None:
    codes = ["a"] * 50 + ["b"] * 40 + ["c"] * 3 + ["d"] * 3
    with pytest.warns(LearningWarning, match="code: 2 rare codes are merged"):
        learnt = CohortSpec.fit(pd.DataFrame({"code": codes}), synthetic=True)
    assert learnt.variable("code").codes == ("a", "b", "other")


def test_too_few_for_an_other_join_the_most_common_code() -> None:
    codes = ["a"] * 50 + ["b"] * 40 + ["c"] * 2
    with pytest.warns(LearningWarning, match="1 rare code is merged"):
        learnt = CohortSpec.fit(pd.DataFrame({"code": codes}), synthetic=True)
    marginal = learnt.variable("code").marginal
    assert isinstance(marginal, Shares)
    assert [(share.code, round(share.share, 3)) for share in marginal.shares] == [
        ("a", round(52 / 92, 3)),
        ("b", round(40 / 92, 3)),
    ]


def test_a_rare_ordered_code_joins_its_neighbour() -> None:
    stages = pd.Categorical(
        ["I"] * 20 + ["II"] * 20 + ["III"] * 20 + ["IV"] * 2, ["I", "II", "III", "IV"], ordered=True
    )
    with pytest.warns(LearningWarning, match="1 rare code is merged"):
        learnt = CohortSpec.fit(pd.DataFrame({"stage": stages}), synthetic=True)
    assert learnt.variable("stage").codes == ("I", "II", "III")


def test_a_pattern_of_few_missing_values_is_no_group() -> None:
    frame = pd.DataFrame(RNG.normal(size=(100, 2)).round(2), columns=["a", "b"])
    frame.iloc[:4] = np.nan
    assert not CohortSpec.fit(frame, synthetic=True).missing_groups
    frame.iloc[:6] = np.nan
    assert CohortSpec.fit(frame, synthetic=True).missing_groups


def test_texts_of_single_patients_are_not_kept() -> None:
    frame = pd.DataFrame(
        {"name": [f"Patient No. {i}" for i in range(60)], "age": RNG.integers(20, 90, 60)}
    )
    learnt = CohortSpec.fit(frame, synthetic=True)
    assert learnt.variable("name").type == "identifier"
    assert "Patient No." not in learnt.to_json()


@pytest.mark.parametrize("ordered", [False, True])
def test_a_column_without_a_common_code_names_none(ordered: bool) -> None:
    names = pd.Series([f"Patient No. {i // 2}" for i in range(60)])
    frame = pd.DataFrame({"name": pd.Categorical(names, ordered=ordered), "age": range(60, 180, 2)})
    with pytest.warns(LearningWarning, match="name is left out: no code is that of 5 patients"):
        learnt = CohortSpec.fit(frame, synthetic=True)
    assert "Patient No." not in learnt.to_json()


@pytest.mark.parametrize("far", [1e4, 1e6, -1e6])
def test_one_patient_far_from_all_others_dominates_no_figure(far: float) -> None:
    values = np.sort(np.append(RNG.normal(60, 10, 199), far))
    assert all(0 < figure < 150 for figure in figures(quantiles(values, 1, smallest=5)))


def test_a_heavy_tail_is_not_taken_for_single_far_patients() -> None:
    values = np.sort(RNG.lognormal(3, 1, 300))
    found = quantiles(values, 2, smallest=5)
    assert 0.6 < found.max / values[-1] < 1.6
    assert found.p99 == pytest.approx(np.quantile(values, 0.99), rel=0.25)


def test_a_few_among_zeros_leave_a_constant() -> None:
    assert set(figures(quantiles(np.array([0.0] * 197 + [1.0, 1.0, 2.0]), 0, 5))) == {0.0}
