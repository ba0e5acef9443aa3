"""Speed of a comparison with real patients, also as a ratio within one run.

The floor is SDMetrics' QualityReport of the same tables, which gives two of the figures; a
comparison needs it twice, for the synthetic patients and for the real ones in their place. One
split, with a target, keys and sensitive variables, so that no metric is left out.
"""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

import synth_magic as sm
from synth_magic.evaluation.evaluate import Step
from synth_magic.evaluation.reading import read
from synth_magic.evaluation.splits import splits_of
from synth_magic.evaluation.tables import TABLE
from synth_magic.sampling import compile_cohort, sample
from tests.benchmarks.bench_sampling import best_of, report
from tests.benchmarks.cohorts import mixed_cohort

ROLES = {"target": "event_0", "keys": ["count_0", "stage_0"], "sensitive": ["event_1", "lab_0"]}


def patients(rows: int, seed: int):
    """Return patients of 15 columns."""
    return sample(compile_cohort(mixed_cohort(6, 3, 4, 2)), rows, seed)


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """Load the libraries beforehand."""
    sm.evaluate(patients(100, 1), patients(100, 2), splits=1, **ROLES)


@pytest.mark.parametrize(("rows", "limit", "times"), [(1_000, 10, 40), (100_000, 60, 30)])
def test_a_comparison(rows, limit, times):
    synthetic, real = patients(rows, 1), patients(rows, 2)
    begun: list[tuple[float, Step]] = []

    def watch(step: Step) -> None:
        begun.append((time.perf_counter(), step))

    def compare():
        begun.clear()
        sm.evaluate(synthetic, real, splits=1, watch=watch, **ROLES)

    seconds = best_of(2, compare)
    report(f"{rows:,} x 15 beside {rows:,} x 15, all metrics, one split", seconds, limit, "s")
    for (start, step), (end, _) in pairwise([*begun, (time.perf_counter(), None)]):
        print(f"({step.doing}: {end - start:.2f} s)")
    floor = best_of(2, lambda: quality_report(synthetic, real))
    report(f"{rows:,} x 15 / SDMetrics' QualityReport", seconds / floor, times, "x")


def quality_report(synthetic, real) -> None:
    from sdmetrics.reports import QualityReport

    tables = next(splits_of(read(synthetic, real), 1, seed=0))
    of_tables = ({TABLE: tables.test}, {TABLE: tables.synthetic})
    QualityReport().generate(*of_tables, tables.metadata(), verbose=False)


def test_reading_and_splitting():
    synthetic, real = patients(100_000, 1), patients(100_000, 2)
    seconds = best_of(3, lambda: list(splits_of(read(synthetic, real), 5, seed=0)))
    report("read and split 100,000 x 15 five times", seconds, 3, "s")
