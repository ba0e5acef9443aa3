"""Speed and memory of compiling and sampling, as ratios within one run.

The floor is what NumPy alone needs for the same correlated normals. The peer is SDV's
GaussianCopulaSynthesizer, fitted to our own frame, asked for as many rows. Each time is the best of
several, so that what else the machine does counts least.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from synth_magic.sampling import compile_cohort, sample
from tests.benchmarks.cohorts import mixed_cohort

ROWS = 1_000_000
PEER_ROWS = 100_000


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the shortest time in seconds."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def report(what: str, value: float, limit: float, unit: str) -> None:
    print(f"\n| {what} | {value:.3g} {unit} | at most {limit:g} {unit} |")
    assert value <= limit


@pytest.fixture(scope="module")
def cohort():
    return compile_cohort(mixed_cohort())


@pytest.fixture(scope="module")
def ours(cohort):
    return best_of(5, lambda: sample(cohort, ROWS))


def test_a_million_patients_beside_the_floor(cohort, ours):
    def floor():
        normals = np.random.default_rng(0).standard_normal((ROWS, len(cohort.factor)))
        return normals @ cohort.factor.T

    report("1,000,000 x 12 / NumPy's normals and Cholesky factor", ours / best_of(5, floor), 3, "x")
    print(f"({ours:.3f} s)")


def test_beside_sdv(cohort, ours):
    sdv_metadata = pytest.importorskip("sdv.metadata")
    from sdv.single_table import GaussianCopulaSynthesizer

    frame = sample(cohort, 20_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = {"patients": frame}
        peer = GaussianCopulaSynthesizer(sdv_metadata.Metadata.detect_from_dataframes(tables))
        peer.fit(tables)
        theirs = best_of(2, lambda: peer.sample(num_rows=PEER_ROWS))
    faster = (theirs / PEER_ROWS) / (ours / ROWS)
    print(f"\n| faster per row than SDV's Gaussian copula | {faster:.0f} x | at least 30 x |")
    assert faster >= 30


def test_peak_memory(cohort):
    tracemalloc.start()
    frame = sample(cohort, ROWS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    finished = frame.memory_usage(deep=True).sum()
    report("peak memory / finished frame", peak / finished, 3, "x")


@pytest.mark.parametrize(("scale", "limit"), [(1, 0.5), (3, 4.0)])
def test_compiling(scale, limit):
    spec = mixed_cohort(10 * scale, 5 * scale, 3 * scale, 2 * scale)
    pairs = len(spec.associations)
    seconds = best_of(3, lambda: compile_cohort(spec))
    report(f"compile {len(spec.variables)} variables, {pairs} pairs", seconds, limit, "s")


def test_loading_the_extension():
    def run(*lines: str) -> float:
        command = [sys.executable, "-m", "IPython", "--no-banner", "-c", "\n".join(lines)]
        return best_of(7, lambda: subprocess.run(command, check=True, capture_output=True))

    bare = run("pass")
    report("%load_ext beyond bare IPython", run("%load_ext synth_magic") - bare, 0.15, "s")
