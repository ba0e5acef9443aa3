from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth_magic.notebook.plots.scale import Bins, as_text, ticks
from synth_magic.sampling.expected import Expected, expected
from synth_magic.spec import Variable
from tests.notebook.plots.builders import AGE, AWKWARD, CRP, VISIT, compiled, patients


def of(variable: Variable) -> Expected:
    return expected(compiled(variable), variable.name)


def bins(variable: Variable, most: int = 30, reference: np.ndarray | None = None) -> Bins:
    found = Bins.of(of(variable), variable, most, reference)
    assert found is not None
    return found


def test_every_value_has_a_bin_of_its_own_where_these_are_few() -> None:
    few = bins(replace(AGE, marginal=replace(AGE.marginal, low=50.0, high=70.0, sd=5.0)))
    assert few.edges == pytest.approx(np.arange(49.5, 71.5))


def test_bins_hold_equally_many_values_and_cover_the_bounds() -> None:
    wide = bins(AGE)
    assert wide.width == 3
    assert wide.edges[0] == 17.5
    assert 95 < wide.edges[-1] < 98
    assert wide.expected(of(AGE)).sum() == pytest.approx(1)


def test_a_long_tail_is_cut() -> None:
    assert bins(CRP).edges[0] == pytest.approx(0.05)
    assert 30 < bins(CRP).edges[-1] < 40


def test_the_axis_does_not_hang_on_the_patients_but_the_bars_do() -> None:
    cohort = compiled(AGE)
    fixed = bins(AGE)
    first, second = (patients(cohort, seed=seed)["age"].to_numpy(float) for seed in (1, 2))
    assert not np.array_equal(fixed.shares(first), fixed.shares(second))
    assert fixed.shares(first).sum() == pytest.approx(1)


def test_shares_are_those_of_a_histogram() -> None:
    values = np.random.default_rng(0).integers(0, 120, 1000).astype(float)
    fixed = bins(AGE)
    assert fixed.shares(values) == pytest.approx(np.histogram(values, fixed.edges)[0] / 1000)


def test_a_reference_widens_the_axis() -> None:
    assert bins(AGE, reference=np.array([100.0, 110.0])).edges[-1] > 110


def test_a_reference_in_another_unit_does_not_crush_the_patients() -> None:
    far = bins(AGE, reference=np.array([1e6, 2e6]))
    assert far.edges[-1] < 95 + 4 * 80


def test_nothing_expected_and_no_reference_has_no_bins() -> None:
    nothing = Expected(np.empty(0), np.empty(0), 1.0)
    assert Bins.of(nothing, AGE, 30) is None


@pytest.mark.parametrize("variable", [v for v in AWKWARD.values() if not v.codes], ids=str)
@pytest.mark.parametrize("most", [4, 8])
def test_ticks_are_few_different_and_within(variable: Variable, most: int) -> None:
    low, high = bins(variable).shown
    found = ticks((low, high), most, variable)
    labels = [label for _, label in found]
    assert 1 <= len(found) <= most + 1
    assert len(set(labels)) == len(labels)
    assert all(low <= value <= high for value, _ in found)


def test_dates_are_read_as_years_months_or_days() -> None:
    start = float((np.datetime64("2015-04-01") - np.datetime64("1970-01-01")).astype(int))
    assert [label for _, label in ticks((start, start + 1200), 4, VISIT)] == [
        "2016",
        "2017",
        "2018",
    ]
    assert [label for _, label in ticks((start, start + 200), 4, VISIT)][1] == "2015-07"
    labels = [label for _, label in ticks((start, start + 6), 4, VISIT)]
    assert labels[0].startswith("2015-04-0")


@pytest.mark.parametrize(
    ("value", "exact", "text"),
    [
        (60.0, 1.0, "60"),
        (12345.0, 1.0, "12,345"),
        (0.00125, 0.00025, "0.00125"),
        (2.5, 0.5, "2.5"),
        (-0.0, 1.0, "0"),
        (1.25e9, 2.5e8, "1.25e+09"),
        (1e-11, 1e-11, "1e-11"),
    ],
)
def test_numbers_have_as_many_digits_as_their_steps_ask_for(
    value: float, exact: float, text: str
) -> None:
    assert as_text(value, exact) == text
