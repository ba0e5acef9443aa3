"""Speed of learning a specification from rows and of drawing from it, as ratios within one run.

The peer is SDV's GaussianCopulaSynthesizer, fitted to the same frame and asked for as many rows.
Ours counts as fitted when it is compiled. Each time is the best of several, so that what else the
machine does counts least.
"""

from __future__ import annotations

import warnings

import pytest

from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec import CohortSpec
from tests.benchmarks.bench_sampling import best_of, report
from tests.benchmarks.cohorts import mixed_cohort

MEDIUM = (7, 4, 3, 1)
"""15 columns."""
WIDE = (11, 7, 4, 2)
"""24 columns."""


def patients(columns, rows):
    return sample(compile_cohort(mixed_cohort(*columns)), rows)


def learnt(frame):
    # Solved curves are kept from one call to the next; a frame is learnt from once.
    from synth_magic.sampling.numeric import solve

    solve.cache_clear()
    return compile_cohort(CohortSpec.fit(frame, synthetic=True))


@pytest.mark.parametrize(("columns", "rows", "limit"), [(MEDIUM, 1_000, 1), (WIDE, 100_000, 5)])
def test_fitting(columns, rows, limit):
    frame = patients(columns, rows)
    seconds = best_of(3, lambda: learnt(frame))
    report(f"fit and compile {rows:,} x {frame.shape[1]}", seconds, limit, "s")


@pytest.mark.parametrize("rows", [1_000, 20_000])
def test_beside_sdv(rows):
    sdv_metadata = pytest.importorskip("sdv.metadata")
    from sdv.single_table import GaussianCopulaSynthesizer

    frame = patients(MEDIUM, rows)
    tables = {"patients": frame}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata = sdv_metadata.Metadata.detect_from_dataframes(tables)

        def fitted():
            peer = GaussianCopulaSynthesizer(metadata)
            peer.fit(tables)
            return peer

        their_fit = best_of(3, fitted)
        peer = fitted()
        their_draw = best_of(3, lambda: peer.sample(num_rows=rows))
    cohort = learnt(frame)
    ours = best_of(3, lambda: learnt(frame))
    report(f"fit {rows:,} rows / SDV's Gaussian copula", ours / their_fit, 1, "x")
    our_draw = best_of(3, lambda: sample(cohort, rows))
    report(f"draw {rows:,} rows / SDV's Gaussian copula", our_draw / their_draw, 0.1, "x")
    print(f"(fit {ours:.3f} and {their_fit:.3f} s, draw {our_draw:.4f} and {their_draw:.4f} s)")
